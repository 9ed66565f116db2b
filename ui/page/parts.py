"""What every side of the page is made of."""

import os
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read by gradio while it is imported

import gradio as gr

from index.progress import Pace, Progress
from ui import wording
from ui.escape import one_line

ASSETS = Path(__file__).parent.parent / "assets"
PROGRESS = gr.Progress()  # gradio looks for one among the defaults; it belongs to each call
HIDDEN: dict[str, Any] = {"api_visibility": "private"}
# Else gradio drops what is pressed before the last press is answered, or forgets what was pressed.
EACH: dict[str, Any] = {"trigger_mode": "multiple"}

Message = dict[str, Any]


def html(value: str, **arguments: Any) -> gr.HTML:
    """HTML that is ours: everything in it that a document or a person wrote is escaped."""
    return gr.HTML(value, apply_default_css=False, **arguments)


def asset(name: str) -> str:
    """The text of a file that ships with the page."""
    return (ASSETS / name).read_text(encoding="utf-8")


def message(role: str, text: str) -> Message:
    """One bubble of the chat."""
    return {"role": role, "content": [{"type": "text", "text": text}]}


def told(progress: gr.Progress) -> Progress:
    """How far something is, with its rate and the time that is left."""
    pace = Pace()

    def tell(done: int, total: int, what: str) -> None:
        said = wording.progress_said(one_line(what), done, total, pace(done, total))
        progress((done, total), desc=said)

    return tell


def silent(done: int, total: int, what: str) -> None:
    """Tells nobody."""
