"""The conversations that this browser keeps: a list, and what is done with each."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Any
from uuid import uuid4

import gradio as gr

from qa.answer import Turn
from ui import talks, wording
from ui.desk import NO_SOURCE, Desk
from ui.page.parts import HIDDEN, PROGRESS, asset, html
from ui.page.talk import Box, Talk, bubbles, only
from ui.source import empty_pane

AT_MOST = 60  # conversations
CHARACTERS = 4_500_000  # of all, encrypted; a browser refuses beyond five million


class Talks:
    """List and buttons; the browser's script `talks.js` stores, finds and gives back.

    Gradio's BrowserState reads what is stored once, when the page opens, and writes all of it
    again after each change: of two tabs the second would delete what the first has kept.
    """

    def __init__(self, desk: Desk) -> None:
        """Lay it out where it is made."""
        self.desk = desk
        secret = talks.browser_key(desk.assistant.index.folder)
        with gr.Row(elem_id="q-talks-bar"):
            html(talks.head_html(), elem_id="q-talks-title")
            self.new = gr.Button(wording.NEW_TALK, elem_id="q-talks-new", size="sm")
        with gr.Column(elem_id="q-talks-fold"):
            self.listed = html(talks.list_html([], current=None, now=datetime.now()))
            with gr.Row(elem_id="q-talks-save"):
                self.markdown = gr.Button(wording.SAVE_MARKDOWN, size="sm")
                self.json = gr.Button(wording.SAVE_JSON, size="sm")
        self.shelf = html(
            "",
            elem_id="q-shelf",
            html_template=talks.said_html(),
            js_on_load=asset("talks.js"),
            secret=secret,
            shelf=hashlib.sha256(secret.encode()).hexdigest()[:16],
            n_talks=AT_MOST,
            n_characters=CHARACTERS,
        )
        self.current = gr.State(None)  # the open conversation's id; None before its first answer
        self._numbers = count(1)

    def bind(self, talk: Talk, settings: gr.BrowserState) -> None:
        """Keep what is asked, and bring back what was kept."""
        self.talk = talk
        quick: dict[str, Any] = {"show_progress": "hidden", **HIDDEN}
        emptied = [talk.question, *talk.outputs, self.current]
        opening = [*emptied, self.shelf]
        self.shelf.list(self.relisted, None, self.listed, **quick)
        asked = self.shelf.ask(self.asked, settings, opening, **quick)
        asked.then(talk.given_back, [talk.question, talk.box], talk.question, **quick)
        self.shelf.open(self.opened, None, opening, **quick)
        for empty in (self.shelf.empty, self.new.click, talk.chat.clear):
            empty(self.emptied, None, emptied, **quick)
        keeping = [talk.turns, self.current]
        talk.turns.change(self.kept, keeping, [self.shelf, self.current], **quick)
        self.markdown.click(self.as_markdown, talk.turns, self.shelf, **quick)
        self.json.click(self.as_json, talk.turns, self.shelf, **quick)

    def relisted(self, event: gr.EventData) -> str:
        """The list of what the browser says it keeps."""
        told = getattr(event, "talks", None)
        return talks.list_html(told, current=getattr(event, "open", None), now=datetime.now())

    def opened(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Question box, outputs of the talk, id and shelf with what was kept."""
        self.talk.leave(request)
        try:
            turns = talks.turns_of(getattr(event, "turns", None))
            current = talks.checked_id(getattr(event, "id", None))
        except ValueError:
            gr.Warning(wording.TALK_UNREADABLE)
            return *self.emptied(request), talks.kept([])  # it stays, and is not open
        pane = self.desk.cited(turns, f"{len(turns)}.c1") if turns else empty_pane(NO_SOURCE)
        shown = {"chat": bubbles(turns), "turns": turns, "pane": pane}
        return "", *only(**shown, box=Box(), note="", heard=""), current, gr.skip()

    def asked(
        self,
        kept: object,
        event: gr.EventData,
        request: gr.Request,
        progress: gr.Progress = PROGRESS,
    ) -> Iterator[tuple[Any, ...]]:
        """The same while the question of the page's link is answered."""
        yield self.opened(event, request)
        question = str(getattr(event, "question", ""))
        for step in self.talk.asked(question, [], Box(), kept, request, progress):
            yield gr.skip(), *step, gr.skip(), gr.skip()

    def emptied(self, request: gr.Request) -> tuple[Any, ...]:
        """Question box, outputs of the talk, and id, without a conversation."""
        return *self.talk.cleared(request), None

    def kept(self, turns: list[Turn], current: str | None) -> tuple[dict[str, Any], Any]:
        """What the browser is to keep of a conversation and under which id, and that id if new."""
        known = current or (str(uuid4()) if turns else None)
        return talks.kept(turns) | {"id": known}, gr.skip() if known == current else known

    def as_markdown(self, turns: list[Turn]) -> dict[str, Any]:
        """The conversation as a file of Markdown."""
        return self._file(turns, ".md", "text/markdown", talks.markdown(turns))

    def as_json(self, turns: list[Turn]) -> dict[str, Any]:
        """The conversation as a file of JSON."""
        return self._file(turns, ".json", "application/json", talks.as_json(turns))

    def _file(self, turns: list[Turn], suffix: str, kind: str, text: str) -> dict[str, Any]:
        """A file that the browser makes: none of it is left on the server's disk."""
        name = talks.file_name(turns, suffix)
        return {"file": {"name": name, "type": kind, "text": text, "number": next(self._numbers)}}
