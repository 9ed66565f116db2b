"""A piece of a document's text as HTML, with the places that were cited marked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.passage import Span
from ui.escape import html_text


@dataclass
class Marks:
    """Places of a document, numbered from 1; they may overlap.

    Attributes:
        spans: The places.
        current: The one that the reader came for, from 1; 0 for none.
    """

    spans: Sequence[Span]
    current: int = 0
    _begun: set[int] = field(default_factory=set)

    def centre(self) -> Span:
        """The current place; the document's beginning when there is none."""
        return self.spans[self.current - 1] if self.current else Span(0, 0)

    def edges(self) -> set[int]:
        """Offsets at which a place begins or ends."""
        return {offset for span in self.spans for offset in span}

    def html(self, text: str, start: int, end: int) -> str:
        """The text from one offset to another, each place in it marked.

        The first piece of place n gets the HTML id `q-mark-n`.
        """
        cuts = sorted({start, end, *(edge for edge in self.edges() if start < edge < end)})
        return "".join(self._piece(text, *cut) for cut in pairwise(cuts))

    def opening(self, number: int, *, style: str = "", more: str = "") -> str:
        """The tag that begins a mark of a place."""
        name = "" if number in self._begun else f" id='q-mark-{number}'"
        self._begun.add(number)
        kind = "q-now" if number == self.current else "q-also"
        return f"<mark{name} class='{kind}{more}'{style}>"

    def _piece(self, text: str, start: int, end: int) -> str:
        """A piece that no place begins or ends in."""
        numbers = [
            number
            for number, span in enumerate(self.spans, 1)
            if span.start <= start and end <= span.end
        ]
        opening = "".join(map(self.opening, numbers))
        return opening + html_text(text[start:end]) + "</mark>" * len(numbers)
