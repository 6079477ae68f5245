"""Which intent a sentence has: sentence vectors of two models under a small softmax, trained on everybody's examples.

The examples are patterns (`seeds/`) and messages as people wrote them (`seeds/messages/`).
`python -m bot.brain.classify` writes the weights that are shipped, and the examples' vectors. Where the kinds or
examples differ from those, the weights are trained at first use (seconds) and kept in the company's home.
"""

import hashlib
import itertools
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend import private
from backend.kinds import Kinds
from backend.refusals import Refusal
from knowledge.embedding import MODELS, minilm, use

Floats = NDArray[np.float32]
Signs = tuple[float, ...]

SEEDS = Path(__file__).parent / "seeds"
MESSAGES = SEEDS / "messages"
SHIPPED = SEEDS / "weights.npz"
OUT_OF_SCOPE = "out_of_scope"
OWN = "examples.toml"
"""The file in a company's folder that holds its own examples."""
OWN_TIMES = 4.0
"""How often an example of the company's own counts: it has few of them, and means them."""
FORMULA = "7"
"""Changes when the way of training does: older weights are not used then."""

_VARIANTS = 8
_STEPS = 27
"""How finely a shipped vector is told: numbers from minus to plus so many, which compress well."""
_WEIGHT_OF_SIGNS = 0.35
_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Example:
    """One sentence and the intent it has."""

    intent: str
    text: str


@dataclass(frozen=True)
class Softmax:
    """A trained classifier: labels, weights (features, labels) and biases."""

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats

    def probabilities(self, features: Floats) -> Floats:
        """Rows of features in, rows of probabilities out, in the order of the labels."""
        return _softmax(features @ self.weights + self.bias)


def examples_of(kinds: Kinds, *, more: Sequence[Example] = ()) -> tuple[Example, ...]:
    """All examples for these kinds: seeds, messages, what the kinds bring, and what the company adds; each once."""
    intents = {each.intent for each in kinds.values()}
    shipped = (*seeds(), *messages())
    out = [each for each in shipped if not each.intent.endswith(".submit") or each.intent in intents]
    out += [Example(kind.intent, text) for kind in kinds.values() for text in kind.examples]
    out += more
    return tuple(dict.fromkeys(out))


@cache
def seeds() -> tuple[Example, ...]:
    """The shipped seed sentences in six languages, with their {a|b} written out."""
    said = [each for file in sorted(SEEDS.glob("*.toml")) for each in _listed(file)]
    return tuple(dict.fromkeys(Example(each.intent, text) for each in said for text in expand(each.text)))


@cache
def messages() -> tuple[Example, ...]:
    """The shipped messages, word by word: of people of every manner, slips of the pen and all."""
    return tuple(each for file in sorted(MESSAGES.glob("*.toml")) for each in _listed(file))


def _listed(file: Path) -> list[Example]:
    table: Mapping[str, Sequence[str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return [Example(intent, text) for intent, texts in table.items() for text in texts]


def of_company(home: Path, kinds: Kinds) -> tuple[Example, ...]:
    """The company's own examples: `examples.toml` in its folder, written as the seeds are; none without such a file.

    A Refusal says what cannot be read, or names an intent that there is none of.
    """
    file = home / OWN
    if not file.is_file():
        return ()
    try:
        table: Mapping[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal("{file} cannot be read: {why}.", file=OWN, why=str(error)) from error
    known = {each.intent for each in examples_of(kinds)}
    out: list[Example] = []
    for intent, patterns in table.items():
        if intent not in known:
            raise Refusal(
                "{file}: there is no intent {intent}. There are: {known}.",
                file=OWN,
                intent=intent,
                known=", ".join(sorted(known)),
            )
        sentences: list[Any] = list(patterns) if isinstance(patterns, list) else [None]  # pyright: ignore[reportUnknownArgumentType]
        if not all(isinstance(each, str) for each in sentences):
            raise Refusal('{file}: {intent} needs a list of sentences, ["...", "..."].', file=OWN, intent=intent)
        out += [Example(intent, text) for pattern in sentences for text in expand(pattern)]
    return tuple(dict.fromkeys(out))


def expand(pattern: str) -> list[str]:
    """The sentences that a pattern with {a|b|} stands for: all of them, or a fixed selection where they are many."""
    pieces = _CHOICE.split(pattern)
    options = [piece.split("|") if i % 2 else [piece] for i, piece in enumerate(pieces)]
    every = list(itertools.islice(itertools.product(*options), 5000))
    widest = max(len(each) for each in options)
    wanted = max(_VARIANTS, widest)
    if len(every) > wanted:
        # A stride that shares no factor with the sizes walks through every choice evenly.
        every = [every[(i * 7919) % len(every)] for i in range(wanted)]
    return list(
        dict.fromkeys(re.sub(r"\s+([,.?!]|$)", r"\1", re.sub(r"\s+", " ", "".join(each))).strip() for each in every)
    )


def vectors(texts: Sequence[str]) -> Floats:
    """Both models' vectors side by side: (n, 896), float32."""
    return np.concatenate([minilm(texts), use(texts)], axis=1).astype(np.float32)


def features(of: Floats, signs: Sequence[Signs]) -> Floats:
    """Vectors with the signs that rules found (an amount, a day, a name ...) beside them."""
    beside = np.asarray(signs, dtype=np.float32).reshape(len(of), -1) * _WEIGHT_OF_SIGNS
    return np.concatenate([of, beside], axis=1)


def fit(
    of: Floats,
    labels: Sequence[str],
    *,
    times: Sequence[float] = (),
    weight: float = 1e-5,
    steps: int = 200,
    even: float = 0.5,
) -> Softmax:
    """Trains a softmax on features (n, m); classes are weighed by size to the power of -`even`. Seconds, one thread.

    times  how often each row counts; once where nothing is said
    """
    names = tuple(sorted(set(labels)))
    index = {name: i for i, name in enumerate(names)}
    target = np.array([index[label] for label in labels])
    counts = np.bincount(target, minlength=len(names)).astype(np.float32)
    share = (counts[target] ** -even).astype(np.float32) * (np.array(times, dtype=np.float32) if times else 1)
    share /= share.sum()
    goal = np.eye(len(names), dtype=np.float32)[target]
    weights = np.zeros((of.shape[1], len(names)), dtype=np.float32)
    bias = np.zeros(len(names), dtype=np.float32)
    moment: list[Any] = [np.zeros_like(weights), np.zeros_like(bias)]
    spread: list[Any] = [np.zeros_like(weights), np.zeros_like(bias)]
    for step in range(1, steps + 1):
        error = (_softmax(of @ weights + bias) - goal) * share[:, None]
        slopes = (of.T @ error + weight * weights, error.sum(axis=0))
        rate = 0.3 * (1 - step / (steps + 1)) + 0.01
        for i, (slope, values) in enumerate(zip(slopes, (weights, bias), strict=True)):
            moment[i] = 0.9 * moment[i] + 0.1 * slope
            spread[i] = 0.99 * spread[i] + 0.01 * slope * slope
            values -= rate * (moment[i] / (1 - 0.9**step)) / (np.sqrt(spread[i] / (1 - 0.99**step)) + 1e-6)
    return Softmax(names, weights, bias)


def calibrated(of: Floats, labels: Sequence[str], *, out: str, folds: int = 5, **how: float) -> Softmax:
    """As fit(), with the label for what is out of scope made as likely as held-out parts of the examples ask for.

    Of the shifts under which the most examples inside and outside are told (each half of the measure), the middle one.
    """
    trained = fit(of, labels, **how)  # pyright: ignore[reportArgumentType]
    given = np.array(labels)
    if out not in trained.labels or min(int((given == label).sum()) for label in trained.labels) < folds:
        return trained
    place = np.zeros(len(given), dtype=np.int64)
    for label in trained.labels:
        rows = np.flatnonzero(given == label)
        place[rows] = np.arange(len(rows)) % folds
    scores = np.zeros((len(given), len(trained.labels)), dtype=np.float32)
    for fold in range(folds):
        kept = place != fold
        one = fit(of[kept], [str(each) for each in given[kept]], **how)  # pyright: ignore[reportArgumentType]
        scores[~kept] = of[~kept] @ one.weights + one.bias
    names, at = np.array(trained.labels), trained.labels.index(out)
    outside = given == out
    best: list[tuple[float, float]] = []
    for shift in np.arange(-4, 4.01, 0.25):
        moved = scores.copy()
        moved[:, at] += shift
        right = names[moved.argmax(axis=1)] == given
        best.append((float(right[outside].mean() + right[~outside].mean()), float(shift)))
    top = max(best)[0]
    fair = [shift for measure, shift in best if measure >= top - 1e-9]
    bias = trained.bias.copy()
    bias[at] += fair[len(fair) // 2]
    return Softmax(trained.labels, trained.weights, bias)


def classifier(kinds: Kinds, *, signs_of: Any, home: Path | None = None, more: Sequence[Example] = ()) -> Softmax:
    """The classifier for these kinds: shipped, kept in the home, or trained now.

    signs_of  a function from a sentence to its signs
    """
    examples = examples_of(kinds, more=more)
    key = _key(examples, more)
    kept = home / "brain" / f"weights-{key[:16]}.npz" if home else None
    for file in (SHIPPED, kept):
        if file is not None and file.is_file():
            with np.load(file) as held:
                if str(held["key"]) == key:
                    return Softmax(
                        tuple(str(each) for each in held["labels"]), held["weights"].astype(np.float32), held["bias"]
                    )
    trained = train(examples, signs_of=signs_of, own=more)
    if kept is not None:
        private.folder(kept.parent)
        _keep(trained, key=key, to=kept)
    return trained


def train(examples: Sequence[Example], *, signs_of: Any, own: Collection[Example] = ()) -> Softmax:
    """Trains on examples, with the shipped vectors and signs where a sentence has them.

    own  those among them that the company wrote itself: they count more than everybody's
    """
    texts = [each.text for each in examples]
    signs = [held[1] if (held := _shipped().get(_hash(text))) else signs_of(text) for text in texts]
    times = [OWN_TIMES if each in own else 1.0 for each in examples] if own else ()
    return fit(features(_known_vectors(texts), signs), [each.intent for each in examples], times=times)


def _known_vectors(texts: Sequence[str]) -> Floats:
    held = _shipped()
    missing = [text for text in texts if _hash(text) not in held]
    made = dict(zip((_hash(text) for text in missing), vectors(missing), strict=True)) if missing else {}
    return np.stack([held[key][0] if (key := _hash(text)) in held else made[key] for text in texts])


@cache
def _shipped() -> dict[str, tuple[Floats, Signs]]:
    """The vector and the signs of each shipped example, by its hash."""
    out: dict[str, tuple[Floats, Signs]] = {}
    for file in (*SEEDS.glob("vectors_*.npz"), *MESSAGES.glob("vectors_*.npz")):
        with np.load(file) as held:
            if str(held["models"]) == MODELS:
                rows = held["vectors"].astype(np.float32) * held["scale"][:, None]
                signs: list[Signs] = [tuple(each) for each in held["signs"].astype(np.float32).tolist()]
                out |= zip((str(each) for each in held["texts"]), zip(rows, signs, strict=True), strict=True)
    return out


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _key(examples: Sequence[Example], own: Collection[Example] = ()) -> str:
    told = "\n".join(
        f"{each.intent}\t{each.text}{OWN if each in own else ''}"
        for each in sorted(examples, key=lambda each: (each.intent, each.text))
    )
    return hashlib.sha256(f"{FORMULA}\n{MODELS}\n{told}".encode()).hexdigest()


def _softmax(rows: Floats) -> Floats:
    raised = np.exp(rows - rows.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def ship(kinds: Kinds, *, signs_of: Any) -> int:
    """Writes the weights, and vectors and signs of each language's examples beside these; how many examples."""
    for file in (*SEEDS.glob("*.toml"), *MESSAGES.glob("*.toml")):
        texts = [each.text for each in _listed(file)]
        texts = texts if file.parent == MESSAGES else [text for each in texts for text in expand(each)]
        _keep_vectors(texts, signs_of=signs_of, to=file.with_name(f"vectors_{file.stem}.npz"))
    own = [text for kind in kinds.values() for text in kind.examples]
    _keep_vectors(own, signs_of=signs_of, to=SEEDS / "vectors_kinds.npz")
    _shipped.cache_clear()
    examples = examples_of(kinds)
    _keep(train(examples, signs_of=signs_of), key=_key(examples), to=SHIPPED)
    return len(examples)


def _keep(trained: Softmax, *, key: str, to: Path) -> None:
    part = to.with_suffix(".part.npz")
    np.savez_compressed(
        part,
        key=np.array(key),
        labels=np.array(trained.labels),
        weights=trained.weights.astype(np.float16),
        bias=trained.bias,
    )
    part.replace(to)


def _keep_vectors(texts: Sequence[str], *, signs_of: Any, to: Path) -> None:
    """Writes the vectors of texts, a byte a number, and their signs."""
    each_once = sorted(set(texts))
    rows = _known_vectors(each_once)
    scale: Floats = (np.abs(rows).max(axis=1) / _STEPS).astype(np.float32)
    small: NDArray[np.int8] = np.rint(rows / scale[:, None]).astype(np.int8)
    hashes = np.array([_hash(each) for each in each_once])
    signs = np.array([signs_of(each) for each in each_once], dtype=np.float16)
    np.savez_compressed(to, models=np.array(MODELS), texts=hashes, vectors=small, scale=scale, signs=signs)


if __name__ == "__main__":
    from bot.brain.likelihoods import signs_of
    from tools import all_kinds

    print(f"{ship(all_kinds(), signs_of=signs_of)} examples")  # noqa: T201  (a command for developers)
