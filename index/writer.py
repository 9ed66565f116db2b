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
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from filelock import FileLock, Timeout

from index.catalogue import Catalogue
from index.document import Document, load
from index.encoder import Encoder
from index.errors import FolderUnusable, IndexBusy, SlowFile, UnreachableFile, UnreadableFile
from index.location import HOLDER_FILE, LOCK_FILE
from index.mirror import Change, Changes, FileState, Plan, Skipped, plan, scan
from index.parsing import Parser
from index.passage import Span, split
from index.progress import Progress
from index.spool import Spool

Faults = dict[str, tuple[FileState, str]]

# How files become documents and passages. It grows when a file gives others than before: then a
# sync reads all files again.
READING = 2
# A reader that catches up, or a small sync, holds the lock no longer.
SECONDS_TO_WAIT = 2.0
_SECONDS_TO_SIGN = 0.25
# So many texts are embedded between two commits: what a killed build has to do again.
TEXTS_AT_ONCE = 256
SPARE_VECTORS = 10_000
# Ends the reason of a file that may have been slow because the machine was busy.
ONCE_MORE = "; the next sync gives it twice the time"
ENCODING = "encoding passages"


class _Files(NamedTuple):
    """The files of a folder: how each stands, and those that took too long the last time."""

    folder: Path
    states: Mapping[str, FileState]
    slow: Set[str]


class WriterLock:
    """Lets one thread of one process write an index at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = RLock()
        self._processes = FileLock(folder / LOCK_FILE, thread_local=False)

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
            return time.time() - (self._folder / HOLDER_FILE).stat().st_mtime
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
            (self._folder / HOLDER_FILE).write_text(json.dumps(held), encoding="utf-8")

    def _holder(self) -> str:
        """Who holds the lock, as far as is known."""
        try:
            held = json.loads((self._folder / HOLDER_FILE).read_text(encoding="utf-8"))
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
        self._embed([(document, spans)], len(self._missing(document, spans)))
        with self._catalogue.transaction():
            self._put(document, spans, None)

    def follow(self, folder: Path, *, leave_out: Path) -> Changes:
        """Make the catalogue equal a folder.

        Files that were read in another way than now are read again, though they are the same.
        Vectors are committed as they are made, so that a killed build loses few; documents are
        committed all at once, so that a reader sees the old state or the new one. Until then they
        lie on disk.

        Raises:
            FolderUnusable: The folder is missing or cannot be read.
        """
        if not self._catalogue.is_read_as(READING):
            with self._catalogue.transaction():
                self._catalogue.set_reading(READING)
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
        with Spool(leave_out) as spool:
            unreachable, n_missing = self._load(todo, _Files(folder, settled, slow), faults, spool)
            loaded = spool.digests
            removed = {
                *todo.removed,
                *(known.keys() & faults.keys()),
                *(old for new, old in todo.renamed.items() if new not in loaded),
            }
            if loaded or removed or faults != rejected:
                self._embed(spool, n_missing)
                self._write(spool, todo.renamed, removed, settled, faults)
        same = {
            name
            for name, digest in loaded.items()
            if name in known and known[name].digest == digest
        }
        changed = _named(loaded.keys() - same, removed, todo.renamed, known)
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
        files: _Files,
        faults: Faults,
        spool: Spool,
    ) -> tuple[list[Skipped], int]:
        """Put documents that must be written into the spool; files that hold no text into faults.

        One that takes too long is tried again, with twice the time, at the next sync, where it is
        among the slow ones, and then no more.

        Returns:
            Files that cannot be opened just now, and how many vectors are missing.
        """
        unreachable, n_missing = [], 0
        names = [*todo.read, *todo.renamed]
        with Parser() as parser, parser.patient() as patient:
            for n_done, name in enumerate(names):
                self._progress(n_done, len(names), f"reading {name}")
                try:
                    fitting = patient if name in files.slow else parser
                    document = load(files.folder / name, folder=files.folder, parser=fitting)
                except UnreachableFile as error:
                    unreachable.append(Skipped(name, str(error)))
                except SlowFile as error:
                    again = "" if name in files.slow else ONCE_MORE
                    faults[name] = (files.states[name], f"{error}{again}")
                except UnreadableFile as error:
                    faults[name] = (files.states[name], str(error))
                else:
                    spans = split(document)
                    n_missing += len(self._missing(document, spans))
                    spool.put(document, spans)
        return unreachable, n_missing

    def _write(
        self,
        spool: Spool,
        renamed: Mapping[str, str],
        removed: Iterable[str],
        files: Mapping[str, FileState],
        faults: Faults,
    ) -> None:
        """Commit all changes in one transaction; every passage has its vector by now."""
        catalogue = self._catalogue
        with catalogue.transaction():
            for name in removed:
                catalogue.remove(name)
            for document, spans in spool:
                if document.id in renamed:
                    catalogue.remove(document.id)  # one without a file, of the same name
                    catalogue.rename(renamed[document.id], document.id)
                self._put(document, spans, files[document.id])
            catalogue.set_rejected(faults)
            catalogue.drop_unused_vectors(beyond=catalogue.n_passages() + SPARE_VECTORS)

    def _put(self, document: Document, spans: Sequence[Span], state: FileState | None) -> None:
        keys = [key for key, _ in self._keyed(document, spans)]
        self._catalogue.put(document, spans=spans, keys=keys, state=state)

    def _embed(self, documents: Iterable[tuple[Document, Sequence[Span]]], n_missing: int) -> None:
        """Make the vectors that are missing, so many as is said or, of texts met twice, fewer."""
        waiting: dict[bytes, str] = {}
        n_done = 0
        for document, spans in documents:
            waiting |= self._missing(document, spans)
            while len(waiting) >= TEXTS_AT_ONCE:
                some = dict(islice(waiting.items(), TEXTS_AT_ONCE))
                self._progress(n_done, n_missing, ENCODING)
                self._keep_vectors(some)
                n_done += len(some)
                waiting = dict(islice(waiting.items(), TEXTS_AT_ONCE, None))
        if waiting:
            self._progress(n_done, n_missing, ENCODING)
            self._keep_vectors(waiting)
        if n_missing:
            self._progress(n_missing, n_missing, ENCODING)

    def _keep_vectors(self, texts: Mapping[bytes, str]) -> None:
        """Commit the vectors of texts by their keys."""
        vectors = self._encoder.encode_passages(list(texts.values()))
        with self._catalogue.transaction():
            self._catalogue.add_vectors(list(texts), vectors)

    def _missing(self, document: Document, spans: Sequence[Span]) -> dict[bytes, str]:
        """Texts without a vector, by its key."""
        texts = dict(self._keyed(document, spans))
        missing = self._catalogue.keys_without_vector(texts)
        return {key: text for key, text in texts.items() if key in missing}

    def _keyed(self, document: Document, spans: Sequence[Span]) -> Iterator[tuple[bytes, str]]:
        """Key of the vector, and text, of each passage."""
        for start, end in spans:
            text = document.text[start:end]
            yield vector_key(self._encoder.fingerprint, text), text


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
