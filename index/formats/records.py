"""JSON and JSONL files: a line for each value, with its name; a part for each record."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from index.errors import UnreadableFile
from index.formats.composer import Composer
from index.formats.parsed import Parsed
from index.formats.text import decode
from index.formats.title import own_title

MAX_DEPTH = 100

_BELOW = " › "
# A record that is no longer is one part; the lists of a longer one have parts of their own.
_SHORT = 500

_Path = tuple[str, ...]


class _Value(NamedTuple):
    """A value with its name, and the record, in a list, that it belongs to."""

    record: _Path
    path: _Path
    text: str


def read_json(content: bytes) -> Parsed:
    """A JSON text, each item of a list of objects apart; its title is its member `title`.

    Raises:
        UnreadableFile: It is no JSON, or nested too deep.
    """
    value = _parse(decode(content), "")
    composer = Composer()
    _add(composer, value, ())
    own = value.get("title") if isinstance(value, dict) else None
    return composer.parsed(title=own_title(own) if isinstance(own, str) else None)


def read_jsonl(content: bytes) -> Parsed:
    """JSON texts, one on each line and each apart.

    Raises:
        UnreadableFile: A line is no JSON, or nested too deep.
    """
    composer = Composer()
    for number, line in enumerate(decode(content).split("\n"), start=1):
        if line.strip():
            _add(composer, _parse(line, f" in line {number}"), (f"line {number}",))
    return composer.parsed(title=None)


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        spot = where or f" in line {error.lineno}"
        raise UnreadableFile(f"no JSON ({error.msg}{spot}, column {error.colno})") from error
    except RecursionError as error:
        raise UnreadableFile(f"nested more than {MAX_DEPTH} deep{where}") from error


def _add(composer: Composer, value: Any, record: _Path) -> None:
    """Adds the values below one, a line each."""
    last: _Path | None = None
    place: str | None = None
    for found in _values(value, record, (), whole=bool(record) and _is_short(value)):
        name = _BELOW.join(
            (*found.record, *(() if found.record else found.path[:-1] or found.path))
        )
        if found.record != last:
            composer.place_apart(name)
        elif name != place and not found.record:
            composer.place(name)
        line = ": ".join(filter(None, (_BELOW.join(found.path), found.text)))
        composer.add(line, gap="\n" if name == place else "\n\n")
        last, place = found.record, name


def _values(value: Any, record: _Path, path: _Path, *, whole: bool) -> Iterator[_Value]:
    """The values below one, in order; a `whole` record keeps its lists to itself."""
    if len(record) + len(path) > MAX_DEPTH:
        raise UnreadableFile(f"nested more than {MAX_DEPTH} deep")
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _values(member, record, (*path, name), whole=whole)
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for number, item in enumerate(value, start=1):
            if whole:
                yield from _values(item, record, (*path, str(number)), whole=whole)
            else:
                item_name = (*path, str(number)) if record or path else (f"item {number}",)
                yield from _values(item, (*record, *item_name), (), whole=_is_short(item))
    elif text := _text(value):
        yield _Value(record, path, text)


def _text(value: Any) -> str:
    """A value, or a list of them, as text; nothing for null."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value).strip()


def _is_short(value: Any) -> bool:
    """Whether all that stands below a value fits into one passage."""
    size = 0
    for found in _values(value, (), (), whole=True):
        size += len(found.text) + sum(map(len, found.path)) + 2
        if size > _SHORT:
            return False
    return True
