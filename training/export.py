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

from index.onnx import SLOW_FUSIONS
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
        axes = {name: {0: "n", 1: "length"} for name in INPUTS}
        axes |= {name: {0: "n", 1: "length"} if by_length else {0: "n"} for name in outputs}
        _trace(model, plain, inputs=INPUTS, outputs=outputs, axes=axes)
        _fuse(plain, fused)
        _quantise(fused, path)


def export_for_one(model: nn.Module, path: Path, *, output: str) -> None:
    """Writes a model of one text at a time as ONNX with 8-bit weights and fused operations.

    Without a batch there is no padding to leave out, and the heads' products read the projections
    where they lie. Onnxruntime fuses the rest itself; it is saved as fused, to load sooner.

    Args:
        model: Takes the ids of a text's pieces, integers (1, length).
        path: The file to write.
        output: Name of what it gives.
    """
    with tempfile.TemporaryDirectory() as scratch:
        plain, quantised = Path(scratch) / "plain.onnx", Path(scratch) / "quantised.onnx"
        inputs = INPUTS[:1]
        _trace(model, plain, inputs=inputs, outputs=[output], axes={inputs[0]: {1: "length"}})
        _quantise(plain, quantised)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(path)
        onnxruntime.InferenceSession(
            str(quantised),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=SLOW_FUSIONS,
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


def _trace(
    model: nn.Module,
    path: Path,
    *,
    inputs: Sequence[str],
    outputs: Sequence[str],
    axes: dict[str, dict[int, str]],
) -> None:
    shape = (2 if 0 in axes[inputs[0]] else 1, 8)
    torch.onnx.export(
        model.eval(),
        tuple(torch.ones(shape, dtype=torch.int64) for _ in inputs),
        path,
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )


def _quantise(plain: Path, quantised: Path) -> None:
    """Stores weights in 8 bits, a scale for each output; activations get theirs as they come."""
    quantize_dynamic(
        plain,
        quantised,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=QUANTISED,
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )


def _fuse(plain: Path, fused: Path) -> None:
    """Fuses attention; biases are left to go with the products before them."""
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False
    options.enable_skip_layer_norm = options.enable_bias_skip_layer_norm = False  # SLOW_FUSIONS
    options.enable_bias_gelu = False
    model = optimize_model(
        str(plain),
        model_type="bert",
        num_heads=N_HEADS,
        hidden_size=WIDTH,
        opt_level=0,
        optimization_options=options,
    )
    counts = model.get_fused_operator_statistics()
    if not counts.get("Attention"):
        raise ValueError(f"onnxruntime fused no attention in the graph: {counts}.")
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
            str(folder / "model.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=SLOW_FUSIONS,
        )

    def run_pieces(
        self, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]]
    ) -> list[NDArray[np.float32]]:
        """Outputs of one batch of pieces."""
        outputs: list[NDArray[np.float32]] = self._model.run(None, pad(ids, types))
        return outputs
