"""Tests of index.formats.runs: what a paragraph of a DOCX shows."""

import pytest
from docx.oxml import parse_xml

from index.formats.runs import text_of

NAMESPACES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
UNSTRUCK = '<w:strike w:val="0"/>'
RAISED = '<w:vertAlign w:val="superscript"/>'


def look(properties: str, text: str) -> str:
    """A run that looks otherwise than the rest."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<w:ins><w:r><w:t>new</w:t></w:r></w:ins>", "new"),
        ("<w:r><w:t>a</w:t></w:r><w:del><w:r><w:delText>old</w:delText></w:r></w:del>", "a"),
        ("<w:r><w:t>a</w:t></w:r><w:moveFrom><w:r><w:t>old</w:t></w:r></w:moveFrom>", "a"),
        ("<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink>", "link"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", "a\tb\nc"),
        ("<w:sdt><w:sdtContent><w:r><w:t>field</w:t></w:r></w:sdtContent></w:sdt>", "field"),
        ("<w:smartTag><w:r><w:t>tagged</w:t></w:r></w:smartTag>", "tagged"),
        (f"<w:r><w:t>500</w:t></w:r>{look('<w:strike/>', ' 400')}", "500"),
        (f"<w:r><w:t>500</w:t></w:r>{look('<w:dstrike/>', ' 400')}", "500"),
        (f"<w:r><w:t>500</w:t></w:r>{look('<w:vanish/>', ' 400')}", "500"),
        (f"<w:r><w:t>500</w:t></w:r>{look(UNSTRUCK, ' 400')}", "500 400"),
        (f"<w:r><w:t>18</w:t></w:r>{look(RAISED, '3')}<w:r><w:t> euros</w:t></w:r>", "18 ³ euros"),
        (f"<w:hyperlink><w:r><w:t>25 m</w:t></w:r></w:hyperlink>{look(RAISED, '2')}", "25 m²"),
        (f"<w:r><w:t>21</w:t></w:r>{look(RAISED, 'st')}", "21st"),
        ("<w:r><w:t>well</w:t><w:noBreakHyphen/><w:t>known</w:t></w:r>", "well-known"),
    ],
)
def test_a_paragraph_says_what_is_shown_of_it(inside: str, text: str) -> None:
    assert text_of(parse_xml(f"<w:p {NAMESPACES}>{inside}</w:p>")) == text
