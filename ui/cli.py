"""quoth's commands: their arguments, the exit codes, the last word."""

import argparse
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

from index.errors import AppError, FaultsFound

ANSWERED, NOT_FOUND, USAGE, TROUBLE, INTERRUPTED = 0, 1, 2, 3, 130
FOLDER_HELP = "folder of documents (default: $QUOTH_DOCUMENTS, else seeds)"


def entry() -> None:
    """The console script `quoth`."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):  # a terminal without a letter shows `?`
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))


def main(argv: Sequence[str]) -> int:
    """Runs one command and gives its exit code.

    0: answered, or done; 1: not in the documents; 2: wrong usage; 3: trouble that the user can
    put right; 130: interrupted. What went wrong is said in one line on standard error, and where
    JSON is asked for, as an object on standard output too.
    """
    arguments = argparse.Namespace()
    try:
        parser().parse_args(argv, arguments)
        code = _run(arguments)
        sys.stdout.flush()
    except SystemExit as leaving:  # argparse has said what is wrong, or has shown the help
        return int(leaving.code or 0)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader has gone, as `head` does: nothing is left to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return ANSWERED
    except Exception as error:  # noqa: BLE001  # people get a line, whatever went wrong
        return _told(error, as_json=getattr(arguments, "json", False))
    return code


def _run(arguments: argparse.Namespace) -> int:
    """Runs the command; `quoth --help` does not come here and imports none of it."""
    module, name = arguments.runs.split(":")
    run: Callable[[argparse.Namespace], bool] = getattr(import_module(module), name)
    return ANSWERED if run(arguments) else NOT_FOUND


def _told(error: Exception, *, as_json: bool) -> int:
    """Says in one line what went wrong, and gives its exit code."""
    from ui.escape import one_line  # noqa: PLC0415 - `quoth --help` does without it

    said = one_line(str(error)) or type(error).__name__
    if not isinstance(error, (AppError, ValueError, OSError)):
        said = f"{type(error).__name__}: {said}"
    sys.stderr.write(f"quoth: {said}\n")
    if as_json and not isinstance(error, FaultsFound):  # which stand in what was printed
        with suppress(OSError):  # nobody reads it, or it was that which went wrong
            sys.stdout.write(json.dumps({"error": type(error).__name__, "message": said}) + "\n")
            sys.stdout.flush()
    return USAGE if isinstance(error, ValueError) else TROUBLE


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Says what is wrong and where to read how it is right, and leaves."""
        self.exit(USAGE, f"quoth: {' '.join(message.split())}. See: {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """The commands and their options; each has a line of help and an example."""
    whole = _Parser(
        prog="quoth",
        description="Answers questions in your documents' own words, and shows where they stand.",
        epilog='Example: quoth ask "How many drones did Lavrov cite?"',
    )
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_ask(commands)
    _add_chat(commands)
    _add_index(commands)
    _add_search(commands)
    _add_status(commands)
    _add_eval(commands)
    _add_calibrate(commands)
    _add_salvage(commands)
    return whole


def _add_ask(commands: Any) -> None:
    ask = _added(
        commands,
        "ask",
        runs="ui.commands:ask",
        about="answer a question in the words of the documents",
        example='quoth ask "How many drones did Lavrov cite?" --documents seeds',
    )
    _add_question(ask)
    _add_folders(ask)
    _add_scope(ask)
    _add_k(ask, about="how many passages to read")
    ask.add_argument(
        "--sure",
        type=_share,
        metavar="SHARE",
        help="answer only when at least this sure, above 0 and below 1 (default: as calibrated)",
    )
    _add_json(ask)


def _add_chat(commands: Any) -> None:
    chat = _added(
        commands,
        "chat",
        runs="ui.chat:serve",
        about="open the chat page in the browser",
        example="quoth chat --documents notes --port 8000",
    )
    _add_folders(chat)
    chat.add_argument("--host", default="127.0.0.1", help="address to bind (default: %(default)s)")
    chat.add_argument(
        "--port",
        type=_port_number,
        help="port to bind (default: 7860, or the next one that is free)",
    )
    chat.add_argument(
        "--writable",
        action="store_true",
        help="let the page add and remove files; a folder that is named is else only read",
    )
    chat.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    chat.add_argument(
        "--no-judging", action="store_true", help="no thumbs: keep nobody's judgement of an answer"
    )


def _port_number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; they go from 1 to {2**16 - 1}")
    return int(text)


def _add_index(commands: Any) -> None:
    index = _added(
        commands,
        "index",
        runs="ui.commands:index",
        about="bring the index up to date with its folder",
        example="quoth index notes --watch",
    )
    index.add_argument("documents", metavar="DIR", nargs="?", help=FOLDER_HELP)
    _add_index_folder(index)
    kept = index.add_mutually_exclusive_group()
    kept.add_argument("--watch", action="store_true", help="go on, and follow what changes")
    kept.add_argument(
        "--check", action="store_true", help="change nothing, and say what is wrong with it"
    )
    _add_json(index)


def _add_search(commands: Any) -> None:
    search = _added(
        commands,
        "search",
        runs="ui.commands:search",
        about="list the passages that fit a question best",
        example='quoth search "peace negotiations" --k 3',
    )
    _add_question(search)
    _add_folders(search)
    _add_scope(search)
    _add_k(search, about="how many passages to list")
    _add_json(search)


def _add_status(commands: Any) -> None:
    status = _added(
        commands,
        "status",
        runs="ui.commands:status",
        about="say what the index is and holds",
        example="quoth status --documents notes --json",
    )
    _add_folders(status)
    _add_json(status)


def _add_eval(commands: Any) -> None:
    measured = _added(
        commands,
        "eval",
        runs="ui.measure:evaluation",
        about="ask labelled questions and say what the answers are worth",
        example="quoth eval questions.jsonl --documents notes --report report.html",
    )
    _add_cases(measured)
    asked = measured.add_mutually_exclusive_group()
    asked.add_argument(
        "--open", action="store_true", help="ask each question of all contexts, not of its own"
    )
    asked.add_argument(
        "--documents", metavar="DIR", help="ask them of this folder, not of their contexts"
    )
    _add_index_folder(measured)
    _add_json(measured)
    measured.add_argument("--report", metavar="OUT.html", help="also write a page with plots")


def _add_calibrate(commands: Any) -> None:
    refitted = _added(
        commands,
        "calibrate",
        runs="ui.measure:calibration",
        about="fit the confidence to your own labelled questions",
        example="quoth calibrate questions.jsonl --documents notes --target 0.05",
    )
    _add_cases(refitted)
    _add_folders(refitted)
    refitted.add_argument(
        "--target",
        type=_share,
        metavar="SHARE",
        help="share of wrong answers to aim at, above 0 and below 1 (default: as shipped)",
    )
    _add_json(refitted)


def _add_salvage(commands: Any) -> None:
    saved = _added(
        commands,
        "salvage",
        runs="ui.upkeep:save",
        about="save the texts that a damaged index still holds",
        example="quoth salvage --documents notes --to saved",
    )
    _add_folders(saved)
    saved.add_argument("--to", metavar="DIR", required=True, help="a new folder for the texts")
    _add_json(saved)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share; it lies between 0 and 1")
    return share


def _add_cases(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help="JSON lines with question, answers and perhaps context (.gz); without it, what was "
        "judged in the page",
    )


def _added(
    commands: Any, name: str, *, runs: str, about: str, example: str
) -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(
        name, help=about, description=f"{about.capitalize()}.", epilog=f"Example: {example}"
    )
    added.set_defaults(runs=runs)
    return added


def _add_question(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "question",
        metavar="QUESTION",
        nargs="?",
        default="-",
        help="what to ask; without it, or with -, standard input is read",
    )


def _add_folders(command: argparse.ArgumentParser) -> None:
    command.add_argument("--documents", metavar="DIR", help=FOLDER_HELP)
    _add_index_folder(command)


def _add_index_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--index",
        metavar="DIR",
        help="folder of the index (default: $QUOTH_INDEX, else .quoth/NAME beside the documents, "
        "NAME being that of their folder)",
    )


def _add_scope(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--in",
        dest="within",
        action="append",
        default=[],
        metavar="PATTERN",
        help="only documents that it names, as in a .gitignore: 'reports/**'; with '!drafts/', "
        "all but these; may be given again",
    )
    command.add_argument(
        "--format",
        action="append",
        default=[],
        metavar="EXT",
        help="only files of it, or of several: pdf,docx",
    )
    command.add_argument(
        "--since",
        type=_day,
        metavar="DATE",
        help="only files last written on that day (UTC) or later: 2025-01-31",
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2025-01-31") from None


def _add_k(command: argparse.ArgumentParser, *, about: str) -> None:
    command.add_argument("--k", type=int, default=8, metavar="N", help=f"{about} (default: 8)")


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON")


if __name__ == "__main__":
    entry()
