"""Answers to plain questions, word for word, with the models that ship."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.passage import Passage
from index.search import Hit
from qa import Assistant
from qa.assistant import ranked
from qa.borders import whole
from qa.confidence import Confidence
from qa.reader import SpanReader

DOCUMENTS = {
    "bridge.txt": """\
The bridge at Orl

The bridge at Orl was opened on 12 May 1887. It cost $4.2 million to build and has a length of
340 metres. About 300 people worked on it, and nearly 40 percent of its steel came from the city
of Ghent. The old ferry was given up because the river froze every winter.
""",
    "medicine.md": """\
# Old cures

Penicillin was discovered by Alexander Fleming in 1928. The first vaccination against smallpox was
given by Edward Jenner on 14 May 1796 in the village of Berkeley.
""",
    "museum.txt": """\
The Museum of Salt

The Museum of Salt stands in the town of Vell. It opens at 9:30 a.m. The doors close at 6 pm. Entry
to the museum is free on Sundays. Items from the museum shop cannot be returned once they were used.

Salt is won by letting sea water dry in shallow basins.
""",
    "walk.md": """\
# What to bring on the marsh walk

- rubber boots
- 5 litres of drinking water
- a whistle against the fog

# Who may come

- children from the age of 8 years
""",
    "ferries.txt": """\
Ferry\tDeparture\tPrice
Oster ferry\t9:15 a.m.\t6 euros
Skarn ferry\t2:30 p.m.\t11 euros
""",
    "headlines.txt": """\
Council buys old brewery for 90,000 euros

First stork since 1998 seen in Harrow
""",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant over all documents that never withholds: the words are what is asked here."""
    folder = tmp_path_factory.mktemp("golden") / "documents"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return unwithholding(folder)


def unwithholding(folder: Path) -> Assistant:
    """An assistant over a folder, synced, that answers however unsure it is."""
    opened = Assistant.open(documents=folder)
    opened.sync()
    return Assistant(opened.index, confidence=replace(Confidence.load(), threshold=0.0))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        # numbers and quantities with their units and hedges
        ("What length has the bridge at Orl?", "340 metres"),
        ("How much did the bridge at Orl cost?", "$4.2 million"),
        ("How many people worked on the bridge at Orl?", "About 300 people"),
        ("What percentage of the steel came from Ghent?", "nearly 40 percent"),
        # dates and hours
        ("When was the bridge at Orl opened?", "12 May 1887"),
        ("When was the first vaccination against smallpox given?", "14 May 1796"),
        ("In what year was penicillin discovered?", "1928"),
        ("When does the Museum of Salt close?", "6 pm"),
        ("At what time does the Museum of Salt open?", "9:30 a.m."),
        # names and places
        ("Who discovered penicillin?", "Alexander Fleming"),
        ("Who gave the first vaccination against smallpox?", "Edward Jenner"),
        ("In which village was the first vaccination given?", "Berkeley"),
        ("In which town does the Museum of Salt stand?", "Vell"),
        # rows of a table, headlines
        ("When does the Oster ferry depart?", "9:15 a.m."),
        ("How much did the council pay for the old brewery?", "90,000 euros"),
        ("Where was the first stork seen?", "Harrow"),
    ],
)
def test_a_plain_question_gets_the_words_that_a_person_would_mark(
    assistant: Assistant, question: str, text: str
) -> None:
    assert assistant.ask(question).text == text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        # yes or no
        ("Is the Museum of Salt free on Sundays?", "Entry\nto the museum is free on Sundays."),
        (
            "Can I return a used item to the museum shop?",
            "Items from the museum shop cannot be returned once they were used.",
        ),
        ("Was a stork seen in Harrow?", "First stork since 1998 seen in Harrow"),
        ("Did the council buy the old brewery?", "Council buys old brewery for 90,000 euros"),
        # why and how
        (
            "Why was the ferry given up?",
            "The old ferry was given up because the river froze every winter.",
        ),
        ("How is salt won?", "Salt is won by letting sea water dry in shallow basins."),
        # items of a list
        ("Must I bring drinking water on the marsh walk?", "5 litres of drinking water"),
    ],
)
def test_yes_or_no_how_and_why_get_the_whole_sentence(
    assistant: Assistant, question: str, text: str
) -> None:
    assert assistant.ask(question).text == text


def test_an_answer_of_a_list_stays_inside_its_item(assistant: Assistant) -> None:
    given = assistant.ask("How much drinking water should be brought on the walk?")
    assert given.text is not None
    assert given.text.startswith("5 litres")
    assert "\n" not in given.text


LANE = "The lane leads past a row of low houses and a well to the market in the square. "
VAULT = "The vault below the town hall was built in 1742 for about 900 barrels of wine. "


@pytest.mark.parametrize("n_before", [0, 30, 60])
def test_a_long_passage_answers_from_its_beginning_middle_and_end(n_before: int) -> None:
    text = (LANE * n_before + VAULT + LANE * (60 - n_before)).strip()
    passage = Passage(id=1, document_id="town.txt", start=0, end=len(text), text=text)
    hit = Hit(passage=passage, document_title="The town", score=1.0, cosine=0.5, bm25=1.0)
    for question, words in [
        ("When was the vault below the town hall built?", "1742"),
        ("How many barrels of wine was the vault built for?", "about 900 barrels"),
    ]:
        best = ranked(SpanReader().read(question, [hit]))[0]
        start, end = whole(text, best.start, best.end, question=question)
        assert text[start:end] == words


def test_one_answer_of_two_documents_has_two_citations_best_first(library: Path) -> None:
    (library / "guide.txt").write_text(
        "A guide to the coast. Among its many sights the old windmill of Skarn is worth a visit; "
        "it was built in 1742, they say, and has been painted white ever since. There is also a "
        "market, a church and a long beach with dunes.",
        encoding="utf-8",
    )
    (library / "windmill.txt").write_text(
        "The windmill of Skarn was built in 1742.", encoding="utf-8"
    )
    given = unwithholding(library).ask("When was the windmill of Skarn built?")
    assert given.text == "1742"
    assert [each.quote for each in given.citations] == ["1742", "1742"]
    assert [each.document_id for each in given.citations] == ["windmill.txt", "guide.txt"]
