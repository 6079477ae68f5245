"""What several lines of a report miss alike: one sentence for each rule, which names the lines."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from backend.kinds import Objection
from backend.words import Places, Sentence

SEVERAL: Mapping[str, tuple[str, str]] = {
    "{day} is in the future: is the date right?": ("The day is in the future: is it right?", "day"),
    "{category}: {day} is on a weekend, when it is not paid.": ("{category}: it is not paid on a weekend.", "day"),
    "There is no exchange rate for {currency} on {day}: finance sets it, and until then it is approved like "
    "the highest amount.": (
        "There is no exchange rate for {currency}: finance sets it, and until then it is approved like the highest "
        "amount.",
        "day",
    ),
    "{category}: {over} over the {limit} for one.": ("{category}: over the {limit} for one.", "over"),
    "{category}: {over} over the {each} a person, for {count}.": ("{category}: over the {each} a person.", "over"),
    "A tip is paid up to {percent} %, which is {most} here.": ("A tip is paid up to {percent} %.", "most"),
    "By the table it comes to {amount}.": ("By the table it comes to less.", "amount"),
    "The receipt says {read}, which is less.": ("The receipt says less.", "read"),
    "{category}: finance has set no rate for it on {day}, so the amount is yours.": (
        "{category}: finance has set no rate for it, so the amount is yours.",
        "day",
    ),
}
"""How a rule is said of several lines at once, and what differs from line to line: it stands beside each."""

_APART = {"{category}: {over} over the {each} a person, for {count}.": ("over", "count")}
"""What else differs between lines that miss the same rule."""


def by_rule(found: Sequence[tuple[int, Objection]]) -> list[Objection]:
    """What is said of each line, with its number; what several lines miss alike is said once, with theirs."""
    rules: dict[object, list[tuple[int, Objection]]] = {}
    for nth, each in found:
        rules.setdefault(_rule(each), []).append((nth, each))
    return [_said(held) for held in rules.values()]


def _rule(found: Objection) -> object:
    """What is the same in all lines that miss a rule."""
    several = SEVERAL.get(found.text)
    aside = _APART.get(found.text, (several[1],) if several else ())
    shared = {name: value for name, value in found.values.items() if name not in aside}
    return found.text, found.field, found.limit, found.blocks, found.unless, repr(sorted(shared.items(), key=str))


def _said(held: Sequence[tuple[int, Objection]]) -> Objection:
    nth, first = held[0]
    if len(held) == 1:
        problem = Sentence(first.text, first.values)
        return replace(first, text="Line {line}: {problem}", values={"line": nth, "problem": problem})
    several = SEVERAL.get(first.text)
    differs = several[1] if several else ""
    problem = Sentence(several[0] if several else first.text, first.values)
    places = Places(tuple((at, each.values.get(differs)) for at, each in held))
    values = {"lines": places, "problem": problem}
    return Objection("Lines {lines}: {problem}", values, first.field, first.blocks, first.limit, first.unless)
