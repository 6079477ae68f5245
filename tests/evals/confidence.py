"""How well the confidence of a total is calibrated, and the weights of it fitted anew.

    python -m tests.evals.confidence

The made-up papers of the tests are damaged as the reading of letters damages them: figures and letters swapped, blanks
and points lost, lines missing. Weights are fitted without the papers that they are then measured on (ten folds).
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge.pages.page import Line, Paper
from knowledge.receipts.totals import candidates
from knowledge.receipts.understanding import SURE, evidence, understand
from tests.receipts.cases import CASES
from tests.receipts.drawn import paper
from tests.receipts.papers import alike, looked_at, made

COPIES = 16
RATES = (0.0, 0.003, 0.008, 0.015)
"""How many of the letters are misread."""

_SWAPS = {
    "0": "O8",
    "1": "7lI",
    "2": "Z",
    "3": "8",
    "4": "1",
    "5": "6S",
    "6": "8",
    "7": "1",
    "8": "03",
    "9": "8",
    "O": "0",
    "I": "l",
    "l": "1",
    "S": "5",
    "B": "8",
    "e": "c",
    "a": "o",
    "T": "I",
    "D": "O",
    "N": "M",
    "o": "0",
    "t": "f",
    "i": "l",
    "A": "4",
    "E": "F",
    " ": ("",),
    ".": ("", " ", ","),
    ",": ("", " ", "."),
}


def main() -> None:
    """Prints the weights, the bins of said and right, and what is asked."""
    import numpy as np

    whole = [*made(), *looked_at()]
    papers = [*((each.paper, each.total) for each in whole), *((paper(each.text), each.total) for each in CASES)]
    seen: list[tuple[int, tuple[float, ...], bool]] = []
    for number, (one, total) in enumerate(papers):
        for copy in range(COPIES):
            damaged = _damaged(one, rate=RATES[copy % len(RATES)], chance=random.Random(f"{number} {copy}"))
            rows = [row for page in damaged.pages for row in page.rows()]
            found = candidates(rows)
            if found:
                seen.append((number, evidence(found, rows), found[0].value == abs(Decimal(total))))
    group = np.array([number for number, _, _ in seen])
    facts = np.array([(1.0, *each) for _, each, _ in seen])
    right = np.array([float(each) for _, _, each in seen])
    said = np.zeros(len(seen))
    for fold in range(10):
        out = group % 10 == fold
        said[out] = _likely(facts[out], _fitted(facts[~out], right[~out]))
    print("weights", [round(float(each), 2) for each in _fitted(facts, right)])
    for low, high in ((0.0, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.98), (0.98, 0.99), (0.99, 1.01)):
        here = (said >= low) & (said < high)
        print(f"said {low:.2f} to {min(high, 1):.2f}: {int(here.sum())} papers, {right[here].mean():.3f} right")
    sure = said >= SURE["total"]
    print(f"asked {1 - sure.mean():.3f}; of those not asked {right[sure].mean():.4f} right")
    for name, asked, well in _fields():
        print(f"{name}: asked {asked:.3f}; of those not asked {well:.4f} right")


def _fields() -> Iterator[tuple[str, float, float]]:
    """With the weights as they are: how much is asked of each field of the damaged papers, and is right of the rest."""
    told: dict[str, list[tuple[bool, bool]]] = {"total": [], "date": [], "merchant": []}
    for number, each in enumerate([*made(), *looked_at()]):
        for copy, rate in enumerate(RATES):
            damaged = _damaged(each.paper, rate=rate, chance=random.Random(f"{number} {copy} again"))
            today = date.fromisoformat(each.day)
            read = understand(damaged, day_first=True, currency="EUR", our_tax_ids=(), today=today)
            told["total"].append(("total" in read.ask, read.total == Decimal(each.total)))
            told["date"].append(("date" in read.ask, str(read.day) == each.day))
            named = any(alike(read.merchant or "", name) for name in each.merchants)
            told["merchant"].append(("merchant" in read.ask, named))
    for name, held in told.items():
        rest = [well for asked, well in held if not asked]
        yield name, 1 - len(rest) / len(held), sum(rest) / len(rest)


def _damaged(whole: Paper, *, rate: float, chance: random.Random) -> Paper:
    pages = (
        replace(
            page, lines=tuple(_misread(line, rate=rate, chance=chance) for line in page.lines if kept(rate, chance))
        )
        for page in whole.pages
    )
    return replace(
        whole, pages=tuple(replace(page, lines=tuple(e for e in page.lines if e.text.strip())) for page in pages)
    )


def kept(rate: float, chance: random.Random) -> bool:
    """Whether a line is seen at all."""
    return chance.random() >= 0.6 * rate


def _misread(line: Line, *, rate: float, chance: random.Random) -> Line:
    """The line with some letters swapped: the more of them, the less surely it is read."""
    letters = [
        chance.choice(_SWAPS[letter]) if letter in _SWAPS and chance.random() < rate else letter for letter in line.text
    ]
    hits = sum(a != b for a, b in zip(letters, line.text, strict=True))
    score = line.score if not hits else max(0.5, min(0.99, chance.gauss(0.93 - 0.03 * hits, 0.04)))
    return replace(line, text="".join(letters), score=score)


def _fitted(facts: Any, right: Any) -> Any:
    """Logistic regression with a little shrinkage."""
    import numpy as np

    solve: Any = np.linalg.solve
    weights: Any = np.zeros(facts.shape[1])
    shrink: Any = np.diag([1e-6, *[1.0] * (facts.shape[1] - 1)])
    for _ in range(40):
        said = _likely(facts, weights)
        bend = (facts * (said * (1 - said))[:, None]).T @ facts + shrink
        weights += solve(bend, facts.T @ (right - said) - shrink @ weights)
    return weights


def _likely(facts: Any, weights: Any) -> Any:
    import numpy as np

    return 1 / (1 + np.exp(-(facts @ weights)))


if __name__ == "__main__":
    main()
