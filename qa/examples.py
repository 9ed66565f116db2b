"""Example questions over an index, made from its documents and tried before they are shown."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from index.document import Document
from qa.answer import Answer
from qa.assistant import Assistant
from qa.drafts import Draft, drafts
from qa.evidence import plain

# Bounds on the work, whatever the size of the folder.
MAX_DOCUMENTS, MAX_TRIED = 500, 24
MAX_CHARACTERS, MAX_CHARACTERS_OF_ALL = 20_000, 500_000
_MAX_OF_A_KIND = 2
_MAX_LONGER = 4  # words that an answer may have beyond those expected
_TEXTS = ("txt", "text", "md", "markdown", "rst", "htm", "html", "pdf", "epub", "docx", "pptx")
_FORMATS = frozenset((*_TEXTS, "csv", "tsv", "xlsx", "eml", "msg"))


def examples(assistant: Assistant) -> Iterator[str | None]:
    """Questions that the assistant answers with confidence and as the documents say, best first.

    Made from sentences and rows of documents all over the index; at most two of a kind, and from
    different documents as long as there are any. The same index gives the same questions. None
    stands for one that was tried and is not good: a caller can wait, or stop, after each.
    """
    kinds: list[str] = []
    for document_id, draft in _in_turn(assistant)[:MAX_TRIED]:
        if kinds.count(draft.kind) == _MAX_OF_A_KIND:
            continue
        good = _holds(assistant.ask(draft.question), draft, document_id)
        kinds += [draft.kind] * good
        yield draft.question if good else None


def _in_turn(assistant: Assistant) -> list[tuple[str, Draft]]:
    """The drafts of some documents: the best of each, then the second of each, and so on."""
    ids = [
        entry.document_id
        for entry in assistant.index.listing()
        if entry.n_characters and (entry.inserted or entry.format in _FORMATS)
    ]
    step = max(1, -(-len(ids) // MAX_DOCUMENTS))
    ranked, n_characters = [], 0
    for document_id in ids[::step]:
        document = assistant.index.document(document_id)
        if document and n_characters < MAX_CHARACTERS_OF_ALL:
            n_characters += len(document.text)
            ranked.append(_of(document))
    rounds = zip_longest(*ranked)
    return [
        each
        for one_round in rounds
        for each in sorted(filter(None, one_round), key=lambda each: _rank(each[1]))
    ]


def _of(document: Document) -> list[tuple[str, Draft]]:
    text = document.text[:MAX_CHARACTERS]
    ranked = sorted(dict.fromkeys(drafts(text)), key=_rank)
    return [(document.id, draft) for draft in ranked]


def _rank(draft: Draft) -> tuple[bool, int]:
    """Questions that name something come first, then those of a good length."""
    names = [word for word in draft.question.split()[1:] if word[0].isupper()]
    return not names, abs(len(draft.question.split()) - 7)


def _holds(answer: Answer, draft: Draft, document_id: str) -> bool:
    """Whether an answer was given that says what was expected, from where it was expected."""
    if answer.text is None:
        return False
    said, expected = plain(answer.text).split(), plain(draft.expected).split()
    there = any(citation.document_id == document_id for citation in answer.citations)
    return there and _within(expected, said) and len(said) <= len(expected) + _MAX_LONGER


def _within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether some words stand among others one after the other."""
    n = len(part)
    return any(list(whole[at : at + n]) == list(part) for at in range(len(whole) - n + 1))
