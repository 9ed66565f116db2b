"""The conversation's side: questions, answers, and the box to ask in."""

from collections.abc import Iterator, Sequence
from threading import Event
from typing import Any, NamedTuple

import gradio as gr

from index.errors import AppError
from index.progress import Progress
from qa.answer import Answer, Turn
from ui import render, wording
from ui.desk import NO_SOURCE, Desk
from ui.escape import one_line
from ui.page.checking import Checking
from ui.page.library import Library
from ui.page.parts import HIDDEN, PROGRESS, Message, asset, html, message, told
from ui.settings import Settings
from ui.source import empty_pane

PLACEHOLDER = (
    f"<div class='q-welcome'><h2>{wording.WELCOME_TITLE}</h2><p>{wording.WELCOME}</p></div>"
)
OUTPUTS = ("chat", "turns", "pane", "listed", "box", "note", "heard")

_LAST_TOLD = OUTPUTS.index("box")  # told when an answer stands, or will not come

Outputs = tuple[Any, ...]


class Box(NamedTuple):
    """What stands behind the question box.

    Attributes:
        replaces: The turn that the next question replaces; 0 for none.
        failed: The question that got no answer.
    """

    replaces: int = 0
    failed: str = ""


class _Visit(NamedTuple):
    """What goes with a question that is being answered."""

    stopping: Event
    progress: Progress
    settings: Settings


class Talk:
    """Bubbles, question box, and the buttons to ask and to stop."""

    def __init__(self, desk: Desk) -> None:
        """Lay it out where it is made."""
        self.desk = desk
        self.turns = gr.State([])
        self.box = gr.State(Box())
        self._asking: dict[str | None, Event] = {}  # by visitor: what stops the answer
        self.chat = _chat(desk.suggestions.kept())
        self.note = html("", elem_id="q-note", js_on_load=asset("ask.js"))
        with gr.Row(elem_id="q-ask"):
            self.question = gr.Textbox(
                placeholder=wording.QUESTION_BOX,
                label=wording.QUESTION_BOX,
                show_label=False,
                container=False,
                max_lines=4,
                elem_id="q-question-box",
                autofocus=True,
            )
            self.ask = gr.Button(wording.ASK, variant="primary", elem_id="q-ask-button")
            self.stop = gr.Button(wording.STOP, elem_id="q-stop-answer")  # seen during an answer
        self.heard = html("", elem_id="q-heard")

    def bind(self, library: Library, checking: Checking, settings: gr.BrowserState) -> None:
        """Answer what is asked."""
        self.outputs = [  # in the order of OUTPUTS
            *(self.chat, self.turns, checking.pane, library.listed),
            *(self.box, self.note, self.heard),
        ]
        asking = {"show_progress_on": library.report, "js": asset("asked.js"), **HIDDEN}
        quick = {"show_progress": "hidden", "queue": False, **HIDDEN}
        state = [self.turns, self.box, settings]
        for event, fn, inputs in (
            (self.question.submit, self.asked, [self.question, *state]),
            (self.ask.click, self.asked, [self.question, *state]),
            (self.chat.example_select, self.example_asked, state),
            (self.chat.retry, self.retried, state),
        ):
            answered = event(
                fn, inputs, self.outputs, concurrency_limit=4, trigger_mode="multiple", **asking
            )
            answered.then(self.given_back, [self.question, self.box], self.question, **quick)
        self.stop.click(self.stopped, None, None, **quick)
        edited = [self.question, self.box, self.note]
        self.note.edit(self.edited, self.turns, edited, **quick)
        self.note.keep(self.kept, None, edited, **quick)
        library.listed.change(self.suggested, self.turns, self.chat, **quick | {"queue": True})

    def asked(  # noqa: PLR0913, PLR0917 - gradio gives each input by place
        self,
        question: str,
        turns: list[Turn],
        box: Box,
        kept: object,
        request: gr.Request,
        progress: gr.Progress = PROGRESS,
    ) -> Iterator[Outputs]:
        """The outputs of `bind` while a question is answered, in place of an earlier turn or new.

        They are the chat, its turns, the source pane, the list of documents, what stands behind
        the box, the note above it, and what is read out.
        """
        visitor = request.session_hash
        if not question.strip() or visitor in self._asking:
            if not question.strip():
                gr.Info(wording.ASK_SOMETHING)
            yield only(box=box._replace(failed=question))
            return
        stopping = self._asking[visitor] = Event()
        try:
            visit = _Visit(stopping, told(progress), Settings.from_dict(kept))
            for outputs in self._answered(question, turns, box, visit):
                if self._asking.get(visitor) is stopping:  # else the conversation was left
                    if outputs[_LAST_TOLD] != gr.skip():  # the next question may come at once
                        del self._asking[visitor]
                    yield outputs
        finally:
            if self._asking.get(visitor) is stopping:
                del self._asking[visitor]

    def _answered(
        self, question: str, turns: list[Turn], box: Box, visit: _Visit
    ) -> Iterator[Outputs]:
        before = turns[: box.replaces - 1] if box.replaces else turns
        bubble = message("user", render.question_html(question))
        ending = render.stopped_html()
        try:
            for step in self.desk.steps(
                question, before, visit.progress, visit.stopping, visit.settings
            ):
                if isinstance(step, Answer):
                    yield self._said([*before, Turn(question, step)])
                    return
                said = message("assistant", render.step_html(step))
                yield only(chat=[*bubbles(before), bubble, said])
        except (AppError, ValueError) as error:
            ending = render.trouble_html(str(error))
        ended = [*bubbles(turns), bubble, message("assistant", ending)]
        yield only(chat=ended, box=box._replace(failed=question))

    def _said(self, turns: list[Turn]) -> Outputs:
        n = len(turns)
        return only(
            chat=bubbles(turns),
            turns=turns,
            pane=self.desk.cited(turns, f"{n}.c1"),
            listed=self.desk.listed(),
            box=Box(),
            note="",
            heard=render.heard_html(turns[-1].answer, turn=n),
        )

    def example_asked(  # noqa: PLR0913, PLR0917 - gradio gives each input by place
        self,
        turns: list[Turn],
        box: Box,
        kept: object,
        event: gr.SelectData,
        request: gr.Request,
        progress: gr.Progress = PROGRESS,
    ) -> Iterator[Outputs]:
        """The same for the example that was chosen."""
        yield from self.asked(event.value["text"], turns, box, kept, request, progress)

    def retried(  # noqa: PLR0913, PLR0917 - gradio gives each input by place
        self,
        turns: list[Turn],
        box: Box,
        kept: object,
        event: gr.RetryData,
        request: gr.Request,
        progress: gr.Progress = PROGRESS,
    ) -> Iterator[Outputs]:
        """The same for the last question, asked again."""
        index = event.index if isinstance(event.index, int) else event.index[0]
        turn = index // 2 + 1  # two bubbles a turn
        if turn > len(turns):  # it got no answer
            yield from self.asked(box.failed, turns, box, kept, request, progress)
        else:
            question = turns[turn - 1].question
            yield from self.asked(question, turns, Box(turn), kept, request, progress)

    def stopped(self, request: gr.Request) -> None:
        """Has the question that is being answered end without an answer."""
        if stopping := self._asking.get(request.session_hash):
            stopping.set()

    def leave(self, request: gr.Request) -> None:
        """Has a question that is being answered end unseen: its conversation is left."""
        if stopping := self._asking.pop(request.session_hash, None):
            stopping.set()

    def given_back(self, typed: str, box: Box) -> Any:
        """The question that got no answer, for the box, if nothing was typed there meanwhile."""
        return gr.skip() if typed.strip() or not box.failed.strip() else box.failed

    def edited(self, turns: list[Turn], event: gr.EventData) -> tuple[Any, ...]:
        """Question box, what stands behind it, and the note above it, for an earlier question."""
        number, _, part = str(getattr(event, "place", "")).partition(".")
        if not number.isdecimal() or not 1 <= int(number) <= len(turns):
            return (gr.skip(),) * 3
        turn = turns[int(number) - 1]
        question = turn.answer.understood_as if part == "u" else turn.question
        return question, Box(int(number)), render.replacing_html(int(number), n_turns=len(turns))

    def kept(self) -> tuple[Any, ...]:
        """The same when nothing is to be replaced after all."""
        return "", Box(), ""

    def cleared(self, request: gr.Request) -> tuple[Any, ...]:
        """Question box and outputs of `bind` without a conversation."""
        self.leave(request)
        return "", *only(
            chat=gr.Chatbot([], examples=_shown(self.desk.suggestions.kept())),
            turns=[],
            pane=empty_pane(NO_SOURCE),
            box=Box(),
            note="",
            heard="",
        )

    def suggested(self, turns: list[Turn]) -> Iterator[Any]:
        """The chat with examples made from the documents as they are, before the first question."""
        if turns:
            yield gr.skip()
            return
        kept = self.desk.suggestions.kept()
        yield _emptied(kept)
        if kept is None:
            made = self.desk.suggestions.made()
            yield _emptied(made)


def only(**outputs: Any) -> Outputs:
    """The outputs of `Talk.bind` in their order; those that are not named stay as they are."""
    return tuple(outputs.get(name, gr.skip()) for name in OUTPUTS)


def bubbles(turns: Sequence[Turn]) -> list[Message]:
    """What the chat shows of a conversation: two bubbles a turn, the question and its answer."""
    return [
        bubble
        for number, turn in enumerate(turns, start=1)
        for bubble in (
            message("user", render.question_html(turn.question, turn=number)),
            message("assistant", render.answer_html(turn.answer, turn=number)),
        )
    ]


def _emptied(examples: Sequence[str] | None) -> gr.Chatbot:
    """The chat, with these examples where it is empty."""
    return gr.Chatbot(examples=_shown(examples))


def _shown(examples: Sequence[str] | None) -> Any:
    """Examples for the chat; each is shown as it looks harmless, and asked as it stands."""
    shown = [{"text": each, "display_text": one_line(each)} for each in examples or ()]
    return shown or None


def _chat(examples: Sequence[str] | None) -> gr.Chatbot:
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
        examples=_shown(examples),
        latex_delimiters=[],
        allow_tags=False,
        sanitize_html=True,
    )
