"""Tests of qa.cases: labelled questions, and the files that hold them."""

import gzip
import json
from pathlib import Path

import pytest

from qa.cases import Case, load_cases

LINES = [
    {
        "id": "1",
        "question": "How many?",
        "context": "91 drones.\u2028Ninety-one.",
        "answers": [{"text": "91 drones", "start": 0}, {"text": "91 drones", "start": 0}],
    },
    {"question": "Who?", "answers": ["Lavrov", "Sergei Lavrov"]},
    {"question": "Why?", "answers": []},
]
LOADED = [
    Case("How many?", ("91 drones",), "91 drones.\u2028Ninety-one."),
    Case("Who?", ("Lavrov", "Sergei Lavrov")),
    Case("Why?", ()),
]


@pytest.mark.parametrize("name", ["cases.jsonl", "cases.jsonl.gz"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
def test_cases_load_plain_and_compressed(tmp_path: Path, name: str, mark: str) -> None:
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n\n" for line in LINES)
    content = (mark + lines).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert load_cases(path) == LOADED


BAD = {
    "no JSON": "{",
    "no object": "[]",
    "no answers": '{"question": "Who?"}',
    "no list": '{"question": "Who?", "answers": 3}',
    "one text": '{"question": "Who?", "answers": "1962"}',
    "another form": '{"question": "Who?", "answers": {"text": ["1962"], "answer_start": [3]}}',
    "blank answer": '{"question": "Who?", "answers": [" "]}',
    "endless question": json.dumps({"question": "who " * 1_000, "answers": []}),
    "half a character": '{"question": "Who \\ud800?", "answers": []}',
    "no text": '{"question": "Who?", "answers": [3]}',
    "no question": '{"question": " ", "answers": []}',
    "context no text": '{"question": "Who?", "answers": [], "context": 3}',
}


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_a_bad_line_is_named_with_the_form_that_is_right(tmp_path: Path, line: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(LINES[0]) + "\n" + line, encoding="utf-8")
    with pytest.raises(ValueError, match=r'Line 2 of \'.*cases\.jsonl\'.*"answers": \["…"\]'):
        load_cases(path)


def test_letters_are_composed_as_those_of_documents_are(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    line = {"question": "Où?", "answers": ["Orle\u0301ans"], "context": " "}
    path.write_text(json.dumps(line), encoding="utf-8")
    assert load_cases(path) == [Case("Où?", ("Orl\u00e9ans",), None)]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for name, content in {
        "empty.jsonl": b"\n",
        "latin.jsonl": b"\xe9",
        "no.jsonl.gz": b"{}",
        "short.jsonl.gz": gzip.compress(b"{}")[:-9],
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match=name):
            load_cases(tmp_path / name)
    with pytest.raises(ValueError, match="No such file"):
        load_cases(tmp_path / "missing.jsonl")
