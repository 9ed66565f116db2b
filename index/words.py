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
# Words that say what is asked for: what answers a question rarely says them.
ASKING_WORDS = frozenset(
    re.findall(
        r"\S+",
        "did do does happen how kind located many much name person sort type what where which who "
        "whom whose why",
    )
)
_WORD = re.compile(r"\w+(?:[.'’-]\w+)*")
_ASKING = re.compile(
    r"\?|\b(?:how|what|when|where|which|who|whom|whose|why)\b|^\W*(?:(?:am|are|can|could|did|do|does"
    r"|had|has|have|is|may|might|must|shall|should|was|were|will|would)(?:n?['’]t)?"
    r"|define|describe|explain|find|give|identify|list|name|say|show|tell)\b",
    re.IGNORECASE,
)
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


def asks(question: str) -> bool:
    """Whether a question is worded as one, and does not merely name what is looked for."""
    return _ASKING.search(question) is not None
