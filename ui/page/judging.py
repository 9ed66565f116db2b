"""What people say of answers: thumbs, the right answer from the source, and what it comes to."""

import re
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from index.errors import AppError
from qa.answer import Turn
from qa.metrics import exact_match
from ui import wording
from ui.desk import Desk
from ui.judging import MAX_CHARACTERS, Judged, Judgement
from ui.page.parts import EACH, HIDDEN, asset, html
from ui.page.talk import Talk
from ui.quality import drawn, idle_html, quality_html, said_html, speed_html, told_html
from ui.settings import Settings

_TURN = re.compile(r"data-turn='(\d{1,6})'")
_QUICK: dict[str, Any] = {"show_progress": "hidden", **HIDDEN}


class Judging:
    """The strip below the conversation, which says what was kept and asks for the right answer."""

    def __init__(self, judged: Judged) -> None:
        """Lay it out where it is made."""
        self.judged = judged
        # The turn that is judged, from 1; 0 for none.
        self.number = gr.State(0)
        self.strip = html("", elem_id="q-judge", js_on_load=asset("judging.js"))

    def bind(self, talk: Talk, settings: gr.BrowserState) -> None:
        """Take what is said below an answer and in the source."""
        shown = [self.strip, self.number]
        talk.chat.like(self.liked, [talk.turns, settings], shown, **EACH, **_QUICK)
        about = [talk.turns, self.number]
        self.strip.answer(self.answered, about, self.strip, **EACH, **_QUICK)
        self.strip.unheld(self.unheld, about, self.strip, **EACH, **_QUICK)
        for changed in (talk.turns.change, settings.change):
            changed(self.idle, [talk.turns, settings], shown, **_QUICK)

    def idle(self, turns: list[Turn], kept: object) -> tuple[str, int]:
        """Strip and turn where nothing has been said of the last answer."""
        judging = Settings.from_dict(kept).judging
        return idle_html(turns[-1] if turns else None, judging=judging), len(turns)

    def liked(self, turns: list[Turn], kept: object, event: gr.LikeData) -> tuple[str, int]:
        """Strip and turn after a thumb was pressed; one that is pressed again is taken back."""
        number = _number(event.value)
        if not Settings.from_dict(kept).judging:
            return told_html(wording.JUDGE_OFF), 0
        if not 0 < number <= len(turns):
            return told_html(wording.JUDGE_NO_TURN), 0
        text = turns[number - 1].answer.text
        if event.liked == "":
            return self._kept(turns, number, right=None, answers=None), number
        right = event.liked is True
        answers = ([] if text is None else [text]) if right else None
        return self._kept(turns, number, right=right, answers=answers), number

    def answered(self, turns: list[Turn], number: int, event: gr.EventData) -> Any:
        """Strip after words of the source were said to be the right answer."""
        words = " ".join(str(getattr(event, "words", "")).split())
        if len(words) > MAX_CHARACTERS:
            gr.Warning(wording.JUDGE_LONG)
        if not words or len(words) > MAX_CHARACTERS:
            return gr.skip()
        given = turns[number - 1].answer.text if 0 < number <= len(turns) else None
        right = given is not None and exact_match(given, [words])
        return self._kept(turns, number, right=right, answers=[words])

    def unheld(self, turns: list[Turn], number: int) -> str:
        """Strip after the documents were said not to hold an answer."""
        return self._kept(turns, number, right=False, answers=[])

    def _kept(
        self, turns: list[Turn], number: int, *, right: bool | None, answers: list[str] | None
    ) -> str:
        if not 0 < number <= len(turns):
            return told_html(wording.JUDGE_NO_TURN)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        judgement = Judgement.of(turns[number - 1], right=right, answers=answers, time=now)
        try:
            self.judged.keep(judgement)
        except AppError as error:
            return told_html(str(error))
        if right is None:
            return told_html(wording.JUDGE_BACK_DONE)
        return said_html(judgement, path=str(self.judged.path))


class Quality:
    """The figures of what was judged and of this run's speed, made when they are opened."""

    def __init__(self, desk: Desk) -> None:
        """Lay it out where it is made."""
        self.desk = desk
        html(f"<h2>{wording.JUDGED_HEADING}</h2>", elem_classes="q-side-title")
        self.judged = html("", elem_id="q-quality")
        html(f"<h2>{wording.SPEED_HEADING}</h2>", elem_classes="q-side-title")
        self.speed = html("", elem_id="q-speed")

    def measured(self) -> tuple[str, str]:
        """Quality and speed as they are now; drawn in a thread of its own, as all events are."""
        seconds = list(self.desk.seconds)
        try:
            judgements = self.desk.judged.read() if self.desk.judged else []
        except AppError as error:
            return told_html(str(error)), speed_html(seconds, plots=[])
        certainty, speed = drawn(judgements, seconds)
        said = quality_html(judgements, plots=certainty) if self.desk.judged else ""
        return said, speed_html(seconds, plots=speed)


def _number(value: object) -> int:
    """The turn of a bubble, from its HTML; 0 where it is of none."""
    found = _TURN.search(str(value))
    return int(found[1]) if found else 0
