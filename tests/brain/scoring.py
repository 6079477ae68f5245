"""Scores the local brain on messages and dialogues that were written before it was tried on them: JSON lines.

`python -m tests.brain.scoring FILE...` prints what was got wrong and one line of figures for each file.
"""

import backdesk  # noqa: F401, I001  # pyright: ignore[reportUnusedImport]  (puts the folders on the path)

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bot.brain.clean import fold
from tests.evals.utterances import PEOPLE, SPEAKER, Adapter

SAID = Path(__file__).parent / "said"
SEED: Mapping[str, Any] = json.loads((SAID / "seed.json").read_text(encoding="utf-8"))
WRITES = frozenset(
    {"time_off.submit", "time_off.cancel", "purchase.submit", "expense.submit", "request.cancel", "approvals.delegate"}
    | {"approval.approve", "approval.reject"}
)
FREE = frozenset({"reason", "note", "merchant", "unit_price"})
DEFAULTS = {"part": {"full", ""}, "quantity": {"1"}, "currency": {"EUR"}}
PARTLY = frozenset({"item", "comment", "vendor"})
ASKED_AS = {"start": "dates", "end": "dates", "total": "amount", "unit_price": "amount", "request_ids": "request_id"}
_NAMES = {fold(key): handle for handle, name, *_ in PEOPLE for key in (handle, name, name.split()[0])}


@dataclass
class Score:
    """What came of a file: shares between 0 and 1, and what was wrong, as lines to read."""

    lines: int = 0
    intents: int = 0
    with_arguments: int = 0
    arguments: int = 0
    outside: int = 0
    caught: int = 0
    written: int = 0
    wrong: list[str] = field(default_factory=list[str])

    @property
    def intent(self) -> float:
        return self.intents / max(1, self.lines)

    @property
    def argument(self) -> float:
        return self.arguments / max(1, self.with_arguments)

    @property
    def out_of_scope(self) -> float:
        return self.caught / max(1, self.outside)

    @property
    def wrong_write(self) -> float:
        return self.written / max(1, self.lines)


def rows_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def messages(adapter: Adapter, rows: Iterable[Mapping[str, Any]]) -> Score:
    """How many single messages are understood as their lines say."""
    score = Score()
    for row in rows:
        found = adapter.parse(row)["intents"]
        meant = [each["intent"] for each in row["gold"]]
        got = [each["intent"] for each in found]
        others = [tag.removeprefix("alt_intent:") for tag in row["tags"] if tag.startswith("alt_intent:")]
        right = Counter(meant) == Counter(got) or (len(got) == 1 and got[0] in others)
        told = right and (bool(others) or _all_fit(row["gold"], found))
        has = any(each["args"] for each in row["gold"])
        score.lines += 1
        score.intents += right
        score.with_arguments += has
        score.arguments += has and told
        score.outside += meant == ["out_of_scope"]
        score.caught += meant == got == ["out_of_scope"]
        score.written += any(name in WRITES and name not in (*meant, *others) for name in got)
        if not told:
            score.wrong.append(f"{row['id']}  {row['text']}\n    {_short(row['gold'])}\n    {_short(found)}")
    return score


def dialogues(adapter: Adapter, rows: Iterable[Mapping[str, Any]]) -> Score:
    """How many dialogues end in exactly what their lines say, and nothing else written."""
    score = Score()
    for row in rows:
        said, done, unmet = _played(adapter, row)
        wanted = [one for call in row["final"]["calls"] for one in _singly(call)]
        right = not unmet and len(done) == len(wanted) and _all_fit(wanted, done)
        score.lines += 1
        score.intents += right
        score.written += len(done) > len(wanted)
        if not right:
            score.wrong.append(f"{row['id']}  {row['title']} {unmet}\n    " + "\n    ".join(said))
    return score


def _played(adapter: Adapter, row: Mapping[str, Any]) -> tuple[list[str], list[dict[str, Any]], list[str]]:
    adapter.answer({"op": "reset", "speaker": row.get("speaker") or SPEAKER, "now": row["now"], "seed": SEED})
    said: list[str] = []
    done: list[dict[str, Any]] = []
    unmet: list[str] = []
    reply: dict[str, Any] = {}
    for item in row["script"]:
        if "say" in item:
            reply = _say(adapter, item["say"], said, done)
            unmet += _unmet(item.get("expect", {}), reply)
            continue
        given: Counter[str] = Counter()
        for _ in range(12):
            key = _next(reply.get("asked", []), item["answer"], given)
            if key is None:
                break
            texts: Any = item["answer"][key]
            text = str(texts[given[key]] if isinstance(texts, list) else texts)  # pyright: ignore[reportUnknownArgumentType]
            given[key] += 1
            reply = _say(adapter, text, said, done)
    return said, done, unmet


def _say(adapter: Adapter, text: str, said: list[str], done: list[dict[str, Any]]) -> dict[str, Any]:
    reply = adapter.answer({"op": "user", "text": text})
    for call in reply["calls"]:
        if call["intent"] in ("purchase.submit", "expense.submit"):
            call["args"].setdefault("currency", "EUR")  # what was sent without one is in the company's
        done += _singly(call) if call["intent"] in WRITES else []
    said.append(f"{text} -> {reply['reply'][:160]} {reply['asked']}")
    return reply


def _singly(call: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A decision about several requests is one for each."""
    numbers = call["args"].get("request_ids") or [None]
    return [{**call, "args": {**call["args"], **({"request_ids": [n]} if n else {})}} for n in numbers]


def _unmet(expect: Mapping[str, Any], reply: Mapping[str, Any]) -> list[str]:
    return [
        *(
            [f"not {expect['intent']}: {reply['intents']}"]
            if expect.get("intent", "") not in ("", *reply["intents"])
            else []
        ),
        *(["written"] if expect.get("no_call") and any(c["intent"] in WRITES for c in reply["calls"]) else []),
        *(["still open"] if expect.get("pending") is False and reply["pending"] else []),
    ]


def _next(asked: Sequence[str], answers: Mapping[str, Any], given: Counter[str]) -> str | None:
    for slot in asked:
        for key in (slot, ASKED_AS.get(slot, slot)):
            most = len(answers[key]) if isinstance(answers.get(key), list) else 2
            if key in answers and given[key] < most:
                return key
    return None


def _all_fit(gold: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> bool:
    left = list(found)
    for each in gold:
        match = next((one for one in left if _fits(each, one)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _fits(gold: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    if gold["intent"] != found["intent"]:
        return False
    args = _plain(found)
    gold_args: Mapping[str, Any] = gold["args"]
    for name, wanted in gold_args.items():
        options = _options(wanted)
        if not any(_same(name, each, args.get(name)) for each in options):
            return False
    extra = {name for name in args if name not in gold["args"] and name not in FREE and name not in PARTLY - {"item"}}
    return all(name in DEFAULTS and str(args[name]) in DEFAULTS[name] for name in extra)


def _options(wanted: Any) -> Sequence[Any]:
    """The values that are right: one, or those listed under "any"."""
    match wanted:
        case {"any": listed}:
            return listed
        case _:
            return [wanted]


def _plain(intent: Mapping[str, Any]) -> dict[str, Any]:
    args = {name: value for name, value in intent["args"].items() if value not in (None, "", [], {})}
    if intent["intent"] in ("purchase.submit",) and "unit_price" in args and "total" not in args:
        args["total"] = Decimal(str(args["unit_price"])) * Decimal(str(args.get("quantity", 1)))
    return args


def _same(name: str, wanted: Any, got: Any) -> bool:
    if wanted is None or got is None:
        return wanted is None and got is None
    if name in PARTLY:
        return fold(str(wanted)) in fold(str(got)) or fold(str(got)) in fold(str(wanted))
    if name in ("total", "amount", "quantity"):
        try:
            return Decimal(str(wanted)) == Decimal(str(got))
        except InvalidOperation:
            return False
    if name in ("person", "to"):
        return _NAMES.get(fold(str(got)), got) == wanted
    return str(wanted) == str(got)


def _short(intents: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(f"{each['intent']} {json.dumps(each['args'], ensure_ascii=False)}" for each in intents)


def main() -> None:
    adapter = Adapter()
    for name in sys.argv[1:]:
        rows = rows_of(Path(name))
        score = (dialogues if "script" in rows[0] else messages)(adapter, rows)
        print("\n".join(score.wrong))
        print(
            f"{name}: {score.lines}, right {score.intent:.3f}, arguments {score.argument:.3f}, "
            f"out of scope {score.out_of_scope:.3f}, wrong write {score.wrong_write:.3f}",
            flush=True,
        )
    adapter.close()


if __name__ == "__main__":
    main()
