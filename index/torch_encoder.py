"""Any sentence-transformers model as an encoder, through the extra `models`; its only door."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.errors import ModelMissing

_BATCH = 32
_CONTENT = frozenset((".bin", ".json", ".model", ".safetensors", ".txt"))


class TorchEncoder:
    """A sentence-transformers model that lies on this machine; nothing is ever fetched.

    `Index.open_or_create(..., encoder=TorchEncoder("folder/of/the-model"))` builds with it.
    """

    def __init__(self, model: str | Path, *, device: str | None = None) -> None:
        """Load the model; code that it brings along is not run.

        Args:
            model: Its folder, or its name in the local Hugging Face cache.
            device: As torch names it, such as "cpu" or "cuda"; by default the fastest there is.

        Raises:
            ModelMissing: The extra is not installed, or no such model lies on this machine.
        """
        try:
            from sentence_transformers import (  # noqa: PLC0415 - optional, and takes seconds
                SentenceTransformer,
            )
        except ImportError as error:
            raise ModelMissing(
                f"The model '{model}' needs sentence-transformers, which is not installed. "
                'Install it: pip install "quoth[models]"'
            ) from error
        folder = _folder(model)
        try:
            self._model = SentenceTransformer(
                str(folder), device=device, local_files_only=True, trust_remote_code=False
            )
        except (OSError, ValueError, ImportError, KeyError) as error:
            reason = " ".join(str(error).split())[:200]
            raise ModelMissing(
                f"No sentence-transformers model in '{folder}' ({reason}). Name another folder."
            ) from error
        self._fingerprint = f"{Path(model).name}@{_digest(folder)[:12]}"

    @property
    def fingerprint(self) -> str:
        """Name and content of the model."""
        return self._fingerprint

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """Array of shape (n_texts, dimensions); row i is `texts[i]`."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        rows = self._model.encode_document(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(rows, np.float32)

    def encode_question(self, text: str) -> np.ndarray:
        """Array of shape (dimensions,)."""
        row = self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(row, np.float32)


def _folder(model: str | Path) -> Path:
    """Where a model lies on this machine."""
    if Path(model).is_dir():
        return Path(model)
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - comes with the extra

    try:
        return Path(snapshot_download(str(model), local_files_only=True))
    except (OSError, ValueError) as error:
        raise ModelMissing(
            f"No model '{model}' on this machine: neither a folder nor in the Hugging Face cache. "
            "Download it first, or name its folder."
        ) from error


def _digest(folder: Path) -> str:
    """SHA-256 over the names and contents of a model's weights, tokenizer and settings."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in _CONTENT and path.is_file():
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256")
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + content.digest())
    return digest.hexdigest()
