"""The recipes that were tried; the table in README.md has a row for each."""

from dataclasses import dataclass

from training.groups import Plan

SENTENCES = {"qamr": 1.0, "qa-srl": 1.0}
SPANS = {
    "squad": 1.0,
    "squadshifts-reddit": 1.0,
    "squadshifts-amazon": 1.0,
    "natural-questions": 1.0,
    "qed": 1.0,
    "fairytaleqa": 1.0,
    "policyqa": 0.7,
    "friendsqa": 0.7,
    "covid-qa": 1.0,
    "timeqa": 1.0,
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a reader is trained.

    Attributes:
        epochs: What each epoch reads.
        rate: Learning rate of the head at its highest.
        decay: Each layer's rate is this times the rate of the layer above it.
        warm_up: Part of the steps over which the rate rises from 0; then it falls to 0.
        dropout: Chance that a value in the body is dropped.
        seed: Of the order, the negatives, the head and the dropout.
        taught: Weight of a teacher's scores beside the gold spans.
    """

    epochs: tuple[Plan, ...]
    rate: float
    decay: float = 0.9
    warm_up: float = 0.06
    dropout: float = 0.0
    seed: int = 1
    taught: float = 0.0


def _part(shares: dict[str, float], part: float) -> dict[str, float]:
    return {name: share * part for name, share in shares.items()}


def _hour(known: float) -> Recipe:
    return Recipe(
        epochs=(
            Plan(_part(SENTENCES, 0.5), n_negatives=0, pairs=64, known=known),
            Plan(SPANS, n_negatives=0.5, pairs=32, known=known),
            Plan(SPANS, n_negatives=0.75, pairs=32, known=known),
        ),
        rate=3e-4,
    )


_RECURRING = {"recurring-" + name: 0.5 for name in [*SPANS, "texts"]}
_NEAR = {"near-" + name: 0.4 for name in SPANS}
_WIDE = SPANS | {"policyqa": 1.6} | _NEAR | {"joined-qamr": 0.25}
_LONG = _part(_WIDE, 0.75) | {"policyqa": 3.0, "natural-questions": 1.0, "near-policyqa": 0.6}

RECIPES = {
    # A stand-in, to build on before a real reader is trained.
    "minutes": Recipe(
        epochs=(
            Plan(_part(SENTENCES, 0.25), n_negatives=0, pairs=64),
            Plan(_part(SPANS, 0.2), n_negatives=0.3, pairs=32),
        ),
        rate=4e-4,
    ),
    # About 150,000 pairs.
    "hour": _hour(1.0),
    # Before any other, over what `training.recurring` packs: about 50,000 pairs.
    "recurring": Recipe(
        epochs=(Plan(_RECURRING, n_negatives=0.25, pairs=32),),
        rate=3e-4,
    ),
    # The same with a part of the questions: what more of them are worth.
    "hour-of-half": _hour(0.5),
    "hour-of-quarter": _hour(0.25),
    "hour-of-eighth": _hour(0.125),
    # Goes on from "hour": about 165,000 pairs.
    "near": Recipe(
        epochs=(
            Plan(_WIDE, n_negatives=0.5, pairs=32),
            Plan(_part(_WIDE, 0.75), n_negatives=0.5, pairs=32),
        ),
        rate=2.5e-4,
        warm_up=0.04,
        seed=2,
    ),
    # Goes on from "hour" too: about 70,000 pairs, none of them twice.
    "once": Recipe(
        epochs=(Plan(_part(_WIDE, 0.75), n_negatives=0.5, pairs=32),),
        rate=2.5e-4,
        warm_up=0.05,
        dropout=0.1,
        seed=3,
    ),
    # As "once", with three times the privacy policies: long spans are rare elsewhere.
    "long": Recipe(
        epochs=(Plan(_LONG, n_negatives=0.5, pairs=32),),
        rate=2.5e-4,
        warm_up=0.05,
        dropout=0.1,
        seed=4,
    ),
    # Goes on from a mean: made tables, among the rest.
    "tabled": Recipe(
        epochs=(Plan(_part(_LONG, 0.2) | {"tabled": 1.0}, n_negatives=0.5, pairs=32),),
        rate=2e-4,
        warm_up=0.06,
        dropout=0.1,
        seed=6,
    ),
    # As "long", with a teacher's scores beside the gold spans.
    "taught": Recipe(
        epochs=(Plan(_LONG, n_negatives=0.5, pairs=32),),
        rate=2.5e-4,
        warm_up=0.05,
        dropout=0.1,
        seed=5,
        taught=0.5,
    ),
}
