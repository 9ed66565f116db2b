"""Tests of qa.evaluate: labelled questions, asked of texts and judged."""

import gzip
import json
from pathlib import Path

import pytest

from index.search import Index
from qa.assistant import Assistant
from qa.cases import Case, load_cases
from qa.evaluate import Outcome, Place, evaluate
from qa.figures import Figures, figures

MILL = "The mill at Orrest was built in 1742. It ground barley for six villages until 1901."
BRIDGE = "The bridge over the Lune is 84 metres long. Masons finished it in 1889."
CASES = [
    Case("When was the mill at Orrest built?", ("1742", "in 1742"), MILL),
    Case("How long is the bridge over the Lune?", ("84 metres",), BRIDGE),
    Case("Who painted the ceiling of the Sistine Chapel?", (), BRIDGE),
]


def outcome(
    *,
    right: bool,
    probability: float,
    given: bool,
    answerable: bool = True,
    rank: int | None = 1,
    exact: bool | None = True,
    seconds: float = 0.1,
    quote: str | None = None,
) -> Outcome:
    """An outcome of which only the judgement counts."""
    return Outcome(
        case=Case("Who?", ("the miller",) if answerable else ()),
        span="the miller" if right else "nobody",
        start=None,
        quote=quote,
        passage=None,
        probability=probability,
        span_probability=0.5,
        given=given,
        rank=rank,
        exact=exact,
        seconds=seconds,
    )


def test_figures_of_a_worked_example() -> None:
    """One of each: right and given, right and withheld, wrong, refused rightly, given wrongly."""
    measured = figures(
        [
            outcome(right=True, probability=0.9, given=True, quote="the miller", seconds=0.1),
            outcome(right=True, probability=0.4, given=False, rank=3, seconds=0.2),
            outcome(right=False, probability=0.8, given=True, rank=None, seconds=0.3),
            outcome(right=False, probability=0.1, given=False, answerable=False, seconds=0.4),
            outcome(right=False, probability=0.7, given=True, answerable=False, exact=False),
        ],
        threshold=0.5,
    )
    assert (measured.n, measured.answerable, measured.answered) == (5, 3, 3)
    assert (measured.right, measured.wrong) == (1, 2)
    assert (measured.refused_right, measured.refused_wrong) == (1, 1)
    assert measured.exact_match == measured.f1 == pytest.approx(200 / 3)
    assert measured.exact_match_of_quote == pytest.approx(100 / 3)
    assert measured.recall_at_1 == pytest.approx(1 / 3)
    assert measured.recall_at_5 == measured.recall_at_20 == pytest.approx(2 / 3)
    assert measured.aurc == pytest.approx((0 + 1 / 2 + 2 / 3 + 2 / 4 + 3 / 5) / 5)
    assert measured.aurc_of_span == pytest.approx(3 / 5)  # all of one score
    assert measured.wrong_at_80_coverage == pytest.approx(2 / 4)
    assert measured.ece == pytest.approx((0.1 + 0.6 + 0.8 + 0.1 + 0.7) / 5)
    assert measured.citations_exact == pytest.approx(4 / 5)
    assert measured.seconds_p50 == pytest.approx(0.2)
    assert measured.threshold == 0.5


def test_without_answerable_questions_there_is_no_f1_and_no_recall() -> None:
    measured = figures(
        [outcome(right=False, probability=0.1, given=False, answerable=False, exact=None)],
        threshold=0.5,
    )
    assert measured.f1 is measured.exact_match is measured.recall_at_1 is None
    assert measured.citations_exact is None
    assert measured.refused_right == 1


def test_nothing_asked_is_nothing_measured() -> None:
    with pytest.raises(ValueError, match="No question was asked"):
        figures([], threshold=0.5)


def test_the_json_has_the_names_that_scripts_rely_on() -> None:
    """The keys are a promise; a new one may be added, none renamed."""
    promised = (
        "n exact_match f1 answerable answered right refused_right refused_wrong wrong recall_at_1 "
        "recall_at_5 recall_at_20 ece aurc wrong_at_80_coverage citations_exact seconds_p50 "
        "seconds_p95"
    )
    measured = figures([outcome(right=True, probability=0.9, given=True)], threshold=0.5)
    assert set(promised.split()) <= measured.to_dict().keys() == set(Figures.__slots__)


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


LINES = [
    {
        "id": "1",
        "question": "How many?",
        "context": "91 drones.\u2028Ninety-one.",
        "answers": [{"text": "91 drones", "start": 0}, {"text": "91 drones", "start": 0}],
    },
    {"question": "Who?", "answers": ["Lavrov", "Sergei Lavrov"]},
    {"question": "Why?", "answers": []},
]
LOADED = [
    Case("How many?", ("91 drones",), "91 drones.\u2028Ninety-one."),
    Case("Who?", ("Lavrov", "Sergei Lavrov")),
    Case("Why?", ()),
]


@pytest.mark.parametrize("name", ["cases.jsonl", "cases.jsonl.gz"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
def test_cases_load_plain_and_compressed(tmp_path: Path, name: str, mark: str) -> None:
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n\n" for line in LINES)
    content = (mark + lines).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert load_cases(path) == LOADED


BAD = {
    "no JSON": "{",
    "no object": "[]",
    "no answers": '{"question": "Who?"}',
    "no list": '{"question": "Who?", "answers": 3}',
    "one text": '{"question": "Who?", "answers": "1962"}',
    "another form": '{"question": "Who?", "answers": {"text": ["1962"], "answer_start": [3]}}',
    "blank answer": '{"question": "Who?", "answers": [" "]}',
    "endless question": json.dumps({"question": "who " * 1_000, "answers": []}),
    "half a character": '{"question": "Who \\ud800?", "answers": []}',
    "no text": '{"question": "Who?", "answers": [3]}',
    "no question": '{"question": " ", "answers": []}',
    "context no text": '{"question": "Who?", "answers": [], "context": 3}',
}


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_a_bad_line_is_named_with_the_form_that_is_right(tmp_path: Path, line: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(LINES[0]) + "\n" + line, encoding="utf-8")
    with pytest.raises(ValueError, match=r'Line 2 of \'.*cases\.jsonl\'.*"answers": \["…"\]'):
        load_cases(path)


def test_letters_are_composed_as_those_of_documents_are(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    line = {"question": "Où?", "answers": ["Orle\u0301ans"], "context": " "}
    path.write_text(json.dumps(line), encoding="utf-8")
    assert load_cases(path) == [Case("Où?", ("Orl\u00e9ans",), None)]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for name, content in {
        "empty.jsonl": b"\n",
        "latin.jsonl": b"\xe9",
        "no.jsonl.gz": b"{}",
        "short.jsonl.gz": gzip.compress(b"{}")[:-9],
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match=name):
            load_cases(tmp_path / name)
    with pytest.raises(ValueError, match="No such file"):
        load_cases(tmp_path / "missing.jsonl")
