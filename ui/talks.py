"""Conversations as a browser keeps them: written, checked when they come back, listed, exported."""

import json
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Any
from urllib.parse import quote

from qa.answer import Answer, Turn
from ui import plain, wording
from ui.escape import html_text, markdown_text, one_line

KEY_FILE = "browser.key"
N_FULL = 6  # turns, the last ones, that keep every passage that was read
MAX_CHARACTERS = 300_000  # of one conversation; a browser gives about five million to all
MAX_NAME = 80

_KEY = re.compile("[0-9a-f]{64}")
_ID = re.compile("[0-9a-f-]{36}")

Fields = Mapping[str, type | UnionType]

_NUMBER: type | UnionType = int | float
_PLACED: Fields = {
    "document_id": str,
    "document_title": str,
    "passage_id": int,
    "start_char_index": int,
    "end_char_index": int,
    "page": int | None,
    "place": str | None,
}
_HIT: Fields = {**_PLACED, "text": str, "score": _NUMBER, "cosine": _NUMBER, "bm25": _NUMBER}
_CITATION: Fields = {
    **_PLACED,
    "digest": str,
    "cited_text": str,
    "passage": str,
    "passage_start_char_index": int,
    "passage_page": int | None,
    "passage_place": str | None,
}
_ANSWER: Fields = {
    "question": str,
    "text": str | None,
    "confidence": _NUMBER,
    "reason": str | None,
    "understood_as": str,
    "citations": list,
    "hits": list,
    "missing_words": list,
}
_TURN: Fields = {"question": str, "answer": dict}
_TALK: Fields = {"id": str, "name": str, "asked": str, "n": int, "at": _NUMBER}


def browser_key(folder: Path) -> str:
    """The key with which browsers encrypt what they keep, as 64 hexadecimal digits.

    It is made once and lies in the index folder, so that a server that is started again reads
    what was kept. Every page gets it: it guards conversations from other programs that are
    served at the same address later, not from who can open the page. Where the folder cannot be
    written, each start makes a new one.
    """
    path = folder / KEY_FILE
    with suppress(OSError, UnicodeDecodeError):
        if _KEY.fullmatch(found := path.read_text(encoding="ascii")):
            return found
    made = secrets.token_hex(32)
    draft = folder / f"{KEY_FILE}.new"
    with suppress(OSError):
        draft.unlink(missing_ok=True)
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(made)
        draft.replace(path)
    return made


# ---- keeping ----


def kept(turns: Sequence[Turn]) -> dict[str, Any]:
    """A conversation as JSON values, small enough for a browser.

    Older turns keep only the passages that are shown below their answer; where that is not
    enough, the oldest turns are left out.
    """
    n_old = max(0, len(turns) - N_FULL)
    parts = [turn_dict(_lightened(turn)) for turn in turns[:n_old]]
    parts += [turn_dict(turn) for turn in turns[n_old:]]
    sizes = [len(json.dumps(part)) for part in parts]
    while len(parts) > 1 and sum(sizes) > MAX_CHARACTERS:
        del parts[0], sizes[0]
    return {"turns": parts, "n_left_out": len(turns) - len(parts)}


def turn_dict(turn: Turn) -> dict[str, Any]:
    """A turn as JSON values."""
    return {"question": turn.question, "answer": turn.answer.to_dict()}


def turns_of(values: object) -> list[Turn]:
    """The turns that `kept` gave, once every value has been found to be what it was.

    Raises:
        ValueError: They are something else: a browser's store can be edited.
    """
    if not isinstance(values, list):
        raise ValueError("A conversation is a list of turns.")
    return [_turn(each) for each in values]


def checked_id(value: object) -> str | None:
    """The id of a conversation as the browser gave it; None for one that has none yet.

    Raises:
        ValueError: It is something else.
    """
    if value is None or (isinstance(value, str) and _ID.fullmatch(value)):
        return value
    raise ValueError(f"{value!r} is no conversation's id.")


def _lightened(turn: Turn) -> Turn:
    n_hits = wording.N_NEAREST if turn.answer.text is None else 0
    return replace(turn, answer=replace(turn.answer, hits=turn.answer.hits[:n_hits]))


def _turn(values: object) -> Turn:
    read = _checked(values, _TURN)
    answer = _checked(read["answer"], _ANSWER)
    for each in answer["hits"]:
        _checked(each, _HIT)
    guess = answer.get("guess")
    for each in [*answer["citations"], *([] if guess is None else [guess])]:
        _checked(each, _CITATION)
    if not isinstance(answer.get("scope"), str | None):
        raise ValueError("What was searched is no text.")
    if not all(isinstance(word, str) for word in answer["missing_words"]):
        raise ValueError("A missing word is no text.")
    return Turn(read["question"], Answer.from_dict(answer))


def _checked(values: object, fields: Fields) -> Mapping[str, Any]:
    if not isinstance(values, dict):
        raise ValueError(f"There is {type(values).__name__} where fields should be.")
    for name, kind in fields.items():
        if not isinstance(values.get(name, ...), kind):
            raise ValueError(f"The field '{name}' is missing or of another kind.")
    return values


# ---- the list ----


def head_html() -> str:
    """The heading; in a narrow window a button that unfolds the list."""
    return (
        f"<h2>{wording.TALKS}</h2><button type='button' id='q-talks-head' aria-expanded='false' "
        f"aria-controls='q-talks-fold'>{wording.TALKS}</button>"
    )


def said_html() -> str:
    """Where it is said what became of a conversation, with all that its script may say."""
    return (
        f"<p id='q-talks-said' role='status' data-dropped='{wording.TALKS_DROPPED}' "
        f"data-shortened='{wording.TALK_SHORTENED}' data-unkept='{wording.TALKS_UNKEPT}' "
        f"data-copied='{wording.LINK_COPIED}' data-done='{wording.COPIED}'></p>"
    )


def list_html(talks: object, *, current: object, now: datetime) -> str:
    """The conversations that a browser keeps, newest first; what is none is passed over.

    Args:
        talks: What the browser says of each: `id`, `name`, `asked`, `n` turns, `at` milliseconds.
        current: The id of the one that is open.
        now: What the times are told from.
    """
    given = talks if isinstance(talks, list) else []
    known = [each for each in given if _is_talk(each)]
    if not known:
        return f"<p class='q-none'>{wording.NO_TALKS}</p>"
    known.sort(key=lambda each: each["at"], reverse=True)
    rows = "".join(_row_html(each, is_open=each["id"] == current, now=now) for each in known)
    return f"<ul class='q-talk-list' aria-label='{wording.TALKS}'>{rows}</ul>"


def _is_talk(values: object) -> bool:
    try:
        found = _checked(values, _TALK)
        checked_id(found["id"])
        datetime.fromtimestamp(found["at"] / 1000)
    except (ValueError, OverflowError, OSError):
        return False
    return True


def _row_html(talk: Mapping[str, Any], *, is_open: bool, now: datetime) -> str:
    name = html_text(named(talk["name"], talk["asked"]))
    at = datetime.fromtimestamp(talk["at"] / 1000, tz=now.tzinfo)
    about = f"{wording.counted(talk['n'], 'question')} \N{MIDDLE DOT} {wording.when(at, now)}"
    here = " aria-current='true'" if is_open else ""
    rename, delete = (f"{words} {name}" for words in (wording.RENAME, wording.DELETE))
    return (
        f"<li data-talk='{talk['id']}'><button type='button' class='q-talk-open'{here}>"
        f"<span class='q-talk-name' dir='auto'>{name}</span>"
        f"<span class='q-talk-about'>{about}</span></button>"
        f"<button type='button' class='q-talk-rename' aria-label='{rename}' "
        f"title='{wording.RENAME}'>✎</button>"
        f"<button type='button' class='q-talk-delete' aria-label='{delete}' "
        f"title='{wording.DELETE}'>×</button>"
        f"<form class='q-talk-naming'><input value='{name}' maxlength='{MAX_NAME}' dir='auto' "
        f"aria-label='{wording.NAME_OF_TALK}'><button>{wording.SAVE_NAME}</button></form>"
        f"<div class='q-talk-sure' role='group' aria-label='{delete}'><span>{wording.DELETE_TALK}"
        f"</span><button type='button' class='q-talk-yes'>{wording.DELETE}</button>"
        f"<button type='button' class='q-talk-no'>{wording.KEEP}</button></div></li>"
    )


def named(name: str, asked: str) -> str:
    """What a conversation is called: the name that it was given, else its first question."""
    return wording.shortened(name or asked, n_characters=MAX_NAME)


# ---- taking it elsewhere ----


def markdown(turns: Sequence[Turn]) -> str:
    """A conversation as Markdown: each question a heading, each answer with its citations."""
    parts = []
    for turn in turns:
        parts += [f"## {markdown_text(turn.question)}", plain.markdown(turn.answer)]
        if turn.answer.understood_as != turn.question:
            understood = f"{wording.UNDERSTOOD}: {turn.answer.understood_as}"
            parts.append(f"*{markdown_text(understood)}*")
    return "\n\n".join(parts) + "\n"


def as_json(turns: Sequence[Turn]) -> str:
    """A conversation as JSON: a list of its questions, each with what `Answer.to_dict` gives."""
    return json.dumps([turn_dict(turn) for turn in turns], ensure_ascii=False, indent=2) + "\n"


def file_name(turns: Sequence[Turn], suffix: str) -> str:
    """What the file of a conversation is called, after its first question."""
    words = re.findall(r"\w+", one_line(turns[0].question) if turns else "")
    return ("-".join(words)[:60].strip("-") or "conversation") + suffix


def link_html(question: str) -> str:
    """A button that copies the link which opens the page and asks the question."""
    address = html_text("?q=" + quote(question, safe="", errors="replace"))
    return f"<button type='button' class='q-link' value='{address}'>{wording.COPY_LINK}</button>"
