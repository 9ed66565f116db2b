"""The report of an evaluation: every figure, three plots, the worst answers; nothing that acts."""

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from index.passage import Passage
from qa.cases import Case
from qa.evaluate import Outcome
from qa.figures import figures
from ui.report import report
from ui.worst import N_WORST, PASSAGE_CHARACTERS, worst, worst_html

ROOT = Path(__file__).resolve().parent.parent
THRESHOLD = 0.4
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=https://example.org/pixel.png onerror=alert(1)>",
    "</mark></blockquote></svg><svg onload=alert(1)>",
    "\" onmouseover='alert(1)' style='position:fixed",
    "</title></style><style>*{display:none}</style><!--",
    "a\u202egnp.exe\u2066b\u2069",
    "\x1b[2J\x00 \ud800 {summary} %(light)s $x$ &lt;b&gt;",
]
VOID = {"meta", "br"}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "div"),
    *("h1", "h2", "h3", "p", "br", "b", "bdi", "span", "mark", "blockquote"),
    *("table", "caption", "tbody", "tr", "th", "td", "ol", "li", "dl", "dt", "dd"),
    *("figure", "figcaption", "svg", "defs", "g", "path", "use", "text", "clippath", "rect"),
}
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "dir", "class", "scope", "role"),
    *("aria-label", "viewbox", "id", "d", "style", "href", "x", "y", "width", "height"),
    *("transform", "clip-path"),
}


class Seen(HTMLParser):
    """Every tag and attribute of a page, and its text by tag or class."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self._names: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and what it carries."""
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)
            self._names.append(dict(attrs).get("class") or tag)
            self.texts.setdefault(self._names[-1], []).append("")

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag
        self._names.pop()

    def handle_data(self, data: str) -> None:
        """Add a text to every element that is open."""
        for name in set(self._names):
            self.texts[name][-1] += data

    def handle_comment(self, data: str) -> None:
        """Refuse: no text becomes a comment."""
        pytest.fail(f"a comment: {data}")

    def values(self, attribute: str) -> list[str]:
        """What an attribute says, wherever it stands."""
        return [value or "" for name, value in self.attributes if name == attribute]


def outcome(
    *,
    question: str = "How many drones were used?",
    answers: tuple[str, ...] = ("91 drones",),
    span: str | None = "91 drones",
    text: str = "According to Lavrov, 91 drones were used.",
    document_id: str = "notes/strike.txt",
    probability: float = 0.8,
    seconds: float = 0.05,
) -> Outcome:
    return Outcome(
        case=Case(question, answers),
        span=span,
        start=100 + text.find(span) if span else None,
        quote=span,
        passage=Passage(1, document_id, 100, 100 + len(text), text) if span else None,
        probability=probability,
        span_probability=probability / 2,
        given=probability >= THRESHOLD,
        rank=1 if answers else None,
        exact=True if span else None,
        seconds=seconds,
    )


def wrong(**said) -> Outcome:
    return outcome(**{"answers": ("no such words",), **said})


def page_of(*outcomes: Outcome, title: str = "A measurement") -> str:
    return report(outcomes, figures(outcomes, threshold=THRESHOLD), title=title)


def seen_of(*outcomes: Outcome) -> Seen:
    return Seen(page_of(*outcomes))


def worst_of(*outcomes: Outcome) -> Seen:
    """The last part of the page, which takes no drawing."""
    return Seen(worst_html(outcomes, figures(outcomes, threshold=THRESHOLD)))


def rows(seen: Seen) -> dict[str, str]:
    """The figures of a page, by name."""
    names = [
        name.removesuffix(meaning)
        for name, meaning in zip(seen.texts["th"], seen.texts["meaning"], strict=True)
    ]
    return dict(zip(names, seen.texts["td"], strict=True))


MIXED = [
    outcome(),
    outcome(probability=0.9, seconds=0.0621),
    wrong(probability=0.7, seconds=0.07),
    outcome(probability=0.2),
    outcome(answers=(), probability=0.1),
    outcome(answers=(), probability=0.55),
]


@pytest.fixture(scope="module")
def mixed() -> Seen:
    return seen_of(*MIXED)


def test_a_page_is_the_same_for_the_same_outcomes():
    assert page_of(*MIXED) == page_of(*MIXED)


def test_every_figure_is_shown_with_its_meaning(mixed):
    assert rows(mixed) == {
        "Questions": "6",
        "Answered": "4 (66.7%)",
        "Right": "2 (50.0%)",
        "Wrong": "2 (50.0%)",
        "Exact match": "75.0%",
        "F1": "75.0%",
        "Quotes exact": "100.0%",
        "Rightly refused": "1 (50.0%)",
        "Wrongly refused": "1 (25.0%)",
        "Cited first": "100.0%",
        "Among the first 5": "100.0%",
        "Among the first 20": "100.0%",
        "Threshold": "40.0%",
        "Calibration error": "40.8%",
        "Risk over all thresholds": "28.9%",
        "The same for the reader alone": "28.9%",
        "Wrong at 80% answered": "40.0%",
        "p50": "50.0 ms",
        "p95": "68.0 ms",
    }
    assert all(mixed.texts["meaning"])
    groups = ["Answers", "Refusals", "Finding", "Certainty", "Speed"]
    assert mixed.texts["caption"] == groups


def test_each_plot_says_in_words_what_it_shows(mixed):
    risk, calibration, seconds = mixed.values("aria-label")
    assert mixed.values("role") == ["img"] * 3
    assert "50.0% wrong with 100% answered" in risk
    assert "At the threshold of 40.0%, 66.7% are answered, 50.0% of these" in risk
    assert "90% stated, 100% right" in calibration
    assert "Half took less than 50.0 ms, 95 in 100 less than 68.0 ms" in seconds


def test_plots_keep_their_text_as_text(mixed):
    drawn = mixed.texts["svg"]
    assert len(drawn) == 3
    assert "by the reader's own probability" in drawn[0]
    assert "at the threshold of 40.0%" in drawn[0]
    assert "stated certainty" in drawn[1]
    assert "p50: 50.0 ms" in drawn[2]
    assert "p95: 68.0 ms" in drawn[2]


def test_ids_of_plots_do_not_clash_and_each_reference_meets_one(mixed):
    ids = mixed.values("id")
    assert len(ids) == len(set(ids))
    targets = [value.removeprefix("#") for value in mixed.values("href")]
    targets += re.findall(r"url\(#([^)]*)\)", " ".join(mixed.values("clip-path")))
    assert set(targets) <= set(ids)
    assert targets


def test_plots_have_no_colour_of_their_own(mixed):
    """Else one of both faces, the light or the dark, could not be read."""
    styles = " ".join(mixed.values("style"))
    assert set(re.findall(r"var\(--\w+\)", styles)) == {
        *("var(--ink)", "var(--soft)", "var(--line)", "var(--accent)", "var(--sheet)"),
    }
    assert not re.search(r"#[0-9a-fA-F]{3,6}|rgb|black|white", styles)


def test_the_light_and_the_dark_face_name_the_same_colours():
    style = Seen(page_of(outcome())).texts["style"][0]
    light, dark = (
        re.findall(r"--(\w+): #", root) for root in re.findall(r"(?s):root {.*?}", style)
    )
    assert light == dark
    assert "prefers-color-scheme: dark" in style


def test_a_page_runs_nothing_and_asks_for_nothing(mixed):
    assert set(mixed.tags) <= TAGS
    assert {name for name, _ in mixed.attributes} <= ATTRIBUTES
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert policy in mixed.values("content")
    assert all(target.startswith("#") for target in mixed.values("href"))
    page = page_of(*MIXED)
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert set(re.findall(r"url\((.)|(@import)", page)) <= {("#", "")}


def test_hostile_text_is_text_wherever_it_stands():
    given = [
        wrong(question=each, answers=(each,), span="x", text=each + "x" + each, document_id=each)
        for each in HOSTILE
    ]
    given += [
        wrong(span=each, text=each + each, document_id=each, probability=0.1) for each in HOSTILE
    ]
    page = page_of(*given, title="".join(HOSTILE))
    seen = Seen(page)
    assert not seen.open
    assert set(seen.tags) <= TAGS
    assert {name for name, _ in seen.attributes} <= ATTRIBUTES
    assert seen.texts["question"][0] == HOSTILE[0]
    assert seen.texts["title"][0].startswith(HOSTILE[0])
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b\ud800-\udfff]", page)
    assert "a⟨U+202E⟩gnp.exe" in seen.texts["mark"][12]
    page.encode()


def test_a_wrong_answer_is_shown_with_its_question_its_source_and_the_right_ones():
    seen = worst_of(
        wrong(question="Who?", answers=("Lavrov", "Sergei Lavrov"), text="First\nsecond 91 drones.")
    )
    assert seen.texts["question"] == ["Who?"]
    right, answer, document = seen.texts["dd"]
    assert right == "LavrovSergei Lavrov"
    assert answer == "91 drones 80.0% sure"
    assert document == "notes/strike.txt characters 101–123"
    assert seen.texts["blockquote"] == ["First\nsecond 91 drones."]
    assert seen.texts["mark"] == ["91 drones"]


def test_a_question_without_an_answer_says_so():
    seen = worst_of(outcome(answers=()))
    assert "none: the documents hold no answer" in seen.texts["dd"]


def test_the_worst_answer_is_the_most_certain_wrong_one():
    given = [wrong(question=f"{n}?", probability=n / 100) for n in range(41, 100)]
    shown = worst([*given, outcome(probability=1.0)])
    assert [each.case.question for each in shown] == [f"{n}?" for n in range(99, 99 - N_WORST, -1)]
    seen = worst_of(*given)
    assert seen.texts["about"] == ["59 of 59 answers wrong; these are the 30 most certain."]


def test_wrong_spans_that_were_withheld_follow_where_there_is_room():
    asked = [wrong(probability=0.1), wrong(probability=0.5), wrong(probability=0.3)]
    assert [each.probability for each in worst(asked)] == [0.5, 0.3, 0.1]
    seen = worst_of(*asked)
    assert seen.texts["withheld"] == ["withheld"] * 2
    assert "Marked as withheld" in seen.texts["about"][0]


def test_given_answers_come_before_withheld_ones():
    asked = [replace(wrong(probability=0.9), given=False), wrong(probability=0.5)]
    assert [each.given for each in worst(asked)] == [True, False]


def test_ties_keep_the_order_of_the_questions():
    asked = [wrong(question=f"{n}?") for n in range(40)]
    assert worst(asked) == asked[:N_WORST]


def test_no_wrong_answer_is_said():
    seen = worst_of(outcome())
    assert seen.texts["about"] == ["No wrong answer."]
    assert "li" not in seen.tags


def test_a_passage_without_its_span_is_shown_without_a_mark():
    seen = worst_of(wrong(text="Nothing of that."))
    assert seen.texts["blockquote"] == ["Nothing of that."]
    assert "mark" not in seen.tags


def test_a_span_is_marked_where_it_stands_not_where_its_words_stand_first():
    text = "In 1999 there were 9 mills."
    asked = [replace(wrong(span="9", text=text), start=100 + text.index("9 mills"))]
    markup = worst_html(asked, figures(asked, threshold=THRESHOLD))
    assert "there were <mark>9</mark> mills" in markup


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "word " * 900), ("word " * 900, ""), ("word " * 900, " word" * 900)],
    ids=["first", "last", "in the middle"],
)
def test_a_long_passage_is_cut_around_its_span(before, after):
    shown = worst_of(wrong(text=f"{before}91 drones{after}")).texts
    assert shown["mark"] == ["91 drones"]
    passage = shown["blockquote"][0]
    assert PASSAGE_CHARACTERS - 20 < len(passage) < PASSAGE_CHARACTERS + 10
    assert passage.startswith("… word") == bool(before)
    assert passage.endswith("word …") == bool(after)


def test_a_long_passage_without_its_span_is_cut_too():
    passage = worst_of(wrong(text="word " * 900)).texts["blockquote"][0]
    assert passage.endswith("word …")
    assert len(passage) < PASSAGE_CHARACTERS + 10


def test_a_span_longer_than_what_is_shown_is_cut():
    shown = worst_of(wrong(span="x" * 5000, text="a" + "x" * 5000 + "b")).texts
    assert shown["mark"] == ["x" * PASSAGE_CHARACTERS + " …"]


def test_one_question_makes_a_page():
    seen = seen_of(outcome())
    assert rows(seen)["Answered"] == "1 (100.0%)"
    assert seen.texts["svg"]
    assert "1 question asked, 1 answered, 0.0% of the answers wrong." in seen.texts["header"][0]


def test_without_answerable_questions_their_figures_are_dashes():
    shown = rows(seen_of(outcome(answers=()), outcome(answers=(), probability=0.1)))
    absent = {name for name, value in shown.items() if value == "–"}
    assert absent == {
        *("Exact match", "F1", "Wrongly refused"),
        *("Cited first", "Among the first 5", "Among the first 20"),
    }


def test_without_a_span_there_is_nothing_to_show_but_the_question():
    silent = outcome(span=None, probability=0.0)
    seen = seen_of(silent)
    assert worst([silent]) == []
    assert "nothing is answered" in seen.values("aria-label")[0]
    seen = worst_of(replace(silent, given=True))
    assert seen.texts["dd"] == ["91 drones", "– 0.0% sure"]
    assert "blockquote" not in seen.tags


def test_equal_probabilities_make_one_dot():
    seen = seen_of(*[outcome(probability=0.5)] * 2, *[wrong(probability=0.5)] * 2)
    assert "in 1 bin: 50% stated, 50% right" in seen.values("aria-label")[1]


def test_a_few_slow_answers_do_not_squeeze_the_others():
    seen = seen_of(*[outcome(seconds=0.05)] * 99, outcome(seconds=30))
    assert "The last bar holds 1 that took longer still." in seen.texts["figcaption"][2]
    assert "30,000.0 ms" in seen.texts["figcaption"][2]


def test_time_that_no_clock_could_measure_is_no_trouble():
    assert rows(seen_of(outcome(seconds=0.0)))["p50"] == "0.0 ms"


def test_drawing_leaves_the_settings_of_others_alone():
    from matplotlib import rcParams  # noqa: PLC0415 - its import is what another test watches

    page = page_of(outcome())
    usual = rcParams["lines.linewidth"]
    rcParams["lines.linewidth"] = usual + 9
    try:
        assert page_of(outcome()) == page
        assert rcParams["lines.linewidth"] == usual + 9
    finally:
        rcParams["lines.linewidth"] = usual


def test_importing_the_report_loads_no_plotting():
    code = "import sys, ui.report; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_drawing_needs_no_window(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)  # its import fails
    assert len(seen_of(outcome()).texts["svg"]) == 3
