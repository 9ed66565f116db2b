"""The index: a folder's passages, kept in step with it and searched."""

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from heapq import nlargest
from pathlib import Path

import numpy as np

from index.catalogue import Catalogue, Entry
from index.dense import FILE_NAME as DENSE_FILE
from index.document import Document
from index.encoder import Encoder, OnnxEncoder
from index.errors import FolderUnusable, IndexBusy, StaleIndex
from index.exact import exact_bonus, unknown_codes
from index.feedback import HEAD, topicality, with_feedback
from index.fusion import fuse
from index.hit import Hit
from index.lexical import FOLDER_NAME as LEXICAL_FOLDER
from index.mirror import Changes
from index.progress import Progress
from index.scope import ANYWHERE, Scope
from index.status import Status, n_bytes
from index.views import Views
from index.writer import Writer, WriterLock, discard

__all__ = ["CANDIDATES", "MAX_K", "Hit", "Index", "checked", "mirrored"]

# Each half ranking gives this many passages to the fusion, or twice as many as are asked for.
CANDIDATES = 200
# Words find so many times as many: most passages that are near by their vectors are among these,
# and have their score by words too.
WORDED = 3
MAX_K = 1_000
MAX_QUESTION_CHARACTERS = 1_000
N_WORDS_READ = 100  # about so many of a question; a reader counts in pieces of words


def checked(question: str) -> str:
    """The question without white space at its ends.

    Raises:
        ValueError: It is empty, too long, or holds half a character.
    """
    question = question.strip()
    if not question:
        raise ValueError("The question is empty. Ask something.")
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise ValueError(
            f"The question has {len(question)} characters; at most {MAX_QUESTION_CHARACTERS}, and "
            f"about {N_WORDS_READ} words, can be read. Shorten it."
        )
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"The question is no Unicode text (at character {error.start}). Write it in UTF-8."
        ) from error
    return question


class Index(Views):
    """An open index; threads may share it."""

    def __init__(self, folder: Path, catalogue: Catalogue, encoder: Encoder) -> None:
        """Use `Index.open`, `Index.create` or `Index.open_or_create`."""
        super().__init__(folder, catalogue, encoder)
        self._beside = ThreadPoolExecutor(1)  # words are searched there meanwhile

    @classmethod
    def open(cls, folder: Path, *, encoder: Encoder | None = None) -> "Index":
        """The index that stands in a folder.

        Args:
            folder: The index folder.
            encoder: The encoder that it was built with; by default the shipped one.

        Raises:
            IndexMissing: None stands there.
            StaleIndex: It was built by another version or with another encoder.
            DamagedIndex: Its catalogue cannot be read.
        """
        catalogue = Catalogue.open(folder)
        try:
            encoder = encoder or OnnxEncoder()
            built_with = catalogue.meta()["encoder"]
            if built_with != encoder.fingerprint:
                raise StaleIndex(
                    f"The index '{folder}' was built with {built_with}, not {encoder.fingerprint}. "
                    "Delete it and build it again: quoth index"
                )
            return cls(folder, catalogue, encoder)
        except BaseException:
            catalogue.close()
            raise

    @classmethod
    def create(
        cls, folder: Path, *, documents: Path | None = None, encoder: Encoder | None = None
    ) -> "Index":
        """An empty index in a folder that holds none.

        Args:
            folder: The index folder; it is made if it is missing.
            documents: The folder that `sync` will mirror.
            encoder: By default the shipped one.

        Raises:
            ValueError: An index stands there already.
            FolderUnusable: The folder cannot be made or written.
        """
        if Catalogue.stands_in(folder):
            raise ValueError(f"An index stands in '{folder}' already. Open it, or delete it.")
        return cls.open_or_create(folder, documents=documents, encoder=encoder)

    @classmethod
    def open_or_create(
        cls, folder: Path, *, documents: Path | None = None, encoder: Encoder | None = None
    ) -> "Index":
        """The index of a folder, made empty if none stands there; raises what both do.

        Raises:
            ValueError: The index mirrors another folder than `documents`.
        """
        if not Catalogue.stands_in(folder):
            encoder = encoder or OnnxEncoder()
            _make(folder, documents=documents, encoder=encoder)
        index = cls.open(folder, encoder=encoder)
        if documents and index.documents != Path(os.path.normpath(documents.absolute())):
            mirrored = index.documents
            index.close()
            raise ValueError(
                f"The index '{folder}' mirrors '{mirrored}', not '{documents}'. "
                "Name another index: --index, or QUOTH_INDEX."
            )
        return index

    def __enter__(self) -> "Index":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the files back."""
        with self._guard:
            self._beside.shutdown()
            self._catalogue.close()

    @property
    def documents(self) -> Path | None:
        """The folder that it mirrors; None when it mirrors none."""
        return mirrored(self.folder, self._meta())

    def search(self, question: str, *, k: int = 8, scope: Scope = ANYWHERE) -> list[Hit]:
        """The k passages that fit a question best, best first, ties in the order of passages.

        Args:
            question: The question.
            k: How many, at most.
            scope: Which documents to search.

        Raises:
            ValueError: The question is empty, too long or no Unicode, `k` is out of range, or no
                document is in the scope.
        """
        question = checked(question)
        if not 1 <= k <= MAX_K:
            raise ValueError(f"k is {k}: ask for 1 to {MAX_K} passages.")
        n = max(CANDIDATES, 2 * k)
        with self._guard, self._current():
            numbers, ids = self._chosen(scope)
            wanted = self._lexical.wanted(question)
            words = self._beside.submit(self._lexical.find, wanted, k=WORDED * n, within=numbers)
            vector = self._vector(question, wanted.meant)
            dense = dict(self._dense.search(vector, k=n, within=ids))
            bonus = exact_bonus(question, self._lexical, self._catalogue)
            if ids is not None:
                bonus = {each: bonus[each] for each in bonus.keys() & set(ids)}
            worded = words.result()
            others = ({each for each, _ in worded[:n]} | bonus.keys()) - dense.keys()
            dense |= self._dense.products(vector, others)
            # What is near by its vector and not among all these may be as good as the last.
            least = worded[-1][1] if len(worded) == WORDED * n else 0.0
            by_words = dict(worded)
            lexical = {each: by_words.get(each, least) for each in dense}
            scores = fuse(dense, lexical, bonus)
            if weight := topicality(question):
                scores = with_feedback(
                    scores, self._dense.vectors, weight=weight, head=max(HEAD, k)
                )
            least = min(nlargest(k, scores.values()), default=0.0)
            found = self._catalogue.passages([e for e, score in scores.items() if score >= least])
        hits = [
            Hit(
                passage=passage,
                document_title=title,
                score=scores[each],
                cosine=dense.get(each, 0.0),
                bm25=lexical.get(each, 0.0),
            )
            for each, (passage, title) in found.items()
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.passage.document_id, hit.passage.start))
        return hits[:k]

    def _vector(self, question: str, meant: str) -> np.ndarray:
        """A question's vector; midway to what was likely meant, where that is something else."""
        vector = self._encoder.encode_question(question)
        if meant == question:
            return vector
        middle: np.ndarray = vector + self._encoder.encode_question(meant)
        return middle / max(float(np.linalg.norm(middle)), 1e-9)

    def _chosen(self, scope: Scope) -> tuple[list[int] | None, list[int] | None]:
        """Numbers of the documents in a scope, and ids of their passages; None for all."""
        if not scope or not self._catalogue.n_passages():
            return None, None
        numbers = self._catalogue.documents_in(scope)
        if not numbers:
            raise ValueError(f"No document is {scope}. Ask for other ones.")
        return numbers, self._catalogue.ids_of(numbers)

    def unknown_words(self, words: Iterable[str], *, question: str = "") -> tuple[str, ...]:
        """Those of some words that no document holds, in text or title, in any form.

        Args:
            words: Some words of a question.
            question: The question: its words may stand as one, and its initials in full.
        """
        with self._guard:
            unknown = self._lexical.unknown_words(words, question=question)
            return tuple(word for word in unknown if not self._catalogue.has_title_with(word))

    def unknown_codes(self, question: str) -> tuple[str, ...]:
        """The codes of a question, as "B-205", that no document holds, in text or title."""
        with self._guard:
            return unknown_codes(question, self._lexical, self._catalogue)

    def document(self, document_id: str) -> Document | None:
        """A document with its text; None when there is none of that id."""
        with self._guard:
            return self._catalogue.document(document_id)

    def file(self, document_id: str) -> Path | None:
        """Where the file of a document lies; None when it has none, or no folder is mirrored."""
        folder = self.documents
        with self._guard:
            has_file = self._catalogue.has_file(document_id)
        return folder / document_id if folder is not None and has_file else None

    def listing(self) -> list[Entry]:
        """Every document without its text, by id."""
        with self._guard:
            return self._catalogue.entries()

    @property
    def n_documents(self) -> int:
        """How many documents it holds."""
        with self._guard:
            return self._catalogue.n_documents()

    @property
    def sequence(self) -> int:
        """Number of the last change."""
        with self._guard:
            return self._catalogue.sequence()

    def __len__(self) -> int:
        """How many passages it holds."""
        with self._guard:
            return self._catalogue.n_passages()

    def status(self) -> Status:
        """What the index is and holds."""
        with self._guard:
            return Status(
                folder=str(self.folder),
                documents=str(self.documents) if self.documents else None,
                n_documents=self._catalogue.n_documents(),
                n_passages=self._catalogue.n_passages(),
                n_bytes=n_bytes(self.folder),
                encoder=self._encoder.fingerprint,
                dense=self._dense.structure,
                lexical=self._lexical.structure,
                sequence=self._catalogue.sequence(),
            )

    def sync(self, *, progress: Progress | None = None) -> Changes:
        """Make the index equal the folder that it mirrors; the new state shows all at once.

        Args:
            progress: Called with how much is done, of how much, and what is being done.

        Raises:
            ValueError: It mirrors no folder.
            FolderUnusable: The folder is missing or cannot be read, and the index stays as it was;
                or the index cannot be written, and holds the old state or the new one.
            IndexBusy: Another process is writing the index.
        """
        documents = self.documents
        if documents is None:
            raise ValueError(f"The index '{self.folder}' mirrors no folder: insert documents.")
        with self._lock, closing(Catalogue.open(self.folder)) as catalogue:
            writer = Writer(catalogue, self._encoder, progress or _no_progress)
            changes = writer.follow(documents, leave_out=self.folder)
            self._apply(catalogue)
        return changes

    def require_documents(self, busy: IndexBusy) -> None:
        """See that there is something to ask, while another process keeps a sync from it.

        Args:
            busy: What the sync raised.

        Raises:
            IndexBusy: There is nothing yet: the other process is taking in the first documents.
        """
        if not self.n_documents:
            raise IndexBusy(f"The documents are still being taken in. {busy}") from busy

    def insert(self, document: Document) -> None:
        """Add a document that has no file, in place of one of the same id.

        Raises:
            IndexBusy: Another process is writing the index.
        """
        with self._lock, closing(Catalogue.open(self.folder)) as catalogue:
            Writer(catalogue, self._encoder, _no_progress).insert(document)
            self._apply(catalogue)

    def remove(self, document_id: str) -> bool:
        """Take a document out of the index, not out of its folder; False when there is none.

        Raises:
            IndexBusy: Another process is writing the index.
        """
        with self._lock, closing(Catalogue.open(self.folder)) as catalogue:
            with catalogue.transaction():
                removed = catalogue.remove(document_id)
            self._apply(catalogue)
        return removed

    def _meta(self) -> dict[str, str]:
        with self._guard:
            return self._catalogue.meta()


def mirrored(folder: Path, meta: Mapping[str, str]) -> Path | None:
    """The documents folder of the index in a folder; None when it mirrors none."""
    where = meta["documents"]
    return Path(os.path.normpath(folder.absolute() / where)) if where else None


def _make(folder: Path, *, documents: Path | None, encoder: Encoder) -> None:
    """Write an empty index into a folder, if none stands there by then."""
    # Relative, so that a folder and the index beside it can be moved together.
    where = os.path.relpath(documents, folder) if documents else ""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with WriterLock(folder):
            if Catalogue.stands_in(folder):
                return
            for view in (DENSE_FILE, LEXICAL_FOLDER):  # of an index whose catalogue is gone
                discard(folder / view)
            meta = {"encoder": encoder.fingerprint, "documents": where}
            Catalogue.create(folder, meta=meta).close()
    except OSError as error:
        raise FolderUnusable(
            f"Cannot write an index in '{folder}' ({error.strerror or error}). "
            "Name another folder: --index, or QUOTH_INDEX."
        ) from error


def _no_progress(done: int, total: int, what: str) -> None:
    """Tell nobody."""
