"""Example questions for the page: made in the background, kept beside the index."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Condition, Lock

from index.errors import AppError
from qa import drafts
from qa.assistant import Assistant
from qa.examples import examples

FILE_NAME = "examples.json"
N_EXAMPLES = 4
MAX_WAIT_SECONDS = 30.0  # for a question that somebody asked, before the next is tried


class Suggestions:
    """The example questions of an index; one for all visitors."""

    def __init__(self, assistant: Assistant) -> None:
        """Suggest what this assistant answers."""
        self._assistant = assistant
        self._making = Lock()
        self._quiet = Condition()
        self._n_asked = 0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While somebody's question is answered, none is tried."""
        with self._quiet:
            self._n_asked += 1
        try:
            yield
        finally:
            with self._quiet:
                self._n_asked -= 1
                self._quiet.notify_all()

    def kept(self) -> list[str] | None:
        """Those that were made for the documents as they are; None when there are none yet."""
        with suppress(OSError, ValueError, KeyError, TypeError, AppError):
            values = json.loads((self._assistant.index.folder / FILE_NAME).read_text("utf-8"))
            if values["made_for"] == self._made_for():
                return [str(question) for question in values["questions"]][:N_EXAMPLES]
        return None

    def made(self) -> list[str]:
        """Those for the documents as they are, made if need be; it takes seconds."""
        with self._making:
            kept = self.kept()
            if kept is not None:
                return kept
            made_for, questions = self._made_for(), self._tried()
            new = self._assistant.index.folder / f"{FILE_NAME}.new"
            with suppress(OSError):  # a folder that cannot be written: they are made each time
                values = {"made_for": made_for, "questions": questions}
                new.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
                new.replace(new.with_name(FILE_NAME))
            return questions

    def _tried(self) -> list[str]:
        questions = []
        for question in examples(self._assistant):
            questions += [question] if question else []
            if len(questions) == N_EXAMPLES:
                break
            with self._quiet:
                self._quiet.wait_for(lambda: not self._n_asked, MAX_WAIT_SECONDS)
        return questions

    def _made_for(self) -> list[object]:
        """What makes other examples when it is another."""
        index, assistant = self._assistant.index, self._assistant
        made_of = [index.sequence, index.n_documents, assistant.reader, assistant.threshold]
        return [drafts.VERSION, *made_of]
