"""Forms of English words that no rule of endings makes: "came" of "come", "women" of "woman"."""

import re
from collections.abc import Iterator
from functools import cache

from index.held import analyzer

# A word with the forms that its endings do not make. Forms that are oftener another word stand in
# parentheses: they are found for the word, and the word is not looked for in their place.
FORMS = """
arise arose arisen, awake awoke awoken, bear (bore) borne, become became, befall befell befallen,
begin began begun, bend bent, bind (bound), bite (bit) bitten, bleed bled, blow blew blown, break
broke broken, breed bred, bring brought, build built, buy bought, catch caught, choose chose chosen,
cling clung, come came, creep crept, deal dealt, dig dug, draw drew drawn, dream dreamt, drink drank
drunk, drive drove driven, dwell dwelt, eat ate eaten, fall fell fallen, feed fed, feel (felt),
fight fought, find (found), flee fled, fling flung, fly flew flown, forbid forbade forbidden,
foresee foresaw foreseen, forget forgot forgotten, forgive forgave forgiven, freeze froze frozen,
give gave given, go went gone, grow grew grown, hang hung, hear heard, hide hid hidden, hold held,
keep kept, kneel knelt, know knew known, lead led, leap leapt, leave (left), lend lent, lose lost,
make made, mean (meant), meet met, mistake mistook mistaken, outgrow outgrew outgrown, overcome
overcame, oversee oversaw overseen, overtake overtook overtaken, overthrow overthrew overthrown,
partake partook, pay paid, rebuild rebuilt, retake retook retaken, ride rode ridden, ring rang
(rung), rise (rose) risen, run ran, say said, see (saw) seen, seek sought, sell sold, send sent,
shake shook shaken, shine shone, shoot shot, shrink shrank shrunk, sing sang sung, sink sank sunk,
sit sat, sleep slept, slide slid, speak (spoke) spoken, spend spent, spin spun, spring (sprang)
sprung, stand stood, steal stole stolen, stick stuck, sting stung, strike struck stricken, strive
strove striven, swear swore sworn, sweep swept, swell swollen, swim swam swum, swing swung, take
took taken, teach taught, tear tore torn, tell told, think thought, throw threw thrown, undergo
underwent undergone, understand understood, undertake undertook undertaken, uphold upheld, wake woke
woken, wear wore worn, weave wove woven, weep wept, win won, withdraw withdrew withdrawn, withhold
withheld, withstand withstood, write wrote written,
child children, foot feet, goose geese, half halves, knife knives, loaf loaves, louse lice, man men,
mouse mice, ox oxen, person people, shelf shelves, thief thieves, tooth teeth, wife wives, wolf
wolves, woman women, alumnus alumni, analysis analyses, bacterium bacteria, cactus cacti, corpus
corpora, crisis crises, criterion criteria, curriculum curricula, diagnosis diagnoses, fungus fungi,
hypothesis hypotheses, locus loci, matrix matrices, nucleus nuclei, phenomenon phenomena, radius
radii, ovum ova, spectrum spectra, stimulus stimuli, symposium symposia, synthesis syntheses, thesis
theses, vertex vertices
"""


def other_forms(word: str) -> tuple[str, ...]:
    """The stems of a word's other forms, where it has any that its endings do not make.

    Args:
        word: In lower case, without accents.
    """
    return _by_form().get(word) or _by_stem().get(_stem(word), ())


@cache
def _by_form() -> dict[str, tuple[str, ...]]:
    """By each form but the first, which is taken as it is written: "founded" is none of "find"."""
    return {
        form: tuple(other for other in stems if other != _stem(form))
        for forms, stems in _groups()
        for form in forms[1:]
        if form[0] != "("
    }


@cache
def _by_stem() -> dict[str, tuple[str, ...]]:
    """By the stem of the first form, which all its regular ones have: "begins" and "beginning"."""
    return {stems[0]: stems[1:] for _, stems in _groups()}


@cache
def _groups() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    return tuple(_grouped())


def _grouped() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for group in FORMS.split(","):
        forms = tuple(group.split())
        stems = dict.fromkeys(_stem(re.sub(r"\W", "", form)) for form in forms)
        yield forms, tuple(stems)


def _stem(word: str) -> str:
    return "".join(analyzer().analyze(word))
