"""Tests of index.pattern: a line of a `.gitignore` means what it means to git."""

import re

import pytest

from index.pattern import pattern


@pytest.mark.parametrize(
    ("text", "named", "others"),
    [
        ("a.txt", ["a.txt", "b/a.txt", "a.txt/b"], ["aa.txt", "a_txt"]),
        ("/a.txt", ["a.txt"], ["b/a.txt"]),
        ("a/", ["a/b", "b/a/c"], ["a"]),
        ("[[:alpha:]_].txt", ["a.txt", "Z.txt", "_.txt"], ["1.txt", "é.txt", "[.txt", "ab.txt"]),
        ("[![:alpha:]].txt", ["1.txt", "é.txt"], ["a.txt"]),
        ("x[[:punct:]]y", ["x-y", "x]y", "x\\y", "x^y"], ["x/y", "x y", "xay"]),
        ("[[:space:][:xdigit:]-]", [" ", "f", "-"], ["g"]),
        ("[a-c\\]]", ["b", "]"], ["\\", "d"]),
        ("[]-]", ["]", "-"], ["a"]),
        ("[a&&b]", ["a", "&", "b"], []),
        ("[[a||b]", ["[", "|", "a"], []),
        ("[--0]", ["-", "."], ["1", "/"]),
        ("\\[a]", ["[a]"], ["a"]),
    ],
)
def test_a_pattern_names_what_git_names(text: str, named: list[str], others: list[str]) -> None:
    made = pattern(text)
    assert made.includes
    assert [path for path in (*named, *others) if made.regex.search(path)] == named


def test_a_pattern_takes_back() -> None:
    made = pattern("!a.txt")
    assert not made.includes
    assert made.regex.search("a.txt")


@pytest.mark.parametrize(
    "text",
    ["", " ", "!", "/", "#a", "[", "[a", "a[", "[]", "[z-a]", "[[:letter:]]", "[[:alpha:]", "a\0"],
)
def test_what_names_nothing_is_no_pattern(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{text!a} is no pattern")):
        pattern(text)


@pytest.mark.parametrize("piece", ["[", "[a", "[[:", "[[:a:]", "\\"])
def test_a_long_text_that_is_none_is_told_soon(piece: str) -> None:
    with pytest.raises(ValueError, match="is no pattern"):
        pattern(piece * 33_333)
