"""Tests of index.exact: what a question names as it is written is found first."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import WordEncoder

from index.document import Document
from index.exact import FEW_DOCUMENTS, ExactTerm, codes, exact_terms, stands_in
from index.search import Index


class Contrary(WordEncoder):
    """An encoder that takes the passages it is told of for the opposite of what they say."""

    def __init__(self, *disliked: str) -> None:
        super().__init__()
        self.disliked = disliked

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """Array of shape (n_texts, dimensions); row i is `texts[i]`, or its opposite."""
        signs = [-1 if any(each in text for each in self.disliked) else 1 for text in texts]
        return super().encode_passages(texts) * np.array(signs, np.float32)[:, None]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    encoder = Contrary("E-4711", "Kessel run", "GDPR-17", "v2.10.3", "0x8F", "X-200/B", "3094")
    with Index.create(tmp_path / "index", encoder=encoder) as index:
        yield index


def put(index: Index, *texts: str) -> None:
    for n, text in enumerate(texts):
        index.insert(Document(f"{n}.txt", f"{n:064}", f"{n}", text, entitled=False))


def first(index: Index, question: str) -> str:
    return index.search(question, k=3)[0].passage.text


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("What does E-4711 mean?", ["E-4711"]),
        ("What does e-4711 mean?", ["e-4711"]),
        ("Is GDPR-17's fee due?", ["GDPR-17"]),
        ("Which bug is CVE-2024-3094, or v2.10.3?", ["CVE-2024-3094", "v2.10.3"]),
        ("What is 0x8F in X-200/B?", ["0x8F", "X-200/B"]),
        ("Where is part 4711-22-A, and 192.168.0.1?", ["4711-22-A", "192.168.0.1"]),
        ("What is E‑4711?", ["E-4711"]),
        ("Who is 'Kessel run'?", ["Kessel run"]),
        ("Who said “no, never” and «jamais»?", ["no, never", "jamais"]),
        ("What is 'the king's road'?", ["the king's road"]),
        ("Who is ‘Ann’ and „Otto“?", ["Ann", "Otto"]),
        ("Does '1742' or \"E-1\" stand?", ["1742", "E-1"]),
    ],
)
def test_codes_and_quoted_words_are_marked(question: str, texts: list[str]) -> None:
    assert exact_terms(question) == [ExactTerm(text, marked=True) for text in texts]


def test_capitals_and_figures_are_terms_without_a_mark() -> None:
    found = exact_terms(
        "Did the NATO summit of 1949 cost 10.5 or 9 in the 1990s, on the 121st day?"
    )
    assert found == [
        ExactTerm(text, marked=False) for text in ("NATO", "1949", "10.5", "1990s", "121st")
    ]


@pytest.mark.parametrize(
    "question",
    ["Who built the mill?", "WHO BUILT THE MILL?", "What's the king's and the queens' road?", "I?"],
)
def test_plain_words_and_apostrophes_are_no_terms(question: str) -> None:
    assert exact_terms(question) == []


@pytest.mark.parametrize(
    ("term", "text", "whole"),
    [
        ("E-4711", "See e-4711.", True),
        ("E-4711", "See (E–4711)!", True),
        ("E-4711", "See E-47110.", False),
        ("E-4711", "See AE-4711.", False),
        ("X-200", "the X-200/B", False),
        ("X-200", "the Z/X-200", False),
        ("v2.10.3", "at v2.10.3.", True),
        ("v2.10.3", "at v2.10.3.1", False),
        ("Kessel run", "the Kessel\n  run", True),
        ("c++ (new)", "in C++ (new) style", True),
    ],
)
def test_a_term_stands_in_a_text_when_it_is_whole(term: str, text: str, whole: bool) -> None:  # noqa: FBT001 - a column of the table
    assert stands_in(term, text) is whole


@pytest.mark.parametrize(
    ("question", "holder", "others"),
    [
        (
            "What does the fault code E-4711 mean for the pump?",
            "E-4711: low oil.",
            ["The fault code E-4710 of the pump means heat.", "E-4712 means the pump code fault."],
        ),
        (
            "What does E-4711 mean?",
            "The lamp blinks thrice. E-4711.",
            [
                "What E-47110 means, it does mean.",
                "AE-4711 does mean: what?",
                "E-4711/2 does mean.",
            ],
        ),
        (
            "Who is 'Kessel run' in the story of the race?",
            "A horse called Kessel run.",
            ["The story of who is in the race.", "Kessel is in the run of the story of the race."],
        ),
        (
            "When was the rule GDPR-17 of the office written?",
            "GDPR-17 is new.",
            ["The rule GDPR-71 of the office was written then.", "When was the GDPR rule written?"],
        ),
        (
            "What changed in version v2.10.3 of the program?",
            "v2.10.3 is out.",
            ["What changed in version v2.10.30 of the program.", "In v2.1.3 the version changed."],
        ),
        (
            "What does the register 0x8F of the chip hold?",
            "0x8F: the clock.",
            ["The register 0x8E of the chip does hold it.", "Register 8F of the chip holds it."],
        ),
        (
            "What is the price of the part X-200/B in the list?",
            "X-200/B costs nine.",
            ["The price of the part X-200 in the list.", "The price of part X-200/C in the list."],
        ),
        (
            "Which library does CVE-2024-3094 of the year touch?",
            "CVE-2024-3094 is bad.",
            ["CVE-2024-3095 does touch the library of the year.", "CVE-2023-3094 does touch it."],
        ),
    ],
)
def test_the_one_document_that_holds_a_marked_term_comes_first(
    index: Index, question: str, holder: str, others: list[str]
) -> None:
    put(index, *others, holder)
    assert first(index, question) == holder


def test_a_code_that_only_a_heading_holds_is_found_first(index: Index) -> None:
    put(index, "The fault code E-4710 of the pump means heat.")
    text = "Refill the oil."
    index.insert(Document("manual.md", "a" * 64, "Fault E-4711", text))
    assert first(index, "What does the fault code E-4711 of the pump mean?") == text


def test_a_code_written_otherwise_is_found_where_none_is_written_so(index: Index) -> None:
    put(index, "What does it mean for the pump, the code?", "E 4711: low oil.")
    assert first(index, "What does the code E-4711 mean for the pump?") == "E 4711: low oil."


def test_more_of_the_terms_come_before_one(index: Index) -> None:
    put(index, "E-1 and the pump and the lamp of the mill.", "The pump.", "E-2 with E-1.")
    assert first(index, "What do E-1 and E-2 say of the pump and the lamp?") == "E-2 with E-1."


def test_a_term_that_many_documents_hold_decides_nothing(index: Index) -> None:
    put(index, "A mill stands by the river.", *["E-4711: low oil."] * (FEW_DOCUMENTS + 1))
    assert first(index, "Which mill stands by the river, E-4711?") == "A mill stands by the river."


def test_capitals_of_one_document_count_and_of_two_do_not(index: Index) -> None:
    put(index, "NATO met.", "The mill of the lords stands by the river.", "The river.")
    alone = {hit.passage.text: hit.score for hit in index.search("Who is by the river, NATO?")}
    put(index, "NATO met.", "The mill of the lords stands by the river.", "The NATO river.")
    shared = {hit.passage.text: hit.score for hit in index.search("Who is by the river, NATO?")}
    assert alone["NATO met."] > shared["NATO met."]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who booked room B-205, and where is part 45-112-9?", ["B-205", "45-112-9"]),
        (
            "Does LX319 run Version 3.10.3 on 10.0.0.13 at 11:30?",
            ["LX319", "3.10.3", "10.0.0.13", "11:30"],
        ),
        ("Was 'LX319' paid by \"2024/0816\"?", ["LX319", "2024/0816"]),
        ("Who was king in 1756, the 1990s, the 3rd or of 10.5 %, or by '1742'?", []),
        ("Was it 2024-03-05, 8/5/2024, 5.3.2024, 9/11 or 24/7?", []),
        ("Is room 313 order 1066, for 5,310 euros or $7.890?", ["313", "1066", "5,310", "7.890"]),
        (
            "Is the 3-year, 100-meter, 20-storey, 2nd-floor or 500-a-month plan for a 16-year-old?",
            [],
        ),
        ("Do 4711-22-A, 10-X4 and F-16s count?", ["4711-22-A", "10-X4", "F-16s"]),
        ("Were 100, 5000 and 20,000 there in 1066, May 1348, before 1999 or 2019?", []),
        ("Are 25.5 %, 1990s, 515th, 250m, 313:2, 313-317 or 12 long figures?", []),
        ("Are 100mm, 119km/h, 3.72K, 5G, A4 and F1 much?", []),
        ("In 2015-2016, 1950-60s, the 17th-18th, pre-2007, post-9/11 or 'no way'?", []),
    ],
)
def test_codes_are_what_an_answer_cannot_do_without(question: str, expected: list[str]) -> None:
    assert codes(question) == expected


def test_a_code_is_known_in_any_way_to_write_it_by_text_heading_or_title(index: Index) -> None:
    put(index, "The F-150, and route 12 B.", "X-200 costs 10.0.0.12 less. Part 45-112-8, 11:30.")
    index.insert(Document("e.md", f"{7:064}", "Fault E17", "None", entitled=True))
    known = "Is it F150, F-150, 12B-9, X200, E-17, 45.112.8, 11:30, 10.0.0.12 or E17?"
    assert index.unknown_codes(known) == ("12B-9",)
    assert len(codes(known)) == 9
    unknown = "Is it F-151, X-201, 10.0.0.13, 45-112-9, 11:31, E-18, or Z9Z9?"
    assert index.unknown_codes(unknown) == tuple(codes(unknown))
    assert len(codes(unknown)) == 7


def test_a_figure_is_known_with_its_thousands_apart_or_not(index: Index) -> None:
    put(index, "It came to 5,310 euros.", "Order 88123 of 7 890 lamps.", "Room 313, 25.5 m.")
    assert index.unknown_codes("Is 5310, 88,123, 7,890, 7890 or 313 told of?") == ()
    unknown = "Is it 5311, 88,124, 890,123, 314 or 255?"
    assert index.unknown_codes(unknown) == ("5311", "88,124", "890,123", "314", "255")


def test_a_code_is_known_in_its_singular_and_a_time_by_either_clock(index: Index) -> None:
    put(index, "40 F-16 fighters, the T72 tank.", "It leaves at 07:05, at 9:30 and at 19:45.")
    assert index.unknown_codes("Are there F-16s, T-72s at 7:05, 09:30, 21:30 or 7:45?") == ()
    unknown = "Are there F-17s, at 7:50, 10:05 or 20:45?"
    assert index.unknown_codes(unknown) == tuple(codes(unknown))
    assert len(codes(unknown)) == 4
