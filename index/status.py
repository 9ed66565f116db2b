"""What an index is and holds, and how large it is on disk."""

import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Status:
    """What an index is and holds.

    Attributes:
        folder: Where the index lies.
        documents: The folder that it mirrors; None when it mirrors none.
        n_documents: How many documents it holds.
        n_passages: How many passages they are cut into.
        n_bytes: Size of the index on disk.
        encoder: Name and content of the model that made the vectors.
        dense: How vectors are searched.
        lexical: How words are searched.
        sequence: Number of the last change.
    """

    folder: str
    documents: str | None
    n_documents: int
    n_passages: int
    n_bytes: int
    encoder: str
    dense: str
    lexical: str
    sequence: int

    def to_dict(self) -> dict[str, Any]:
        """The status as JSON values."""
        return asdict(self)


def n_bytes(folder: Path) -> int:
    """Size of a folder's files; one that vanishes meanwhile has none."""
    total = 0
    for below, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += Path(below, name).stat().st_size
    return total
