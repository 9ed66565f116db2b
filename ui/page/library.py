"""The documents' side: the list, what has become of it, and how files come and go."""

from collections.abc import Sequence

import gradio as gr

from index.formats import SUFFIXES
from ui.desk import NO_SOURCE, Desk
from ui.documents import named
from ui.page.checking import Checking
from ui.page.parts import HIDDEN, PROGRESS, asset, html, told
from ui.source import empty_pane


class Library:
    """List, report, and the buttons that add, sync and stop."""

    def __init__(self, desk: Desk) -> None:
        """Lay it out where it is made."""
        self.desk = desk
        html("<h2>Documents</h2>", elem_classes="q-side-title")
        self.listed = html("", elem_id="q-listed", js_on_load=asset("documents.js"))
        self.upload = gr.UploadButton(
            "Add documents",
            file_count="multiple",
            file_types=sorted(SUFFIXES),
            elem_id="q-add",
            size="sm",
        )
        self.sync = gr.Button("Sync", elem_id="q-sync", size="sm")
        self.report = html("", elem_id="q-report")
        # Seen while a sync goes on.
        self.stop = gr.Button("Stop", elem_id="q-stop", size="sm")

    def bind(self, blocks: gr.Blocks, checking: Checking) -> None:
        """Have the buttons do what they say."""
        syncing = {"show_progress_on": self.report, **HIDDEN}
        reported = [self.report, self.listed]
        self.listed.remove(self.removed, None, [*reported, checking.pane], **syncing)
        self.upload.upload(self.uploaded, self.upload, [*reported, self.upload], **syncing)
        self.stop.click(self.stopped, None, None, queue=False, **HIDDEN)
        self.sync.click(self.synced, None, reported, **syncing)
        blocks.load(self.synced, None, reported, **syncing)

    def synced(self, progress: gr.Progress = PROGRESS) -> tuple[str, str]:
        """Report and list after a sync."""
        return self.desk.synced(told(progress)), self.desk.listed()

    def stopped(self) -> None:
        """Has the sync that is going on end."""
        self.desk.stop()

    def uploaded(
        self, files: Sequence[str] | None, progress: gr.Progress = PROGRESS
    ) -> tuple[str, str, None]:
        """Report, list and an emptied upload button after files were brought."""
        return self.desk.received(files or [], told(progress)), self.desk.listed(), None

    def removed(
        self, event: gr.EventData, progress: gr.Progress = PROGRESS
    ) -> tuple[str, str, str]:
        """Report, list and source pane after a document's file was removed."""
        report = self.desk.removed(document_id(event), told(progress))
        return report, self.desk.listed(), empty_pane(NO_SOURCE)


def document_id(event: gr.EventData) -> str:
    """The document whose row was pressed."""
    return named(str(getattr(event, "id", "")))
