"""A trained model as the folder that ships: fused 8-bit ONNX, tokenizer, digests."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from tokenizers import Tokenizer
from torch import nn

from training.body import N_HEADS, SOURCE, WIDTH, sha256

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OPSET = 17
IntArray = NDArray[np.int64]
QUANTISED = ["MatMul", "Attention", "Gather"]


def export(model: nn.Module, path: Path, *, outputs: Sequence[str], by_length: bool) -> None:
    """Writes a model as ONNX with fused layers and 8-bit weights.

    Args:
        model: Takes the three inputs, integers (n, length), in the order of `INPUTS`.
        path: The file to write.
        outputs: Names of what it gives.
        by_length: The outputs have shape (n, length), else (n, width).
    """
    with tempfile.TemporaryDirectory() as scratch:
        plain, fused = Path(scratch) / "plain.onnx", Path(scratch) / "fused.onnx"
        _trace(model, plain, outputs=outputs, by_length=by_length)
        _fuse(plain, fused)
        quantize_dynamic(
            fused,
            path,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=QUANTISED,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
        )


def write_description(folder: Path, facts: dict[str, object]) -> None:
    """Writes tokenizer.json, without padding or truncation, and model.json with the digests."""
    load_tokenizer(SOURCE).save(str(folder / "tokenizer.json"), pretty=False)
    digests = {name: sha256(folder / name) for name in ("model.onnx", "tokenizer.json")}
    text = json.dumps({**facts, "sha256": digests}, indent=2)
    (folder / "model.json").write_text(text + "\n", encoding="utf-8")


def load_tokenizer(folder: Path, *, max_pieces: int | None = None) -> Tokenizer:
    """The folder's tokenizer, without padding; cuts at `max_pieces`."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    if max_pieces is None:
        tokenizer.no_truncation()
    else:
        tokenizer.enable_truncation(max_pieces)
    return tokenizer


def pad(ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]]) -> dict[str, IntArray]:
    """The graph's inputs for one batch of pieces, padded with zeros to the longest."""
    shape = (len(ids), max(map(len, ids)))
    arrays = {name: np.zeros(shape, dtype=np.int64) for name in INPUTS}
    for i, (row, row_types) in enumerate(zip(ids, types, strict=True)):
        arrays["input_ids"][i, : len(row)] = row
        arrays["attention_mask"][i, : len(row)] = 1
        arrays["token_type_ids"][i, : len(row)] = row_types
    return arrays


def _trace(model: nn.Module, path: Path, *, outputs: Sequence[str], by_length: bool) -> None:
    sample = tuple(torch.ones((2, 8), dtype=torch.int64) for _ in INPUTS)
    axes = {name: {0: "n", 1: "length"} for name in INPUTS}
    axes |= {name: {0: "n", 1: "length"} if by_length else {0: "n"} for name in outputs}
    torch.onnx.export(
        model.eval(),
        sample,
        path,
        input_names=list(INPUTS),
        output_names=list(outputs),
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )


def _fuse(plain: Path, fused: Path) -> None:
    """Fuses attention, layer normalisation with the sum before it, and gelu with its bias."""
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False
    model = optimize_model(
        str(plain),
        model_type="bert",
        num_heads=N_HEADS,
        hidden_size=WIDTH,
        opt_level=0,
        optimization_options=options,
    )
    counts = model.get_fused_operator_statistics()
    missing = [name for name in ("Attention", "SkipLayerNormalization") if not counts.get(name)]
    if missing:
        raise ValueError(f"onnxruntime fused no {missing} in the graph: {counts}.")
    model.save_model_to_file(str(fused))


class Session:
    """A shipped folder, ready to run.

    Attributes:
        tokenizer: The folder's own, cutting texts at `max_pieces`.
    """

    def __init__(self, folder: Path, *, max_pieces: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        self.tokenizer = load_tokenizer(folder, max_pieces=max_pieces)
        self._model = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def run(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """Outputs of one padded batch."""
        pieces = self.tokenizer.encode_batch(list(texts))
        return self.run_pieces([p.ids for p in pieces], [p.type_ids for p in pieces])

    def run_pieces(
        self, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]]
    ) -> list[NDArray[np.float32]]:
        """Outputs of one batch of pieces."""
        outputs: list[NDArray[np.float32]] = self._model.run(None, pad(ids, types))
        return outputs
