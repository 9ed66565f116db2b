"""All passages' words on disk, found by BM25 over stems and pairs of them.

A passage is short, and about one thing: which of the question's words it holds counts, and not how
often it says them. That is BM25 with k1 0 (Robertson and Zaragoza 2009).
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

import tantivy

from index.generations import Generations, State
from index.held import LAYOUT, Held, all_of, analyzer, document, of_passage, phrase, schema, term
from index.passage import Words
from index.wanted import Wanted, unknown_words, wanted

FOLDER_NAME = "lexical"
_WRITER_BYTES = 64_000_000
# So few passages are indexed anew in a tenth of a second.
_FEW = 2_000
# So many words tell one passage from another.
_TELLING = 8


class Lexical:
    """All passages' words in an index on disk.

    A removed passage counts in the word statistics until the index is built again, which
    `wants_rebuild` asks for before it matters. Threads may search while one writes.
    """

    def __init__(self, folder: Path) -> None:
        """The view as it was saved below an index folder; an empty one if none was."""
        self._files = Generations(folder / FOLDER_NAME)
        self._swapping = RLock()  # over the saved state and the one that serves
        self._state = State(LAYOUT, 0, 0, 0, 0, {})
        self._index = tantivy.Index(schema())
        self._held = Held(self._index.searcher())
        self.refresh()

    @property
    def sequence(self) -> int:
        """Number of the last change that it has applied."""
        return self._state.sequence

    @property
    def structure(self) -> str:
        """How it searches, for people."""
        return "BM25 (k1 0; of pairs 1.2), English stems and pairs of them, text and headings"

    @property
    def held(self) -> Held:
        """What its passages hold, as it stands."""
        return self._held

    def __len__(self) -> int:
        """How many passages it holds."""
        return len(self._held)

    def wants_rebuild(self, n_more: int) -> bool:
        """Whether it should be built anew instead of updated; under the writer's lock.

        So it should if one passage in a hundred would be a removed one after `n_more` removals,
        or any where passages are few: then the statistics are always exact. So it should too if
        its files are gone, or if a process was killed after it had written them.
        """
        n_removed = self._state.n_removed + n_more
        if n_removed * 100 > len(self) or (n_removed and len(self) < _FEW):
            return True
        return self.unfinished()

    def unfinished(self) -> bool:
        """Whether its files are gone, or of changes that it was not saved with."""
        return bool(len(self)) and not self._files.at_rest(self._state)

    def refresh(self) -> None:
        """See what another process has written; a damaged view is not seen."""
        with self._swapping:
            try:
                state = self._files.saved()
                if state == self._state:
                    return
                if state.layout == LAYOUT and self._files.are_whole(state):
                    self._serve(tantivy.Index.open(str(self._files.folder(state))), state)
            except (OSError, ValueError, TypeError):
                return

    def fault(self) -> str | None:
        """What is wrong with the files as they lie; None when nothing is, or none do."""
        return self._files.fault()

    def holds(self, passage: int, text: str) -> bool:
        """Whether it holds a passage once, with the longest words of a text: the rarest ones."""
        words = sorted(set(analyzer().analyze(text)), key=len)[-_TELLING:]
        found = self._held.best([all_of([of_passage(passage), *map(term, words)])], 2)
        return len(found) == 1

    def update(self, *, added: Iterable[Words], removed: Sequence[int], sequence: int) -> None:
        """Apply changes; the same changes twice are as once. One process at a time may.

        Args:
            added: Passages.
            removed: Ids of passages; ids of none are passed over.
            sequence: Number of the last change that these are.

        Raises:
            OSError: The files cannot be written.
        """
        if not self._state.generation:
            self.rebuild(added, sequence=sequence)
            return
        with _io_errors():
            writer = self._index.writer(_WRITER_BYTES, 1)
            for each in removed:
                writer.delete_documents_by_query(of_passage(each))
            for words in added:
                writer.delete_documents_by_query(of_passage(words.passage))
                writer.add_document(document(words))
            writer.commit()
            writer.wait_merging_threads()
        n_removed = self._state.n_removed + len(removed)
        state = self._state._replace(sequence=sequence, n_removed=n_removed)
        self._save(self._index, state)

    def rebuild(self, passages: Iterable[Words], *, sequence: int) -> None:
        """Build the view anew; the old one serves until it stands.

        Args:
            passages: All passages.
            sequence: Number of the last change that they include.

        Raises:
            OSError: The files cannot be written.
        """
        generation, folder = self._files.begin()
        try:
            with _io_errors():
                index = tantivy.Index(schema(), str(folder))
                index.register_tokenizer("words", analyzer())
                writer = index.writer(_WRITER_BYTES, 1)
                for words in passages:
                    writer.add_document(document(words))
                writer.commit()
                writer.wait_merging_threads()
            self._save(index, State(LAYOUT, generation, sequence, 0, 0, {}))
        except BaseException:  # on a full disk each try would else leave its part
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._files.discard_others(generation)

    def search(
        self, question: str, *, k: int, within: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The k passages of highest score that hold a word of the question, best first.

        For a word that none holds, those that hold it in two, or one spelled nearly so.

        The score is BM25 of the question's words in the text (k1 0), of neighbouring ones as a
        pair (k1 1.2, b 0.75), and of the words in the headings (k1 0), added by weight. A word that
        carries grammar counts by `GRAMMAR_WEIGHT`, one that says what is asked for by
        `ASKING_WEIGHT`, and all together up to `MAX_WORTH`. Words written as one or in two count
        in either form, initials as what they stand for. Among very many passages the commonest
        words do not count: `LEFT_OUT`.

        Args:
            question: The question.
            k: How many, at most.
            within: Numbers of the documents to choose from; None for all.
        """
        return self.find(self.wanted(question), k=k, within=within)

    def wanted(self, question: str) -> Wanted:
        """What a question wants found."""
        return wanted(question, self._held)

    def find(
        self, wanted: Wanted, *, k: int, within: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """What `search` finds for the question of which this is wanted."""
        return self._held.best(wanted.queries, k, within)

    def holders(self, text: str, *, at_most: int) -> list[int]:
        """The passages that hold a text's words in a row, in text or heading; none if more do."""
        words, held = analyzer().analyze(text), self._held
        if not words or not len(held):
            return []
        found = held.best([phrase(words), phrase(words, "heading")], at_most + 1)
        return [each for each, _ in found] if len(found) <= at_most else []

    def holds_in_row(self, text: str) -> bool:
        """Whether a passage holds a text's words in a row, in text or heading."""
        words = analyzer().analyze(text)
        return bool(words) and bool(self._held.best([phrase(words), phrase(words, "heading")], 1))

    def unknown_words(self, words: Iterable[str], *, question: str = "") -> tuple[str, ...]:
        """Those of a question's words that stand in no passage, as `index.wanted.unknown_words`."""
        return unknown_words(words, self._held, question=question)

    def _serve(self, index: tantivy.Index, state: State) -> None:
        index.register_tokenizer("words", analyzer())
        index.reload()
        self._index, self._held, self._state = index, Held(index.searcher()), state

    def _save(self, index: tantivy.Index, state: State) -> None:
        state = self._files.draft(state)
        with self._swapping:
            self._files.settle()
            self._serve(index, state)


@contextmanager
def _io_errors() -> Iterator[None]:
    """Raise as OSError what tantivy says in a ValueError."""
    try:
        yield
    except ValueError as error:
        raise OSError(str(error)) from error
