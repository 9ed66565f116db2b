"""The shipped encoder: all-MiniLM-L6-v2 with pooling in the graph and 8-bit weights.

python -m training.encoder index/models/all-MiniLM-L6-v2
python -m training.encoder --check index/models/all-MiniLM-L6-v2 --data DATA
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from index.encoder import OnnxEncoder
from index.passage import sentences
from training.body import N_HEADS, SOURCE, WIDTH, Body, load_body
from training.data import load_set
from training.export import export_for_one, load_tokenizer, write_description
from training.retriever import mixed

MAX_PIECES = 256
EVENED_BY = Path(__file__).parent.parent / "seeds" / "000_8dfdd8577489cd92.txt"


class Encoder(nn.Module):
    """The body for one text, the mean of its vectors over the pieces, scaled to length 1.

    A few channels reach far beyond the others (28 where most stay below 5), and in 8 bits all share
    one scale. `even_out` divides those before they are read, and multiplies the weights that read
    them: in 32 bits the vectors stay as they are.
    """

    def __init__(self, body: Body) -> None:
        super().__init__()
        self.body = body
        table = self.body.embeddings
        positions = table.position_embeddings.weight + table.token_type_embeddings.weight[0]
        self.positions = nn.Parameter(positions[:MAX_PIECES].detach().clone())
        self.shares = nn.ParameterList(torch.ones(WIDTH) for _ in self._readers())

    def forward(self, input_ids: Tensor) -> Tensor:
        """Vector (1, width) of a text's pieces (1, length)."""
        ids, table = input_ids[0], self.body.embeddings
        x = table.LayerNorm(table.word_embeddings(ids) + self.positions[: ids.shape[0]])
        shares = iter(self.shares)
        for layer in self.body.layers:
            x = layer.attention_norm(layer.mix(_seen(layer, x * next(shares))) + x)
            inner = functional.gelu(layer.inner(x * next(shares)))
            x = layer.norm(layer.outer(inner) + x)
        return functional.normalize(x.mean(0, keepdim=True), dim=-1)

    @torch.inference_mode()
    def even_out(self, texts: Sequence[Sequence[int]]) -> None:
        """Divides what reaches, in any of some texts, beyond twice the median of the channels."""
        reach: dict[nn.Module, Tensor] = {}

        def note(reader: nn.Module, given: tuple[Tensor]) -> None:
            reached = given[0].abs().amax(0)
            reach[reader] = torch.maximum(reach.get(reader, reached), reached)

        hooks = [readers[0].register_forward_pre_hook(note) for readers in self._readers()]
        for ids in texts:
            self(torch.tensor([ids]))
        for readers, share, hook in zip(self._readers(), self.shares, hooks, strict=True):
            hook.remove()
            times = (reach[readers[0]] / (2 * reach[readers[0]].median())).clamp(min=1)
            share.copy_(1 / times)
            for reader in readers:
                reader.weight.mul_(times)

    def _readers(self) -> list[tuple[nn.Linear, ...]]:
        """What reads the same vectors, in the order in which they do."""
        return [
            readers
            for layer in self.body.layers
            for readers in ((layer.query, layer.key, layer.value), (layer.inner,))
        ]


def _seen(layer: nn.Module, x: Tensor) -> Tensor:
    """What the heads of a layer gather, vectors (length, width) of vectors (length, width)."""
    q, k, v = (
        part(x).view(-1, N_HEADS, WIDTH // N_HEADS).transpose(0, 1)
        for part in (layer.query, layer.key, layer.value)
    )
    scores = torch.matmul(q, k.transpose(-1, -2)) / (WIDTH // N_HEADS) ** 0.5
    return torch.matmul(torch.softmax(scores, dim=-1), v).transpose(0, 1).reshape(-1, WIDTH)


def make(folder: Path, body: Body, *, name: str) -> None:
    """Writes a body as a folder that may ship, all but its card."""
    folder.mkdir(parents=True, exist_ok=True)
    encoder, text = Encoder(body), EVENED_BY.read_text(encoding="utf-8")
    tokenizer = load_tokenizer(SOURCE, max_pieces=MAX_PIECES)
    encoder.even_out([tokenizer.encode(text[start:end]).ids for start, end in sentences(text)])
    export_for_one(encoder, folder / "model.onnx", output="embedding")
    facts = {"name": name, "dimensions": WIDTH, "max_pieces": MAX_PIECES}
    write_description(folder, dict(facts))


def check(folder: Path, data: Path) -> None:
    """Prints how far the shipped vectors lie from the original's."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # slow to import

    shipped = OnnxEncoder(folder)
    original = SentenceTransformer(str(SOURCE), device="cpu")
    original.max_seq_length = MAX_PIECES
    questions, stated, passages = _texts(data)
    for name, texts in (("questions", questions), ("sentences", stated), ("passages", passages)):
        wanted = original.encode(texts, batch_size=32, show_progress_bar=False)
        cosine = (wanted * shipped.encode_passages(texts)).sum(axis=1)
        print(
            f"{name}: {len(texts)}, cosine to the original mean {cosine.mean():.4f}, "
            f"worst {cosine.min():.4f}"
        )


def _texts(data: Path, n: int = 200) -> tuple[list[str], list[str], list[str]]:
    """Questions, sentences and passages of different paragraphs of new-wiki."""
    by_context = {row.context: row for row in load_set(data / "dev/squadshifts-new-wiki.jsonl.gz")}
    rows = list(by_context.values())[:n]
    stated = [row.context[start:end] for row in rows for start, end in sentences(row.context)]
    return [row.question for row in rows], stated, [row.context[:500] for row in rows]


def main() -> None:
    """Makes the folder, or checks it."""
    parser = argparse.ArgumentParser(prog="python -m training.encoder")
    parser.add_argument("folder", type=Path, nargs="?", help="write the model here")
    parser.add_argument("--from", dest="run", type=Path, help="a run of training.retriever")
    parser.add_argument("--share", type=float, default=1.0, help="of the run, the rest published")
    parser.add_argument("--name", default="all-MiniLM-L6-v2", help="of the model")
    parser.add_argument("--check", type=Path, metavar="FOLDER", help="measure a model made before")
    parser.add_argument("--data", type=Path, help="the data folder, for --check")
    arguments = parser.parse_args()
    if arguments.check and arguments.data:
        check(arguments.check, arguments.data)
    elif arguments.folder:
        body = mixed(arguments.run, arguments.share) if arguments.run else load_body()
        make(arguments.folder, body, name=arguments.name)
    else:
        parser.error("name a folder to write, or --check FOLDER --data DATA")


if __name__ == "__main__":
    main()
