"""Tests of index.passage: where documents are cut, and what no cut may do."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import SEEDS
from hypothesis import given
from hypothesis import strategies as st

from index.document import Document, load
from index.formats import Place
from index.passage import MAX_CHARACTERS, sentences, split

WORDS = "harbour mill 1742 U.S. ferry naïve 東京 🚢 e.g. Dr. Smith's don't $3.50 # \\ \x0b"
PIECES = st.sampled_from(
    [*WORDS.split(), ". ", "! ", "\n", "\n\n", "  ", "\n# Head\n", "\t", " \n \n", "x" * 90]
)
TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(PIECES, max_size=200).map(" ".join),
    st.lists(PIECES, max_size=300).map("".join),
)


def document(text: str, page_starts: tuple[int, ...] = ()) -> Document:
    return Document("a.txt", "0" * 64, "A", text, page_starts)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(TEXTS)
    starts = draw(st.sets(st.integers(0, len(text)), max_size=4)) if draw(st.booleans()) else set()
    return document(text, tuple(sorted({0, *starts})) if starts else ())


@given(documents())
def test_passages_cover_all_text_once_and_in_order(paged: Document) -> None:
    spans = split(paged)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    covered = {i for start, end in spans for i in range(start, end)}
    assert all(i in covered for i, each in enumerate(paged.text) if not each.isspace())


@given(documents())
def test_no_passage_is_empty_too_long_or_begins_or_ends_with_space(paged: Document) -> None:
    for start, end in split(paged):
        text = paged.text[start:end]
        assert 0 < len(text) <= MAX_CHARACTERS
        assert text == text.strip()


@given(documents())
def test_no_passage_crosses_a_page(paged: Document) -> None:
    for start, end in split(paged):
        assert not any(start < page < end for page in paged.page_starts)
        assert paged.page(start) == paged.page(end - 1)


@given(TEXTS)
def test_sentences_cover_all_text_once_and_in_order(text: str) -> None:
    spans = sentences(text)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    covered = {i for start, end in spans for i in range(start, end)}
    assert all(i in covered for i, each in enumerate(text) if not each.isspace())
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


@given(TEXTS)
def test_the_same_text_is_cut_in_the_same_way(text: str) -> None:
    assert split(document(text)) == split(document(text))


@pytest.mark.parametrize("text", ["", " ", "\n", "\n\n\t \u3000"])
def test_a_text_without_a_word_has_no_passage(text: str) -> None:
    assert split(document(text)) == []
    assert sentences(text) == []


@pytest.mark.parametrize("text", ["a", ".", "é", "京", "🚢"])
def test_one_character_is_one_passage(text: str) -> None:
    assert split(document(text)) == [(0, 1)]
    assert split(document(f"\n {text}\n")) == [(2, 3)]


def test_a_heading_stays_with_what_follows() -> None:
    body = "The harbour was dredged in 1911 by men of the village, who were paid in herring. "
    sections = [f"## Chapter {n}\n\n{body * (3 + n % 3)}" for n in range(12)]
    text = "\n\n".join(sections)
    cut = [text[start:end] for start, end in split(document(text))]
    assert len(cut) > 6
    assert not any(passage.splitlines()[-1].startswith("#") for passage in cut)
    for n in range(12):
        (passage,) = (each for each in cut if f"## Chapter {n}\n" in each)
        assert f"## Chapter {n}\n\nThe harbour" in passage


HEADS = {
    ".rst": "{name}\n=========\n\n{body}",
    ".rest": "=========\n{name}\n=========\n\n{body}",
    ".md": "{name}\n---------\n\n{body}",
    ".html": "<h2>{name}</h2><p>{body}</p>",
}


@pytest.mark.parametrize("suffix", HEADS)
def test_a_passage_begins_at_each_heading_of_a_part_that_is_not_tiny(
    suffix: str, library: Path
) -> None:
    body = "The harbour was dredged in 1911 by men of the village, who were paid in herring. "
    parts = (HEADS[suffix].format(name=f"Chapter {n}", body=body * (3 + n % 3)) for n in range(12))
    path = library / f"a{suffix.replace('rest', 'rst')}"
    path.write_text("# Title\n\n" * (suffix == ".md") + "\n\n".join(parts), encoding="utf-8")
    loaded = load(path, folder=library)
    cut = [(loaded.text[start:end], loaded.place(start)) for start, end in split(loaded)]
    for n in range(1, 12):
        ((passage, place),) = (each for each in cut if f"Chapter {n}\n" in each[0])
        assert place == f"Chapter {n}"
        assert passage.lstrip("=\n").startswith(f"Chapter {n}\n")
        assert "The harbour" in passage


def test_headings_of_small_parts_share_a_passage() -> None:
    text = "\n\n".join(f"Chapter {n}\n\nIt was dredged in 19{n}." for n in range(10, 40))
    starts = [match.start() for match in re.finditer("Chapter", text)]
    places = tuple(Place(start, f"Part {n}") for n, start in enumerate(starts, start=10))
    spans = split(replace(document(text), places=places))
    assert {start for start, _ in spans} <= set(starts)
    assert all(end - start > 200 for start, end in spans)


def test_a_name_that_stands_nowhere_ties_no_line_to_the_next() -> None:
    text = "\n\n".join(f"port: {n} " + "Holm. " * 50 for n in range(4))
    starts = [match.start() for match in re.finditer("port", text)]
    places = tuple(Place(start, "port") for start in starts)
    assert [start for start, _ in split(replace(document(text), places=places))] == starts


def test_a_full_stop_inside_a_word_ends_no_sentence() -> None:
    text = "It came amid Russia-U.S. talks in Geneva. They went on for a day."
    assert [text[a:b] for a, b in sentences(text)] == [
        "It came amid Russia-U.S. talks in Geneva.",
        "They went on for a day.",
    ]


def test_no_passage_of_the_seed_is_cut_inside_a_sentence() -> None:
    (seed,) = SEEDS.glob("*.txt")
    text = seed.read_text(encoding="utf-8")
    spans = split(document(text))
    whole = {each.end for each in sentences(text)}
    assert len(spans) > 3
    assert all(end in whole for _, end in spans)


def test_a_paragraph_is_cut_at_its_sentences() -> None:
    text = " ".join(f"Sentence number {n} tells of the mill and its wheel." for n in range(60))
    spans = split(document(text))
    assert len(spans) > 3
    assert all(text[end - 1] == "." for _, end in spans)
    assert all(300 < end - start <= MAX_CHARACTERS for start, end in spans)


@pytest.mark.parametrize(
    ("text", "n_most"),
    [
        ("a" * 1_000_000, 2_001),
        ("word " * 200_000, 2_001),
        ("\n" * 1_000_000, 0),
        ("a\n" * 500_000, 2_001),
        ("# a\n" * 250_000, 2_001),
        ("This is one. " * 77_000, 2_100),
    ],
    ids=["one-word", "one-line", "newlines", "short-lines", "headings", "sentences"],
)
def test_a_million_characters_are_cut_into_passages_of_full_size(text: str, n_most: int) -> None:
    spans = split(document(text))
    assert len(spans) <= n_most
    assert all(end - start <= MAX_CHARACTERS for start, end in spans)


def test_the_work_on_short_lines_grows_with_the_text_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    n_borders = {}
    from index import passage  # noqa: PLC0415  # its inside is counted here

    borders = passage._borders
    for n_lines in (10_000, 40_000):
        n_borders[n_lines] = len(borders("a\n" * n_lines, 0, 2 * n_lines))
    assert n_borders[40_000] <= 4 * n_borders[10_000] + 4
    assert n_borders[40_000] <= 80_000 / passage.MIN_CHARACTERS + 2


def test_sentences_of_one_long_line_are_found_across_windows() -> None:
    text = "これは本です。" * 5_000
    assert [text[start:end] for start, end in sentences(text)] == ["これは本です。"] * 5_000
    text = "One came. Two stayed! " * 2_000
    assert [text[start:end] for start, end in sentences(text)] == [
        "One came.",
        "Two stayed!",
    ] * 2_000
