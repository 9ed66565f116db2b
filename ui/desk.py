"""What the page does for people, in HTML and without gradio: sync, receive, remove, ask."""

import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from index.errors import AppError, SyncStopped
from index.mirror import Changes
from index.progress import Progress
from qa.answer import Answer, Turn
from qa.assistant import Assistant
from ui import documents, uploads
from ui.citing import cited_pane
from ui.judging import Judged
from ui.settings import AS_SHIPPED, Settings
from ui.source import document_pane, empty_pane

NO_SOURCE = "The source of each answer is shown here, with the quoted words marked."
NO_QUOTE = "There is no quotation to show. Choose one of the nearest passages to read it."
SHIPPED_DOCUMENT = "000_8dfdd8577489cd92.txt"
EXAMPLES = (
    "How many drones did Lavrov cite?",
    "What did Trump say about his phone call with Putin?",
    "Who is the mayor of Paris?",
)
PATIENCE_SECONDS = 1.0
MOST_SECONDS = 10_000


class Desk:
    """One for all visitors; each brings the turns of their own conversation."""

    def __init__(self, assistant: Assistant, *, judging: bool = True) -> None:
        """Serve what the assistant reads; without `judging` no judgement is kept."""
        self.assistant = assistant
        self.judged = Judged(assistant.index.folder) if judging else None
        # How long the answers of this run took, the last of them.
        self.seconds: deque[float] = deque(maxlen=MOST_SECONDS)
        self._stopping = Event()

    def stop(self) -> None:
        """End the sync that is going on; what it has embedded is kept for the next."""
        self._stopping.set()

    def listed(self) -> str:
        """The list of documents."""
        return documents.list_html(self.assistant.index.listing())

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

    def ask(
        self,
        question: str,
        turns: Sequence[Turn],
        progress: Progress,
        settings: Settings = AS_SHIPPED,
    ) -> Answer:
        """The answer from the documents as they are now.

        Raises:
            ValueError: The question is empty or too long, or no document is in its scope.
            AppError: The documents or their index cannot be read.
        """
        self._stopping.clear()
        with suppress(SyncStopped):
            self.assistant.follow(progress=self._until_stopped(_patient(progress)))
        began = time.perf_counter()
        answer = self.assistant.ask(
            question, history=turns, scope=settings.scope, threshold=settings.threshold
        )
        self.seconds.append(time.perf_counter() - began)
        return answer

    def cited(self, turns: Sequence[Turn], place: str) -> str:
        """The source pane for a place such as `3.c1`."""
        return cited_pane(turns, place, self.assistant.index) or empty_pane(NO_QUOTE)

    def shown(self, document_id: str) -> str:
        """The source pane for a document of the list."""
        document = self.assistant.index.document(document_id)
        if document is None:
            return empty_pane("This document is no longer there.")
        return document_pane(document)

    def examples(self) -> list[str]:
        """Questions to begin with, when the documents are those that ship."""
        folder = self.assistant.index.documents
        shipped = folder is not None and (folder / SHIPPED_DOCUMENT).is_file()
        return list(EXAMPLES) if shipped else []

    def _sync(self, progress: Progress) -> Changes:
        self._stopping.clear()
        return self.assistant.sync(progress=self._until_stopped(progress))

    def _until_stopped(self, progress: Progress) -> Progress:
        """Tells how far a sync is, and ends it when it is to stop."""

        def tell(done: int, total: int, what: str) -> None:
            if self._stopping.is_set():
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
