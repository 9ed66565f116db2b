"""Tests of qa.borders: where a person would let an answer begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.borders import whole


def marked(text: str, *, question: str = "What is it?") -> str:
    """What `whole` makes of the span between the two bars of a text."""
    start, end = text.index("|"), text.rindex("|") - 1
    text = text.replace("|", "")
    start, end = whole(text, start, end, question=question)
    return text[start:end]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It cost $|45| in all", "$45"),
        ("a share of |12|% of it", "12%"),
        ("the chief (|who left)| spoke", "who left"),
        ("she called it |“a shame| and left", "a shame"),
        ('he was |"very clear| then', "very clear"),
        ('he was |"very clear"| then', '"very clear"'),
        ("in |Paris,| where", "Paris"),
        ("the treaty of |Ghent (1814)| ended", "Ghent (1814)"),
        ("nothing |,| here", ","),
        ("he stood |5'10\"| tall", "5'10\""),
    ],
)
def test_a_span_keeps_its_signs_and_drops_what_dangles(text: str, kept: str) -> None:
    assert marked(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("the end |of the treaty and| the war", "of the treaty"),
        ("the end |of the treaty of| Ghent", "of the treaty"),
        ("it grew |in Spain and in the| south", "in Spain"),
        ("it grew |and flowered| there", "flowered"),
        ("it is |the vault –| the old one", "the vault"),
        ("Bring: |- a tent| or two", "a tent"),
        ("the suffix |-ase| ends it", "-ase"),
        ("that is |what it is made of|.", "what it is made of"),
        ("chosen |by the| king", "by"),
        ("the word |and| joins two", "and"),
    ],
)
def test_no_end_dangles_with_a_dash_or_a_word_of_grammar(text: str, kept: str) -> None:
    assert marked(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("together with --|amend|, then", "--amend"),
        ("together with -|-amend|, then", "--amend"),
        ("commit [-a] [--|amend|] [-m]", "--amend"),
        ("--|depth| <depth>", "--depth"),
        ("pass -|m| for a message", "-m"),
        ("a well-|known| name", "known"),
        ("the war - |Ghent| - ended", "Ghent"),
        ("the war--|Ghent|--ended", "Ghent"),
        ("a fall of -|5| degrees", "-5"),
    ],
)
def test_an_option_keeps_its_dashes(text: str, kept: str) -> None:
    assert marked(text).startswith(kept)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("fell |in 1911.| Then", "in 1911"),
        ("to |the harbour.|", "the harbour"),
        ("from |the U.S.| then", "the U.S."),
        ("at |6 p.m.| then", "6 p.m."),
        ("at |6 p.m|. Then", "6 p.m."),
        ("from |the U.S|. Then", "the U.S."),
        ("see |version b|. Then", "version b"),
    ],
)
def test_a_full_stop_goes_out_but_for_that_of_an_abbreviation(text: str, kept: str) -> None:
    assert marked(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("tears down |lighthouse of Tarn\n\nFirst stork| seen", "lighthouse of Tarn"),
        ("Orl\t|12,400\nVell\t3,150| in all", "12,400"),
        ("bring |a tent\n- a lamp|\n- a map", "a tent\n- a lamp"),
        ("the mill |of\nVell| fell", "of\nVell"),
    ],
)
def test_a_span_stays_in_its_paragraph_row_or_list(text: str, kept: str) -> None:
    assert marked(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("the |Ghen|t treaty", "Ghent"),
        ("they sold |1|,200 tickets", "1,200"),
        ("they sold 1,|200| tickets", "1,200"),
        ("by Captain |O|'Brien", "O'Brien"),
        ("in |Vell|'s harbour", "Vell"),
        ("from |Russia|-U.S. talks", "Russia"),
        ("signed at |Ghent (1814|) then", "Ghent (1814)"),
        ("the |old) mill| fell", "old) mill"),
    ],
)
def test_half_words_half_numbers_and_open_brackets_become_whole(text: str, kept: str) -> None:
    assert marked(text) == kept


@pytest.mark.parametrize(
    ("text", "question", "kept"),
    [
        ("Lavrov said |91| drones were used", "How many drones did Lavrov cite?", "91 drones"),
        ("it has |1,200| inhabitants.", "How many inhabitants has it?", "1,200 inhabitants"),
        ("there is |one| city here", "How many cities are there?", "one city"),
        ("it holds |7| world records", "How many world records are held?", "7"),
        ("there were |three| small boats", "How many boats were there?", "three"),
        ("|91| drones were used", "When were drones used?", "91"),
        ("only |two| came, drones excepted", "How many drones came?", "two"),
        ("they sent |a few| drones", "How many drones were sent?", "a few"),
    ],
)
def test_a_bare_number_takes_the_thing_counted_if_that_is_the_next_word(
    text: str, question: str, kept: str
) -> None:
    assert marked(text, question=question) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("the lane is |5| km long", "5 km"),
        ("a tower |31| metres tall", "31 metres"),
        ("a park of |12| square miles", "12 square miles"),
        ("about |40| percent of it", "40 percent"),
        ("it cost |$4.2| million to build", "$4.2 million"),
        ("it cost |4.2| million euros to build", "4.2 million euros"),
        ("it cost US$|45| billion", "US$45 billion"),
        ("EUR |45| were paid", "EUR 45"),
        ("they charge |5| euros per night", "5 euros per night"),
        ("it fell to |-12| °C at night", "-12 °C"),
        ("it fell to −|12| °C at night", "−12 °C"),
        ("it opened |five| years ago", "five years ago"),
        ("it opens at |6| pm daily", "6 pm"),
        ("it opens at |6:30| a.m. daily", "6:30 a.m."),
        ("it was sacked in |44| BC by", "44 BC"),
        ("|5| in all", "5"),
        ("|12|\nmetres", "12"),
    ],
)
def test_a_number_keeps_its_unit_currency_hour_and_era(text: str, kept: str) -> None:
    assert marked(text) == kept


@pytest.mark.parametrize(
    ("text", "question", "kept"),
    [
        ("it holds about |300| people", "How many people does it hold?", "about 300 people"),
        ("more than |40| ships", "How many ships came?", "more than 40 ships"),
        ("no fewer than |12| ships", "How many ships came?", "no fewer than 12 ships"),
        ("at least |$12| a day", "How much does it cost?", "at least $12"),
        ("up to |five| years", "How long does a queen live?", "up to five years"),
        ("nearly |4| km", "How far is it?", "nearly 4 km"),
        ("over |1,000| m", "How high is it?", "over 1,000 m"),
        ("over |two| days", "How long did it last?", "two days"),
        ("some |30| percent", "What percentage of it is lost?", "some 30 percent"),
        ("built about |1500| there", "When was it built?", "1500"),
        ("a hangabout |300| strong", "How many people came?", "300"),
        ("about\n|300| people", "How many people came?", "300 people"),
    ],
)
def test_a_quantity_that_is_asked_for_keeps_its_hedge(text: str, question: str, kept: str) -> None:
    assert marked(text, question=question) == kept


@pytest.mark.parametrize(
    ("text", "question", "kept"),
    [
        ("on |12 May| 2019 it", "When was it opened?", "12 May 2019"),
        ("on |12| May 2019 it", "When was it opened?", "12 May 2019"),
        ("on 12 |May| it", "On what date was it opened?", "12 May"),
        ("on |May 12|, 2019, it", "And when was it opened?", "May 12, 2019"),
        ("on the 3rd of |June 1911| it", "Can you tell me when it was opened?", "3rd of June 1911"),
        ("on 12 May |2019| it", "In what year was it opened?", "2019"),
        ("on 12 |May| it", "Which month is the best?", "May"),
        ("on |12 May|\n2019", "When was it opened?", "12 May"),
        ("|May| 12 boats sail?", "What may sail?", "May"),
    ],
)
def test_a_date_is_whole_where_the_question_asks_when(text: str, question: str, kept: str) -> None:
    assert marked(text, question=question) == kept


@pytest.mark.parametrize(
    ("text", "question", "kept"),
    [
        ("said Sergei |Lavrov| then", "Who said so?", "Sergei Lavrov"),
        ("by Minister Sergei |Lavrov| then", "Who said so?", "Sergei Lavrov"),
        ("by President |Lincoln| then", "By whom was it signed?", "President Lincoln"),
        ("drawn by Dr. |Jenner| then", "Who drew it?", "Dr. Jenner"),
        ("by Vincent van |Gogh|.", "Who painted it?", "Vincent van Gogh"),
        ("under |Louis| XIV it", "Who built it?", "Louis XIV"),
        ("The |Lavrov| papers", "Who wrote them?", "Lavrov"),
        ("When |Lincoln| spoke", "Who spoke?", "Lincoln"),
        ("In Ghent, |Lincoln| spoke", "Who spoke?", "Lincoln"),
        ("On Monday |Lavrov| said", "Who said so?", "Lavrov"),
        ("In June |Lavrov| said", "Who said so?", "Lavrov"),
        ("In Paris French |Macron| said", "Who said so?", "Macron"),
        ("On Monday Sergei |Lavrov| said", "Who said so?", "Sergei Lavrov"),
        ("Sergei\n|Lavrov| spoke", "Who spoke?", "Lavrov"),
        ("said Sergei |Lavrov| then", "What is his name?", "Lavrov"),
        ("the |Panama| Canal Zone", "Who owns it?", "Panama"),
        ("the |United Nations| Convention", "Who wrote it?", "United Nations"),
        ("Later |UNESCO| spoke", "Who spoke?", "UNESCO"),
    ],
)
def test_a_bare_surname_takes_its_forename_or_title_where_the_question_asks_who(
    text: str, question: str, kept: str
) -> None:
    assert marked(text, question=question) == kept


QUESTIONS = [
    "What is it?",
    "How many ships are there?",
    "How much does it cost?",
    "When was it?",
    "Who was it?",
]
PIECES = st.sampled_from(
    [
        *("12", "1,200", "2019", "$4.2", "US$45", "one", "forty", "million", "ships", "km", "pm"),
        *(
            "%",
            "°C",
            "a.m.",
            "per",
            "cent",
            "about",
            "at least",
            "no more than",
            "May",
            "of",
            "and",
        ),
        *("the", "The", "Lincoln", "Louis XIV", "Dr.", "van", "BC", "(", ")", "“", "”", '"', "–"),
        *("-", "|", ",", ".", "O'Brien", "don't", "in", "Vell"),
    ]
)
TEXTS = st.one_of(
    st.text(min_size=1, max_size=60),
    st.lists(
        st.tuples(PIECES, st.sampled_from([" ", " ", " ", "\n", ""])), min_size=1, max_size=14
    ).map(lambda pairs: "".join(piece + gap for piece, gap in pairs)),
)


@given(TEXTS, st.sampled_from(QUESTIONS), st.data())
def test_a_span_is_never_emptied_nor_leaves_the_text(
    text: str, question: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = whole(text, start, end, question=question)
    assert 0 <= first < last <= len(text)


@given(TEXTS, st.sampled_from(QUESTIONS), st.data())
def test_no_span_begins_or_ends_inside_a_word(
    text: str, question: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    for border in whole(text, start, end, question=question):
        assert not (text[border - 1 : border].isalnum() and text[border : border + 1].isalnum())


@given(TEXTS, st.sampled_from(QUESTIONS), st.data())
def test_a_whole_span_is_left_as_it_is(text: str, question: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = whole(text, start, end, question=question)
    assert whole(text, *span, question=question) == span
