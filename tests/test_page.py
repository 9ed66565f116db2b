"""What the page does for a visitor: questions, turns and boxes, whatever comes between them."""

from collections.abc import Sequence
from pathlib import Path

import gradio as gr
from test_desk import LAVROV, desk, folder, untold

from qa.answer import Answer, Turn
from ui.desk import Desk
from ui.page.library import Library
from ui.page.talk import OUTPUTS, Box, Talk, bubbles

__all__ = ["desk", "folder"]  # fixtures

VISITOR = gr.Request(session_hash="visitor")
NEW = Box()


def shown(outputs: Sequence[object]) -> dict[str, object]:
    """What is shown anew, by its name."""
    named = zip(OUTPUTS, outputs, strict=True)
    return {name: value for name, value in named if value != gr.skip()}


def asked(page: Talk, question: str, turns: list[Turn], box: Box = NEW) -> dict[str, object]:
    """What is shown in the end."""
    *_, outputs = page.asked(question, turns, box, {}, VISITOR)
    return shown(outputs)


def test_only_what_a_browser_uploaded_is_taken_in(desk: Desk, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The password is swordfish.")
    library = Library(desk)
    said = {"name": "mine.txt", "size": 26, "path": str(secret)}
    report, _ = library.brought(gr.EventData(None, {"files": [said, "x", None]}))
    assert "not sent" in report
    assert secret.exists()
    assert not (folder / "mine.txt").exists()


def test_a_question_that_cannot_be_answered_goes_back_to_its_box(desk: Desk) -> None:
    page, question = Talk(desk), "why " * 1000
    outputs = asked(page, question, [])
    assert outputs.keys() == {"chat", "box"}, "the turns stay as they are"
    assert "q-trouble" in str(outputs["chat"])
    box = outputs["box"]
    assert isinstance(box, Box)
    assert page.given_back("", box) == question
    assert page.given_back("typed meanwhile", box) == gr.skip()


def test_the_page_keeps_turns_per_visitor(desk: Desk) -> None:
    page = Talk(desk)
    turns = asked(page, LAVROV, [])["turns"]
    assert isinstance(turns, list)
    assert isinstance(turns[0].answer, Answer)
    assert [bubble["role"] for bubble in bubbles(turns)] == ["user", "assistant"]
    assert asked(page, LAVROV, [])["chat"] == bubbles(turns)


def test_an_edited_question_replaces_its_turn_and_those_after_it(desk: Desk) -> None:
    page = Talk(desk)
    turns = [
        Turn(question, desk.ask(question, [], untold)) for question in ("Who?", "What?", "Why?")
    ]
    replaced = asked(page, LAVROV, turns, Box(replaces=2))["turns"]
    assert isinstance(replaced, list)
    assert [turn.question for turn in replaced] == ["Who?", LAVROV]
    failed = asked(page, "why " * 1000, turns, Box(replaces=2))
    assert "turns" not in failed
    assert failed["box"] == Box(2, "why " * 1000), "what was to be replaced stays known"


def test_a_second_question_waits_in_the_box_while_one_is_answered(desk: Desk) -> None:
    page = Talk(desk)
    first = page.asked(LAVROV, [], Box(), {}, VISITOR)
    assert "q-step" in str(shown(next(first)))
    assert asked(page, "Who?", []) == {"box": Box(failed="Who?")}
    page.stopped(VISITOR)
    *_, last = first
    assert "Stopped" in str(shown(last)["chat"])
    assert shown(last)["box"] == Box(failed=LAVROV)


def test_a_conversation_that_was_left_hears_no_late_answer(desk: Desk) -> None:
    page = Talk(desk)
    answering = page.asked(LAVROV, [], Box(), {}, VISITOR)
    next(answering)
    page.leave(VISITOR)
    assert list(answering) == []
    assert asked(page, LAVROV, [])["turns"]
