"""What the page does for people, in HTML and without gradio: sync, receive, remove, ask."""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event

from index.errors import AppError, SyncStopped
from index.mirror import Skipped
from index.original import Originals
from index.parsing import Parser
from index.progress import Progress
from index.search import checked
from qa.answer import Answer, Turn
from qa.assistant import Assistant
from ui import documents, uploads, wording
from ui.citing import cited_pane
from ui.documents import ALL, Shelf, Wanted
from ui.judging import Judged
from ui.ongoing import EACH_SECONDS, Ongoing
from ui.removed import Removed
from ui.settings import AS_SHIPPED, Settings
from ui.source import document_pane, empty_pane
from ui.suggesting import Suggestions
from ui.uploads import Brought, Received
from ui.view import View

NO_SOURCE = wording.NO_SOURCE
PATIENCE_SECONDS = 1.0
MOST_SECONDS = 10_000


class Desk:
    """One for all visitors; each brings the turns of their own conversation."""

    def __init__(
        self, assistant: Assistant, *, writable: bool = False, judging: bool = True
    ) -> None:
        """Serve what the assistant reads.

        Args:
            assistant: Who answers.
            writable: Whether people may add files to the documents folder and remove them.
            judging: Whether what people say of answers may be kept.
        """
        self.assistant = assistant
        self.originals = Originals(assistant.index)
        self.writable = writable
        self.judged = Judged(assistant.index.folder) if judging else None
        # How long the answers of this run took, the last of them.
        self.seconds: deque[float] = deque(maxlen=MOST_SECONDS)
        self.suggestions = Suggestions(assistant)
        self._removed = Removed(assistant.index.folder / "removed")
        self._skipped: tuple[Skipped, ...] = ()
        self._ongoing = Ongoing()
        self._receiving = Event()  # set when files that come are no longer wanted

    def stop(self) -> None:
        """End the sync that is going on; what it has embedded is kept for the next."""
        self._receiving.set()
        self._ongoing.stop()

    def opened(self) -> str:
        """The list of documents at once, before the sync with which a visit begins."""
        return self._listed(ALL, is_first=True)

    def listed(self, wanted: Wanted = ALL) -> str:
        """The list of documents; another one after every change, seen in the list or not."""
        return self._listed(wanted, is_first=self._is_first())

    def synced(self, progress: Progress) -> str:
        """What a sync changed, or why there was none."""
        self._removed.forget_old()
        return self._reported("", progress)

    def received(self, brought: Sequence[Brought], progress: Progress) -> str:
        """What became of files that were uploaded, and what they changed."""
        try:
            folder = self._folder_to_change()
            if len(brought) > uploads.MAX_FILES:
                raise ValueError(wording.too_many(uploads.MAX_FILES))
            received = self._receive(brought, folder, progress)
        except (AppError, ValueError, OSError) as error:
            return documents.trouble_html(str(error))
        finally:
            self.discarded(brought)
        done = documents.received_html(received, n_left=len(brought) - len(received))
        return self._reported(done, _patient(progress))

    def discarded(self, brought: Sequence[Brought]) -> None:
        """Deletes what was uploaded of files."""
        for each in brought:
            if each.path is not None:
                each.path.unlink(missing_ok=True)

    def removed(self, document_id: str, progress: Progress) -> str:
        """What the removal of a document's file changed, or why it was not removed."""
        try:
            self._removed.forget_old()
            kept = self._removed.take(document_id, self._folder_to_change())
        except (AppError, ValueError, OSError) as error:
            return documents.trouble_html(str(error))
        return self._reported(documents.removed_html(kept), _patient(progress))

    def put_back(self, key: str, progress: Progress) -> str:
        """What the return of a removed file changed, or why it did not return."""
        try:
            document_id = self._removed.put_back(key, self._folder_to_change())
        except (AppError, ValueError, OSError) as error:
            return documents.trouble_html(str(error))
        return self._reported(documents.put_back_html(document_id), _patient(progress))

    def ask(self, question: str, turns: Sequence[Turn], progress: Progress) -> Answer:
        """The answer from the documents as they are now; raises what `steps` does."""
        *_, answer = self.steps(question, turns, progress, Event())
        assert isinstance(answer, Answer)  # nobody stopped it
        return answer

    def steps(
        self,
        question: str,
        turns: Sequence[Turn],
        progress: Progress,
        stopping: Event,
        settings: Settings = AS_SHIPPED,
    ) -> Iterator[str | Answer]:
        """What is done for a question, in words, each before it is done; at last the answer.

        Args:
            question: The question.
            turns: The conversation before it.
            progress: Told how far a sync is that takes a while.
            stopping: Once it is set, no further step is taken and no answer given.
            settings: How sure an answer must be, and where it is searched.

        Raises:
            ValueError: The question is empty or too long, or no document is in its scope.
            AppError: The documents or their index cannot be read.
        """
        question = checked(question)
        with self.suggestions.waiting():
            yield wording.LOOKING
            with suppress(SyncStopped):
                yield from self._followed(progress, stopping)
            began = time.perf_counter()
            if not stopping.is_set():
                yield wording.searching(self.assistant.index.n_documents)
                found = self.assistant.find(question, history=turns, scope=settings.scope)
            if not stopping.is_set():
                yield wording.reading(len(found.hits))
                reading = self.assistant.weigh(found)
            if not stopping.is_set():
                answer = self.assistant.conclude(reading, threshold=settings.threshold)
                self.seconds.append(time.perf_counter() - began)
                yield replace(answer, scope=settings.searched)

    def cited(self, turns: Sequence[Turn], value: str) -> str:
        """The source pane for a place such as `3.c1`, or for the value of one of its buttons."""
        view = View.parse(value)
        if view.document:
            return self.shown(view.document, view)
        pane = cited_pane(turns, view, self.assistant.index, self.originals)
        return pane or empty_pane(wording.NO_QUOTE)

    def shown(self, document_id: str, view: View | None = None) -> str:
        """The source pane for a document of the list."""
        document = self.assistant.index.document(document_id)
        if document is None:
            return empty_pane(wording.NO_DOCUMENT)
        return document_pane(document, view=view, originals=self.originals)

    def close(self) -> None:
        """End the process that reads originals."""
        self.originals.close()

    def _listed(self, wanted: Wanted, *, is_first: bool) -> str:
        index = self.assistant.index
        kept = self._removed.kept() if self.writable else []
        shelf = Shelf(index.listing(), self._skipped, kept, self.writable, is_first)
        return f"{documents.list_html(shelf, wanted)}<!-- {index.sequence} -->"

    def _receive(
        self, brought: Sequence[Brought], folder: Path, progress: Progress
    ) -> list[Received]:
        """Takes files into the folder; those that come after a stop are left out."""
        self._receiving.clear()
        tell = _patient(progress)
        received = []
        with Parser() as parser:
            for n_done, each in enumerate(brought):
                if self._receiving.is_set():
                    break
                tell(n_done, len(brought), wording.RECEIVING)
                received.append(uploads.receive(each, folder, removed=self._removed, parser=parser))
        return received

    def _reported(self, done: str, progress: Progress) -> str:
        """What a sync changed after something was done, or why there was none."""
        try:
            changes = self._ongoing.run(lambda tell: self.assistant.sync(progress=tell), progress)
        except (AppError, ValueError) as error:
            return documents.trouble_html(str(error), done=done)
        self._skipped = changes.skipped
        return documents.report_html(changes, done=done)

    def _followed(self, progress: Progress, stopping: Event) -> Iterator[str]:
        """Takes in what has changed, and says what it waits for.

        A sync that goes on already is waited for only a moment, for it may take long: the question
        is then asked of the documents as they were before it. The first is waited for.
        """
        begun, last = time.monotonic(), ""
        while far := self._ongoing.far:
            if stopping.wait(EACH_SECONDS):
                return
            if self._is_first():
                said = wording.first_reading(far.done, far.total)
                if said != last:
                    yield said
                last = said
            elif time.monotonic() - begun > PATIENCE_SECONDS:
                yield wording.AS_BEFORE
                return
        changes = self._ongoing.run(
            lambda tell: self.assistant.follow(progress=tell), _patient(progress), stopping
        )
        self._skipped = changes.skipped if changes else self._skipped

    def _is_first(self) -> bool:
        """Whether the documents are just being taken in for the first time."""
        return self._ongoing.far is not None and not self.assistant.index.n_documents

    def _folder_to_change(self) -> Path:
        if not self.writable:
            raise ValueError(wording.REFUSED_READ_ONLY)
        folder = self.assistant.index.documents
        if folder is None:
            raise ValueError(wording.NO_FOLDER)
        return folder


def _patient(progress: Progress) -> Progress:
    """Tells how far a sync is once it has taken a while."""
    begun = time.monotonic()

    def tell(done: int, total: int, what: str) -> None:
        if time.monotonic() - begun >= PATIENCE_SECONDS:
            progress(done, total, what)

    return tell
