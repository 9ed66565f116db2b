"""The source's side: the document in which an answer stands, its words marked."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from qa.answer import Turn
from ui.desk import NO_SOURCE, Desk
from ui.documents import named
from ui.page.parts import EACH, HIDDEN, asset, html
from ui.source import empty_pane

# The pane, or nothing new, and when what it shows was asked for.
Shown = tuple[Any, float]


class Checking:
    """The pane that shows a source."""

    def __init__(self, desk: Desk) -> None:
        """Lay it out where it is made."""
        self.desk = desk
        self.pane = html(empty_pane(NO_SOURCE), elem_id="q-pane", js_on_load=asset("source.js"))
        # When, by the browser's clock, the source was asked for that is shown.
        self.newest = gr.State(0.0)

    def bind(self, listed: gr.HTML, turns: gr.State) -> None:
        """Show what is pressed in the chat and in the list of documents."""
        # What is pressed in haste comes in any order, and one after the other is looked at.
        quick = {"show_progress": "hidden", "concurrency_id": "source", **EACH, **HIDDEN}
        shown = [self.pane, self.newest]
        self.pane.cite(self.cited, [turns, self.newest], shown, **quick)
        self.pane.view(self.viewed, [turns, self.newest], shown, **quick)
        listed.show(self.shown, self.newest, shown, **quick)

    def cited(self, turns: list[Turn], newest: float, event: gr.EventData) -> Shown:
        """The source pane for the citation whose button was pressed."""
        place = str(getattr(event, "place", ""))
        return _newer(event, newest, lambda: self.desk.cited(turns, place))

    def viewed(self, turns: list[Turn], newest: float, event: gr.EventData) -> Shown:
        """The source pane for what one of its own buttons shows."""
        view = str(getattr(event, "view", ""))
        return _newer(event, newest, lambda: self.desk.cited(turns, view))

    def shown(self, newest: float, event: gr.EventData) -> Shown:
        """The source pane for the document whose row was pressed."""
        document = named(str(getattr(event, "id", "")))
        return _newer(event, newest, lambda: self.desk.shown(document))


def _newer(event: gr.EventData, newest: float, pane: Callable[[], str]) -> Shown:
    """The pane, and when it was asked for; nothing new where a later press was looked at before."""
    at = getattr(event, "at", 0.0)
    if not isinstance(at, int | float) or at < newest:
        return gr.skip(), newest
    return pane(), float(at)
