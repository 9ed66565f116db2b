"""What the answers are worth: every measure with the floor and the goal that were set for it.

`python -m benchmarks.evaluation --data DATA` prints the table and writes it to evaluation.md, the
figures behind it to evaluation.json. DATA holds dev/ and train/ of the question sets; of train/
only the contexts that no model was trained on are asked about.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from benchmarks.machine import describe
from benchmarks.workspace import SEED, say, track
from index.onnx import OnnxModel
from index.passage import Passage
from index.search import Hit
from qa.assistant import Assistant
from qa.cases import Case, load_cases
from qa.confidence import Confidence
from qa.evaluate import Outcome, evaluate, laid_out
from qa.figures import Figures, figures
from qa.metrics import percentile, risk_coverage_area
from qa.reader import SHIPPED_READER, SpanReader
from training.data import is_held_out, is_seen

NEW_WIKI, POLICIES, NEAR = "squadshifts-new-wiki", "policyqa-test", "squad2-dev-500"
LONGEST_CONTEXT = 5_000


@dataclass(frozen=True, slots=True)
class Row:
    """One measure; the floor and the goal in words, empty where none was set."""

    measure: str
    figure: str
    floor: str = ""
    goal: str = ""


@dataclass
class Book:
    """The rows so far, and the figures that they are made from, by the name of their run."""

    rows: list[Row] = field(default_factory=list)
    runs: dict[str, Any] = field(default_factory=dict)

    def put(self, measure: str, figure: str, floor: str = "", goal: str = "") -> None:
        """Adds a row."""
        self.rows.append(Row(measure, figure, floor, goal))

    def keep(self, name: str, outcomes: Sequence[Outcome]) -> Figures:
        """The figures of a run, kept."""
        measured = figures(outcomes, threshold=Confidence.load().threshold)
        self.runs[name] = {
            key: round(value, 4) if isinstance(value, float) else value
            for key, value in measured.to_dict().items()
        }
        return measured

    def markdown(self) -> str:
        """The table."""
        lines = ["| measure | figure | floor | goal |", "|---|--:|--:|--:|"]
        lines += [f"| {r.measure} | {r.figure} | {r.floor} | {r.goal} |" for r in self.rows]
        machine = describe()
        lines += [
            "",
            f"{SpanReader().fingerprint}; {machine['date']}, {machine['cores']} cores of ",
        ]
        lines[-1] += f"{machine['cpu']}, load {machine['load']} at the end."
        return "\n".join(lines) + "\n"


def gold_and_open(book: Book, data: Path, n: int) -> None:
    """new-wiki, each question with its paragraph and over all paragraphs."""
    every = load_cases(data / f"dev/{NEW_WIKI}.jsonl.gz")
    asked = Random(SEED).sample(every, min(n, len(every)))
    alone = book.keep("new-wiki, own paragraph", asked_of_own(asked, "new-wiki, own paragraph"))
    book.put(
        f"new-wiki, own paragraph, F1 (EM), {len(asked):,} questions",
        f"{alone.f1:.1f} ({alone.exact_match:.1f})",
        "76 (64)",
        "82 (71)",
    )
    contexts = list(dict.fromkeys(case.context or "" for case in every))
    outcomes = over(contexts, asked, f"new-wiki, {len(contexts):,} paragraphs")
    found = book.keep("new-wiki, all paragraphs", outcomes)
    where = f"the same over {len(contexts):,} paragraphs"
    book.put(f"{where}, recall@1 of the passage cited", f"{found.recall_at_1:.3f}", ".86", ".92")
    gap = (alone.f1 or 0) - (found.f1 or 0)
    book.put(f"{where}, F1", f"{found.f1:.1f}, {gap:.1f} below own", "6 below", "3 below")
    book.put(f"{where}, citations exact", f"{100 * (found.citations_exact or 0):.1f} %", "100 %")


def policies(book: Book, data: Path, n: int) -> None:
    """policyqa-test, each question with its context."""
    every = load_cases(data / f"dev/{POLICIES}.jsonl.gz")
    asked = Random(SEED).sample(every, min(n, len(every)))
    measured = book.keep("policyqa", asked_of_own(asked, "policyqa"))
    f1 = f"{measured.f1:.1f} ({measured.exact_match:.1f})"
    book.put(f"policyqa-test, F1 (EM), {len(asked):,} questions", f1, "45.3", "50.3")


def near_misses(book: Book, data: Path) -> None:
    """squad2-dev-500: questions that people wrote to look answerable."""
    outcomes = asked_of_own(load_cases(data / f"dev/{NEAR}.jsonl.gz"), "squad2-dev-500")
    measured = book.keep("squad2-dev-500", outcomes)
    book.put("squad2-dev-500, F1 on answerable", f"{measured.f1:.1f}", "72", "80")
    unseen = [each for each in outcomes if not is_seen(each.case.context or "")]
    measured = book.keep("squad2-dev-500, unseen contexts", unseen)
    unanswerable = measured.n - measured.answerable
    where = f"the same, {measured.n} questions of unseen contexts"
    refused = share(measured.refused_right, unanswerable)
    book.put(f"{where}, refused rightly at the default threshold", refused, "68 %", "80 %")
    kept = share(measured.answerable - measured.refused_wrong, measured.answerable)
    book.put("the same, answerable that are answered", kept)


def mixed(book: Book, data: Path, n: int) -> None:
    """new-wiki with a third of the questions asked of documents that lack the answer."""
    every = load_cases(data / f"dev/{NEW_WIKI}.jsonl.gz")
    random = Random(SEED)
    contexts = sorted({case.context or "" for case in every})
    held = set(random.sample(contexts, len(contexts) * 2 // 3))
    unseen = [case for case in every if not is_seen(case.context or "")]
    own = [case for case in unseen if case.context in held]
    foreign = [Case(case.question, ()) for case in unseen if case.context not in held]
    n_foreign = min(n // 3, len(foreign), len(own) // 2)
    asked = random.sample(own, 2 * n_foreign) + random.sample(foreign, n_foreign)
    outcomes = over(sorted(held), asked, "new-wiki, a third without answer")
    measured = book.keep("new-wiki, a third without answer", outcomes)
    where = (
        f"new-wiki over {len(held):,} paragraphs, a third of {len(asked):,} questions unanswerable"
    )
    aurc = f"{measured.aurc:.3f} ({measured.aurc_of_span:.3f})"
    goal = f"{0.7 * measured.aurc_of_span:.3f}"
    book.put(f"{where}: area under risk-coverage (by the span's probability)", aurc, "", goal)
    book.put("the same, of a certainty that is never mistaken", f"{least_area(outcomes):.3f}")
    wrong = share(measured.wrong, measured.answered)
    book.put("the same, wrong among the answers given", wrong, "10 %", "5 %")
    refused = share(measured.refused_wrong, measured.answerable)
    book.put("the same, answerable that are refused", refused, "", "25 %")
    book.put("the same, expected calibration error", f"{measured.ece:.3f}", ".05", ".03")


def least_area(outcomes: Sequence[Outcome]) -> float:
    """Area under risk-coverage if all that is right were surer than all that is wrong."""
    return risk_coverage_area([each.right for each in outcomes], [each.right for each in outcomes])


def wrong_folder(book: Book, data: Path, n: int) -> None:
    """Questions asked of another set's documents."""
    sides = [load_cases(data / f"dev/{name}.jsonl.gz") for name in (NEW_WIKI, POLICIES)]
    given, asked = 0, 0
    for cases, others in (sides, sides[::-1]):
        picked = Random(SEED).sample(others, min(n // 2, len(others)))
        contexts = list(dict.fromkeys(case.context or "" for case in cases))
        strange = [Case(case.question, ()) for case in picked]
        outcomes = over(contexts, strange, "questions to the wrong folder")
        given += sum(each.given for each in outcomes)
        asked += len(outcomes)
    book.runs["wrong folder"] = {"asked": asked, "answered": given}
    what = f"{asked:,} questions asked of the wrong folder, answered"
    book.put(what, share(given, asked), "5 %", "2 %")


def held_out(book: Book, data: Path, n: int) -> None:
    """The tenth of each training set that no model was trained on."""
    for path in sorted((data / "train").glob("*.jsonl.gz")):
        name, every = path.name.removesuffix(".jsonl.gz"), load_cases(path)
        mine = [case for case in every if case.answers and is_held_out(case.context or "")]
        mine = [case for case in mine if len(case.context or "") <= LONGEST_CONTEXT]
        if not mine:
            continue
        asked = Random(SEED).sample(mine, min(n, len(mine)))
        outcomes = asked_of_own(asked, f"{name}, held out")
        measured = figures(outcomes, threshold=0.0)
        f1 = f"{measured.f1:.1f} ({measured.exact_match:.1f})"
        book.put(f"{name}, its held-out tenth, F1 (EM), {len(asked)} questions", f1)


def reading(book: Book, *, n_passages: int = 4, n_pieces: int = 128, rounds: int = 100) -> None:
    """Milliseconds to read passages of a given length, warm."""
    reader = SpanReader()
    text = "It was built of grey stone by the river . " * n_pieces
    tokenizer = OnnxModel.load(SHIPPED_READER).tokenizer
    pieces = tokenizer.encode(text, add_special_tokens=False)
    text = text[: pieces.offsets[n_pieces - 1][1]]
    passages = [Passage(n, "stone.txt", 0, len(text), text) for n in range(n_passages)]
    hits = [Hit(passage, "", 1.0, 0.0, 0.0) for passage in passages]
    times = []
    for _ in range(rounds):
        began = perf_counter()
        reader.read("What was it built of?", hits)
        times.append(1000 * (perf_counter() - began))
    figure = f"{percentile(times, 0.5):.0f} ms (p95 {percentile(times, 0.95):.0f})"
    book.runs["reading"] = {"milliseconds": [round(each, 2) for each in times]}
    what = f"reading {n_passages} passages of {n_pieces} pieces, warm, median"
    book.put(what, figure, "60 ms", "35 ms")


def asked_of_own(cases: Sequence[Case], what: str) -> list[Outcome]:
    """Each question asked of its own context alone."""
    return list(track(evaluate(cases), what, total=len(cases)))


def over(contexts: Sequence[str], cases: Sequence[Case], what: str) -> list[Outcome]:
    """Each question asked of all the contexts."""

    def outcomes() -> Iterator[Outcome]:
        with laid_out(contexts, Assistant) as place:
            yield from map(place.ask, cases)

    return list(track(outcomes(), what, total=len(cases)))


def share(part: int, whole: int) -> str:
    """A share in percent."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


def main() -> int:
    """Runs everything; 130 when interrupted, with the rows so far."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evaluation", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    parser.add_argument("--questions", type=int, default=800, help="of each set, at most")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write")
    options = parser.parse_args()
    if not (options.data / f"dev/{NEW_WIKI}.jsonl.gz").is_file():
        parser.error(
            f"no dev/{NEW_WIKI}.jsonl.gz in '{options.data}'. Pass the folder that holds it"
        )
    book, n = Book(), options.questions
    try:
        gold_and_open(book, options.data, n)
        policies(book, options.data, n)
        near_misses(book, options.data)
        mixed(book, options.data, n)
        wrong_folder(book, options.data, n)
        reading(book)
        held_out(book, options.data, n // 4)
    except KeyboardInterrupt:
        say("Interrupted; the rows so far, not kept:\n")
        print(book.markdown())
        return 130
    print(book.markdown())
    written = {"questions": n, "rows": [asdict(row) for row in book.rows], "runs": book.runs}
    text = json.dumps(written, indent=1, ensure_ascii=False) + "\n"
    (options.out / "evaluation.json").write_text(text, encoding="utf-8")
    (options.out / "evaluation.md").write_text(book.markdown(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
