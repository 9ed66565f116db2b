"""A shipped model: an ONNX session and its tokenizer, checked against their digests."""

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from index.errors import ModelMissing

# Onnxruntime's kernel for an addition and a normalisation takes six times as long as the two do.
SLOW_FUSIONS = ["SkipLayerNormFusion"]


class Pieces(NamedTuple):
    """A text as the model reads it: id and type of each word piece, special ones included."""

    ids: Sequence[int]
    types: Sequence[int]


@dataclass(frozen=True)
class OnnxModel:
    """A model folder, loaded: `model.onnx`, `tokenizer.json` and `model.json`.

    Attributes:
        card: What `model.json` says: name, sizes, digests of the files.
        session: The inference session.
        tokenizer: The tokenizer, without padding or truncation set.
    """

    card: dict[str, Any]
    session: onnxruntime.InferenceSession
    tokenizer: Tokenizer

    @classmethod
    def load(cls, folder: Path) -> "OnnxModel":
        """The model of a folder.

        Raises:
            ModelMissing: The folder or a file is missing, or a file is not the one that
                `model.json` names by its digest.
        """
        try:
            card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            files = {name: (folder / name).read_bytes() for name in card["sha256"]}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelMissing(f"No model in '{folder}' ({error}). Install Quoth again.") from error
        for name, content in files.items():
            if hashlib.sha256(content).hexdigest() != card["sha256"][name]:
                raise ModelMissing(f"'{folder / name}' was altered. Install Quoth again.")
        tokenizer = Tokenizer.from_buffer(files["tokenizer.json"])
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(card, _session(files["model.onnx"]), tokenizer)

    @cached_property
    def fingerprint(self) -> str:
        """Name and content of the model in one word."""
        return f"{self.card['name']}@{self.card['sha256']['model.onnx'][:12]}"

    def run(self, texts: Sequence[Pieces]) -> list[list[np.ndarray]]:
        """The model's outputs for each text, item i of `texts[i]`; axis 0 has length 1.

        Texts are computed one by one, a thread for each core. In 8 bits the activations of a
        batch share one scale, so in a batch a text's output would depend on the others; alone it
        depends on the text only, needs no padding, and is no slower.
        """
        outputs: list[list[np.ndarray]] = [[] for _ in texts]
        left = iter(range(len(texts)))

        def work() -> None:
            for i in left:  # each thread takes the next text that no other has taken
                outputs[i] = self.run_one(texts[i])

        for each in [self._threads.submit(work) for _ in texts[: os.cpu_count()]]:
            each.result()
        return outputs

    def run_one(self, text: Pieces) -> list[np.ndarray]:
        """The model's outputs for one text, computed in this thread; axis 0 has length 1."""
        ids = np.array([text.ids], np.int64)
        feeds = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.array([text.types], np.int64),
        }
        taken = {name: feeds[name] for name in self._inputs}
        outputs: list[np.ndarray] = self.session.run(None, taken)
        return outputs

    @cached_property
    def _inputs(self) -> tuple[str, ...]:
        """Names of what the model takes: an encoder needs no types, and alone no mask."""
        return tuple(each.name for each in self.session.get_inputs())

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="onnx")


def _session(content: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # each thread runs a text of its own
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        content,
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=SLOW_FUSIONS,
    )
