"""The shipped encoder: all-MiniLM-L6-v2's student with pooling in the graph and 8-bit weights.

python -m training.encoder index/models/all-MiniLM-L6-v2 --texts runs/reader/packed.npz
python -m training.encoder --check index/models/all-MiniLM-L6-v2 --data DATA
"""

import argparse
from pathlib import Path

from index.encoder import OnnxEncoder
from index.passage import sentences
from training.body import SOURCE, WIDTH, Body, load_body
from training.data import load_set
from training.export import export_for_one, write_description
from training.fitted import fit, texts
from training.pack import Packed, load_packed
from training.retriever import mixed
from training.student import MAX_PIECES

N_BATCHES = 48  # of texts: a hundred thousand pieces, which take two minutes


def make(folder: Path, body: Body, packed: Packed, *, name: str) -> None:
    """Writes a body's student as a folder that may ship, all but its card."""
    folder.mkdir(parents=True, exist_ok=True)
    student = fit(body, texts(packed, n_batches=N_BATCHES))
    export_for_one(student, folder / "model.onnx", output="embedding")
    facts = {"name": name, "dimensions": WIDTH, "max_pieces": MAX_PIECES}
    write_description(folder, dict(facts))


def check(folder: Path, data: Path) -> None:
    """Prints how far the shipped vectors lie from the original's."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # slow to import

    shipped = OnnxEncoder(folder)
    original = SentenceTransformer(str(SOURCE), device="cpu")
    original.max_seq_length = MAX_PIECES
    questions, stated, passages = _texts(data)
    for name, some in (("questions", questions), ("sentences", stated), ("passages", passages)):
        wanted = original.encode(some, batch_size=32, show_progress_bar=False)
        cosine = (wanted * shipped.encode_passages(some)).sum(axis=1)
        print(
            f"{name}: {len(some)}, cosine to the original mean {cosine.mean():.4f}, "
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
    parser.add_argument("--texts", type=Path, help="the arrays that training.pack wrote")
    parser.add_argument("--from", dest="run", type=Path, help="a run of training.retriever")
    parser.add_argument("--share", type=float, default=1.0, help="of the run, the rest published")
    parser.add_argument("--name", default="all-MiniLM-L6-v2", help="of the model")
    parser.add_argument("--check", type=Path, metavar="FOLDER", help="measure a model made before")
    parser.add_argument("--data", type=Path, help="the data folder, for --check")
    arguments = parser.parse_args()
    if arguments.check and arguments.data:
        check(arguments.check, arguments.data)
    elif arguments.folder and arguments.texts:
        body = mixed(arguments.run, arguments.share) if arguments.run else load_body()
        make(arguments.folder, body, load_packed(arguments.texts), name=arguments.name)
    else:
        parser.error("name a folder to write and --texts PACKED, or --check FOLDER --data DATA")


if __name__ == "__main__":
    main()
