"""The documents' side: the list, what has become of it, and how files come and go."""

from pathlib import Path
from typing import Any

import gradio as gr

from ui import documents, wording
from ui.desk import NO_SOURCE, Desk
from ui.documents import Wanted, named
from ui.page.checking import Checking
from ui.page.parts import EACH, HIDDEN, PROGRESS, asset, html, told
from ui.source import empty_pane
from ui.uploads import Brought

MAX_WAITING = 16  # visitors at once
MAX_WORDS = 200  # characters to find documents by


class Library:
    """List, report, and the buttons that add, sync and stop."""

    def __init__(self, desk: Desk) -> None:
        """Lay it out where it is made."""
        self.desk = desk
        self._uploaded: set[str] = set()
        html(f"<h2>{wording.DOCUMENTS}</h2>", elem_classes="q-side-title")
        html(documents.finder_html(), elem_id="q-finder")
        self.listed = html("", elem_id="q-listed", js_on_load=asset("documents.js"))
        if desk.writable:
            adder = documents.adder_html()
            self.adder = html(adder, elem_id="q-add", js_on_load=asset("uploads.js"))
        else:
            html(documents.read_only_html(), elem_id="q-read-only")
        self.sync = gr.Button(wording.SYNC, elem_id="q-sync", size="sm")
        self.report = html("", elem_id="q-report")
        # Seen while a sync goes on.
        self.stop = gr.Button(wording.STOP, elem_id="q-stop", size="sm")

    def bind(self, blocks: gr.Blocks, checking: Checking) -> None:
        """Have the buttons do what they say; of a folder that is read-only none changes it."""
        self._uploaded = blocks.upload_file_set
        # Each visitor waits for the one sync in a thread of their own, and sees how far it is.
        syncing = {"show_progress_on": self.report, "concurrency_limit": MAX_WAITING, **HIDDEN}
        reported = [self.report, self.listed]
        if self.desk.writable:
            self.listed.remove(self.removed, None, [*reported, checking.pane], **EACH, **syncing)
            self.listed.undo(self.put_back, None, reported, **EACH, **syncing)
            self.adder.bring(self.brought, None, reported, **EACH, **syncing)
            self.adder.forget(self.forgotten, None, None, queue=False, **HIDDEN)
        self.listed.find(self.found, None, self.listed, show_progress="hidden", **HIDDEN)
        self.stop.click(self.stopped, None, None, queue=False, **HIDDEN)
        self.sync.click(self.synced, None, reported, **syncing)
        opened = blocks.load(self.opened, None, self.listed, show_progress="hidden", **HIDDEN)
        opened.then(self.synced, None, reported, **syncing)

    def opened(self) -> str:
        """The list as it stands, before anything is synced."""
        return self.desk.opened()

    def synced(self, progress: gr.Progress = PROGRESS) -> tuple[str, str]:
        """Report and list after a sync."""
        return self.desk.synced(told(progress)), self.desk.listed()

    def stopped(self) -> None:
        """Has the sync that is going on end."""
        self.desk.stop()

    def found(self, event: gr.EventData) -> str:
        """The list of the documents that have some words, in some order."""
        order = str(getattr(event, "order", ""))
        words = str(getattr(event, "words", ""))[:MAX_WORDS]
        return self.desk.listed(Wanted(words, order if order in wording.ORDERS else "name"))

    def brought(self, event: gr.EventData, progress: gr.Progress = PROGRESS) -> tuple[str, str]:
        """Report and list after files were brought."""
        report = self.desk.received(self._files(event), told(progress))
        return report, self.desk.listed()

    def forgotten(self, event: gr.EventData) -> None:
        """Deletes what was sent of files whose upload was stopped."""
        self.desk.discarded(self._files(event))

    def removed(
        self, event: gr.EventData, progress: gr.Progress = PROGRESS
    ) -> tuple[str, str, str]:
        """Report, list and source pane after a document's file was removed."""
        report = self.desk.removed(document_id(event), told(progress))
        return report, self.desk.listed(), empty_pane(NO_SOURCE)

    def put_back(self, event: gr.EventData, progress: gr.Progress = PROGRESS) -> tuple[str, str]:
        """Report and list after a removed file was put back."""
        report = self.desk.put_back(str(getattr(event, "key", "")), told(progress))
        return report, self.desk.listed()

    def _files(self, event: gr.EventData) -> list[Brought]:
        """The files that a browser names; a path that it did not upload itself is none."""
        files = getattr(event, "files", [])
        return [self._file(each) for each in files if isinstance(each, dict)]

    def _file(self, said: dict[str, Any]) -> Brought:
        path, size = said.get("path"), said.get("size")
        sent = Path(path) if isinstance(path, str) and path in self._uploaded else None
        n_bytes = int(size) if isinstance(size, int | float) else 0
        return Brought(str(said.get("name", "")), n_bytes, sent)


def document_id(event: gr.EventData) -> str:
    """The document whose row was pressed."""
    return named(str(getattr(event, "id", "")))
