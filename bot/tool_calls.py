"""What a model calls, carried out: checked, done by the toolbox as the person's, kept as replies, told back briefly."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from backend.forms import plain
from backend.kinds import WHOSE
from backend.refusals import Refusal
from backend.words import say
from bot.brain import own_words
from bot.brain.calling import Told, Tool
from bot.brain.port import Turn
from bot.brain.veil import Veil
from bot.message import Intent
from bot.replies import Reply
from bot.tool_schemas import DISCARD, UPDATE
from bot.toolbox import Toolbox

if TYPE_CHECKING:
    from knowledge.checking import Source

POLICY = "look_policy"
MOST_DRAFTS = 5
"""So many drafts one message may begin."""
SHOWN = "The person is shown the answer."
NOTHING = "The handbook has no passage about that."


class ModelTools:
    """The tools of one turn, as `bot.brain.calling.Tools`.

    toolbox   does what is called, for this person
    narrow    the same with the ceiling of what a model may be told
    veil      what is hidden from the model
    pending   the draft that is open, by its number
    records   whether the model may be told what was found in records
    read      the passages that a question's answer may rest on
    replies   what came of the calls so far, each with what was understood
    """

    def __init__(
        self,
        toolbox: Toolbox,
        narrow: Toolbox,
        offered: Sequence[Tool],
        *,
        turn: Turn,
        veil: Veil,
        pending: int | None,
        records: bool,
        read: Callable[[str], Sequence["Source"]],
    ) -> None:
        self._toolbox, self._narrow, self._veil, self._turn = toolbox, narrow, veil, turn
        self._offered = {each.name: each for each in offered}
        self._pending, self._records, self._read = pending, records, read
        self._drafts = 0
        self._done_before: dict[str, Told] = {}
        self._refused: dict[str, tuple[Intent, Reply]] = {}
        self.replies: list[tuple[Intent, Reply]] = []
        self.sources: list[Source] = []

    @property
    def refused(self) -> list[tuple[Intent, Reply]]:
        """What could not be, where the same tool did not succeed afterwards."""
        return list(self._refused.values())

    def offered(self) -> Sequence[Tool]:
        return tuple(self._offered.values())

    def sendable(self, words: str) -> bool:
        return bool(own_words.questions_in(words, said=self._turn.text) or own_words.courtesy(words))

    def call(self, name: str, args: Mapping[str, Any]) -> Told:
        known: Mapping[str, Any] = self._offered[name].schema["properties"]
        unknown = sorted(set(args) - set(known))
        if unknown:
            return Told(f"There is no argument {', '.join(unknown)[:100]}. There are: {', '.join(known)}.", ok=False)
        args = self._veil.lift({key: each for key, each in args.items() if each not in (None, "", [])})
        wrong = self._misread(name, args)
        if wrong:
            return Told(wrong, ok=False)
        key = f"{name} {json.dumps(args, sort_keys=True)}"
        if key in self._done_before:
            return self._done_before[key]
        if name.startswith("draft_") and name not in (UPDATE, DISCARD):
            self._drafts += 1
            if self._drafts > MOST_DRAFTS:
                return Told("That is enough for one message.", ok=False)
        intent = self._intent(name, args)
        try:
            reply = self._done(name, args)
        except Refusal as refusal:
            text = say(self._turn.language, refusal.text, **refusal.values)
            if refusal.field is None:
                self._refused[name] = (intent, Reply(text, refusal=text))
            return Told(self._veil.hide(say("en", refusal.text, **refusal.values)), ok=False)
        self._refused.pop(name, None)
        self.replies.append((intent, reply))
        told = Told(self._veil.hide(self._told(name, args, reply)))
        self._done_before[key] = told
        return told

    def _done(self, name: str, args: Mapping[str, Any]) -> Reply:
        match name:
            case "draft_update" if self._pending is not None:
                return self._toolbox.update(self._pending, args, said=self._turn.text)
            case "draft_discard" if self._pending is not None:
                return self._toolbox.discard(self._pending)
            case _:
                return self._toolbox.call(name, args)

    def _told(self, name: str, args: Mapping[str, Any], reply: Reply) -> str:
        if name == POLICY:
            begun = len(self.sources)
            self.sources += self._read(str(args["question"]))
            passages = [
                f"[{nth}] {each.heading} (in force since {each.effective}):\n{each.text}"
                for nth, each in enumerate(self.sources[begun:], start=begun + 1)
            ]
            return "\n\n".join(passages) or NOTHING
        if name.startswith("look_"):
            return self._narrow.call(name, args).text or SHOWN if self._records else SHOWN
        asked = f" Asked for next: {', '.join(reply.asked)}." if reply.asked else ""
        return f"The card is shown.{asked}"

    def _misread(self, name: str, args: Mapping[str, Any]) -> str:
        """What cannot be read of a kind's values, so that the model may write them again; "" if all can."""
        kinds = self._turn.kinds
        pending = self._turn.pending
        intent = pending.intent if name == UPDATE and pending else f"{name.removeprefix('draft_')}.submit"
        kind = kinds.by_intent(intent)
        if kind is None:
            return ""
        values = {key: each for key, each in args.items() if key not in ("lines", WHOSE)}
        own, of_line = kind.split(values)
        wrong = kind.read(own)[1] | (kind.read(of_line, line=True)[1] if of_line else {})
        return " ".join(f"{field}: {text}" for field, text in wrong.items())

    def _intent(self, name: str, args: Mapping[str, Any]) -> Intent:
        """What a call means, as it is reported and, after a crash, done again."""
        values = plain(dict(args))
        match name:
            case "draft_update":
                return Intent("form.update", values)
            case "draft_discard":
                return Intent("form.cancel")
            case "look_policy":
                return Intent("policy.ask")
            case "draft_decision":
                outcome = values.pop("outcome", "approve")
                return Intent(f"approval.{outcome}", values)
            case "draft_withdrawal":
                number = values.get("request_id")
                kind = next((each.kind for each in self._turn.known if each.number == number), values.get("kind"))
                found = self._turn.kinds.get(kind or "")
                return Intent(found.cancel_intent if found else "request.cancel", values)
            case _:
                return Intent(self._toolbox.intent_of(name), values)
