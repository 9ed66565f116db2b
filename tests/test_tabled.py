"""Tests of training.tabled: tables, what is asked of them, and where the answers stand."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from training.data import Row, is_held_out
from training.tabled import COLUMNS, NAMES_FROM, Tables, questions

PORTS = {
    name: [f"Port {letter}{name.title()}" for letter in "ABCDEFGHIJKLMNOPQRSTU"]
    for name in NAMES_FROM
}
NAMES = [f"Harbour {word}" for word in ("North", "South", "East", "West", "Gate", "Mill", "Bridge")]


def _tables(*, seed: int, checked: bool = False) -> Tables:
    return Tables(NAMES, np.random.default_rng(seed), checked=checked)


def _context(port: str) -> str:
    return f"They sailed to {port} in spring."


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "train").mkdir()
    for name in NAMES_FROM:
        lines = [
            json.dumps({"question": "?", "context": _context(port), "answers": []})
            for port in PORTS[name]
        ]
        with gzip.open(folder / f"train/{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write("\n".join(lines))
    return folder


def test_an_answer_stands_in_its_row_in_every_form() -> None:
    shapes = set()
    for seed in range(120):
        tables = _tables(seed=seed)
        table = tables.make()
        for question, row, answer in tables.asked(table):
            text, spans = tables.shown(table, row, answer)
            shapes.add(("|---" in text, " is " in text, ": " in text, "\n" in text))
            assert question.endswith("?")
            assert "{" not in question
            if answer:
                assert answer in table.rows[row]
                assert [text[start:end] for start, end in spans] == [answer]
            else:
                assert spans == []
    assert len(shapes) > 4


def test_a_question_names_what_tells_its_row_from_the_others() -> None:
    for seed in range(60):
        tables = _tables(seed=seed)
        table = tables.make()
        for question, row, answer in tables.asked(table):
            if not answer:
                continue
            cells = table.rows[row]
            asked_back = answer == cells[0] and cells[0].lower() not in question.lower()
            named = [
                each
                for each in table.rows
                if (any(cell in question for cell in each[1:]) if asked_back else True)
                and (asked_back or each[0].lower() in question.lower())
                and (not table.by or each[1] in question)
            ]
            assert cells in named


def test_what_no_row_answers_is_asked_too() -> None:
    answers = [
        answer
        for seed in range(60)
        for tables in [_tables(seed=seed)]
        for _, _, answer in tables.asked(tables.make())
    ]
    assert 0.02 < answers.count("") / len(answers) < 0.3


def test_columns_that_are_checked_are_not_trained_on() -> None:
    trained, checked = (
        {name for seed in range(150) for name in _tables(seed=seed, checked=flag).make().names}
        for flag in (False, True)
    )
    common = trained & checked - {"Month", "Quarter"}
    assert common == set()
    assert len(checked) > len(COLUMNS)


def test_names_of_contexts_that_are_held_out_are_kept_for_checking(data: Path) -> None:
    def names(rows: list[Row]) -> set[str]:
        text = " ".join(row.context for row in rows)
        return {port for ports in PORTS.values() for port in ports if port in text}

    trained = names(questions(data, checked=False))
    checked = names(questions(data, checked=True))
    assert trained
    assert checked
    assert not any(is_held_out(_context(port)) for port in trained)
    assert all(is_held_out(_context(port)) for port in checked)


def test_the_same_questions_come_each_time(data: Path) -> None:
    assert questions(data, checked=True) == questions(data, checked=True)
