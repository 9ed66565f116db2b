"""Answers and documents as HTML, Markdown and terminal text: escaped, marked, complete."""

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.document import Document
from index.passage import Passage, Span
from index.search import Hit
from qa.answer import Answer, Citation, Reason
from ui import documents, escape, plain, render, source, wording
from ui.flow import SHOWN_CHARACTERS
from ui.marking import Marks

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "[press](javascript:alert(1))",
    "![pixel](https://example.org/pixel.png)",
    "<https://example.org>",
    "https://example.org www.example.org me@example.org",
    "$$\\href{javascript:alert(1)}{x}$$",
    "```mermaid\ngraph TD\n```",
    "\n\n# heading\n\n- list\n\n1. item\n\n> quote\n\n---\n\n| a | b |\n|---|---|\n",
    "{{7*7}} ${7*7} `${alert(1)}`",
    "&lt;b&gt; &amp;#60;",
    "a\u202egnp.exe\u2066b\u2069",
    "a\U000e0069\U000e0067\ufff9b\ufffac\ufffb\u206e",
    "שלום\u200f\u202b 12\n3",
    "\x1b[2J\x1b]0;title\x07 \x00 \x9b31m",
    "</mark></div><!-- <style>*{display:none}</style>",
    "<gradio-app></gradio-app><iframe src='//example.org'>",
]
TAGS = {
    *("div", "p", "ol", "ul", "li", "blockquote", "mark", "button", "span", "bdi", "b"),
    *("section", "header", "h2", "nav", "details", "summary", "q"),
}
ATTRIBUTES = {
    *("class", "dir", "type", "value", "title", "role", "id", "tabindex"),
    *("aria-label", "aria-level", "aria-current", "aria-keyshortcuts", "disabled", "open"),
    *(f"data-{name}" for name in ("all", "date", "found", "go", "more", "name", "order")),
    *(f"data-{name}" for name in ("plain", "shows", "size", "turn", "words")),
}
text = st.one_of(
    st.text(max_size=120),
    st.lists(st.sampled_from([*HOSTILE, "\n", " ", "x", "<", "`", "*"]), max_size=6).map("".join),
)
words = text.filter(bool)


class Seen(HTMLParser):
    """Every tag, attribute and text of a piece of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and what it carries."""
        self.tags.append(tag)
        self.attributes += attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text += data

    def handle_comment(self, data: str) -> None:
        """Refuse: no text becomes a comment."""
        pytest.fail(f"a comment: {data}")


def assert_harmless(markup: str) -> Seen:
    seen = Seen(markup)
    assert not seen.open
    assert set(seen.tags) <= TAGS
    assert {name for name, _ in seen.attributes} <= ATTRIBUTES
    assert not re.search("[\u202a-\u202e\u2066-\u206f\U000e0000-\U000e007f\x00-\x08\x1b]", markup)
    return seen


def passage(
    content: str, *, start: int = 0, page: int | None = None, place: str | None = None
) -> Passage:
    return Passage(
        id=1,
        document_id="a/notes.txt",
        start=start,
        end=start + len(content),
        text=content,
        page=page,
        place=place,
    )


def citation(before: str, quote: str, after: str = "", *, title: str = "Notes") -> Citation:
    content = before + quote + after
    place = None if title == "Notes" else title
    return Citation(
        document_id="a/notes.txt",
        document_title=title,
        digest="0" * 64,
        start=100 + len(before),
        end=100 + len(before) + len(quote),
        page=None,
        quote=quote,
        passage=passage(content, start=100, place=place),
        place=place,
    )


def answered(
    *citations: Citation, question: str = "What?", missing: tuple[str, ...] = ()
) -> Answer:
    return Answer(
        question=question,
        text=citations[0].quote,
        citations=citations,
        confidence=0.87,
        reason=None,
        hits=(),
        understood_as=question,
        missing_words=missing,
    )


def refused(*hits: Hit, question: str = "What?", missing: tuple[str, ...] = ()) -> Answer:
    return Answer(
        question=question,
        text=None,
        citations=(),
        confidence=0.1,
        reason="weak",
        hits=hits,
        understood_as=question,
        missing_words=missing,
    )


def hit(content: str, title: str = "Notes") -> Hit:
    return Hit(passage(content, place=title), document_title=title, score=1.0, cosine=0.5, bm25=1.0)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_text_on_every_surface(hostile: str) -> None:
    answer = answered(citation(hostile, hostile, hostile, title=hostile), question=hostile)
    refusal = refused(hit(hostile, title=hostile), question=hostile, missing=(hostile,))
    refusal = replace(refusal, scope=hostile)
    guess = replace(refusal, guess=answer.citations[0])
    document = Document(id=hostile, digest="0", title=hostile, text=hostile)
    for markup in (
        render.answer_html(answer, turn=1),
        render.answer_html(refusal, turn=1),
        render.question_html(hostile, turn=1),
        render.step_html(hostile),
        render.heard_html(answer, turn=1),
        render.heard_html(refusal, turn=1),
        render.answer_html(guess, turn=1),
        render.heard_html(guess, turn=1),
        render.trouble_html(hostile),
        source.document_pane(document, marks=Marks([Span(0, len(hostile))], 1)),
        source.passage_pane(hostile, text=hostile, mark=Span(0, 1), note=hostile),
        documents.trouble_html(hostile),
    ):
        assert_harmless(markup)


@given(words, words, words)
def test_any_answer_is_harmless_and_whole(before: str, quote: str, after: str) -> None:
    markup = render.answer_html(answered(citation(before, quote, after)), turn=3)
    seen = assert_harmless(markup)
    assert escape.visible(quote) in seen.text
    assert "\n" not in markup
    assert ("value", "3.c1") in seen.attributes


@given(st.text(min_size=1, max_size=60), st.data())
def test_the_pane_shows_the_whole_text_and_marks_each_quote(
    content: str, data: st.DataObject
) -> None:
    offsets = st.integers(0, len(content) - 1)
    marks = []
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(offsets)
        marks.append(Span(start, data.draw(st.integers(start + 1, len(content)))))
    document = Document(id="a.txt", digest="0", title="A", text=content)
    pane = source.document_pane(document, marks=Marks(marks, 1))
    body = pane.split("class='q-text' dir='auto'>")[1]
    assert Seen(body.removesuffix("</div></div></section>")).text == "".join(
        escape.visible(each) for each in _cut(content, marks)
    )
    for number in range(1, len(marks) + 1):
        assert pane.count(f"id='q-mark-{number}'") == 1
    assert "class='q-now'" in pane


def _cut(content: str, marks: list[Span]) -> list[str]:
    """The pieces between all edges: a line's end of two characters may be cut in two."""
    edges = sorted({0, len(content), *(offset for mark in marks for offset in mark)})
    return [content[i:j] for i, j in pairwise(edges)]


def test_the_quoted_words_are_marked_inside_their_sentence() -> None:
    lavrov = citation("It was Monday. According to Lavrov, ", "91 drones", " were used. More.")
    markup = render.answer_html(answered(lavrov), turn=1)
    assert "According to Lavrov&#44; <mark>91 drones</mark> were used&#46;" in markup
    assert "Monday" not in markup
    assert "characters 137–145" in markup


def test_sureness_is_said_in_words_with_the_number_at_hand() -> None:
    seen = Seen(render.answer_html(answered(citation("a ", "b")), turn=1))
    assert ("title", "87% sure") in seen.attributes
    assert "Very likely right" in seen.text
    assert "Of 100 answers given with this certainty, about 13 are expected" in seen.text


@pytest.mark.parametrize(
    ("confidence", "said"),
    [(1.0, "Almost certainly right"), (0.85, "Very likely right"), (0.2, "Perhaps right")],
)
def test_words_for_every_sureness(confidence: float, said: str) -> None:
    assert wording.sureness(confidence) == said


def test_a_copied_answer_is_plain_text_with_its_sources() -> None:
    answer = answered(citation("There were ", "91 drones", " in all."))
    seen = Seen(render.answer_html(answer, turn=1))
    copied = dict(seen.attributes)["data-plain"]
    assert copied == (
        "91 drones\n\n  [1] There were «91 drones» in all.\n"
        "      Notes (a/notes.txt), characters 112–120"
    )


def test_an_answer_is_heard_in_one_line() -> None:
    answer = answered(citation("a ", "b\nc"), citation("d ", "b c"))
    assert wording.heard(answer, turn=2) == "Answer 2: b c. Very likely right. 2 citations."
    assert wording.heard(refused(), turn=3).startswith("Answer 3: Not in your documents")


@pytest.mark.parametrize("reason", ["weak", "no_match"])
def test_a_refusal_says_which_documents_were_searched(reason: Reason) -> None:
    given = replace(refused(), reason=reason, scope="in *.csv, *_old/")
    for shown in (
        Seen(render.answer_html(given, turn=1)).text,
        Seen(render.heard_html(given, turn=1)).text,
        plain.terminal(given),
    ):
        assert "Not in the documents that were searched (those in *.csv, *_old/)" in shown
    assert "searched (those in \\*.csv, \\*\\_old/)" in plain.markdown(given)
    many = replace(given, scope=f"in {', '.join(f'folder{n}/' for n in range(99))}")
    assert len(wording.refusal(many)) < 200


def test_citations_are_numbered_in_order() -> None:
    markup = render.answer_html(answered(citation("a ", "b"), citation("c ", "b")), turn=2)
    assert re.findall(r"value='([^'&]*)'", markup) == ["2.c1", "2.c2"]
    assert re.findall(r"q-number'>([^<]*)<", markup) == ["1", "2"]


def test_a_page_is_named_where_the_document_has_pages() -> None:
    assert wording.place(passage("text", page=3)) == "page 3"
    assert wording.place(passage("text", page=3, place="slide 3")) == "slide 3"
    assert (
        wording.place(passage("text", page=3, place="Fares › Winter")) == "page 3, Fares › Winter"
    )
    assert wording.place(passage("text", start=1000)) == "characters 1,001–1,004"


def test_an_answer_that_is_the_whole_sentence_is_not_quoted_twice() -> None:
    markup = render.answer_html(answered(citation("", "All was quiet.")), turn=1)
    assert Seen(markup).text.count("All was quiet") == 1
    assert plain.terminal(answered(citation("", "All was quiet."))).count("All was quiet") == 1


def test_a_refusal_says_why_and_shows_what_is_near() -> None:
    markup = render.answer_html(
        refused(hit("Nearest."), hit("Next."), missing=("mayor", "Paris")), turn=4
    )
    assert "q-refused" in markup
    assert "Not in your documents" in markup
    assert "<b dir='auto'>mayor</b>, <b dir='auto'>Paris</b>" in markup
    assert re.findall(r"value='([^'&]*)'", markup) == ["4.h1", "4.h2"]
    assert html.unescape(wording.ADVICE_MISSING) in Seen(markup).text
    assert wording.ADVICE_WEAK in Seen(render.answer_html(refused(hit("Near.")), turn=4)).text


def test_a_misspelled_word_is_shown_with_what_may_have_been_meant() -> None:
    near = hit("Istanbul's walls fell in 1453"), hit("The major, not the manor, had a cat")
    given = refused(*near, missing=("Instanbul", "mayor", "1452", "car", "Ankara"))
    said = (
        "In no document: Instanbul (did you mean Istanbul?), mayor (did you mean major?), "
        "1452, car, Ankara"
    )
    assert said in Seen(render.answer_html(given, turn=1)).text
    assert said in plain.terminal(given)
    assert said in plain.markdown(given).replace("\\", "")


def test_an_answer_says_which_word_it_took_for_another() -> None:
    """And is silent of the words that it did without."""
    cited = citation("Istanbul's walls fell in ", "1453", ".")
    given = answered(cited, missing=("Instanbul", "conquerors"))
    said = "In no document: Instanbul (did you mean Istanbul?)"
    for shown in (
        Seen(render.answer_html(given, turn=1)).text,
        plain.terminal(given),
        plain.markdown(given).replace("\\", ""),
    ):
        assert said in shown
        assert "conquerors" not in shown
    assert "In no document" not in plain.terminal(answered(cited, missing=("conquerors",)))
    assert "In no document" not in render.answer_html(answered(cited), turn=1)


def test_a_run_of_a_script_without_spaces_is_not_said_to_be_a_missing_word() -> None:
    near = hit("東京タワーは1958年に完成した。")
    given = refused(near, missing=("東京タワーの高さは", "สูงเท่าไร", "Ankara", "높이는"))
    assert wording.missing(given) == [("Ankara", None), ("높이는", None)]
    given = refused(near, missing=("東京タワーの高さは",))
    for shown in (render.answer_html(given, turn=1), plain.terminal(given), plain.markdown(given)):
        assert wording.MISSING not in shown
    assert wording.advice(given) == wording.ADVICE_WEAK


@pytest.mark.parametrize(
    ("confidence", "why", "said"),
    [
        (0.62, "Perhaps in your documents", "About 62 in 100"),
        (0.04, "Not in your documents", "About 4 in 100"),
        (0.0, "Not in your documents", "About 1 in 100"),
    ],
)
def test_a_guess_is_shown_as_one_with_what_it_is_worth(
    confidence: float, why: str, said: str
) -> None:
    place = citation("The mill was built in ", "1742", " by two brothers.")
    near = replace(hit("Elsewhere."), passage=replace(hit("Elsewhere.").passage, id=99))
    same = replace(near, passage=place.passage)
    weak = replace(refused(same, near), confidence=confidence, guess=place)
    markup = render.answer_html(weak, turn=2)
    assert re.findall(r"value='([^'&]*)'", markup) == ["2.c1", "2.h2"]
    assert "<mark>1742</mark>" in markup
    assert "q-words" not in markup
    heard = Seen(render.heard_html(weak, turn=2)).text
    for shown in (Seen(markup).text, heard, plain.terminal(weak), plain.markdown(weak)):
        assert why in shown
        assert said in shown
        assert "1742" in shown


def test_a_refusal_sets_the_words_of_the_question_apart() -> None:
    near = refused(hit("The lighthouses of Varnia."), question="Where is the lighthouse?")
    assert "The <b>lighthouses</b> of Varnia" in render.answer_html(near, turn=1)


def test_a_question_understood_otherwise_says_so() -> None:
    answer = Answer(
        question="And he?",
        text="b",
        citations=(citation("a ", "b"),),
        confidence=1.0,
        reason=None,
        hits=(),
        understood_as="And Lavrov?",
    )
    seen = Seen(render.answer_html(answer, turn=1))
    assert "Understood as: And Lavrov?" in seen.text
    assert ("value", "1.u") in seen.attributes
    assert "Understood as: And Lavrov?" in plain.terminal(answer)


def test_an_earlier_question_can_be_edited_and_a_new_one_not() -> None:
    assert ("value", "3.q") in Seen(render.question_html("Who?", turn=3)).attributes
    assert "button" not in Seen(render.question_html("Who?")).tags


@pytest.mark.parametrize(
    ("n_turns", "said"),
    [
        (2, "Replaces question 2."),
        (3, "Replaces question 2 and the question after it."),
        (5, "Replaces question 2 and the 3 questions after it."),
    ],
)
def test_what_a_question_replaces_is_said(n_turns: int, said: str) -> None:
    assert said in Seen(render.replacing_html(2, n_turns=n_turns)).text


def test_a_long_document_is_shown_around_its_quote_with_a_note() -> None:
    content = "word " * 100_000 + "NEEDLE" + " word" * 100_000
    document = Document(id="long.txt", digest="0", title="Long", text=content)
    start = content.index("NEEDLE")
    pane = source.document_pane(document, marks=Marks([Span(start, start + 6)], 1))
    assert "<mark id='q-mark-1' class='q-now'>NEEDLE</mark>" in pane
    assert "of 1&#44;000&#44;006" in pane or "of 1,000,006 are shown" in pane
    assert len(pane) < 2 * SHOWN_CHARACTERS


@pytest.mark.parametrize("place", [0, 1_000_000 - 6])
def test_a_quote_at_the_end_of_a_long_document_is_shown(place: int) -> None:
    content = "x" * place + "NEEDLE" + "x" * (1_000_000 - 6 - place)
    document = Document(id="long.txt", digest="0", title="Long", text=content)
    pane = source.document_pane(document, marks=Marks([Span(place, place + 6)], 1))
    assert ">NEEDLE</mark>" in pane


def test_pages_are_announced_in_the_pane() -> None:
    document = Document(id="a", digest="0", title="A", text="onetwo", page_starts=(0, 3))
    pane = source.document_pane(document, marks=Marks([Span(2, 5)], 1))
    assert "Page 1</span>on<mark id='q-mark-1' class='q-now'>e</mark>" in pane
    assert "Page 2</span><mark class='q-now'>tw</mark>o" in pane


def test_the_terminal_sets_the_quote_apart() -> None:
    answer = answered(citation("There were ", "91 drones", " in all."))
    assert "There were «91 drones» in all." in plain.terminal(answer)
    assert "\x1b[1m91 drones\x1b[0m" in plain.terminal(answer, ink=plain.ANSI)
    assert "Notes (a/notes.txt), characters 112–120" in plain.terminal(answer)


@given(words, words)
@example("", " ")
@example("a", "\n")
def test_markdown_of_an_answer_holds_no_link_image_or_html(before: str, quote: str) -> None:
    answer = answered(citation(before, quote, title=before))
    shown = MarkdownIt("commonmark").render(plain.markdown(answer))
    assert set(re.findall(r"<(\w+)", shown)) <= {"p", "strong", "blockquote"}
