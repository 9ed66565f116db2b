"""Questions made from sentences of many kinds, and the sentences that none is made from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.tables import table_lines
from qa.drafts import MAX_CHARACTERS, drafts


def asked(text: str) -> list[tuple[str, str]]:
    return [(draft.question, draft.expected) for draft in drafts(text)]


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        (
            "According to the captain, 91 drones were used in the strike attempt, all of them old.",
            "How many drones were used in the strike attempt?",
            "91",
        ),
        (
            "The Kingdom of Varnia operates about 47 stone lighthouses along its coast.",
            "How many stone lighthouses does the Kingdom of Varnia operate?",
            "47",
        ),
        (
            "The Port of Skarn employed 1,200 people in 1950.",
            "How many people did the Port of Skarn employ?",
            "1,200",
        ),
        (
            "The Skarn Ferry costs 12 euros each way.",
            "How much does the Skarn Ferry cost?",
            "12",
        ),
        ("The Skarn Tower is 91 metres high.", "How high is the Skarn Tower?", "91"),
        (
            "The firm Grummel was founded in Skarn in 1893.",
            "When was the firm Grummel founded in Skarn?",
            "1893",
        ),
        (
            "On 3 May 1921, the Skarn Lighthouse was lit for the first time.",
            "When was the Skarn Lighthouse lit for the first time?",
            "3 May 1921",
        ),
        ("The Varnia Line opened in March 1904.", "When did the Varnia Line open?", "March 1904"),
        (
            "The bridge of Skarn was designed by Berta Lindqvist.",
            "Who designed the bridge of Skarn?",
            "Berta Lindqvist",
        ),
        (
            "The Song of Varnia was written by Berta Lindqvist in 1902.",
            "Who wrote the Song of Varnia?",
            "Berta Lindqvist",
        ),
        (
            "The Varnia Archive is located in Skarn, by the sea.",
            "Where is the Varnia Archive located?",
            "Skarn",
        ),
        (
            "Varnian Foreign Minister Berta Lindqvist said on Monday that the talks go on.",
            "Who is the Varnian Foreign Minister?",
            "Berta Lindqvist",
        ),
        (
            "In 1921 Berta Lindqvist, the mayor of Skarn, kept a key.",
            "Who is the mayor of Skarn?",
            "Berta Lindqvist",
        ),
        (
            "Old Skarn is the capital of Varnia.",
            "What is the capital of Varnia?",
            "Old Skarn",
        ),
    ],
)
def test_a_plain_sentence_gives_a_plain_question(text: str, question: str, expected: str) -> None:
    assert (question, expected) in asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "He was born in 1921.",
        "It operates 47 lighthouses.",
        "The company was founded in 1893.",
        "Construction was completed in 1962.",
        "Yesterday the Skarn Tower was closed by two men.",
        "Their ship carried 40 sailors.",
        "The storm lasted 12 hours and killed nobody.",
        "In 1962, 40 metres were added.",
        "The vault was opened in 1962.",
        "The United States won in 1996.",
        "See section 12 for 4 examples of this.",
        "Berta and Anna own 34 spades.",
        "def open(self): return 3",
        "",
    ],
)
def test_what_leans_on_its_surroundings_gives_none(text: str) -> None:
    assert asked(text) == []


def test_one_word_is_a_name_only_if_it_is_one_elsewhere() -> None:
    assert asked("Skarn was founded in 1893.") == []
    known = asked("Skarn was founded in 1893. All roads lead to Skarn.")
    assert known == [("When was Skarn founded?", "1893")]


def test_an_office_with_two_holders_is_not_asked_for() -> None:
    one = "On Monday Varnian President Berta Lindqvist said that the talks go on."
    assert len(asked(one)) == 1
    assert asked(f"{one} The Varnian President Anna Holm had left.") == []
    assert asked(f"{one} The talks began in 1893.") == []


def test_a_row_is_asked_for_by_its_columns() -> None:
    rows = [["Port", "Fee", "Depth", "Notes"], ["Skarn", "6 euros", "12 m", "windy"]]
    rows += [["Old Luvik", "9 euros", "8 m", ""], ["4711", "1 euro", "2 m", ""]]
    assert asked("\n".join(line.text for line in table_lines(rows))) == [
        ("What is the fee for Skarn?", "6 euros"),
        ("What is the depth of Skarn?", "12 m"),
        ("What is the fee for Old Luvik?", "9 euros"),
        ("What is the depth of Old Luvik?", "8 m"),
    ]


def test_a_mail_is_asked_for_by_its_message() -> None:
    mail = (
        "From: Harbour Office <office@skarn.example>\nTo: berths@skarn.example\n"
        "Date: Mon, 3 Feb 2025 10:12:00 +0100 (3 February 2025, 10:12)\nSubject: Dredging\n\n"
        "Dear all,\n\nThe North Basin closes on 14 March 2025. Please move your boats by then.\n\n"
        "Regards\nHarbour Office\n"
    )
    assert asked(mail) == [("When does the North Basin close?", "14 March 2025")]


@given(st.text(max_size=400))
def test_any_text_gives_short_questions_or_none(text: str) -> None:
    for question, expected in asked(text):
        assert question.endswith("?")
        assert len(question) <= MAX_CHARACTERS
        assert expected in " ".join(text.split())
