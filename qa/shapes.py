"""The words and shapes of sentences that example questions are made from."""

import re

# Third person, past and plain form.
_VERBS = """
    has had have, owns owned own, operates operated operate, employs employed employ,
    contains contained contain, includes included include, holds held hold, houses housed house,
    produces produced produce, costs cost cost, weighs weighed weigh, seats seated seat,
    serves served serve, hosts hosted host, publishes published publish, wins won win,
    receives received receive, scores scored score, writes wrote write, builds built build,
    buys bought buy, sells sold sell, manages managed manage, orders ordered order,
    carries carried carry, opens opened open, closes closed close, begins began begin,
    starts started start, ends ended end, dies died die, joins joined join, leaves left leave,
    becomes became become, retires retired retire, resigns resigned resign,
    arrives arrived arrive, marries married marry, graduates graduated graduate,
    expires expired expire
"""
_FORMS = [entry.split() for entry in _VERBS.split(",")]
# What stands with the subject in a question, and the verb's plain form: "owns" -> "does", "own".
PLAIN = {does: ("does", plain) for does, _, plain in _FORMS} | {
    did: ("did", plain) for _, did, plain in _FORMS
}
ACTS = {form: PLAIN[form] for form in PLAIN if form not in {"has", "had", "costs", "cost"}}
_INTRANSITIVE = "open close begin start end die retire resign arrive marry graduate expire"
WITHOUT_OBJECT = frozenset(_INTRANSITIVE.split())
# Past forms of what is "written by", "built by"; a participle in -ed is its own.
PAST_OF = {
    **{each: each for each in ("built", "led", "won", "found", "taught", "bought", "sold", "made")},
    "written": "wrote",
    "drawn": "drew",
    "given": "gave",
    "sung": "sang",
}
_OTHER_PARTICIPLES = "born|held|kept|shown|sent|begun|known|lit|cut|set"

_UNIT_NAMES = """
    seconds minutes hours days weeks months years decades times percent meters metres feet inches
    kilometers kilometres centimeters centimetres miles yards tons tonnes kilograms grams pounds
    ounces liters litres degrees dollars euros cents points acres hectares volts watts others
    thousands millions billions hundreds dozens
"""
UNITS = frozenset(_UNIT_NAMES.split())
PAID_OR_WEIGHED = frozenset(("dollars", "euros", "pounds", "kilograms", "tons", "tonnes", "grams"))
_COLUMN_NAMES = """
    population price cost fee capital area height width length depth weight age address owner
    author title status supplier manager budget total amount quantity score rank language colour
    color size speed voltage phone telephone email salary rent distance duration capacity
    material currency deadline location director architect
"""
COLUMNS = frozenset(_COLUMN_NAMES.split())
PAID_FOR = frozenset(("fee", "rent", "budget", "deadline"))  # "the fee for Skarn"
ROLES = (
    "president|minister|secretary|mayor|chancellor|director|senator|governor|ambassador|chairman"
    "|chairwoman|chair|chief|head|founder|co-founder|author|editor|manager|king|queen|pope|captain"
    "|coach|conductor|curator|treasurer|spokesman|spokeswoman|spokesperson|aide|leader|owner"
)

# What points beyond the sentence, at another one, at the reader or at a moment.
LEANING = re.compile(
    r"\b(?:he|him|his|she|her|hers|it|its|they|them|their|this|that|these|those|such|here|there"
    r"|i|we|(?-i:us)|our|you|your|my|today|yesterday|tomorrow|now|then|ago|last|next|recently|previously"
    r"|also|however|another|other|same|above|below|former|latter|and|or|respectively)\b",
    re.IGNORECASE,
)
CLEAN = re.compile(r"[\w ,.'’&%$€£/-]+\?")
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
# Words that have a capital and are no name.
NO_NAME = re.compile(
    r"(?:Yesterday|Today|Later|Meanwhile|However|Although|Though|Since|Like|Unlike|Despite|Former"
    rf"|According|Among|Perhaps|Even|Then|\w{{5,}}ly|\w{{3,6}}days?|{MONTH})\b"
)
ORGANISATION = re.compile(
    r"\b(?:University|College|Company|Corporation|Inc|Ltd|Group|Council|Ministry|Committee|Bank"
    r"|Association|Institute|Party|Club|Army|Navy|Force|Department|Government|Agency|Church|Court)\b"
)

_CAPITAL = r"(?:[A-ZÀ-ÖØ-Þ][\w'’-]+|(?:[A-Z]\.)+)"
NAME = rf"{_CAPITAL}(?: (?:of the |of |de |von |van )?{_CAPITAL})*"
PERSON = rf"{_CAPITAL}(?: (?:van |von |de |bin )?{_CAPITAL}){{1,2}}"
_ARTICLED = r"The (?:[a-z][\w-]* ){0,2}"
SUBJECT = rf"(?P<subject>(?:{_ARTICLED})?{NAME}|{_ARTICLED}[a-z]\w+)"
NUMBER = (
    r"(?P<n>(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|(?i:two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|\w{3,5}teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety))"
    r"(?: (?:hundred|thousand|million|billion))?)"
)
HEDGE = r"(?:(?i:about|around|nearly|almost|some|over|more than|at least|up to|approximately) )?"
THINGS = r"(?P<things>(?:[A-Za-z][a-z-]+ ){0,2}?(?:[a-z-]{2,}[^\Ws]s|people|men|women|children))"
DATE = (
    rf"(?P<date>(?:\d{{1,2}} {MONTH}|{MONTH} \d{{1,2}})(?:,? \d{{4}})?|{MONTH} \d{{4}}"
    r"|(?:1\d|20)\d\d)"
)
PARTICIPLE = rf"(?P<made>[a-z]{{3,}}ed|{'|'.join(PAST_OF)}|{_OTHER_PARTICIPLES})"
FEW = r"(?: [\w'’-]+)"
# What ends a clause; and what may follow a thing counted, or a maker.
END = (
    r"(?=\s*(?:[,;:(–—]|\.?$)| (?:which|who|while|after|before|because|although|but|when|where"
    r"|since|so|including|according|despite|amid|as|until)\b)"
)
STOP = (
    r"(?=[.,;:)]|$| (?:in|on|at|for|from|to|with|by|of|along|across|around|near|worldwide|each)\b)"
)
_COUNTRY = (
    r"(?:U\.S\.|(?!Republican|Christian|Vatican|Roman )[A-Z][a-z]+(?:[aei]an|ish|ese|eli|aqi|ani)"
    r"|French|Greek|Dutch|Swiss|Czech|Thai|German|Welsh)"
)
REPORTED = re.compile(r"(?i:according to)|\b(?:said|says|told|wrote|announced|warned|revealed)\b")
OFFICE = re.compile(
    rf"(?P<office>{_COUNTRY} (?:{_CAPITAL} )?(?:{ROLES.title()})) (?P<name>{PERSON})(?=\W|$)"
)
DESCRIBED = re.compile(
    rf"\b(?P<name>{PERSON}), "
    rf"(?P<office>the (?:[a-z]+ ){{0,2}}(?:{ROLES}) of (?:the )?{NAME})(?=[,.;])"
)
CELL = re.compile(
    r"(?:^|, )(?P<column>[A-Z][A-Za-z]*(?: [a-z]+)?) is (?P<cell>[^,]+?)"
    r"(?=$|, [A-Z][A-Za-z]*(?: [a-z]+)? is )"
)
KEY = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'’-]+(?: [\w'’-]+){0,3}")
