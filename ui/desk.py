"""What the page does for people, in HTML and without gradio: sync, receive, remove, ask."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from index.errors import AppError, SyncStopped
from index.mirror import Changes
from index.progress import Progress
from index.search import checked
from qa.answer import Answer, Turn
from qa.assistant import Assistant
from ui import documents, uploads, wording
from ui.citing import cited_pane
from ui.source import document_pane, empty_pane
from ui.suggesting import Suggestions

NO_SOURCE = "The source of each answer is shown here, with the quoted words marked."
NO_QUOTE = "There is no quotation to show. Choose one of the nearest passages to read it."
PATIENCE_SECONDS = 1.0


class Desk:
    """One for all visitors; each brings the turns of their own conversation."""

    def __init__(self, assistant: Assistant) -> None:
        """Serve what the assistant reads."""
        self.assistant = assistant
        self.suggestions = Suggestions(assistant)
        self._stopping = Event()

    def stop(self) -> None:
        """End the sync that is going on; what it has embedded is kept for the next."""
        self._stopping.set()

    def listed(self) -> str:
        """The list of documents; another one after every change, seen in the list or not."""
        index = self.assistant.index
        return f"{documents.list_html(index.listing())}<!-- {index.sequence} -->"

    def synced(self, progress: Progress) -> str:
        """What a sync changed, or why there was none."""
        try:
            return documents.report_html(self._sync(progress))
        except (AppError, ValueError) as error:
            return documents.trouble_html(str(error))

    def received(self, files: Sequence[str], progress: Progress) -> str:
        """What became of files that were uploaded, and what they changed."""
        try:
            folder = self._folder()
            said = [str(uploads.receive(Path(file), folder)) for file in files]
            return documents.report_html(self._sync(_patient(progress)), received=said)
        except (AppError, ValueError, OSError) as error:
            return documents.trouble_html(str(error))
        finally:
            for file in files:
                Path(file).unlink(missing_ok=True)

    def removed(self, document_id: str, progress: Progress) -> str:
        """What the removal of a document's file changed, or why it was not removed."""
        try:
            said = uploads.remove(document_id, self._folder())
            return documents.report_html(self._sync(_patient(progress)), received=[said])
        except (AppError, ValueError, OSError) as error:
            return documents.trouble_html(str(error))

    def ask(self, question: str, turns: Sequence[Turn], progress: Progress) -> Answer:
        """The answer from the documents as they are now; raises what `steps` does."""
        *_, answer = self.steps(question, turns, progress, Event())
        assert isinstance(answer, Answer)  # nobody stopped it
        return answer

    def steps(
        self, question: str, turns: Sequence[Turn], progress: Progress, stopping: Event
    ) -> Iterator[str | Answer]:
        """What is done for a question, in words, each before it is done; at last the answer.

        Args:
            question: The question.
            turns: The conversation before it.
            progress: Told how far a sync is that takes a while.
            stopping: Once it is set, no further step is taken and no answer given.

        Raises:
            ValueError: The question is empty or too long.
            AppError: The documents or their index cannot be read.
        """
        question = checked(question)
        with self.suggestions.waiting():
            yield wording.LOOKING
            self._stopping.clear()
            with suppress(SyncStopped):
                told = self._until_stopped(_patient(progress), stopping)
                self.assistant.follow(progress=told)
            if not stopping.is_set():
                yield wording.searching(self.assistant.index.n_documents)
                found = self.assistant.find(question, history=turns)
            if not stopping.is_set():
                yield wording.reading(len(found.hits))
                reading = self.assistant.weigh(found)
            if not stopping.is_set():
                yield self.assistant.conclude(reading)

    def cited(self, turns: Sequence[Turn], place: str) -> str:
        """The source pane for a place such as `3.c1`."""
        return cited_pane(turns, place, self.assistant.index) or empty_pane(NO_QUOTE)

    def shown(self, document_id: str) -> str:
        """The source pane for a document of the list."""
        document = self.assistant.index.document(document_id)
        if document is None:
            return empty_pane("This document is no longer there.")
        return document_pane(document)

    def _sync(self, progress: Progress) -> Changes:
        self._stopping.clear()
        return self.assistant.sync(progress=self._until_stopped(progress))

    def _until_stopped(self, progress: Progress, *others: Event) -> Progress:
        """Tells how far a sync is, and ends it when it is to stop."""

        def tell(done: int, total: int, what: str) -> None:
            if any(stopping.is_set() for stopping in (self._stopping, *others)):
                raise SyncStopped(
                    "Stopped. The index is as it was; what was embedded is kept for the next sync."
                )
            progress(done, total, what)

        return tell

    def _folder(self) -> Path:
        folder = self.assistant.index.documents
        if folder is None:
            raise ValueError("This index mirrors no folder. Name one: quoth chat --documents DIR")
        return folder


def _patient(progress: Progress) -> Progress:
    """Tells how far a sync is once it has taken a while."""
    begun = time.monotonic()

    def tell(done: int, total: int, what: str) -> None:
        if time.monotonic() - begun >= PATIENCE_SECONDS:
            progress(done, total, what)

    return tell
