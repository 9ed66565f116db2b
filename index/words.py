"""The words of a text, and which of them say what it is about."""

import re

# Words that carry the grammar of an English question, not its subject.
FUNCTION_WORDS = frozenset(
    re.findall(
        r"\S+",
        "a about after all also am an and any are as at be because been before being both but by "
        "can could did do does doing during each for from had has have having he her here hers "
        "him his how i if in into is it its itself just many me more most much my no not now of "
        "off on once only or other our out over own s same she should so some such t than that "
        "the their them then there these they this those through to too under until up us very "
        "was we were what when where which while who whom whose why will with would you your",
    )
)
_WORD = re.compile(r"\w+(?:[.'’-]\w+)*")
_ENDING = re.compile(r"['’](?:s|d|m|ll|re|ve)$", re.IGNORECASE)


def words(text: str) -> list[str]:
    """The words of a text, in order, as they are written but for an 's or 've at their end."""
    return [_ENDING.sub("", word) for word in _WORD.findall(text)]


def content_words(question: str) -> list[str]:
    """The words that say what a question is about, as they are written, each once, in order."""
    return list(dict.fromkeys(word for word in words(question) if is_content(word)))


def is_content(word: str) -> bool:
    """Whether a word carries more than grammar."""
    plain = word.lower().replace("’", "'")
    return plain not in FUNCTION_WORDS and not plain.endswith("n't")
