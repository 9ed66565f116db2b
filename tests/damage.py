"""Files that were damaged, and what their readers say of them."""

from collections.abc import Callable

import pytest
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.formats.parsed import Parsed

Read = Callable[[bytes], Parsed]


def reason(read: Read, content: bytes) -> str:
    """Why a reader refuses a file."""
    with pytest.raises(UnreadableFile) as caught:
        read(content)
    return str(caught.value)


def altered(whole: bytes) -> st.SearchStrategy[bytes]:
    """A file with a few of its bytes changed."""

    def change(changes: list[tuple[int, int]]) -> bytes:
        content = bytearray(whole)
        for at, byte in changes:
            content[at] = byte
        return bytes(content)

    places = st.integers(0, len(whole) - 1)
    return st.lists(st.tuples(places, st.integers(0, 255)), max_size=8).map(change)


def read_or_refused(read: Read, content: bytes) -> Parsed | None:
    """What a reader gives; None when it refuses the file."""
    try:
        return read(content)
    except UnreadableFile:
        return None
