"""What a question asks for: a span or whole sentences, who, when, how many, yes or no."""

import re
from itertools import dropwhile, takewhile

from index.words import is_content, words

# "how" with one of these asks for a quantity, which a span holds.
_MEASURES = (
    r"many|much|old|long|far|often|tall|big|large|high|deep|wide|heavy|fast|soon|late|close|small"
    r"|expensive|hot|cold|warm|thick|early|young|steep|frequently|quickly"
)
_COUNT_ASKED = re.compile(r"\bhow\s+(?:many|much)\b([^?.,;:]*)", re.IGNORECASE)
_QUANTITY_ASKED = re.compile(
    rf"\bhow\s+(?:{_MEASURES})\b|\b(?:what|which)\b(?:\s+\w+){{0,4}}?\s+(?:percent(?:age)?"
    r"|proportion|share|number|amount|population|price|cost|fee|salary|distance|height|weight"
    r"|length|width|depth|speed|temperature|age|area|size)\b",
    re.IGNORECASE,
)
_SENTENCE_ASKED = re.compile(
    rf"\b(?:why|how\s+come|how(?!\s+(?:{_MEASURES})\b)|describe|explain|summari[sz]e|tell\s+me"
    r"|what\s+happen(?:s|ed)|what\s+(?:did|does|do|has|have|is|was|were)\b.*\b(?:say|says|said"
    r"|state|warn|argue|claim|think|mean|explain|emphasi[sz]e|note|happen))\b",
    re.IGNORECASE,
)
_ASKING = r"(?:who|whom|whose|when|where|which|what|why|how)"
_AUXILIARY = (
    r"(?:is|are|am|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might"
    r"|must)"
)
_LED_IN = r"\W*+(?:(?:and|but|so|also|then|or)\b[\s,]*+)*+"
_PERSON_ASKED = re.compile(
    rf"{_LED_IN}(?:(?:by|for|from|of|to|with)\s+)?who(?:m|se)?\b", re.IGNORECASE
)
_DATE_ASKED = re.compile(
    rf"{_LED_IN}(?:(?:since\s+)?when|(?:on\s+)?(?:what|which)\s+da(?:y|te))\b", re.IGNORECASE
)
# "After the attack, did ...": a clause before the question may open it if it asks nothing itself.
_YES_OR_NO_ASKED = re.compile(
    rf"{_LED_IN}(?:(?:when\s)?(?:(?!\b{_ASKING}\b)[^,?])+,\s*)?"
    rf"(?:{_AUXILIARY}(?:n['’]?t)?|can['’]?t|cannot|won['’]?t|shan['’]?t)\s+\w",
    re.IGNORECASE,
)
# "Was it who?" asks for a span, and so does "Will Smith was born when?": Will is a name.
_SPAN_AFTER_ALL = re.compile(
    rf"(?i:\b{_ASKING}\W*$)|^\W*(?:Will|May)\s+[A-Z]\w*\s+(?:is|was|were|has|had|does|did)\b"
)
_INDIRECT = re.compile(
    rf"{_LED_IN}(?:please\s+)?(?:(?:can|could|would|will|do|does|did)\s+"
    r"(?:you|we|i|it|anyone|anybody|someone|somebody|the\s+\w+)\s+(?:please\s+)?"
    r"(?:tell|know|say|remember|find\s+out|show(?=\s+(?:me|us)))|tell|remind|i\s+wonder"
    r"|i\s+(?:want|need)\s+to\s+know|i(?:['’]d|\s+would)\s+like\s+to\s+know)\b(?:\s+(?:me|us))?(?:\s+please)?[\s,:]*"
    rf"(?=(?:(?:by|for|from|in|on|at|to|with|of)\s+)?{_ASKING}\b|(?P<whether>(?:if|whether)\b))",
    re.IGNORECASE,
)


def wants_sentences(question: str) -> bool:
    """Whether whole sentences answer it better than a span: how, why, what was said, yes or no."""
    return bool(_SENTENCE_ASKED.search(_direct(question))) or asks_yes_or_no(question)


def asks_yes_or_no(question: str) -> bool:
    """Whether it asks if something is so; "Can you tell me who ..." asks who."""
    if indirect := _INDIRECT.match(question):
        return indirect["whether"] is not None
    return bool(_YES_OR_NO_ASKED.match(question)) and not _SPAN_AFTER_ALL.search(question)


def _direct(question: str) -> str:
    """The question without a "can you tell me" at its beginning."""
    indirect = _INDIRECT.match(question)
    return question[indirect.end() :] if indirect else question


def asks_quantity(question: str) -> bool:
    """Whether it asks for a number of things or a measure."""
    return bool(_QUANTITY_ASKED.search(question))


def asks_person(question: str) -> bool:
    """Whether it asks who."""
    return bool(_PERSON_ASKED.match(_direct(question)))


def asks_date(question: str) -> bool:
    """Whether it asks when, or on which day."""
    return bool(_DATE_ASKED.match(_direct(question)))


def counted_words(question: str) -> list[str]:
    """What "how many" or "how much" counts, in lower case: ["world", "heritage", "sites"].

    The words up to the next one of grammar, without those before; empty where nothing is counted.
    """
    match = _COUNT_ASKED.search(question)
    counted = [word.lower() for word in words(match[1])] if match else []
    counted = list(dropwhile(lambda word: not is_content(word), counted))
    return list(takewhile(is_content, counted))
