"""Tests of qa.evaluate: labelled questions, asked of texts and judged."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.search import Index
from qa.assistant import Assistant
from qa.cases import Case
from qa.evaluate import Outcome, Place, evaluate

MILL = "The mill at Orrest was built in 1742. It ground barley for six villages until 1901."
BRIDGE = "The bridge over the Lune is 84 metres long. Masons finished it in 1889."
CASES = [
    Case("When was the mill at Orrest built?", ("1742", "in 1742"), MILL),
    Case("How long is the bridge over the Lune?", ("84 metres",), BRIDGE),
    Case("Who painted the ceiling of the Sistine Chapel?", (), BRIDGE),
]


def check(outcomes: list[Outcome]) -> None:
    """The mill's and the bridge's questions are answered right, the chapel's is refused."""
    by_question = {each.case.question: each for each in outcomes}
    mill, bridge, chapel = (by_question[case.question] for case in CASES)
    assert mill.right
    assert bridge.right
    assert mill.rank == bridge.rank == 1
    assert mill.exact
    assert bridge.exact
    assert not chapel.right
    assert not chapel.given
    assert chapel.rank is None
    assert chapel.probability < min(mill.probability, bridge.probability)
    assert all(each.seconds > 0 for each in outcomes)


@pytest.mark.parametrize("together", [False, True], ids=["own context", "all contexts"])
def test_contexts_are_asked(together: bool) -> None:  # noqa: FBT001 - a parameter of the test
    told: list[tuple[int, int, str]] = []
    outcomes = list(evaluate(CASES, together=together, progress=lambda *given: told.append(given)))
    check(outcomes)
    assert [each for each in told if each[2] == "asking"] == [(n, 3, "asking") for n in (1, 2, 3)]


def test_no_span_is_never_right() -> None:
    """Of the answer "the" nothing is left once it is normalised, as of no span."""
    outcome = next(iter(evaluate([Case("Which?", ("the",), MILL)])))
    assert not replace(outcome, span=None).right
    assert replace(outcome, span="The").right


def test_a_question_of_its_own_context_sees_no_other() -> None:
    cases = [Case("How long is the bridge over the Lune?", (), MILL), *CASES]
    alone = next(iter(evaluate(cases)))
    assert alone.passage is not None
    assert alone.passage.text == MILL


@pytest.fixture
def index(library: Path, tmp_path: Path) -> Index:
    """The mill and the bridge in a folder."""
    (library / "mill.txt").write_text(MILL, encoding="utf-8")
    (library / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    index = Index.create(tmp_path / "index", documents=library)
    index.sync()
    return index


def test_a_folder_is_asked(index: Index) -> None:
    check(list(evaluate([Case(each.question, each.answers) for each in CASES], index=index)))


def test_a_quote_that_its_file_no_longer_holds_is_not_exact(index: Index, library: Path) -> None:
    place = Place(Assistant(index))
    assert place.ask(CASES[0]).exact
    (library / "mill.txt").write_text("The mill at Orrest was built in 1743.", encoding="utf-8")
    assert place.ask(CASES[0]).exact  # it was read before
    assert not Place(Assistant(index)).ask(CASES[0]).exact
    (library / "mill.txt").unlink()
    assert not Place(Assistant(index)).ask(CASES[0]).exact


def test_a_question_that_is_too_long_to_be_read_gets_no_answer() -> None:
    case = Case("When was the mill built? " + "Say when. " * 60, ("1742",), MILL)
    outcome = next(iter(evaluate([case])))
    assert (outcome.span, outcome.given, outcome.exact, outcome.rank) == (None, False, None, None)


def test_a_question_without_a_context_needs_documents() -> None:
    with pytest.raises(ValueError, match=r"has no context.*--documents"):
        list(evaluate([Case("When?", ("1742",))]))
