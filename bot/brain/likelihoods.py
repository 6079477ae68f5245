"""How likely each intent is for a message: its vectors, the signs that rules see in it, and the trained classifier."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from backend.kinds import Kinds
from backend.refusals import Refusal
from bot.brain import classify
from bot.brain.choices import chosen, nouns
from bot.brain.classify import Example, Signs, Softmax
from bot.brain.clean import clean
from bot.brain.commands import signs_in
from bot.brain.dates import Lean
from bot.brain.hearing import QUESTION, Heard
from bot.brain.language import language_of
from bot.brain.port import Colleague, Turn
from bot.brain.spelling import spelled

log = structlog.get_logger()

_EMBEDDED = 400
_NO_WORD = re.compile(r"\S{60,}")
_PRETEND = tuple(
    Colleague(handle.lower(), handle, "", None) for handle in ("Laura", "Peter", "Pedro", "Pietro", "Pierre")
)
_THEN = datetime(2026, 1, 15, 10, tzinfo=ZoneInfo("UTC"))


class Likelihoods:
    """The classifier of each set of kinds, trained or loaded when it is first needed.

    home  the company's folder: its own examples are read from it, and weights trained for them are kept in it
    """

    def __init__(self, *, home: Path | None = None) -> None:
        self._home = home
        self._trained: dict[tuple[str, ...], Softmax] = {}
        self._lock = Lock()

    @property
    def ready(self) -> bool:
        """Whether a classifier is in memory."""
        return bool(self._trained)

    def load(self, kinds: Kinds) -> None:
        """Brings the encoders and weights into memory; trains them where these kinds are new."""
        self._probabilities(["hello"], [(0.0,) * len(signs_of("hello"))], kinds)

    def of(self, heard: Sequence[Heard]) -> list[dict[str, float]]:
        """For each message the probability of every intent; they add up to one."""
        kinds = heard[0].turn.kinds
        rows = self._probabilities([_canonical(each) for each in heard], [_signs(each) for each in heard], kinds)
        labels = self._classifier(kinds).labels
        return [
            _leant(each, dict(zip(labels, (float(value) for value in row), strict=True)))
            for each, row in zip(heard, rows, strict=True)
        ]

    def _probabilities(self, texts: list[str], signs: list[Signs], kinds: Kinds) -> Any:
        trained = self._classifier(kinds)
        return trained.probabilities(classify.features(classify.vectors(texts), signs))

    def _classifier(self, kinds: Kinds) -> Softmax:
        key = tuple(text for kind in kinds.values() for text in (kind.intent, *kind.examples))
        with self._lock:
            if key not in self._trained:
                more = _own(self._home, kinds) if self._home is not None else ()
                self._trained[key] = classify.classifier(kinds, signs_of=signs_of, home=self._home, more=more)
            return self._trained[key]


def _own(home: Path, kinds: Kinds) -> tuple[Example, ...]:
    """The company's own examples; a file that cannot be read is logged, and people are answered without it."""
    try:
        return classify.of_company(home, kinds)
    except Refusal as refusal:
        log.warning("the company's examples are not used", why=refusal.text.format(**refusal.values))
        return ()


def _leant(heard: Heard, scores: dict[str, float]) -> dict[str, float]:
    """A kind with only a few examples is helped by its own words: its title, and the answers to its choices."""
    common = {each.intent for each in classify.seeds()}
    for kind in heard.turn.kinds.values():
        if kind.intent in common or kind.intent not in scores:
            continue
        options = [each for blank in kind.sayable() for each in blank.options]
        named = any(re.search(rf"(?<!\w){re.escape(noun)}s?(?!\w)", heard.folded) for noun in nouns(kind))
        if scores[kind.intent] >= 0.02 and (named or (options and chosen(heard.folded, options, fuzzy=False))):
            scores = {name: value * (0.5 if name != kind.intent else 1) for name, value in scores.items()}
            scores[kind.intent] += 0.5 * (1 - scores[kind.intent])
    return scores


def _canonical(heard: Heard) -> str:
    """The sentence as the encoders read it: everybody is called Laura, so that names do not matter."""
    text, shift = heard.text, 0
    for each in heard.names:
        start, end = each.span[0] + shift, each.span[1] + shift
        said = "Laura's" if text[start:end].endswith(("'s", "s'", "'")) else "Laura"
        text = text[:start] + said + text[end:]
        shift += len(said) - (end - start)
    return spelled(_NO_WORD.sub(" ", text)[:_EMBEDDED])


def _signs(heard: Heard) -> Signs:
    """What rules see in a sentence, beside its vectors."""
    folded = heard.folded
    days = heard.days(Lean.PAST)
    back = any(each.start is not None and each.start < heard.today for each in days if "next" not in folded)
    money = heard.amounts
    return (
        float(any(each.currency or each.sure for each in money)),
        float(bool(money)),
        float(bool(days)),
        float(bool(days) and back),
        float(bool(heard.refs)),
        float(bool(heard.names)),
        float(folded.rstrip().endswith("?")),
        float(bool(QUESTION.match(folded))),
        float(bool(heard.counts)),
        float(heard.part is not None),
        min(len(folded.split()), 20) / 20,
        *signs_in(folded),
    )


@cache
def _no_kinds() -> Kinds:
    return Kinds()


def signs_of(text: str) -> Signs:
    """The signs of an example sentence, in which Laura, Peter, Pedro, Pietro and Pierre are colleagues."""
    cleaned = clean(text)
    turn = Turn(
        text=text, speaker="", now=_THEN, currency="EUR", day_first=True, colleagues=_PRETEND, kinds=_no_kinds()
    )
    return _signs(Heard(turn, cleaned, language_of(text, cleaned.folded)))
