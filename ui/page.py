"""The chat page: documents on the left, the conversation in the middle, the source on the right."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read by gradio while it is imported

import gradio as gr
from gradio.events import api

from index.errors import AppError
from index.formats import SUFFIXES
from index.progress import Pace, Progress
from qa.answer import Turn
from qa.assistant import Assistant
from ui import render
from ui.desk import NO_SOURCE, Desk
from ui.documents import named
from ui.source import empty_pane
from ui.uploads import MAX_MEGABYTES

ASSETS = Path(__file__).parent / "assets"
PLACEHOLDER = (
    "<div class='q-welcome'><h2>Ask your documents.</h2><p>Every answer is a quotation. "
    "When your documents do not hold one, it says so.</p></div>"
)
PROGRESS = gr.Progress()  # gradio looks for one among the defaults; it belongs to each call
HIDDEN: dict[str, Any] = {"api_visibility": "private"}

Message = dict[str, Any]


class Page:
    """The desk's answers as gradio's outputs."""

    def __init__(self, desk: Desk) -> None:
        """Show what the desk does."""
        self.desk = desk

    def synced(self, progress: gr.Progress = PROGRESS) -> tuple[str, str]:
        """Report and list after a sync."""
        return self.desk.synced(_told(progress)), self.desk.listed()

    def stopped(self) -> None:
        """Has the sync that is going on end."""
        self.desk.stop()

    def uploaded(
        self, files: Sequence[str] | None, progress: gr.Progress = PROGRESS
    ) -> tuple[str, str, None]:
        """Report, list and an emptied upload button after files were brought."""
        return self.desk.received(files or [], _told(progress)), self.desk.listed(), None

    def removed(
        self, event: gr.EventData, progress: gr.Progress = PROGRESS
    ) -> tuple[str, str, str]:
        """Report, list and source pane after a document's file was removed."""
        report = self.desk.removed(_document_id(event), _told(progress))
        return report, self.desk.listed(), empty_pane(NO_SOURCE)

    def shown(self, event: gr.EventData) -> str:
        """The source pane for the document whose row was pressed."""
        return self.desk.shown(_document_id(event))

    def cited(self, turns: list[Turn], event: gr.EventData) -> str:
        """The source pane for the citation whose button was pressed."""
        return self.desk.cited(turns, str(getattr(event, "place", "")))

    def asked(
        self,
        question: str,
        messages: list[Message],
        turns: list[Turn],
        progress: gr.Progress = PROGRESS,
    ) -> Iterator[tuple[Any, ...]]:
        """Question box, chat, turns, source pane and list while a question is answered."""
        if not question.strip():
            gr.Info("Type a question first.")
            yield (gr.skip(),) * 5
            return
        asking = [*messages, _message("user", render.question_html(question))]
        yield "", asking, gr.skip(), gr.skip(), gr.skip()
        try:
            answer = self.desk.ask(question, turns, _told(progress))
        except (AppError, ValueError) as error:  # the question goes back to where it was typed
            trouble = _message("assistant", render.trouble_html(str(error)))
            yield question, [*messages, trouble], gr.skip(), gr.skip(), gr.skip()
            return
        turns = [*turns, Turn(question, answer)]
        said = _message("assistant", render.answer_html(answer, turn=len(turns)))
        pane = self.desk.cited(turns, f"{len(turns)}.c1")
        yield gr.skip(), [*asking, said], turns, pane, self.desk.listed()

    def example_asked(
        self,
        messages: list[Message],
        turns: list[Turn],
        event: gr.SelectData,
        progress: gr.Progress = PROGRESS,
    ) -> Iterator[tuple[Any, ...]]:
        """The same for the example that was chosen."""
        yield from self.asked(event.value["text"], messages, turns, progress)

    def cleared(self) -> tuple[Any, ...]:
        """The same without a conversation."""
        return "", [], [], empty_pane(NO_SOURCE), gr.skip()

    def answer(self, question: str) -> dict[str, Any]:
        """Answers a question in the words of the documents, with citations, or says why not."""
        try:
            return self.desk.ask(question, [], _silent).to_dict()
        except (AppError, ValueError) as error:
            raise gr.Error(str(error), print_exception=False) from error


def _told(progress: gr.Progress) -> Progress:
    pace = Pace()

    def tell(done: int, total: int, what: str) -> None:
        said = filter(None, (what, pace(done, total)))
        progress((done, total), desc=" \N{MIDDLE DOT} ".join(said))

    return tell


def _document_id(event: gr.EventData) -> str:
    return named(str(getattr(event, "id", "")))


def _silent(done: int, total: int, what: str) -> None:
    """Tells nobody."""


def _message(role: str, text: str) -> Message:
    return {"role": role, "content": [{"type": "text", "text": text}]}


def build(assistant: Assistant) -> gr.Blocks:
    """The page, ready to be launched or mounted; it opens no port."""
    page = Page(Desk(assistant))
    blocks: gr.Blocks = gr.Blocks(title="Quoth", fill_width=True, analytics_enabled=False)
    with blocks:
        turns = gr.State([])
        _html(_asset("header.html"), elem_id="q-header", js_on_load=_asset("page.js"))
        with gr.Row(elem_id="q-main"):
            with gr.Column(elem_id="q-documents"):
                listed, report, stop, upload, sync = _documents_side()
            with gr.Column(elem_id="q-chat"):
                chat, question, ask = _chat_side(page.desk.examples())
            with gr.Column(elem_id="q-source"):
                pane = _html(
                    empty_pane(NO_SOURCE), elem_id="q-pane", js_on_load=_asset("source.js")
                )
        talking = [question, chat, turns, pane, listed]
        for event in (question.submit, ask.click):
            event(page.asked, [question, chat, turns], talking, show_progress_on=report, **HIDDEN)
        chat.example_select(
            page.example_asked, [chat, turns], talking, show_progress_on=report, **HIDDEN
        )
        chat.clear(page.cleared, None, talking, show_progress="hidden", **HIDDEN)
        pane.cite(page.cited, turns, pane, show_progress="hidden", **HIDDEN)
        listed.show(page.shown, None, pane, show_progress="hidden", **HIDDEN)
        syncing = {"show_progress_on": report, **HIDDEN}
        listed.remove(page.removed, None, [report, listed, pane], **syncing)
        upload.upload(page.uploaded, upload, [report, listed, upload], **syncing)
        stop.click(page.stopped, None, None, queue=False, **HIDDEN)
        sync.click(page.synced, None, [report, listed], **syncing)
        blocks.load(page.synced, None, [report, listed], **syncing)
        api(page.answer, api_name="answer")
    return blocks


def _documents_side() -> tuple[gr.HTML, gr.HTML, gr.Button, gr.UploadButton, gr.Button]:
    """List, report, stop button, upload button and sync button."""
    _html("<h2>Documents</h2>", elem_classes="q-side-title")
    listed = _html("", elem_id="q-listed", js_on_load=_asset("documents.js"))
    upload = gr.UploadButton(
        "Add documents",
        file_count="multiple",
        file_types=sorted(SUFFIXES),
        elem_id="q-add",
        size="sm",
    )
    sync = gr.Button("Sync", elem_id="q-sync", size="sm")
    report = _html("", elem_id="q-report")
    stop = gr.Button("Stop", elem_id="q-stop", size="sm")  # seen while a sync goes on
    return listed, report, stop, upload, sync


def _chat_side(examples: Sequence[str]) -> tuple[gr.Chatbot, gr.Textbox, gr.Button]:
    """Conversation, question box and ask button."""
    chat = gr.Chatbot(
        elem_id="q-talk",
        show_label=False,
        container=False,
        height="100%",
        layout="bubble",
        group_consecutive_messages=False,
        autoscroll=False,  # page.js brings the question to the top instead
        buttons=["copy", "copy_all"],
        placeholder=PLACEHOLDER,
        examples=[{"text": example} for example in examples] or None,
        latex_delimiters=[],
        allow_tags=False,
        sanitize_html=True,
    )
    with gr.Row(elem_id="q-ask"):
        question = gr.Textbox(
            placeholder="Ask a question",
            show_label=False,
            container=False,
            max_lines=4,
            elem_id="q-question-box",
            autofocus=True,
        )
        ask = gr.Button("Ask", variant="primary", elem_id="q-ask-button")
    return chat, question, ask


def _html(value: str, **arguments: Any) -> gr.HTML:
    return gr.HTML(value, apply_default_css=False, **arguments)


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def launch(
    assistant: Assistant, *, host: str = "127.0.0.1", port: int | None = None
) -> tuple[gr.Blocks, str]:
    """Serves the page and gives it with its address; it runs until it is closed.

    Args:
        assistant: Who answers.
        host: The address to bind.
        port: The port to bind; None for the first free one from 7860 on.

    Raises:
        OSError: The port is taken.
    """
    blocks = build(assistant)
    try:
        _, address, _ = blocks.launch(
            server_name=host,
            server_port=port,
            theme=_theme(),
            css=_asset("page.css"),
            prevent_thread_lock=True,
            quiet=True,
            share=False,  # said, so that no variable of the environment opens a tunnel
            ssr_mode=False,
            run_history=False,
            enable_monitoring=False,
            footer_links=[],
            max_file_size=MAX_MEGABYTES * 1_000_000,
        )
    except OSError as error:
        raise OSError(f"Port {port or 7860} of {host} cannot be had. Name another.") from error
    return blocks, address


def _theme() -> gr.themes.Base:
    sans = ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
    mono = ["ui-monospace", "SFMono-Regular", "Consolas", "monospace"]
    return gr.themes.Base(
        primary_hue="stone", secondary_hue="stone", neutral_hue="stone", font=sans, font_mono=mono
    )
