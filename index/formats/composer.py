"""Text put together piece by piece, with its pages and its named places."""

from index.errors import UnreadableFile
from index.formats.parsed import Parsed, Place
from index.formats.text import normalise

MAX_CHARACTERS = 20_000_000


class Composer:
    """What a reader finds, in order; `parsed` gives it as a whole.

    A page or a place begins with the first piece that is added after it was named. A place that
    another follows before a piece comes is dropped, but for one that stands apart when a heading
    follows: what stands before it is still parted from it. A page stays, and is empty.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._page_starts: list[int] = []
        self._waiting_pages = 0
        self._places: list[Place] = []
        self._waiting: list[tuple[str, bool]] = []

    def page(self) -> None:
        """Begins a page."""
        self._waiting_pages += 1

    def place(self, name: str) -> None:
        """Begins a part with a heading's name."""
        self._waiting = [each for each in self._waiting if each[1]] + [(name, False)]

    def place_apart(self, name: str) -> None:
        """Begins a part that no passage may share with what stands before it."""
        self._waiting = [(name, True)]

    def add(self, text: str, *, gap: str = "\n\n") -> None:
        """Adds a piece, normalised, behind a gap from the last; white space alone adds nothing.

        Raises:
            UnreadableFile: The text has grown beyond `MAX_CHARACTERS`.
        """
        text = normalise(text).strip()
        if not text:
            return
        start = self._length + (len(gap) if self._pieces else 0)
        self._pieces.append(text if not self._pieces else gap + text)
        self._length = start + len(text)
        if self._length > MAX_CHARACTERS:
            raise UnreadableFile(
                f"more than {MAX_CHARACTERS // 1_000_000} million characters of text; split it"
            )
        self._page_starts += [start] * self._waiting_pages
        self._waiting_pages = 0
        self._places += [Place(start, normalise(name), apart) for name, apart in self._waiting]
        self._waiting = []

    def parsed(self, *, title: str | None) -> Parsed:
        """All that was added."""
        pages = self._page_starts + [self._length] * self._waiting_pages
        return Parsed("".join(self._pieces), title, tuple(pages), tuple(self._places))
