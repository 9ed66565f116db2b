"""Text as vectors: the protocol, and the encoder that ships."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from index.onnx import OnnxModel, Pieces

SHIPPED_ENCODER = Path(__file__).resolve().parent / "models" / "all-MiniLM-L6-v2"


class Encoder(Protocol):
    """Anything that turns questions and passages into vectors of one space.

    Vectors are float32 of length 1, so that the inner product is the cosine.
    """

    @property
    def fingerprint(self) -> str:
        """Name and content of the model; an index mixes no two of them."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """Array of shape (n_texts, dimensions); row i is `texts[i]`."""

    def encode_question(self, text: str) -> np.ndarray:
        """Array of shape (dimensions,)."""


class OnnxEncoder:
    """all-MiniLM-L6-v2 in 8 bits, the encoder that ships.

    A text longer than the model's `max_pieces` word pieces is encoded by its beginning.
    """

    def __init__(self, folder: Path = SHIPPED_ENCODER) -> None:
        """Load the model.

        Raises:
            ModelMissing: The folder or a file of it is missing or altered.
        """
        self._model = OnnxModel.load(folder)
        self._model.tokenizer.enable_truncation(self._model.card["max_pieces"])

    @property
    def fingerprint(self) -> str:
        """Name and content of the model."""
        return self._model.fingerprint

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._model.card["dimensions"])

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """Array of shape (n_texts, dimensions); row i is `texts[i]`."""
        # Nobody asks where the pieces stand, and without their offsets it takes less.
        encodings = self._model.tokenizer.encode_batch_fast(list(texts))
        pieces = [Pieces(each.ids, each.type_ids) for each in encodings]
        rows = [output[0] for output in self._model.run(pieces)]
        return np.concatenate([np.empty((0, self.dimensions), np.float32), *rows])

    def encode_question(self, text: str) -> np.ndarray:
        """Array of shape (dimensions,)."""
        # The same as one of many passages, without a thread's help.
        encoding = self._model.tokenizer.encode(text)
        vector: np.ndarray = self._model.run_one(Pieces(encoding.ids, encoding.type_ids))[0][0]
        return vector
