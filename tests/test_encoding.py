"""Tests of benchmarks.encoding: operations are counted as the model has them."""

import numpy as np
import onnx
from tokenizers import Tokenizer

from benchmarks.encoding import PIECES, markdown, passages_of, product, weights_per_piece
from index.encoder import SHIPPED_ENCODER

WIDTH, INNER_WIDTH, N_LAYERS = 384, 1536, 6
LONG = "The ferry leaves every forty minutes, and a ticket for the island costs six euros. " * 9


def test_the_weights_counted_are_those_of_six_layers() -> None:
    model = onnx.load(SHIPPED_ENCODER / "model.onnx")
    of_a_layer = 4 * WIDTH * WIDTH + 2 * WIDTH * INNER_WIDTH
    assert weights_per_piece(model) == N_LAYERS * of_a_layer


def test_passages_have_as_many_pieces_as_is_said_and_short_texts_none() -> None:
    tokenizer = Tokenizer.from_file(str(SHIPPED_ENCODER / "tokenizer.json"))
    tokenizer.no_truncation()
    passages = passages_of([LONG, "Too short.", LONG.upper(), LONG], tokenizer, n=2)
    assert [len(tokenizer.encode(each)) for each in passages] == [PIECES, PIECES]
    assert LONG.startswith(passages[0])


def test_what_is_timed_as_the_peak_is_a_product_of_8_bit_matrices() -> None:
    random = np.random.default_rng(1)
    rows = random.integers(0, 256, (5, 32), dtype=np.uint8)
    weights = random.integers(-127, 128, (32, 7), dtype=np.int8)
    (found,) = product(weights, len(rows)).run(None, {"a": rows})
    assert np.array_equal(found, (rows.astype(int) - 128) @ weights.astype(int))


def test_the_table_gives_medians_their_ratio_and_the_share_of_the_peak() -> None:
    table = markdown(
        {
            "machine": {"date": "2030-01-01", "cores": 2, "cpu": "a mill", "load": 0.1},
            "passages": 10,
            "pieces": 128,
            "quoth": [100.0, 300.0, 200.0],
            "sentence-transformers": [50.0, 40.0, 60.0],
            "sentence-transformers, untuned": [20.0, 25.0, 40.0],
            "batch": 16,
            "tuning": {8: 1.0, 16: 2.0},
            "8-bit operations a second": [4e12, 1e12, 2e12],
            "shape": (1024, 512, 256),
            "8-bit operations a passage": 2_500_000_000,
        }
    )
    assert "| 200 | 25.0 | 50.0 |" in table
    assert "| Quoth, times as many | | 8.00 | 4.00 |" in table
    assert "| share of the peak | 25 % |" in table
    assert "batches of 32, as it comes, and of 16, the fastest of 8, 16" in table
    assert "1024 × 512 × 256" in table
