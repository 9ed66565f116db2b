"""quoth eval and quoth calibrate: labelled questions, asked."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from index.errors import FolderUnusable
from index.location import documents_folder, index_folder
from index.progress import Bar
from index.search import Index
from qa.assistant import Assistant
from qa.calibration import MIN_QUESTIONS, Calibration, calibrate
from qa.cases import Case, load_cases
from qa.confidence import FILE_NAME, Confidence
from qa.evaluate import Outcome, evaluate
from qa.figures import Figures, figures
from ui.escape import one_line
from ui.wording import percent, share


def evaluation(arguments: Namespace) -> bool:
    """Asks every question and prints what the answers are worth; Ctrl-C prints it so far."""
    cases = load_cases(Path(arguments.file))
    report = Path(arguments.report) if arguments.report else None
    if report and not report.absolute().parent.is_dir():
        raise FolderUnusable(f"No folder '{report.parent}' for the report. Name one that exists.")
    with _index(arguments) as index:
        threshold = Assistant(index).threshold if index else Confidence.load().threshold
        outcomes, interrupted = _asked(cases, index=index, together=arguments.open)
    if not outcomes:
        raise KeyboardInterrupt
    measured = figures(outcomes, threshold=threshold)
    if report:
        _write_report(report, outcomes, measured, title=Path(arguments.file).name)
    _say(json.dumps(measured.to_dict(), indent=2) if arguments.json else summary(measured))
    if interrupted:
        _warn(f"Stopped after {len(outcomes):,} of {len(cases):,} questions.")
        raise KeyboardInterrupt
    return True


def calibration(arguments: Namespace) -> bool:
    """Refits the confidence of an index to labelled questions, and says before and after."""
    cases = load_cases(Path(arguments.file))
    if len(cases) < MIN_QUESTIONS:
        raise ValueError(
            f"There are {len(cases)} questions in '{arguments.file}'; {MIN_QUESTIONS} or more are "
            f"needed. Add {MIN_QUESTIONS - len(cases)}."
        )
    with _opened(arguments) as index:
        assistant = Assistant(index)
        outcomes, interrupted = _asked(cases, index=index)
        if interrupted:
            raise KeyboardInterrupt
        refitted = calibrate(
            assistant.confidence,
            [each.probability for each in outcomes],
            [each.right for each in outcomes],
            target_error=arguments.target or assistant.confidence.target_error,
            fitted_on=f"{len(cases)} questions of {Path(arguments.file).name}",
        )
        refitted.confidence.save(index.folder)
    _say(json.dumps(_as_json(refitted), indent=2) if arguments.json else _compared(refitted))
    _say("" if arguments.json else f"Kept in {one_line(str(index.folder / FILE_NAME))}.")
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


def _asked(
    cases: Sequence[Case], *, index: Index | None, together: bool = False
) -> tuple[list[Outcome], bool]:
    """The outcomes, and whether the user broke off; then they are those so far."""
    outcomes: list[Outcome] = []
    try:
        with Bar() as bar:
            for outcome in evaluate(cases, index=index, together=together, progress=bar):
                outcomes.append(outcome)  # noqa: PERF402 - what was asked stays when one breaks off
    except KeyboardInterrupt:
        return outcomes, True
    return outcomes, False


@contextmanager
def _index(arguments: Namespace) -> Iterator[Index | None]:
    """The index of the folder that was named; None when none was."""
    if arguments.documents is None:
        yield None
        return
    with _opened(arguments) as index:
        yield index


def _opened(arguments: Namespace) -> Index:
    """The index of a folder, brought up to date."""
    documents = documents_folder(arguments.documents)
    folder = index_folder(documents, arguments.index)
    index = Index.open_or_create(folder, documents=documents)
    with Bar() as bar:
        index.sync(progress=bar)
    return index


def _write_report(
    path: Path, outcomes: Sequence[Outcome], measured: Figures, *, title: str
) -> None:
    from ui.report import report  # noqa: PLC0415 - only a report draws

    path.write_text(report(outcomes, measured, title=title), encoding="utf-8")
    _warn(f"The report is in {path}")


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
        f"target: at most {100 * target:.0f} in 100 answers wrong.",
        f"{'':24}{'before':>10}{'after':>10}",
    ]
    rows = (
        ("threshold", refitted.before.threshold, refitted.confidence.threshold, "{:.3f}"),
        ("answered", refitted.before.answered, refitted.after.answered, "{:.1%}"),
        ("wrong of the answered", refitted.before.wrong, refitted.after.wrong, "{:.1%}"),
        ("calibration error", refitted.before.ece, refitted.after.ece, "{:.3f}"),
    )
    for name, before, after, form in rows:
        lines.append(f"{name:24}{form.format(before):>10}{form.format(after):>10}")
    lines.append("After: each tenth of the questions by a fit to the other nine.")
    return "\n".join(lines)


def _say(text: str) -> None:
    if text:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def _warn(text: str) -> None:
    sys.stderr.write(f"quoth: {one_line(text)}\n")
