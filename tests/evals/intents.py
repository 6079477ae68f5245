"""How well the local brain learns another label set: accuracy in scope, and how much out of scope it tells.

python -m tests.evals.intents --train FILE --test FILE [--json FILE]
Lines are {"text", "clinc_intent"}; the intent "oos" marks what is out of scope.
"""

import backdesk  # noqa: F401, I001  # pyright: ignore[reportUnusedImport]  (puts the folders on the path)

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.brain import classify
from bot.brain.likelihoods import signs_of

OUT = "oos"


def rows_of(file: Path) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def told(train: Sequence[Mapping[str, Any]], test: Sequence[Mapping[str, Any]]) -> list[str]:
    """The label given to each test line by a classifier trained on the train lines."""
    texts = [str(row["text"]) for row in train]
    trained = classify.calibrated(
        classify.features(classify.vectors(texts), [signs_of(text) for text in texts]),
        [str(row["clinc_intent"]) for row in train],
        out=OUT,
        even=0.0,
        weight=1e-4,
    )
    asked = [str(row["text"]) for row in test]
    rows = trained.probabilities(classify.features(classify.vectors(asked), [signs_of(text) for text in asked]))
    return [trained.labels[int(row.argmax())] for row in rows]


def scored(test: Sequence[Mapping[str, Any]], given: Sequence[str]) -> dict[str, float]:
    """In-scope accuracy, out-of-scope recall and how many lines."""
    inside = [
        label == row["clinc_intent"] for row, label in zip(test, given, strict=True) if row["clinc_intent"] != OUT
    ]
    outside = [label == OUT for row, label in zip(test, given, strict=True) if row["clinc_intent"] == OUT]
    return {
        "in_scope": round(sum(inside) / max(1, len(inside)), 4),
        "oos_recall": round(sum(outside) / max(1, len(outside)), 4),
        "n": len(test),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    test = rows_of(options.test)
    result = scored(test, told(rows_of(options.train), test))
    print(json.dumps(result))
    if options.json:
        options.json.write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
