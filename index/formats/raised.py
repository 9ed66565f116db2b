"""Superscripts in plain text: what is raised there has to be told from what it stands behind."""

import re

_FIGURES = re.compile(r"(?=.*\d)[\d+−–=()\[\],;.\s-]+", re.ASCII)
_SUPERSCRIPTS = str.maketrans("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
_SHORT_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,2}\Z")
_APART = re.compile(r"(?:^|[\s(\[{<⁺⁻⁼⁽⁾])\Z")


def raised(before: str, text: str) -> str:
    """A superscript as it is written behind other text: "40 ²", "m²", "21st".

    Numbers become Unicode's superscripts. They are set apart by a space but behind a unit or a
    symbol, words of one or two letters: so a footnote's mark is part of no number and no word.
    All else stays as it is.

    Args:
        before: What stands before it; its last few characters are enough.
        text: All that is raised, without a break.

    Returns:
        What to write behind `before`, with the space that may be needed.
    """
    if not _FIGURES.fullmatch(text):
        return text
    fused = _APART.search(before) or _SHORT_WORD.search(before)
    return f"{'' if fused else ' '}{text.translate(_SUPERSCRIPTS)}"
