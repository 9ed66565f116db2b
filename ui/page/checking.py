"""The source's side: the document in which an answer stands, its words marked."""

import gradio as gr

from qa.answer import Turn
from ui.desk import NO_SOURCE, Desk
from ui.documents import named
from ui.page.parts import EACH, HIDDEN, asset, html
from ui.source import empty_pane


class Checking:
    """The pane that shows a source."""

    def __init__(self, desk: Desk) -> None:
        """Lay it out where it is made."""
        self.desk = desk
        self.pane = html(empty_pane(NO_SOURCE), elem_id="q-pane", js_on_load=asset("source.js"))

    def bind(self, listed: gr.HTML, turns: gr.State) -> None:
        """Show what is pressed in the chat and in the list of documents."""
        quick = {"show_progress": "hidden", **EACH, **HIDDEN}
        self.pane.cite(self.cited, turns, self.pane, **quick)
        self.pane.view(self.viewed, turns, self.pane, **quick)
        listed.show(self.shown, None, self.pane, **quick)

    def cited(self, turns: list[Turn], event: gr.EventData) -> str:
        """The source pane for the citation whose button was pressed."""
        return self.desk.cited(turns, str(getattr(event, "place", "")))

    def viewed(self, turns: list[Turn], event: gr.EventData) -> str:
        """The source pane for what one of its own buttons shows."""
        return self.desk.cited(turns, str(getattr(event, "view", "")))

    def shown(self, event: gr.EventData) -> str:
        """The source pane for the document whose row was pressed."""
        return self.desk.shown(named(str(getattr(event, "id", ""))))
