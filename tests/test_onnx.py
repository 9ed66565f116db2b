"""Tests of index.onnx: a model folder is the one that its card names, or none."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.encoder import SHIPPED_ENCODER
from index.errors import ModelMissing
from index.onnx import OnnxModel, Pieces


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the shipped encoder, to be spoilt."""
    return shutil.copytree(SHIPPED_ENCODER, tmp_path / "model")


def test_the_shipped_model_is_the_one_its_card_names() -> None:
    model = OnnxModel.load(SHIPPED_ENCODER)
    assert model.fingerprint.startswith(model.card["name"] + "@")
    assert set(model.card["sha256"]) == {"model.onnx", "tokenizer.json"}


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_an_altered_file_is_refused_by_name(copied: Path, name: str) -> None:
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(content)
    with pytest.raises(ModelMissing, match=f"{name}' was altered"):
        OnnxModel.load(copied)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "model.json"])
def test_a_missing_file_is_refused_with_the_folder(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(ModelMissing, match=f"No model in '{copied}'.*{name}.*Install Quoth again"):
        OnnxModel.load(copied)


@pytest.mark.parametrize("card", ["", "{}", "[]", "null", '{"sha256": 3}'])
def test_a_card_that_names_no_files_is_refused(copied: Path, card: str) -> None:
    (copied / "model.json").write_text(card, encoding="utf-8")
    with pytest.raises(ModelMissing, match="No model in"):
        OnnxModel.load(copied)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"No model in '.*nowhere'"):
        OnnxModel.load(tmp_path / "nowhere")


def test_a_text_gives_the_same_output_alone_and_among_others() -> None:
    model = OnnxModel.load(SHIPPED_ENCODER)
    pieces = [
        Pieces(encoding.ids, encoding.type_ids)
        for encoding in model.tokenizer.encode_batch(["One.", "Two words, or three or four.", "6"])
    ]
    together = model.run(pieces)
    alone = [model.run([each])[0] for each in pieces]
    for one, other in zip(together, alone, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_callers_at_once_get_their_own_outputs_in_their_order() -> None:
    model = OnnxModel.load(SHIPPED_ENCODER)
    given = [
        [Pieces([101, first + i, 102], [0] * 3) for i in range(9)] for first in (2000, 3000, 4000)
    ]
    with ThreadPoolExecutor(len(given)) as callers:
        found = list(callers.map(model.run, given))
    for pieces, outputs in zip(given, found, strict=True):
        for each, output in zip(pieces, outputs, strict=True):
            assert np.array_equal(output[0], model.run_one(each)[0])


def test_a_text_that_cannot_be_computed_is_no_silent_gap() -> None:
    model = OnnxModel.load(SHIPPED_ENCODER)
    too_long = Pieces([101] * 400, [0] * 400)
    good = Pieces([101, 2000, 102], [0] * 3)
    with pytest.raises(Exception, match="Add"):
        model.run([good, too_long, good])
    assert len(model.run([good, good])) == 2


def test_the_card_is_json_that_people_can_read() -> None:
    text = (SHIPPED_ENCODER / "model.json").read_text(encoding="utf-8")
    assert json.loads(text)["dimensions"] == 384
    assert text.count("\n") > 3
