"""The one writer of an index: it embeds what is new and writes a folder's changes at once."""

import hashlib
import json
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import RLock

from filelock import FileLock, Timeout

from index.catalogue import Catalogue
from index.document import Document, load
from index.encoder import Encoder
from index.errors import FolderUnusable, IndexBusy, SlowFile, UnreachableFile, UnreadableFile
from index.mirror import Change, Changes, FileState, Plan, Skipped, plan, scan
from index.parsing import Parser
from index.passage import Span, split
from index.progress import Progress

Faults = dict[str, tuple[FileState, str]]

LOCK_NAME = "writer.lock"
HOLDER_NAME = "writer.json"
# A reader that catches up, or a small sync, holds the lock no longer.
SECONDS_TO_WAIT = 2.0
_SECONDS_TO_SIGN = 0.25
# So many texts are embedded between two commits: what a killed build has to do again.
TEXTS_AT_ONCE = 256
SPARE_VECTORS = 10_000
# Ends the reason of a file that may have been slow because the machine was busy.
ONCE_MORE = "; the next sync gives it twice the time"


class WriterLock:
    """Lets one thread of one process write an index at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = RLock()
        self._processes = FileLock(folder / LOCK_NAME, thread_local=False)

    def __enter__(self) -> None:
        """Wait for this process's other threads, for another process only a moment.

        Raises:
            IndexBusy: Another process has held the lock for `SECONDS_TO_WAIT`.
            FolderUnusable: The lock's file cannot be written.
        """
        self._threads.acquire()
        self._enter(n_tries=round(SECONDS_TO_WAIT / _SECONDS_TO_SIGN))

    def __exit__(self, *_: object) -> None:
        self._processes.release()
        self._threads.release()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Hold the lock without waiting for anybody; raises as entering does."""
        if not self._threads.acquire(blocking=False):
            raise IndexBusy(f"The index '{self._folder}' is being written.")
        self._enter(n_tries=0)
        try:
            yield
        finally:
            self.__exit__()

    def _enter(self, *, n_tries: int) -> None:
        try:
            self._acquire(n_tries)
            self._sign()
        except Timeout as error:
            self._threads.release()
            raise IndexBusy(
                f"{self._holder()} is writing the index '{self._folder}'. Try again when it is "
                "done."
            ) from error
        except OSError as error:
            self._threads.release()
            raise FolderUnusable(
                f"Cannot write in '{self._folder}' ({error.strerror}). Allow it, or name another "
                "index: --index, or QUOTH_INDEX."
            ) from error

    def _acquire(self, n_tries: int) -> None:
        """Take the lock; who asks while a long sync goes on is kept waiting for one try alone."""
        for _ in range(n_tries):
            with suppress(Timeout):
                self._processes.acquire(timeout=_SECONDS_TO_SIGN)
                return
            if self._seconds_held() >= SECONDS_TO_WAIT:
                break
        self._processes.acquire(blocking=False)

    def _seconds_held(self) -> float:
        """How long ago somebody signed for the lock; without end if nobody did."""
        try:
            return time.time() - (self._folder / HOLDER_NAME).stat().st_mtime
        except OSError:
            return float("inf")

    def _sign(self) -> None:
        """Leave word of who holds the lock; a word half written is none."""
        held = {
            "process": os.getpid(),
            "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]]),
            "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        }
        with suppress(OSError):  # then the second is told less
            (self._folder / HOLDER_NAME).write_text(json.dumps(held), encoding="utf-8")

    def _holder(self) -> str:
        """Who holds the lock, as far as is known."""
        try:
            held = json.loads((self._folder / HOLDER_NAME).read_text(encoding="utf-8"))
            since = datetime.fromisoformat(held["since"])
            command = str(held["command"])[:40]
            return f"Process {int(held['process'])} ({command}, since {since:%H:%M:%S})"
        except (OSError, ValueError, TypeError, KeyError):
            return "Another process"


class Writer:
    """Writes documents into a catalogue; to be used under the writer's lock."""

    def __init__(self, catalogue: Catalogue, encoder: Encoder, progress: Progress) -> None:
        self._catalogue = catalogue
        self._encoder = encoder
        self._progress = progress

    def insert(self, document: Document) -> None:
        """Add a document that has no file, in place of one of the same id."""
        spans = split(document)
        keys = self._embed([document], [spans])[0]
        with self._catalogue.transaction():
            self._catalogue.put(document, spans=spans, keys=keys, state=None)

    def follow(self, folder: Path, *, leave_out: Path) -> Changes:
        """Make the catalogue equal a folder.

        Vectors are committed as they are made, so that a killed build loses few; documents are
        committed all at once, so that a reader sees the old state or the new one.

        Raises:
            FolderUnusable: The folder is missing or cannot be read.
        """
        rejected = self._catalogue.rejected_files()
        now = time.time_ns()
        found = scan(folder, leave_out=leave_out)
        # What lies below a folder that cannot be listed just now still holds, as a file does.
        closed = tuple(each.document_id for each in found.skipped if each.document_id[-1:] == "/")
        known = {
            name: file
            for name, file in self._catalogue.known_files().items()
            if not name.startswith(closed)
        }
        faults = {
            name: fault for name, fault in rejected.items() if found.files.get(name) == fault[0]
        }
        slow = {name for name, (_, reason) in faults.items() if reason.endswith(ONCE_MORE)}
        faults = {name: fault for name, fault in faults.items() if name not in slow}
        readable = {name: state for name, state in found.files.items() if name not in faults}
        todo = plan(readable, known, folder=folder)
        settled = {name: state.settled(now) for name, state in readable.items()}
        documents, unreachable = self._load(todo, folder, settled, faults, slow)
        loaded = {each.id for each in documents}
        removed = {
            *todo.removed,
            *(known.keys() & faults.keys()),
            *(old for new, old in todo.renamed.items() if new not in loaded),
        }
        if documents or removed or faults != rejected:
            self._write(documents, todo.renamed, removed, settled, faults)
        same = {
            each.id
            for each in documents
            if each.id in known and known[each.id].digest == each.digest
        }
        changed = _named(loaded - same, removed, todo.renamed, known)
        n = Counter(each.what for each in changed)
        skipped = [
            *found.skipped,
            *(Skipped(name, reason) for name, (_, reason) in faults.items()),
            *unreachable,
        ]
        return Changes(
            added=n["added"],
            changed=n["changed"],
            renamed=n["renamed"],
            removed=n["removed"],
            unchanged=todo.unchanged + len(same),
            skipped=tuple(sorted(skipped, key=lambda each: each.document_id)),
            documents=changed,
        )

    def _load(
        self,
        todo: Plan,
        folder: Path,
        files: Mapping[str, FileState],
        faults: Faults,
        slow: Set[str],
    ) -> tuple[list[Document], list[Skipped]]:
        """Documents that must be written, and files that cannot be opened just now.

        Files that hold no text are added to `faults`. One that takes too long is tried again, with
        twice the time, at the next sync, where it is among the `slow` ones, and then no more.
        """
        documents, unreachable = [], []
        names = [*todo.read, *todo.renamed]
        with Parser() as parser, parser.patient() as patient:
            for n_done, name in enumerate(names):
                self._progress(n_done, len(names), f"reading {name}")
                try:
                    fitting = patient if name in slow else parser
                    documents.append(load(folder / name, folder=folder, parser=fitting))
                except UnreachableFile as error:
                    unreachable.append(Skipped(name, str(error)))
                except SlowFile as error:
                    again = "" if name in slow else ONCE_MORE
                    faults[name] = (files[name], f"{error}{again}")
                except UnreadableFile as error:
                    faults[name] = (files[name], str(error))
        return documents, unreachable

    def _write(
        self,
        documents: Sequence[Document],
        renamed: Mapping[str, str],
        removed: Iterable[str],
        files: Mapping[str, FileState],
        faults: Faults,
    ) -> None:
        """Embed what is new and commit all changes in one transaction."""
        spans = [split(each) for each in documents]
        keys = self._embed(documents, spans)
        catalogue = self._catalogue
        with catalogue.transaction():
            for name in removed:
                catalogue.remove(name)
            for document, its_spans, its_keys in zip(documents, spans, keys, strict=True):
                if document.id in renamed:
                    catalogue.remove(document.id)  # one without a file, of the same name
                    catalogue.rename(renamed[document.id], document.id)
                catalogue.put(document, spans=its_spans, keys=its_keys, state=files[document.id])
            catalogue.set_rejected(faults)
            catalogue.drop_unused_vectors(beyond=catalogue.n_passages() + SPARE_VECTORS)

    def _embed(
        self, documents: Sequence[Document], spans: Sequence[Sequence[Span]]
    ) -> list[list[bytes]]:
        """Key of each passage's vector, by document, when a vector lies under every key."""
        texts: dict[bytes, str] = {}
        keys: list[list[bytes]] = []
        for document, its_spans in zip(documents, spans, strict=True):
            slices = [document.text[start:end] for start, end in its_spans]
            keys.append([vector_key(self._encoder.fingerprint, each) for each in slices])
            texts.update(zip(keys[-1], slices, strict=True))
        missing = self._catalogue.keys_without_vector(texts)
        todo = [key for key in texts if key in missing]
        for start in range(0, len(todo), TEXTS_AT_ONCE):
            self._progress(start, len(todo), "encoding passages")
            some = todo[start : start + TEXTS_AT_ONCE]
            vectors = self._encoder.encode_passages([texts[key] for key in some])
            with self._catalogue.transaction():
                self._catalogue.add_vectors(some, vectors)
        if todo:
            self._progress(len(todo), len(todo), "encoding passages")
        return keys


def _named(
    written: Iterable[str],
    removed: Iterable[str],
    renamed: Mapping[str, str],
    known: Collection[str],
) -> tuple[Change, ...]:
    """What happened to each document that was written or removed, in order of document id."""
    changes = [Change("removed", name) for name in removed]
    for name in written:
        if name in renamed:
            changes.append(Change("renamed", name, was=renamed[name]))
        else:
            changes.append(Change("changed" if name in known else "added", name))
    return tuple(sorted(changes, key=lambda each: each.document_id))


def vector_key(fingerprint: str, text: str) -> bytes:
    """What a vector is known by: the encoder and the exact text."""
    return hashlib.sha256(f"{fingerprint}\0{text}".encode()).digest()


def discard(path: Path) -> None:
    """Delete a file or folder of an index, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
