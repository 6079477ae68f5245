"""What the Universal Sentence Encoder says of each piece of a text where it stands, in any of its languages.

The package gives a vector for a whole text alone. Inside, that vector is made of one for each piece, which knows its
neighbours (convolutions over two, three and five pieces, each twice); they are added up and then drawn through the last
layers. Here the same steps are done as far as the vectors of the pieces. After Yang et al., "Multilingual Universal
Sentence Encoder for Semantic Retrieval" (2019), and the package's own numpy backend, whose weights are read.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from knowledge.embedding import Matrix, loaded_use

MOST = 384
"""How many pieces are worked on at a time."""

ORDERS = ((2, 0), (3, 1), (5, 2))
"""Over how many pieces each convolution goes, and how many of them stand before."""

WIDE, DEEP, CHUNKS = 512, 256, 17
"""Numbers of a piece by itself, numbers of a convolution, and in how many parts the table of the pieces is kept."""


def use_pieces_of(texts: Sequence[str]) -> list[Matrix]:
    """What USE says of each piece of each text, without its marks of beginning and end: (n, 512) each, of length 1."""
    out: list[Matrix] = []
    for rows in said(texts):
        kept = rows[1:-1] if len(rows) > 2 else rows
        out.append(kept / np.maximum(np.linalg.norm(kept, axis=1, keepdims=True), 1e-6))
    return out


def said(texts: Sequence[str]) -> list[Matrix]:
    """What each piece, and each mark of beginning and end, adds to the vector of its text before the last layers."""
    model: Any = loaded_use()._model  # the package shows nothing of it
    cut = [model.sp.encode(text or " ", out_type=int, add_bos=True, add_eos=True) for text in texts]
    out: list[Matrix] = []
    some: list[list[int]] = []
    for each in cut:
        if some and sum(map(len, some)) + len(each) > MOST:
            out += _batch(model, some)
            some = []
        some.append(each)
    return out + (_batch(model, some) if some else [])


def _batch(model: Any, some: Sequence[Sequence[int]]) -> list[Matrix]:
    lengths = np.array([len(each) for each in some])
    flat = np.concatenate([np.array(each, dtype=np.int64) for each in some])
    ends = np.cumsum(lengths)
    rows = np.empty((len(flat), WIDE + len(ORDERS) * DEEP), dtype=np.float32)
    chunk = flat % CHUNKS
    rows[:, :WIDE] = model.table[flat] * model.scale[chunk, None] + model.lo[chunk, None]
    read = _even(rows[:, :WIDE] @ model.proj_W + model.proj_b, model.ln_g_all, model.ln_b_all, model.eps)
    beside = model._window_index(ends - lengths, lengths, len(flat))
    left = max(before for _, before in ORDERS)
    for nth, (order, before) in enumerate(ORDERS):
        own = read[:, nth * DEEP : (nth + 1) * DEEP]
        those = beside[:, left - before : left - before + order]
        for weights, bias in ((model.w1[nth], model.b1[nth]), (model.w2[nth], model.b2[nth])):
            around = np.concatenate([own, np.zeros((1, DEEP), dtype=np.float32)])[those].reshape(len(flat), -1)
            own = np.maximum(around @ weights + bias, 0) + own
        rows[:, WIDE + nth * DEEP : WIDE + (nth + 1) * DEEP] = own
    whole = _even(rows, model.ln_g, model.ln_b, model.eps) @ model.cnn_W + model.cnn_b
    return np.split(whole, ends[:-1])


def _even(rows: Any, scale: Any, shift: Any, least: float) -> Any:
    """Each row with a mean of nought and a spread of one, then scaled and shifted."""
    rows = rows - rows.mean(axis=-1, keepdims=True)
    return rows / np.sqrt((rows * rows).mean(axis=-1, keepdims=True) + least) * scale + shift
