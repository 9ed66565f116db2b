"""What a question asks for: its content words, and a span or whole sentences."""

import re

# Words that carry the grammar of an English question, not its subject.
_FUNCTION_WORDS = frozenset(
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
_NUMBER_ASKED = re.compile(r"\bhow\s+(?:many|much)\s+(\w+)", re.IGNORECASE)
# "how" with one of these asks for a quantity, which a span holds.
_MEASURES = (
    r"many|much|old|long|far|often|tall|big|large|high|deep|wide|heavy|fast|soon|late|close|small"
)
_SENTENCE_ASKED = re.compile(
    rf"\b(?:why|how\s+come|how(?!\s+(?:{_MEASURES})\b)|describe|explain|summari[sz]e|tell\s+me|what\s+happen(?:s|ed)"
    r"|what\s+(?:did|does|do|has|have|is|was|were)\b.*\b(?:say|says|said|state|warn|argue|claim"
    r"|think|mean|explain|emphasi[sz]e|note|happen))\b",
    re.IGNORECASE,
)


def words(text: str) -> list[str]:
    """The words of a text, in order, as they are written but for an 's or 've at their end."""
    return [_ENDING.sub("", word) for word in _WORD.findall(text)]


def content_words(question: str) -> list[str]:
    """The words that say what a question is about, as they are written, each once, in order."""
    return list(dict.fromkeys(word for word in words(question) if is_content(word)))


def is_content(word: str) -> bool:
    """Whether a word carries more than grammar."""
    plain = word.lower().replace("’", "'")
    return plain not in _FUNCTION_WORDS and not plain.endswith("n't")


def wants_sentences(question: str) -> bool:
    """Whether whole sentences answer it better than a span: how, why, what somebody said."""
    return bool(_SENTENCE_ASKED.search(question))


def counted_noun(question: str) -> str | None:
    """The word after "how many" or "how much", in lower case; None without one."""
    match = _NUMBER_ASKED.search(question)
    return match[1].lower() if match else None
