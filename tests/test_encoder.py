"""Tests of index.encoder: text becomes the vectors it should."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import WordEncoder

from index.encoder import SHIPPED_ENCODER, Encoder, OnnxEncoder
from index.errors import ModelMissing

SENTENCES = """\
The harbour of Vell was dredged in 1911 at a cost of $340,000.
Its lighthouse, 31 metres tall, was designed by John Smeaton.
Herring was landed here until 1964.
Then the fleet moved to Oster because the channel silted up.
A strong colony of bees holds about 50,000 workers.
The queen lives up to five years.
Honey is taken in late July.
Leave 15 kg of it in the hive for the winter.
How many workers are in a colony?
When was the harbour dredged?
Who designed the lighthouse?
The ferry to Skarn leaves every forty minutes.
A ticket costs 6 euros, and children ride free.
The old mill ground barley for three villages.
A flood in 1903 broke its wheel.
Invoices are paid within thirty days of receipt.
The tenant shall give two months' notice in writing.
Turn the valve clockwise until it stops.
Do not open the cover while the fan is running.
The patient was given 20 mg of the drug twice a day.
No side effects were seen in the control group.
Interest rates rose by a quarter of a point in March.
The committee voted seven to two to keep them there.
Our quarterly revenue grew 12 % to 4.1 million.
What is the melting point of tin?
Tin melts at 231.9 degrees Celsius.
The treaty was signed in Lisbon by nine ministers.
Voters rejected the plan for a second time.
The bridge, closed since May, opens again on Friday.
Wolves returned to the valley after a century.
Snow fell on the pass in the first week of June.
def add(a, b): return a + b
SELECT name FROM towns WHERE height > 900
https://example.org/path?query=1
Call me on Tuesday.
yes
42
Ein Satz auf Deutsch über den Hafen.
Une phrase en français sur le port.
The train to the coast was late, as it is every Monday when the fog lies on the fields.
She sold the boat and bought a vineyard.
The vineyard lies on a slope above the lake.
Grapes are picked by hand in September.
In 1848 the town had 312 inhabitants and one well.
The well still stands in the market square.
The library lends books, maps and musical instruments.
It is closed on public holidays.
Members pay 10 pounds a year.
The password must hold twelve characters.
Restart the router if the light turns red.
Two drones were seen over the airfield at dawn.
The pilot landed safely in a barley field.
""".splitlines()


@pytest.fixture(scope="module")
def shipped() -> OnnxEncoder:
    return OnnxEncoder()


def test_a_text_has_the_same_vector_alone_and_among_others(shipped: OnnxEncoder) -> None:
    together = shipped.encode_passages(SENTENCES)
    for i in (0, 7, 35, 51):
        assert np.array_equal(together[i], shipped.encode_passages([SENTENCES[i]])[0])
        assert np.array_equal(together[i], shipped.encode_question(SENTENCES[i]))


def test_rows_are_in_the_order_of_texts(shipped: OnnxEncoder) -> None:
    forwards = shipped.encode_passages(SENTENCES)
    backwards = shipped.encode_passages(SENTENCES[::-1])
    assert np.array_equal(forwards, backwards[::-1])


def test_vectors_are_float32_of_length_one(shipped: OnnxEncoder) -> None:
    vectors = shipped.encode_passages([*SENTENCES, "word " * 3000, "🚢", " "])
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(SENTENCES) + 3, 384) == (len(vectors), shipped.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_text_has_no_row(shipped: OnnxEncoder) -> None:
    assert shipped.encode_passages([]).shape == (0, 384)


def test_a_long_text_is_encoded_by_its_beginning(shipped: OnnxEncoder) -> None:
    one, other = shipped.encode_passages(["word " * 3000, "word " * 3000 + "harbour"])
    assert np.array_equal(one, other)


def test_a_question_is_nearest_to_the_sentence_that_answers_it(shipped: OnnxEncoder) -> None:
    asked = {8: 4, 9: 0, 10: 1, 24: 25}
    vectors = shipped.encode_passages(SENTENCES)
    for question, answer in asked.items():
        products = vectors @ vectors[question]
        products[question] = -1
        assert int(products.argmax()) == answer


def test_first_values_of_a_vector_are_those_that_were_measured(shipped: OnnxEncoder) -> None:
    golden = [0.0297, -0.0300, -0.1432, -0.0564, 0.0207]
    found = shipped.encode_question("How many drones did Lavrov cite?")[:5]
    assert found == pytest.approx(golden, abs=0.01)


def test_an_altered_or_missing_model_is_missing(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED_ENCODER, tmp_path / "model")
    (folder / "model.onnx").write_bytes(b"other")
    for broken in (folder, tmp_path / "nowhere"):
        with pytest.raises(ModelMissing, match=str(broken)):
            OnnxEncoder(broken)


def test_both_encoders_and_the_fake_keep_the_protocol(shipped: OnnxEncoder) -> None:
    encoders: list[Encoder] = [shipped, WordEncoder()]
    for encoder in encoders:
        assert encoder.encode_passages(["a", "b"]).shape == (2, encoder.dimensions)
    assert encoders[0].fingerprint != encoders[1].fingerprint
