"""The conversation's side: questions, answers, and the box to ask in."""

from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from index.errors import AppError
from qa.answer import Turn
from ui import render
from ui.desk import NO_SOURCE, Desk
from ui.page.checking import Checking
from ui.page.library import Library
from ui.page.parts import HIDDEN, PROGRESS, Message, message, told
from ui.settings import Settings
from ui.source import empty_pane

PLACEHOLDER = (
    "<div class='q-welcome'><h2>Ask your documents.</h2><p>Every answer is a quotation. "
    "When your documents do not hold one, it says so.</p></div>"
)


class Talk:
    """Bubbles, question box and ask button."""

    def __init__(self, desk: Desk) -> None:
        """Lay it out where it is made."""
        self.desk = desk
        self.turns = gr.State([])
        self.chat = _chat(desk.examples())
        with gr.Row(elem_id="q-ask"):
            self.question = gr.Textbox(
                placeholder="Ask a question",
                show_label=False,
                container=False,
                max_lines=4,
                elem_id="q-question-box",
                autofocus=True,
            )
            self.ask = gr.Button("Ask", variant="primary", elem_id="q-ask-button")

    def bind(self, library: Library, checking: Checking, settings: gr.BrowserState) -> None:
        """Answer what is asked."""
        self.talking = [self.question, self.chat, self.turns, checking.pane, library.listed]
        asking = {"show_progress_on": library.report, **HIDDEN}
        asked = [self.turns, settings]
        self.asking = [
            event(self.asked, [self.question, *asked], self.talking, **asking)
            for event in (self.question.submit, self.ask.click)
        ]
        self.asking.append(
            self.chat.example_select(self.example_asked, asked, self.talking, **asking)
        )
        self.chat.clear(self.cleared, None, self.talking, show_progress="hidden", **HIDDEN)

    def asked(
        self,
        question: str,
        turns: list[Turn],
        kept: object,
        progress: gr.Progress = PROGRESS,
    ) -> Iterator[tuple[Any, ...]]:
        """Question box, chat, turns, source pane and list while a question is answered."""
        if not question.strip():
            gr.Info("Type a question first.")
            yield (gr.skip(),) * 5
            return
        yield (
            "",
            [*bubbles(turns), message("user", render.question_html(question))],
            gr.skip(),
            gr.skip(),
            gr.skip(),
        )
        try:
            answer = self.desk.ask(question, turns, told(progress), Settings.from_dict(kept))
        except (AppError, ValueError) as error:  # the question goes back to where it was typed
            trouble = message("assistant", render.trouble_html(str(error)))
            yield question, [*bubbles(turns), trouble], gr.skip(), gr.skip(), gr.skip()
            return
        turns = [*turns, Turn(question, answer)]
        pane = self.desk.cited(turns, f"{len(turns)}.c1")
        yield gr.skip(), bubbles(turns), turns, pane, self.desk.listed()

    def example_asked(
        self,
        turns: list[Turn],
        kept: object,
        event: gr.SelectData,
        progress: gr.Progress = PROGRESS,
    ) -> Iterator[tuple[Any, ...]]:
        """The same for the example that was chosen."""
        yield from self.asked(event.value["text"], turns, kept, progress)

    def cleared(self) -> tuple[Any, ...]:
        """The same without a conversation."""
        return "", [], [], empty_pane(NO_SOURCE), gr.skip()


def bubbles(turns: Sequence[Turn]) -> list[Message]:
    """What the chat shows of a conversation: two bubbles a turn, the question and its answer."""
    return [
        bubble
        for number, turn in enumerate(turns, start=1)
        for bubble in (
            message("user", render.question_html(turn.question)),
            message("assistant", render.answer_html(turn.answer, turn=number)),
        )
    ]


def _chat(examples: Sequence[str]) -> gr.Chatbot:
    return gr.Chatbot(
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
