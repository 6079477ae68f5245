"""Vectors are of length one, alike for like texts, and those of the sample handbook are shipped."""

import numpy as np

from knowledge import embedding
from knowledge.passages import cut
from knowledge.reading import read_folder


def test_vectors_have_length_one_and_tell_meanings_apart() -> None:
    texts = ["How much vacation do I get?", "Days of annual leave", "Reset the router"]
    for vectors in (embedding.minilm(texts), embedding.use(texts)):
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1


def test_one_text_has_one_vector_in_any_company() -> None:
    alone = embedding.minilm(["short"])[0]
    among = embedding.minilm(["a much longer text, about the weather of last week", "short"])[1]
    assert float(alone @ among) > 0.99


def test_the_sample_handbook_needs_no_model() -> None:
    """After a change of knowledge/handbook run `python -m knowledge.embedding`."""
    with np.load(embedding.SAMPLE) as held:
        shipped = {str(key) for key in held["keys"]}
    passages = [
        embedding.content_hash(each.embedded)
        for reading in read_folder(embedding.SAMPLE.parent).readings
        for each in cut(reading.text, title=reading.title)
    ]
    assert [each for each in passages if each not in shipped] == []
