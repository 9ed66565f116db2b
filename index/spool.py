"""Documents set aside on disk, so that a build holds one of them at a time."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from index.document import Document
from index.errors import FolderUnusable
from index.formats import Place
from index.passage import Span

# So much is kept in memory before the disk is used: enough for any change of a few files.
_IN_MEMORY = 1 << 23


class Spool:
    """Documents with their passages, to be read again in the order in which they were put.

    The file that holds them has no name where the system allows it: nobody else sees it, and it is
    gone when the process ends, however it ends.

    Attributes:
        digests: Digest of each document by its id, in that order.
    """

    def __init__(self, folder: Path) -> None:
        """An empty one; its file, when one is needed, lies in a folder."""
        self.digests: dict[str, str] = {}
        self._folder = folder
        self._file: IO[str] = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - closed with it
            _IN_MEMORY, mode="w+", encoding="utf-8", newline="\n", dir=str(folder)
        )

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def put(self, document: Document, spans: Sequence[Span]) -> None:
        """Set a document aside.

        Raises:
            FolderUnusable: It cannot be written: the disk is full, say.
        """
        values = [getattr(document, name) for name in Document.__slots__]
        try:
            self._file.write(json.dumps([values, spans]) + "\n")
            self._file.flush()
        except OSError as error:
            raise FolderUnusable(
                f"The index '{self._folder}' cannot be written ({error.strerror or error}). Allow "
                "it, make room, or name another index: --index, or QUOTH_INDEX."
            ) from error
        self.digests[document.id] = document.digest

    def __iter__(self) -> Iterator[tuple[Document, list[Span]]]:
        """Every document with its passages; not to be put to meanwhile."""
        self._file.seek(0)
        for line in self._file:
            (name, digest, title, text, page_starts, places, entitled), spans = json.loads(line)
            document = Document(
                name,
                digest,
                title,
                text,
                tuple(page_starts),
                tuple(Place(*each) for each in places),
                entitled=entitled,
            )
            yield document, [Span(*each) for each in spans]
