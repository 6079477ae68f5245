"""Trains the judge of answers (knowledge/judging.py) on handbooks with questions; needs torch, onnx and scikit-learn.

    python -m tests.evals.judge --sets DIR --network minilm --out judge_minilm.onnx [--leave NAME,NAME]

DIR/<name>/corpus holds documents and DIR/<name>/questions.jsonl a question a line: {"question", "quotes"}, the quotes
being the sentences of the documents that answer it, word by word, and none where nothing does. The sets that are left
out are what it is tried on after each round. Nothing of these packages is needed to run Backdesk.
"""
# pyright: basic, reportMissingImports=false

import backdesk  # noqa: F401, I001  (puts the folders on the path)

import argparse
import json
import math
import random
import re
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from backend.store import Base, Store, embedded_url
from knowledge import citing, differing, judging, weighing
from knowledge.index import Index
from knowledge.language import OURS, language_of
from knowledge.publishing import publish_all
from knowledge.question import read
from knowledge.reading import read_folder
from knowledge.search import Reader, search

RIGHT, WRONG, OTHERS = 2, 4, 2
"""Of each question so many right sentences are shown, so many of the likeliest wrong ones, and so many others."""

ROUNDS, AT_ONCE, RATE, DROP, WIDTH, LAYERS = 4, 8, 1e-3, 0.2, 96, 2


@dataclass
class Asked:
    """A question with the sentences that are judged for it: what is read, what was measured, whether it answers."""

    question: str
    english: bool
    sentences: list[str]
    measures: list[list[float]]
    right: list[bool]
    weight: float = 1.0

    @property
    def answered(self) -> bool:
        return any(self.right)


def gathered(folder: Path) -> list[Asked]:
    """Publishes a set's documents into a home of their own and takes what weighing finds for each question."""
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    out: list[Asked] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        store = Store(embedded_url(Path(home)))
        Base.metadata.create_all(store.engine)
        publish_all(store, read_folder(folder / "corpus").readings, by=None)
        index = Index(store)
        with store.looking() as session:
            for line in map(json.loads, lines):
                spoken = language_of(line["question"])
                reader = Reader(None, None, None, date.max, language=spoken if spoken in OURS else "en")
                found = differing.newest(citing._sections(search(session, index, line["question"], reader, k=30)))
                tells = weighing.telling(session, read(line["question"]))
                weighed = weighing.weigh(session, tells, found[: weighing.SECTIONS])
                likely = weighing.likely(weighed)
                quotes = line.get("quotes") or []
                right = [any(same(each.sentence.text, quote) for quote in quotes) for each in likely]
                if likely and (any(right) or not quotes):
                    measures = [weighing.measures(tells, each, best=likely[0].worth) for each in likely]
                    english = spoken == likely[0].hit.language == "en"
                    told = [weighing.in_place(each) for each in likely]
                    out.append(Asked(line["question"], english, told, measures, right))
        store.close()
    return out


def same(sentence: str, quote: str) -> bool:
    """True where a sentence and a quote are the same words but for a few, or one stands in the other."""
    one, other = (" ".join(re.findall(r"\w+", each.lower())) for each in (sentence, quote))
    if not one or not other:
        return False
    if (one in other and len(one.split()) >= 3) or other in one:
        return True
    a, b = set(one.split()), set(other.split())
    return min(len(a), len(b)) >= 4 and len(a & b) >= 0.85 * min(len(a), len(b))


def weigh_by_manner(those: list[Asked]) -> None:
    """Lets a question count the less, the more its manner alone gives away whether it is answered.

    Who writes questions that have no answer writes them otherwise, and a network learns that before it learns to read.
    """
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts, answered = [each.question for each in those], np.array([each.answered for each in those])
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=5, token_pattern=r"\S+", lowercase=False).fit_transform(texts)
    form = [[len(text.split()) / 20, text[:1].isupper(), text.rstrip().endswith("?")] for text in texts]
    seen: Any = hstack([words, np.array(form, dtype=float)]).tocsr()
    fold = np.arange(len(those)) % 5
    told = np.zeros(len(those))
    for part in range(5):
        model = LogisticRegression(C=2, max_iter=400).fit(seen[fold != part], answered[fold != part])
        told[fold == part] = model.predict_proba(seen[fold == part])[:, 1]
    share = answered.mean()
    told = np.clip(told, 0.05, 0.95)
    weights = np.clip(np.where(answered, share / told, (1 - share) / (1 - told)), 0.25, 3)
    for each, weight in zip(those, weights / weights.mean(), strict=True):
        each.weight = float(weight)


def pieces_of(those: list[Asked], *, english: bool) -> dict[str, np.ndarray]:
    """What the network reads of each text, as half floats."""
    texts = sorted({text for each in those for text in (each.question, *each.sentences)})
    out: dict[str, np.ndarray] = {}
    for start in range(0, len(texts), 64):
        some = texts[start : start + 64]
        out |= {
            text: rows.astype(np.float16)
            for text, rows in zip(some, judging.pieces_of(some, english=english), strict=True)
        }
    return out


def trained(those: list[Asked], tried: list[Asked], *, network: str) -> Any:
    """The network after its rounds; after each it says how well it tells what is answered in the sets left out."""
    import torch

    torch.manual_seed(0)
    random.seed(0)
    held = pieces_of([*those, *tried], english=network == "minilm")
    weigh_by_manner(those)
    every = np.array([row for each in those for row in each.measures])
    net = _network(len(next(iter(held.values()))[0]), every.mean(axis=0), every.std(axis=0) + 1e-6)
    steps = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.05)
    total, done = ROUNDS * (len(those) // AT_ONCE + 1), 0
    for number in range(ROUNDS):
        random.shuffle(those)
        for start in range(0, len(those), AT_ONCE):
            some = [_shown(each) for each in those[start : start + AT_ONCE]]
            for group in steps.param_groups:
                group["lr"] = RATE * min(1, (done + 1) / 100) * max(0.02, 1 - done / total)
            loss = _loss(net, some, held)
            steps.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            steps.step()
            done += 1
        print(f"round {number + 1}: tells what is answered, left out: {_area(net, tried, held):.3f}")
    return net.eval()


def _shown(one: Asked) -> Asked:
    """A question with a few of its sentences: the right ones, the likeliest wrong ones, and others."""
    right = [at for at, each in enumerate(one.right) if each][:RIGHT]
    wrong = [at for at, each in enumerate(one.right) if not each]
    rest = wrong[WRONG:]
    kept = [*right, *wrong[:WRONG], *random.sample(rest, min(OTHERS, len(rest)))]
    return Asked(
        one.question,
        one.english,
        [one.sentences[at] for at in kept],
        [one.measures[at] for at in kept],
        [one.right[at] for at in kept],
        one.weight,
    )


def _loss(net: Any, some: list[Asked], held: dict[str, np.ndarray]) -> Any:
    """Each sentence by itself, the right ones among those of their question, and each question by its best sentence."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as entropy

    scores = net(*_fed(some, held))
    right = torch.tensor([float(each) for one in some for each in one.right])
    weights = torch.tensor([one.weight for one in some for _ in one.right])
    loss = (weights * entropy(scores, right, pos_weight=torch.tensor(2.0), reduction="none")).mean()
    at = 0
    for one in some:
        mine, its = scores[at : at + len(one.right)], right[at : at + len(one.right)]
        at += len(one.right)
        loss = loss + 0.3 / len(some) * one.weight * entropy(mine.max(), torch.tensor(float(one.answered)))
        if one.answered:
            loss = loss - 0.3 / len(some) * (torch.logsumexp(mine[its > 0], 0) - torch.logsumexp(mine, 0))
    return loss


def _fed(some: list[Asked], held: dict[str, np.ndarray]) -> tuple[Any, ...]:
    import torch

    asked, asked_there = _padded([held[one.question] for one in some for _ in one.sentences])
    told, told_there = _padded([held[each] for one in some for each in one.sentences])
    measures = torch.tensor([each for one in some for each in one.measures], dtype=torch.float32)
    return asked, asked_there, told, told_there, measures


def _padded(rows: list[np.ndarray]) -> tuple[Any, Any]:
    import torch

    wide = max(map(len, rows))
    out = np.zeros((len(rows), wide, rows[0].shape[1]), dtype=np.float32)
    for at, each in enumerate(rows):
        out[at, : len(each)] = each
    return torch.from_numpy(out), torch.arange(wide)[None] < torch.tensor([len(each) for each in rows])[:, None]


def _area(net: Any, those: list[Asked], held: dict[str, np.ndarray]) -> float:
    """The area under the curve of the best sentence's score: answered questions against those that are not."""
    import torch

    net.eval()
    with torch.no_grad():
        best = [float(net(*_fed([each], held)).max()) for each in those]
    net.train()
    yes = np.array([score for score, each in zip(best, those, strict=True) if each.answered])
    no = np.array([score for score, each in zip(best, those, strict=True) if not each.answered])
    return float((yes[:, None] > no).mean()) if len(yes) and len(no) else math.nan


def _network(size: int, mean: np.ndarray, spread: np.ndarray) -> Any:
    """Two layers over the pieces of question and sentence, each with how near the nearest piece of the other comes."""
    import torch
    from torch import nn

    class Layer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.before, self.after = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
            self.three, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
            self.wide, self.narrow, self.drop = (
                nn.Linear(WIDTH, 2 * WIDTH),
                nn.Linear(2 * WIDTH, WIDTH),
                nn.Dropout(DROP),
            )

        def forward(self, rows: Any, there: Any) -> Any:
            count, length, _ = rows.shape
            query, key, value = (
                each.reshape(count, length, 4, WIDTH // 4).transpose(1, 2)
                for each in self.three(self.before(rows)).chunk(3, -1)
            )
            near = (query @ key.transpose(2, 3)) / math.sqrt(WIDTH // 4)
            near = self.drop(near.masked_fill(~there[:, None, None, :], -1e4).softmax(-1))
            rows = rows + self.drop(self.out((near @ value).transpose(1, 2).reshape(count, length, WIDTH)))
            return rows + self.drop(self.narrow(self.drop(nn.functional.gelu(self.wide(self.after(rows))))))

    class Judge(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.into, self.side, self.close = nn.Linear(size, WIDTH), nn.Embedding(2, WIDTH), nn.Linear(3, WIDTH)
            self.layers, self.drop = nn.ModuleList(Layer() for _ in range(LAYERS)), nn.Dropout(DROP)
            self.found = nn.Linear(len(mean), 32)
            self.end = nn.Sequential(nn.Linear(2 * WIDTH + 32, 64), nn.GELU(), nn.Dropout(DROP), nn.Linear(64, 1))
            self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
            self.register_buffer("spread", torch.tensor(spread, dtype=torch.float32))

        def forward(self, asked: Any, asked_there: Any, told: Any, told_there: Any, measures: Any) -> Any:
            near = self.unit(asked) @ self.unit(told).transpose(1, 2)
            near = near.masked_fill(~told_there[:, None, :], -1.0).masked_fill(~asked_there[:, :, None], -1.0)
            rows = torch.cat(
                [
                    self.read(asked, asked_there, near.max(2).values, 0),
                    self.read(told, told_there, near.max(1).values, 1),
                ],
                1,
            )
            there = torch.cat([asked_there, told_there], 1)
            rows = self.drop(rows)
            for layer in self.layers:
                rows = layer(rows, there)
            kept = there[..., None].float()
            middle = (rows * kept).sum(1) / kept.sum(1)
            most = rows.masked_fill(~there[..., None], -1e4).max(1).values
            found = torch.relu(self.found((measures - self.mean) / self.spread))
            return self.end(torch.cat([middle, most, found], 1)).squeeze(-1)

        def unit(self, rows: Any) -> Any:
            return rows / (rows.norm(dim=-1, keepdim=True) + 1e-6)

        def read(self, rows: Any, there: Any, near: Any, side: int) -> Any:
            rows = self.into(rows) * there[..., None]
            return (
                rows + self.side.weight[side] + self.close(torch.stack([near, (near > 0.6).float(), near * near], -1))
            )

    return Judge()


def written(net: Any, *, size: int, to: Path) -> None:
    """Writes the network as ONNX, its large weights as half floats that are made whole where it is loaded."""
    import onnx
    import torch
    from onnx import TensorProto, helper, numpy_helper

    names = ["asked", "asked_there", "told", "told_there", "measures"]
    some = (torch.randn(3, 7, size), torch.ones(3, 7).bool(), torch.randn(3, 11, size), torch.ones(3, 11).bool())
    axes = {"asked": {0: "n", 1: "q"}, "asked_there": {0: "n", 1: "q"}, "told": {0: "n", 1: "t"}}
    axes |= {"told_there": {0: "n", 1: "t"}, "measures": {0: "n"}, "score": {0: "n"}}
    torch.onnx.export(
        net, (*some, torch.randn(3, net.mean.numel())), str(to), input_names=names, output_names=["score"],
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    model = onnx.load(str(to))
    kept, wholes = [], []
    for each in model.graph.initializer:
        values = numpy_helper.to_array(each)
        if values.dtype == np.float32 and values.size > 256:
            kept.append(numpy_helper.from_array(values.astype(np.float16), f"{each.name}_half"))
            wholes.append(helper.make_node("Cast", [f"{each.name}_half"], [each.name], to=TensorProto.FLOAT))
        else:
            kept.append(each)
    nodes = list(model.graph.node)
    for field, values in ((model.graph.initializer, kept), (model.graph.node, [*wholes, *nodes])):
        del field[:]
        field.extend(values)
    to.write_bytes(model.SerializeToString())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True)
    parser.add_argument("--network", choices=["minilm", "use"], required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--leave", default="", help="sets that are left out, to try it on")
    options = parser.parse_args()
    left = set(options.leave.split(","))
    those: list[Asked] = []
    tried: list[Asked] = []
    for folder in sorted(each for each in options.sets.iterdir() if (each / "questions.jsonl").is_file()):
        found = [each for each in gathered(folder) if options.network == "use" or each.english]
        (tried if folder.name in left else those).extend(found)
        print(f"{folder.name}: {len(found)} questions")
    net = trained(those, tried, network=options.network)
    written(net, size=net.into.in_features, to=options.out)


if __name__ == "__main__":
    main()
