"""What each command of `quoth` does; True when there is an answer, False when there is none."""

import json
import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from index.errors import IndexBusy
from index.location import documents_folder, index_folder
from index.mirror import Changes
from index.progress import Bar
from index.scope import Scope
from index.search import Index, checked
from qa.assistant import Assistant
from ui.escape import one_line
from ui.plain import ANSI, PLAIN, Ink, hit_line, hit_source, terminal
from ui.wording import SYNC_INTERRUPTED


def ask(arguments: Namespace) -> bool:
    """Prints the answer with its quotations, or why there is none."""
    question, scope = checked(_question(arguments)), _scope(arguments)
    assistant = Assistant.open(documents=arguments.documents, index=arguments.index)
    with assistant.index:
        changes = follow(assistant.index)
        answer = assistant.ask(question, k=arguments.k, scope=scope, threshold=arguments.sure)
    if answer.reason == "empty_index" and changes and changes.skipped:
        warn(f"Files that were skipped: {len(changes.skipped)}. To see why: quoth index")
    if arguments.json:
        say_json(answer.to_dict())
    else:
        say(terminal(answer, ink=_ink()))
    return answer.text is not None


def index(arguments: Namespace) -> bool:
    """Brings the index up to date, or keeps it so, and prints what has changed; or examines it."""
    if arguments.check:
        from ui.upkeep import check  # noqa: PLC0415 - only here

        return check(arguments)
    with opened(arguments) as open_index:
        if arguments.watch:
            _keep_watch(open_index, as_json=arguments.json)
            return True
        changes = synced(open_index)
    if arguments.json:
        say_json(changes.to_dict())
    else:
        _tell(changes)
    return True


def _keep_watch(open_index: Index, *, as_json: bool) -> None:
    """Follows the folder until it is interrupted; as JSON, a line for each change."""
    from index.watch import watch  # noqa: PLC0415 - only here

    first = True
    try:
        with Bar() as bar:
            for changes in watch(open_index, progress=bar):
                bar.rest()
                if as_json:
                    say(json.dumps(changes.to_dict(), ensure_ascii=False))
                else:
                    _tell(changes)
                if first and not as_json:
                    say(f"Watching {one_line(str(open_index.documents))}. Ctrl-C ends it.")
                first = False
    except KeyboardInterrupt:
        if first:  # in the middle of the first sync
            warn(SYNC_INTERRUPTED)
            raise


def _tell(changes: Changes) -> None:
    """Says what a sync did."""
    say(f"{changes}.")
    for skipped in changes.skipped:
        say(f"skipped {one_line(skipped.document_id)}: {one_line(skipped.reason)}")


def search(arguments: Namespace) -> bool:
    """Prints the passages that fit a question best, best first."""
    question, scope = checked(_question(arguments)), _scope(arguments)
    with opened(arguments) as open_index:
        follow(open_index)
        hits = open_index.search(question, k=arguments.k, scope=scope)
    if arguments.json:
        say_json([hit.to_dict() for hit in hits])
    for number, hit in enumerate(() if arguments.json else hits, start=1):
        say(f"{number}. {hit_source(hit)}, score {hit.score:.2f}\n   {hit_line(hit)}")
    return bool(hits)


def status(arguments: Namespace) -> bool:
    """Prints what the index is and holds, as it stands: it is not brought up to date."""
    if arguments.index:  # it can be looked at when its documents are gone
        folder = Path(arguments.index)
    else:
        folder = index_folder(documents_folder(arguments.documents))
    with Index.open(folder) as open_index:
        facts = open_index.status().to_dict() | _certainty(Assistant(open_index))
    if arguments.json:
        say_json(facts)
        return True
    for name, fact in facts.items():
        shown = f"{fact:,}" if isinstance(fact, int) else one_line(str(fact))
        say(f"{name.replace('n_', 'number of ').replace('_', ' '):20}{shown}")
    return True


def _certainty(assistant: Assistant) -> dict[str, Any]:
    """How sure an answer must be, and what that was fitted to."""
    confidence = assistant.confidence
    return {
        "reader": assistant.reader,
        "threshold": confidence.threshold,
        "target_error": confidence.target_error,
        "calibrated_on": confidence.fitted_on,
    }


def _scope(arguments: Namespace) -> Scope:
    """The documents that are asked for; of formats several may stand in one, between commas."""
    formats = [each for named in arguments.format for each in named.split(",")]
    plain = (each.strip().lower().removeprefix(".") for each in formats)
    return Scope(tuple(arguments.within), tuple(plain), arguments.since)


def _question(arguments: Namespace) -> str:
    """The question, from standard input where none is given."""
    if arguments.question != "-":
        return str(arguments.question)
    if sys.stdin.isatty():
        raise ValueError("No question. Give one, or pipe it in.")
    return sys.stdin.read().strip()


def opened(arguments: Namespace) -> Index:
    """The index of the folder that was named, as it stands."""
    documents = documents_folder(arguments.documents)
    return Index.open_or_create(index_folder(documents, arguments.index), documents=documents)


def follow(open_index: Index) -> Changes | None:
    """Brings the index up to date, unless another process is at it: then it serves as it is.

    Raises:
        IndexBusy: Another process is at it, and the index holds no document yet.
    """
    try:
        return synced(open_index)
    except IndexBusy as error:
        open_index.require_documents(error)
        warn(str(error))
        return None


def synced(open_index: Index) -> Changes:
    """Brings the index up to date; who interrupts that is told what is kept."""
    try:
        with Bar() as bar:
            return open_index.sync(progress=bar)
    except KeyboardInterrupt:
        warn(SYNC_INTERRUPTED)
        raise


def _ink() -> Ink:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return PLAIN if plain or not sys.stdout.isatty() else ANSI


def say_json(values: Any) -> None:
    """Prints JSON."""
    say(json.dumps(values, ensure_ascii=False, indent=2))


def say(text: str) -> None:
    """Prints a line, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def warn(text: str) -> None:
    """Says something on one line beside what is printed."""
    sys.stderr.write(f"quoth: {one_line(text)}\n")
