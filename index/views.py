"""Both views of a catalogue, its vectors and its words, kept in step with it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from operator import attrgetter
from pathlib import Path
from threading import RLock

from index.catalogue import Catalogue
from index.dense import Dense
from index.encoder import Encoder
from index.errors import FolderUnusable, IndexBusy
from index.lexical import Lexical
from index.writer import WriterLock


class Views:
    """A catalogue with its views, which catch up with whatever was written; threads may share it.

    Attributes:
        folder: The index folder.
    """

    def __init__(self, folder: Path, catalogue: Catalogue, encoder: Encoder) -> None:
        """The views as they were saved, brought up to date."""
        self.folder = Path(os.path.normpath(folder.absolute()))
        self._catalogue = catalogue
        self._encoder = encoder
        self._guard = RLock()  # over the catalogue's connection and the views
        self._lock = WriterLock(self.folder)
        self._dense = self._saved_dense()
        self._lexical = Lexical(folder)
        self._catch_up()
        if self._dense.lags(self._catalogue.sequence()):  # else each opening would make it anew
            self._finish()

    @contextmanager
    def _current(self) -> Iterator[None]:
        """A snapshot of the catalogue that the vectors are of, whoever may commit meanwhile."""
        while True:
            self._catch_up()
            with self._catalogue.snapshot():
                if self._dense.sequence == self._catalogue.sequence():
                    yield
                    return

    def _catch_up(self) -> None:
        """See what another process has written, or finish what one was killed over.

        While another thread or process writes, or the folder may not be written, words are
        searched as they were; vectors are this process's own.
        """
        with self._guard:
            self._lexical.refresh()
            sequence = self._catalogue.sequence()
            if self._dense.lags(sequence):
                self._dense = max(self._dense, self._saved_dense(), key=attrgetter("saved"))
            if self._lexical.sequence != sequence:
                self._finish()
            self._follow()

    def _finish(self) -> None:
        """Bring both views up to date and keep them, unless somebody writes or nobody may."""
        with suppress(IndexBusy, FolderUnusable), self._lock.at_once(), self._guard:
            self._apply(self._catalogue)

    def _apply(self, catalogue: Catalogue) -> None:
        """Bring both views to the catalogue's state and keep them; under the writer's lock.

        Files are written without the guard, so that threads go on searching what was.

        Raises:
            FolderUnusable: They cannot be kept; what was committed is, and they catch up later.
        """
        try:
            if self._dense.lags(catalogue.sequence()):
                self._renewed_dense(catalogue).save(self.folder)
                with self._guard:
                    self._dense = self._saved_dense()
            with self._guard:
                self._follow()
            self._apply_lexical(catalogue)
        except OSError as error:
            raise FolderUnusable(
                f"The index '{self.folder}' cannot be written ({error.strerror or error}). Allow "
                "it, make room, or name another index: --index, or QUOTH_INDEX."
            ) from error

    def _saved_dense(self) -> Dense:
        vectors_of = self._catalogue.vectors
        return Dense.load(self.folder, dimensions=self._encoder.dimensions, vectors_of=vectors_of)

    def _renewed_dense(self, catalogue: Catalogue) -> Dense:
        """The vectors' view as of the last change, to be saved."""
        dense, sequence, vectors_of = self._dense, catalogue.sequence(), catalogue.vectors
        if dense.has_room(catalogue.n_passages(), sequence=sequence):
            delta = catalogue.changes(dense.saved)
            return dense.merged(
                delta.added, delta.removed, vectors_of=vectors_of, sequence=sequence
            )
        dimensions = self._encoder.dimensions
        return Dense.build(
            catalogue.ids(), dimensions=dimensions, vectors_of=vectors_of, sequence=sequence
        )

    def _follow(self) -> None:
        """Apply to the vectors in memory what happened since."""
        with self._catalogue.snapshot():
            sequence = self._catalogue.sequence()
            if self._dense.sequence == sequence:
                return
            if self._dense.sequence > sequence:  # it is of another history
                self._dense = Dense(self._encoder.dimensions, self._catalogue.vectors)
            delta = self._catalogue.changes(self._dense.sequence)
            self._dense.remove(delta.removed)
            self._dense.add(delta.added)
        self._dense.sequence = delta.sequence

    def _apply_lexical(self, catalogue: Catalogue) -> None:
        self._lexical.refresh()
        with catalogue.snapshot():
            sequence = catalogue.sequence()
            if self._lexical.sequence > sequence or not len(self._lexical):
                self._lexical.rebuild(catalogue.all_words(), sequence=sequence)
                return
            delta = catalogue.changes(self._lexical.sequence)
            if self._lexical.wants_rebuild(len(delta.removed)):
                self._lexical.rebuild(catalogue.all_words(), sequence=sequence)
            elif self._lexical.sequence < sequence:
                texts = catalogue.words(delta.added)
                self._lexical.update(added=texts, removed=delta.removed, sequence=sequence)
