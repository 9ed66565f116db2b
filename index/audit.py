"""An index examined: the truth, its views and its folder, and whatever differs between them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from index.catalogue import Catalogue
from index.dense import FILE_NAME as DENSE_FILE
from index.dense import Dense
from index.document import Document
from index.errors import DamagedIndex, FolderUnusable
from index.holdings import Stored
from index.lexical import FOLDER_NAME as LEXICAL_FOLDER
from index.lexical import Lexical
from index.mirror import digest_of, scan
from index.progress import Progress
from index.schema import REMEDY
from index.search import mirrored
from index.writer import vector_key

# So far may the square of a vector's length be from 1, and its product with itself in a view.
TOLERANCE = 0.02


class Fault(NamedTuple):
    """One thing that is not as it must be.

    Attributes:
        where: "catalogue", "dense.faiss", "lexical", or "documents" for the user's own files.
        what: What is wrong there.
    """

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What an examination found.

    Attributes:
        n_documents: How many documents the catalogue holds; 0 when SQLite finds it damaged, and
            then nothing else was looked at.
        n_passages: How many passages they are cut into; likewise.
        faults: What is wrong; nothing when the index is sound.
        behind: How many changes each view has yet to apply, which it does when it is opened.
        added: Files that came into the folder since the last sync, which the next takes in.
        changed: Files whose content is another since.
        removed: Documents whose file is gone since.
    """

    n_documents: int
    n_passages: int
    faults: tuple[Fault, ...]
    behind: dict[str, int]
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def remedy(self) -> str:
        """What to do about the faults."""
        places = {fault.where for fault in self.faults}
        if "catalogue" in places:
            return REMEDY
        if views := [view for view in (DENSE_FILE, LEXICAL_FOLDER) if view in places]:
            return f"Delete {' and '.join(views)} in the index; the next question makes them anew"
        return (
            "Put the documents right, or save altered files anew to have them indexed as they are"
        )

    def to_dict(self) -> dict[str, Any]:
        """The findings as JSON values."""
        faults = [each._asdict() for each in self.faults]
        return asdict(self) | {"faults": faults, "sound": self.sound}


class _View(NamedTuple):
    """A view as it lies on disk.

    Attributes:
        name: Of its file or folder.
        sequence: Number of the last change that it has applied.
        size: How many passages it holds.
        holds: Whether it holds a passage with its text and vector.
        unseen: Passages that were added since.
    """

    name: str
    sequence: int
    size: int
    holds: Callable[[int, str, np.ndarray], bool]
    unseen: Collection[int] = ()


def audit(folder: Path, *, progress: Progress) -> Audit:
    """Examine the index of a folder as it lies, and mend nothing.

    Every passage must be the slice of its document that it says it is, under the checksum that
    was taken when it was written, and have a sound vector; the log must tell of just these
    passages; each view must hold just those of the last change that it has applied. Files are
    held against the digests of what was indexed.

    Raises:
        IndexMissing: There is none.
        StaleIndex: It was written by another version.
        DamagedIndex: Its catalogue cannot be read at all.
        FolderUnusable: It cannot be read.
    """
    with closing(Catalogue.open(folder)) as catalogue:
        return _Examiner(folder, catalogue, progress).run()


class _Examiner:
    """Goes through one index and collects its faults."""

    def __init__(self, folder: Path, catalogue: Catalogue, progress: Progress) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._progress = progress
        self._fingerprint = catalogue.meta()["encoder"]
        self._dimensions = catalogue.dimensions()
        self._faults: list[Fault] = []

    def run(self) -> Audit:
        """Everything that there is to examine."""
        # Read before the snapshot is taken, no view is ahead of it.
        views = [*self._dense(), *self._lexical()]
        with self._catalogue.snapshot():
            if faults := self._catalogue.faults():
                self._blame("catalogue", faults)
                return Audit(0, 0, tuple(self._faults), {})
            views = [dated for view in views for dated in self._dated(view)]
            entries = self._catalogue.entries()
            for n, entry in enumerate(entries):
                self._progress(n, len(entries), "examining documents")
                self._examine(entry.document_id, views)
            files = self._files()
            behind = {view.name: self._catalogue.sequence() - view.sequence for view in views}
            return Audit(
                len(entries),
                self._catalogue.n_passages(),
                tuple(self._faults),
                {name: n_changes for name, n_changes in behind.items() if n_changes},
                *files,
            )

    def _blame(self, where: str, faults: Iterable[str]) -> None:
        self._faults += [Fault(where, what) for what in faults]

    def _dense(self) -> Iterator[_View]:
        """The vectors' view, unless it is damaged; one that is missing has applied no change."""
        if not self._dimensions:
            return
        try:
            dense = Dense.read(
                self._folder, dimensions=self._dimensions, vectors_of=self._catalogue.vectors
            )
        except FileNotFoundError:
            dense = Dense(self._dimensions, self._catalogue.vectors)
        except (OSError, ValueError) as error:
            self._blame(DENSE_FILE, [str(error)])
            return

        def holds(passage: int, _: str, vector: np.ndarray) -> bool:
            kept = dense.kept(passage)
            return kept is not None and abs(float((kept - vector) @ vector)) <= TOLERANCE

        yield _View(DENSE_FILE, dense.sequence, len(dense), holds)

    def _lexical(self) -> Iterator[_View]:
        """The words' view, likewise."""
        lexical = Lexical(self._folder)
        if fault := lexical.fault():
            self._blame(LEXICAL_FOLDER, [fault])
            return

        def holds(passage: int, text: str, _: np.ndarray) -> bool:
            return lexical.holds(passage, text)

        if lexical.unfinished():  # its writer was killed: it is made anew when it is opened
            yield _View(LEXICAL_FOLDER, 0, 0, holds)
        else:
            yield _View(LEXICAL_FOLDER, lexical.sequence, len(lexical), holds)

    def _dated(self, view: _View) -> Iterator[_View]:
        """The view with what it cannot know yet, unless its size is not that of its state."""
        sequence = self._catalogue.sequence()
        if view.sequence > sequence:
            self._blame(view.name, [f"has applied {view.sequence} changes of {sequence}"])
            return
        delta = self._catalogue.changes(view.sequence)
        expected = self._catalogue.n_passages() - len(delta.added) + len(delta.removed)
        if view.size != expected:
            self._blame(view.name, [f"holds {view.size} passages, not {expected}"])
        yield view._replace(unseen=frozenset(delta.added))

    def _examine(self, document_id: str, views: Sequence[_View]) -> None:
        """Look at a document, its passages, and what the views hold of them."""
        try:
            document = self._catalogue.document(document_id)
        except DamagedIndex:
            self._blame("catalogue", [f"'{document_id}' is not as it was written"])
            return
        stored = self._catalogue.stored(document_id)
        if document is None:
            self._blame("catalogue", [f"'{document_id}' is listed and not found"])
            return
        if not _covered(document, stored):
            self._blame("catalogue", [f"the passages of '{document_id}' leave words out"])
        for each in stored:
            what = f"passage {each.passage.id} of '{document_id}'"
            faults = list(
                _faults(each, document, fingerprint=self._fingerprint, dimensions=self._dimensions)
            )
            self._blame("catalogue", (f"{what}: {fault}" for fault in faults))
            if faults:
                continue
            text, vector = each.passage.text, _numbers(each)
            for view in views:
                if each.passage.id in view.unseen or view.holds(each.passage.id, text, vector):
                    continue
                self._blame(view.name, [f"{what} is not in it as it is"])

    def _files(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Files that were added, changed and removed since the last sync; altered ones are faults.

        Altered are those whose bytes differ though size and times say that nothing was written.
        """
        folder = mirrored(self._folder, self._catalogue.meta())
        if folder is None:
            return (), (), ()
        try:
            files = scan(folder, leave_out=self._folder.absolute()).files
        except FolderUnusable as error:
            self._blame("documents", [str(error)])
            return (), (), ()
        known = self._catalogue.known_files()
        faulty = {
            name
            for name, (state, _) in self._catalogue.rejected_files().items()
            if files.get(name) == state
        }
        files = {name: state for name, state in files.items() if name not in faulty}
        changed = []
        for n, (name, state) in enumerate(files.items()):
            self._progress(n, len(files), "reading files")
            if name not in known or digest_of(folder / name) in ("", known[name].digest):
                continue
            if state == known[name].state:
                what = f"'{name}' has other bytes than were indexed, though its times are the same"
                self._blame("documents", [what])
            else:
                changed.append(name)
        added = tuple(name for name in files if name not in known)
        return added, tuple(changed), tuple(sorted(known.keys() - files.keys()))


def _covered(document: Document, stored: Sequence[Stored]) -> bool:
    """Whether nothing but white space stands between passages that do not overlap."""
    edges = [0, *(at for each in stored for at in (each.passage.start, each.passage.end))]
    gaps = zip(edges[::2], [*edges[1::2], len(document.text)], strict=True)
    return edges == sorted(edges) and not any(document.text[a:b].strip() for a, b in gaps)


def _faults(
    each: Stored, document: Document, *, fingerprint: str, dimensions: int
) -> Iterator[str]:
    """What is wrong with a stored passage."""
    passage = each.passage
    if passage.text != document.text[passage.start : passage.end]:
        yield f"its text is not characters {passage.start} to {passage.end}"
    if each.key != vector_key(fingerprint, passage.text):
        yield "its text is not the one that was embedded"
    if (passage.page, passage.place) != (
        document.page(passage.start),
        document.place(passage.start),
    ):
        yield "it is said to stand on another page or in another part"
    if each.vector is None:
        yield "it has no vector"
    elif len(each.vector) != 2 * dimensions:
        yield f"its vector has {len(each.vector)} bytes, not {2 * dimensions}"
    elif not abs(float(np.square(_numbers(each)).sum()) - 1) <= TOLERANCE:  # nor if it is no number
        yield "its vector is not of length 1"


def _numbers(each: Stored) -> np.ndarray:
    """A passage's vector as float32 array of shape (dimensions,)."""
    return np.frombuffer(each.vector or b"", np.float16).astype(np.float32)
