"""quoth eval and quoth calibrate: labelled questions, asked."""

import json
import os
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from index.errors import FolderUnusable
from index.location import documents_folder, index_folder
from index.progress import Bar
from index.search import Index
from qa.assistant import Assistant
from qa.calibration import Calibration, Judged, calibrate, check_number
from qa.cases import Case, load_cases
from qa.confidence import FILE_NAME, Confidence
from qa.evaluate import Outcome, evaluate
from qa.figures import Figures, figures
from qa.reader import SpanReader
from ui import judging
from ui.commands import follow, opened, say, say_json, warn
from ui.escape import one_line
from ui.wording import counted, percent, share


def evaluation(arguments: Namespace) -> bool:
    """Asks every question and prints what the answers are worth; Ctrl-C prints it so far."""
    cases, file = _cases(arguments)
    report = _report_file(arguments, file)
    if arguments.file is None:  # what was judged was judged of this folder
        if arguments.open:
            raise ValueError("--open is for questions with contexts. Name their file.")
        arguments.documents = documents_folder(arguments.documents)
    if arguments.index and not arguments.documents:
        raise ValueError("--index is of a folder. Name the folder too: --documents")
    with _index(arguments) as index:
        shipped = Confidence.load()
        threshold = shipped.threshold if index is None else Assistant(index).threshold
        outcomes, interrupted = _asked(cases, index=index, together=arguments.open)
    if not outcomes:
        raise KeyboardInterrupt
    measured = figures(outcomes, threshold=threshold)
    say(json.dumps(measured.to_dict(), indent=2) if arguments.json else summary(measured))
    title = file.name
    if interrupted:
        title += f", the first {len(outcomes):,} of {len(cases):,} questions"
        warn(f"Stopped after {len(outcomes):,} of {len(cases):,} questions.")
    if report:
        _write_report(report, outcomes, measured, title=title)
    if interrupted:
        raise KeyboardInterrupt
    return True


def calibration(arguments: Namespace) -> bool:
    """Refits the confidence of an index to labelled questions, and says before and after."""
    cases, file = _cases(arguments)
    check_number(len(cases))
    shipped, reader = Confidence.load(), SpanReader()
    with opened(arguments) as index:
        follow(index)
        outcomes, interrupted = _asked(
            cases,
            index=index,
            assistant=lambda each: Assistant(each, reader=reader, confidence=shipped),
        )
        if interrupted:
            raise KeyboardInterrupt
        refitted = calibrate(
            shipped,
            [Judged(each.probability, each.right, bool(each.case.answers)) for each in outcomes],
            target_error=arguments.target or shipped.target_error,
            fitted_on=f"{len(cases)} questions of {file.name}",
        )
        refitted.confidence.save(index.folder)
    if arguments.json:
        say_json(_as_json(refitted))
    else:
        say(f"{_compared(refitted)}\nKept in {one_line(str(index.folder / FILE_NAME))}.")
    return True


def summary(measured: Figures) -> str:
    """The figures in words, one on each line."""
    unanswerable = measured.n - measured.answerable
    answered = measured.answered
    exact, overlap = (percent(share(each, 100)) for each in (measured.exact_match, measured.f1))
    lines = [
        ("questions", f"{measured.n:,}, {measured.answerable:,} of them answerable"),
        (
            "best span",
            f"EM {exact}, F1 {overlap}",
        ),
        ("answered", f"{answered:,}: {measured.right:,} right, {measured.wrong:,} wrong"),
        (
            "not answered",
            f"{measured.refused_right:,} of {unanswerable:,} that have no answer, "
            f"{measured.refused_wrong:,} of {measured.answerable:,} that have one",
        ),
        (
            "passage found",
            f"first {percent(measured.recall_at_1)}, among 5 {percent(measured.recall_at_5)}, "
            f"among 20 {percent(measured.recall_at_20)}",
        ),
        (
            "certainty",
            f"calibration error {measured.ece:.3f}, area under risk-coverage {measured.aurc:.3f} "
            f"({measured.aurc_of_span:.3f} by the reader's own probability)",
        ),
        ("wrong at 80 % coverage", percent(measured.wrong_at_80_coverage)),
        ("citations exact", percent(measured.citations_exact)),
        (
            "seconds an answer",
            f"median {measured.seconds_p50:.3f}, 95 in 100 below {measured.seconds_p95:.3f}",
        ),
        ("threshold", f"{measured.threshold:.3f}"),
    ]
    return "\n".join(f"{name:24}{value}" for name, value in lines)


def _cases(arguments: Namespace) -> tuple[list[Case], Path]:
    """The questions to ask, and their file: by default what was judged in the page."""
    if arguments.file is not None:
        return load_cases(Path(arguments.file)), Path(arguments.file)
    folder = index_folder(documents_folder(arguments.documents), arguments.index)
    kept = judging.Judged(folder)
    judged = kept.read()
    cases = [each.case for each in judged if each.case]
    if not cases:
        raise ValueError(
            f"There are no judged questions in '{kept.path}'. Judge answers in the page (quoth "
            "chat), or name a file of questions."
        )
    if len(cases) < len(judged):
        n = len(judged) - len(cases)
        warn(f"Left out, for nobody has said what is right: {counted(n, 'question')}.")
    return cases, kept.path


def _asked(
    cases: Sequence[Case],
    *,
    index: Index | None,
    together: bool = False,
    assistant: Callable[[Index], Assistant] | None = None,
) -> tuple[list[Outcome], bool]:
    """The outcomes, and whether the user broke off; then they are those so far."""
    outcomes: list[Outcome] = []
    try:
        with Bar() as bar:
            asked = evaluate(
                cases, index=index, together=together, assistant=assistant, progress=bar
            )
            for outcome in asked:
                outcomes.append(outcome)  # noqa: PERF402 - what was asked stays when one breaks off
    except KeyboardInterrupt:
        return outcomes, True
    return outcomes, False


@contextmanager
def _index(arguments: Namespace) -> Iterator[Index | None]:
    """The index of the folder that was named, brought up to date; None when none was."""
    if arguments.documents is None:
        yield None
        return
    with opened(arguments) as index:
        changes = follow(index)
        if changes and changes.skipped:
            warn(f"Files that were skipped: {len(changes.skipped)}. To see why: quoth index")
        yield index


def _report_file(arguments: Namespace, questions: Path) -> Path | None:
    """Where the report goes, once it is sure that it can go there."""
    if arguments.report is None:
        return None
    path = Path(arguments.report)
    if not arguments.report or path.is_dir():
        raise ValueError(f"The report '{arguments.report}' is no file. Name one: --report OUT.html")
    if path.exists() and path.samefile(questions):
        raise ValueError(f"The report would replace the questions in '{path}'. Name another file.")
    if not os.access(path if path.exists() else path.absolute().parent, os.W_OK):
        raise FolderUnusable(f"Cannot write the report '{path}'. Name another file.")
    return path


def _write_report(
    path: Path, outcomes: Sequence[Outcome], measured: Figures, *, title: str
) -> None:
    from ui.report import report  # noqa: PLC0415 - only a report draws

    path.write_text(report(outcomes, measured, title=title), encoding="utf-8")
    warn(f"The report is in {path}")


def _as_json(refitted: Calibration) -> dict[str, object]:
    return {
        "questions": refitted.n,
        "right": refitted.n_right,
        "target_error": refitted.confidence.target_error,
        "threshold": refitted.confidence.threshold,
        "before": asdict(refitted.before),
        "after": asdict(refitted.after),
    }


def _compared(refitted: Calibration) -> str:
    target = refitted.confidence.target_error
    lines = [
        f"{refitted.n:,} questions, the best span right for {refitted.n_right:,}; "
        f"target: at most {100 * target:g} in 100 answers wrong.",
        f"{'':24}{'shipped':>10}{'refitted':>10}",
    ]
    rows = (
        ("threshold", refitted.before.threshold, refitted.confidence.threshold, "{:.3f}"),
        ("answered", refitted.before.answered, refitted.after.answered, "{:.1%}"),
        ("wrong of the answered", refitted.before.wrong, refitted.after.wrong, "{:.1%}"),
        ("calibration error", refitted.before.ece, refitted.after.ece, "{:.3f}"),
    )
    for name, before, after, form in rows:
        lines.append(f"{name:24}{form.format(before):>10}{form.format(after):>10}")
    lines.append("Refitted: each tenth of the questions is judged by a fit to the other nine.")
    return "\n".join(lines)
