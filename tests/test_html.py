"""Tests of index.formats.html: what a reader of the page sees."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import load
from index.errors import UnreadableFile
from index.formats.html import MAX_DEPTH, read_html
from index.formats.parsed import Place
from index.formats.scripts import without_scripts
from index.passage import split


def text(page: str) -> str:
    return read_html(page.encode()).text


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>let unseen = 1</script>",
        "<style>unseen { }</style>",
        "<template>unseen</template>",
        "<noscript>unseen</noscript>",
        "<svg><text>unseen</text></svg>",
        "<!-- unseen -->",
        "<button>unseen</button>",
        "<del>unseen</del>",
        "<s>unseen</s>",
        "<p hidden>unseen <b>too</b></p>",
        "<div style='color: red; DISPLAY : none'>unseen</div>",
    ],
)
def test_what_is_not_shown_is_not_text(unseen: str) -> None:
    assert text(f"<body><p>before</p>{unseen}<p>after</p>") == "before\n\nafter"


def test_blocks_become_lines_and_inline_marks_do_not_part_words() -> None:
    page = "<h1>Bees</h1><p>A <b>str</b>ong\n  colony</p><ul><li>one<li>two</ul>a<br>b"
    assert text(page) == "Bees\n\nA strong colony\n\none\n\ntwo\n\na\nb"


def test_what_a_page_finds_for_its_reader_is_shown() -> None:
    assert text("<p hidden=until-found>found <span style='color: red'>in red</span>") == (
        "found in red"
    )


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("25<sup>1</sup> euros", "25 ¹ euros"),
        ("140<sup><a href='#n'>2</a></sup> pitches", "140 ² pitches"),
        ("3·10<sup>5</sup>, 25 m<sup>2</sup>, the 21<sup>st</sup>", "3·10 ⁵, 25 m², the 21st"),
        ("2<sup>1</sup>/<sub>2</sub>, CO<sub>2</sub>", "2 ¹/2, CO2"),
        ("<h2>Fees<sup>1</sup></h2>None", "Fees ¹\n\nNone"),
    ],
)
def test_a_raised_number_is_none_of_what_it_stands_behind(page: str, shown: str) -> None:
    assert text(page) == shown


def test_cells_of_a_row_share_its_line() -> None:
    page = "<table><tr><td>Ferry<td>Price<tr><td>Skarn<td>6 euros</table>"
    assert text(page) == "Ferry | Price\n\nSkarn | 6 euros"


def test_entities_become_what_they_stand_for() -> None:
    assert text("<p>5&nbsp;&euro; &lt;b&gt; &amp;amp; caf&#233;") == "5 € <b> &amp; café"


def test_a_soft_hyphen_parts_no_word() -> None:
    parsed = read_html("<h1>Do&shy;nau</h1><p>Dampf&shy;<b>\u00adschiff</b> &shy;".encode())
    assert parsed == ("Donau\n\nDampfschiff", "Donau", (), ())


def test_marks_written_as_entities_are_one_with_their_letter() -> None:
    page = "<h2>Cafe&#769;</h2>e<b>&#769;</b>, e&#769;<h2>e<i>&#769;</i>nd</h2>x &#769;"
    parsed = read_html(page.encode())
    assert parsed.text == "Caf\u00e9\n\n\u00e9, \u00e9\n\n\u00e9nd\n\nx \u0301"
    assert parsed.places == (Place(0, "Caf\u00e9"), Place(12, "\u00e9nd"))


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<table><tr><td>Port</td><td> <b>Skarn</b></td></table>", "Port | Skarn"),
        ("<table><tr>\n<td>Port</td>\n<td> </td>\n<td>6</td></table>", "Port | 6"),
        ("<div>Port<p> </p>Skarn</div>", "Port\n\nSkarn"),
        ("<table><tr><td>Port<p> </p>Skarn</table>", "Port\n\nSkarn"),
        ("<table><tr><td>Port<td>6<p> </p>euros", "Port | 6\n\neuros"),
        ("<table><tr><td>Port<p> </p> <td>Skarn", "Port | Skarn"),
        ("<b>Port</b> <i>Skarn</i>", "Port Skarn"),
    ],
)
def test_white_space_alone_is_no_cell_but_still_parts(page: str, shown: str) -> None:
    assert text(page) == shown


def test_preformatted_text_keeps_its_lines() -> None:
    assert text("<pre>one\n    two</pre>") == "one\n    two"


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title> Keeping\n bees </title><h1>Other</h1>", "Keeping bees"),
        ("<h1>Keeping <i>bees</i></h1>", "Keeping bees"),
        ("<p>Keeping bees</p>", None),
        ("<title></title><p>x", None),
    ],
)
def test_the_title_is_the_pages_title_else_its_first_heading(page: str, title: str | None) -> None:
    assert read_html(page.encode()).title == title


def test_the_declared_charset_is_read() -> None:
    page = '<meta charset="windows-1252"><p>caf\xe9 \x93quoted\x94'.encode("latin-1")
    assert read_html(page).text == "café “quoted”"


def test_a_charset_declared_wrongly_is_passed_over() -> None:
    assert read_html('<meta charset="nonsense"><p>café'.encode()).text == "café"
    assert read_html('<meta charset="ascii"><p>café'.encode()).text == "café"


def test_bytes_in_no_known_charset_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="not UTF-8"):
        read_html(b"<p>caf\xe9")


def test_deep_nesting_is_refused_and_unclosed_paragraphs_are_not_deep() -> None:
    with pytest.raises(UnreadableFile, match=f"nested more than {MAX_DEPTH}"):
        read_html(b"<div>" * (MAX_DEPTH + 1))
    assert read_html(b"<p>one<br><li>two" * (MAX_DEPTH + 1)).text.count("one") == MAX_DEPTH + 1


@pytest.mark.parametrize("name", ["script", "STYLE"])
def test_what_stands_in_scripts_is_not_nested(name: str) -> None:
    code = "for(i=0;i<n;i++)a<b;" * MAX_DEPTH
    page = f"<title>A <script></title>a<{name} title='x>y'>{code}</{name}\n>b<{name}>{code}"
    assert text(f"<!-- <script> -->{page}") == "ab"


@pytest.mark.parametrize(
    "before",
    [
        "<script>a<b</script>",
        "<!-- <script> -->",
        "<!--><script>-->",
        '<p title="<script>">',
        "<p title='</p><style>'>",
        "<title><script></title>",
        "<textarea><style></textarea>",
        "<scripts>",
        "<svg><script><g></script>",
    ],
)
@pytest.mark.parametrize("after", ["", "</script></style>"])
def test_deep_nesting_hides_behind_no_script(before: str, after: str) -> None:
    with pytest.raises(UnreadableFile, match=f"nested more than {MAX_DEPTH}"):
        text(before + "<div>" * (MAX_DEPTH + 1) + after)


def test_deep_nesting_hides_in_no_encoding() -> None:
    with pytest.raises(UnreadableFile, match=f"nested more than {MAX_DEPTH}"):
        read_html(("\ufeff" + "<div>" * (MAX_DEPTH + 1)).encode("utf-16-le"))


@pytest.mark.parametrize(
    "part", ["<script>", "<!--", '<a b="', "<p title='\"", "<style ", "</title"]
)
def test_tags_without_an_end_cost_no_more_than_others(part: str) -> None:
    assert len(without_scripts(part * 300_000)) <= len(part) * 300_000


@given(st.text(alphabet="<>/ab phtdr=\"'&;!-\n", max_size=120))
def test_a_page_without_scripts_stays_as_it_is(page: str) -> None:
    assert without_scripts(page) == page


@given(st.text(alphabet="<>/ab phtdr=\"'&;!-\n", max_size=120))
def test_any_page_is_read_without_error(page: str) -> None:
    parsed = read_html(page.encode())
    assert parsed.text == parsed.text.strip()
    assert "\n\n\n" not in parsed.text


@pytest.mark.parametrize("label", ["iso-8859-1", "Latin1", "us-ascii", "windows-1252"])
def test_latin_1_is_read_as_browsers_read_it(label: str) -> None:
    page = f'<meta charset="{label}"><title>caf\xe9</title><p>\x93never\x94 \x80 5'.encode(
        "latin-1"
    )
    assert read_html(page) == ("“never” € 5", "café", (), ())


@pytest.mark.parametrize("label", ["undefined", "punycode", "unicode_escape", "utf-7", "utf-16"])
def test_what_is_no_charset_of_the_web_is_not_obeyed(label: str) -> None:
    assert read_html(f'<meta charset="{label}"><p>+AGE- \\u0041'.encode()).text == "+AGE- \\u0041"
    with pytest.raises(UnreadableFile, match="not UTF-8"):
        read_html(f'<meta charset="{label}"><p>caf\xe9'.encode("latin-1"))


def test_a_declared_charset_makes_no_text_of_a_binary() -> None:
    page = b'<meta charset="latin1">' + bytes(range(1, 9)) * 40 + b"\xff\xd8\xe0"
    with pytest.raises(UnreadableFile, match="control character"):
        read_html(page)


def test_an_empty_title_or_an_icons_hides_no_heading() -> None:
    assert read_html(b"<title> </title><h1></h1><h1>Bees</h1>").title == "Bees"
    assert read_html(b"<svg><title>Icon</title></svg><h1>Bees</h1><p>x").title == "Bees"


def test_headings_name_what_stands_below_them() -> None:
    page = (
        "<title>Bees</title> <h1> Bees </h1><p>They dance.<h2>The <b>h</b>ive<a>¶</a></h2>"
        "<pre>  a\n\n\nb</pre><table><tr><td>x<td><h3>Wax<br>and walls</h3></table>"
        "<h2></h2><h1>End</h1>"
    )
    parsed = read_html(page.encode())
    assert [(parsed.text[place.start :].split("\n")[0], place.name) for place in parsed.places] == [
        ("The hive¶", "The hive"),
        ("Wax", "The hive › Wax and walls"),
        ("End", "End"),
    ]


def test_a_heading_that_is_not_shown_names_nothing() -> None:
    page = "<template><h2>No</h2></template><h2><script>no</script>Wax<svg>no</svg></h2><p>It is."
    assert read_html(page.encode()).places == (Place(0, "Wax"),)


TAGS = (
    "<h1> <h2> </h2> <p> <br> <div> </div> <table> <tr> <td> <pre> </pre> <svg> </svg> <b> a | e "
    "&shy; &#769;"
)


@given(st.lists(st.sampled_from([*TAGS.split(), " ", "\n", "    b\n\n\n", "&nbsp;"])))
def test_a_place_begins_where_its_heading_does(pieces: list[str]) -> None:
    parsed = read_html("".join(pieces).encode())
    starts = [place.start for place in parsed.places]
    assert starts == sorted(starts)
    for place in parsed.places:
        words = place.name.rpartition(" › ")[2].split()[0].rstrip("…")
        assert parsed.text.startswith(words, place.start)


def test_headings_in_headings_cost_no_more_than_others() -> None:
    deep = b"<h2><div>" * (MAX_DEPTH // 2) + b"a " * 500_000
    assert [place.start for place in read_html(deep).places] == [0]


def test_passages_of_a_page_know_their_headings(library: Path) -> None:
    body = "<p>The ferry leaves at nine and comes back at noon.</p>" * 30
    (library / "a.html").write_text(f"<h1>Skarn</h1>{body}<h2>Fares</h2>{body}", encoding="utf-8")
    document = load(library / "a.html", folder=library)
    spans = split(document)
    assert document.place(spans[0].start) is None
    assert document.place(spans[-1].start) == "Fares"
    assert document.heading(spans[-1].start) == "Skarn\nFares"


def test_a_drawing_of_many_parts_is_not_deep() -> None:
    parts = '<path d="M0 0"/><use href="#a" /><circle r="1"></circle>' * 3_100
    assert read_html(f"<p>Before</p><svg>{parts}</svg><p>after".encode()).text == "Before\n\nafter"
    for unclosed in ("<path d='/'>", "<path", "<div/>", "<path <b/>"):
        with pytest.raises(UnreadableFile, match="deep"):
            read_html(b"<svg>" + unclosed.encode() * 3_100)
