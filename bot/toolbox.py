"""What a brain may call: look_* in sessions that the database refuses to write in, and draft_*. Nothing commits."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from backend import drafts, events, filing, for_others, nudges, people, requests, snoozes, steps, undoing
from backend.drafts import Act, Draft
from backend.forms import Data, Form, blank, plain, validated
from backend.kinds import WHOSE, kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import Request
from backend.words import say
from bot import assisting, correcting, deciding, doubting, keeping, questions, speaking
from bot.assisting import Assistance, AssistanceOver
from bot.brain import slots
from bot.correcting import Correction
from bot.offered import AMOUNT, COMMENT, UNTIL
from bot.replies import Reply
from tools.look import Around

if TYPE_CHECKING:
    from bot.app import App

DRAFTING = {
    "approval.approve": "draft_decision",
    "approval.reject": "draft_decision",
    "approval.send_back": "draft_decision",
    "approval.undo": "draft_decision",
    "approvals.delegate": "draft_stand_in",
    "request.cancel": "draft_withdrawal",
    "request.change": "draft_change",
    "approvals.snooze": "draft_snooze",
    "request.nudge": "draft_nudge",
    "approvals.assist": "draft_assistant",
    "approvals.unassist": "draft_assistance_over",
    "balance.correct": "draft_correction",
    "handbook.add": "draft_document",
    "handbook.withdraw": "draft_document_withdrawal",
    "handbook.synonyms": "draft_synonyms",
}


ACTING = (Act.APPROVE, Act.REJECT, Act.WITHDRAW, Act.LOWER, Act.SEND_BACK, Act.ANSWER, Act.UNDO, Act.SNOOZE, Act.NUDGE)
"""The acts on requests; the others are about the form, or a stand-in."""

LATER = ("draft_snooze", "draft_nudge")
"""The tools that decide nothing: to be reminded later, and to ask those whom one waits for."""

KEEPING = ("draft_document", "draft_document_withdrawal", "draft_synonyms")
"""The tools with which the handbook is kept: they make proposals, not drafts."""

DECIDING = (Act.APPROVE, Act.REJECT, Act.LOWER, Act.SEND_BACK)
"""The acts of which only one can be meant for a request."""

SEVERAL = (Act.APPROVE, Act.REJECT, Act.WITHDRAW)
"""The acts that one press can do to several requests."""

WRITTEN = (Act.SEND_BACK, Act.ANSWER)
"""The acts whose comment may be anything that is written."""


class Decision(Form):
    """A decision to confirm: which requests (by number, or by whose, which kind, about what) and why.

    amount   what is approved instead of what was asked
    comment  the reason, or the question with which it is sent back
    everything  all that fits is meant; what policy objects to is left to be looked at by itself
    """

    outcome: str = blank("Outcome", pattern="^(approve|reject|send_back|undo)$")
    request_ids: tuple[int, ...] = blank("Numbers", default=())
    person: str | None = blank("Whose", default=None)
    people: tuple[str, ...] = blank("Of several people", default=())
    kind: str | None = blank("Kind", default=None)
    item: str | None = blank("About", default=None)
    amount: Decimal | None = blank("Amount", default=None)
    comment: str | None = blank("Why", default=None)
    everything: bool = blank("All of them", default=False)


class Withdrawal(Form):
    """A request to take back: by number, or by its days or kind of leave.

    only_days  those days alone are given back, of a leave that goes on besides
    """

    request_id: int | None = blank("Number", default=None)
    start: date | None = blank("First day", default=None)
    end: date | None = blank("Last day", default=None)
    leave_type: str | None = blank("Kind of leave", default=None)
    kind: str | None = blank("Kind", default=None)
    item: str | None = blank("About", default=None)
    person: str | None = blank("Whose", default=None)
    only_days: bool = blank("Only those days", default=False)


class Snoozed(Form):
    """What waits for the person to be put off: which request, and until when they are to be reminded."""

    request_id: int | None = blank("Number", default=None)
    until: datetime | None = blank("Until", default=None)


class Nudged(Form):
    """A request of the person's about which those it waits for are asked: by number, by for whom it waits, or what."""

    request_id: int | None = blank("Number", default=None)
    person: str | None = blank("Who", default=None)
    kind: str | None = blank("Kind", default=None)
    item: str | None = blank("About", default=None)


class NamedDocument(Form):
    """A document of the handbook, as people call it."""

    doc: str = blank("Document")


class SameWords(Form):
    """Words that mean the same, by commas."""

    words: str = blank("Words")


class StandInFor(Form):
    """Who decides for the person, from when to when."""

    to: str | None = blank("To", default=None)
    start: date | None = blank("First day", default=None)
    end: date | None = blank("Last day", default=None)


class Toolbox:
    """The tools that one person's message may use.

    origin   the event that asks: the same event heard twice makes one draft
    channel  where it was asked, which decides how much may be shown
    private  only this person reads the answer
    ceiling  the most sensitive data that may be told, where that is less than the channel may show
    by_model what proposes the drafts, where that is a model: its name, and that of its prompt; it is recorded
    """

    def __init__(
        self,
        app: "App",
        person: Person,
        *,
        origin: str,
        channel: str,
        private: bool = True,
        ceiling: Data | None = None,
        by_model: Mapping[str, str] | None = None,
    ) -> None:
        self._private = private
        self._by_model = by_model
        self._app = app
        self._person = person
        self._origin = origin
        with app.store.looking() as session:
            shown = app.ceiling(session, channel)
        self._ceiling = ceiling if ceiling is not None and shown.above(ceiling) else shown
        self._drafts = 0

    def names(self) -> list[str]:
        """Every tool there is."""
        kinds = [f"draft_{name}" for name in self._app.kinds]
        return [
            *self._app.looks,
            *kinds,
            "draft_decision",
            "draft_change",
            "draft_withdrawal",
            "draft_stand_in",
            "draft_assistant",
            "draft_assistance_over",
            "draft_correction",
            *LATER,
            *KEEPING,
        ]

    def tool_for(self, intent: str) -> str | None:
        """The tool that serves an intent."""
        for look in self._app.looks.values():
            if intent in look.intents:
                return look.name
        kind = self._app.kinds.by_intent(intent)
        if kind is not None:
            return f"draft_{kind.name}"
        if any(intent == each.cancel_intent for each in self._app.kinds.values()):
            return "draft_withdrawal"
        return DRAFTING.get(intent)

    def intent_of(self, name: str) -> str:
        """The intent that a tool serves, or the first of them."""
        if name in self._app.looks:
            return self._app.looks[name].intents[0]
        kind = self._app.kinds.get(name.removeprefix("draft_"))
        return kind.intent if kind else next(intent for intent, tool in DRAFTING.items() if tool == name)

    def call(self, name: str, args: Mapping[str, Any], *, said: str = "") -> Reply:
        """Calls a tool; a Refusal says what was wrong with the call or why it cannot be.

        said  the message that asks: where several requests could be meant, its words tell which
        """
        if name in self._app.looks:
            return self._look(name, args)
        self._drafts += 1
        if name in KEEPING:
            return self._keep(name, args)
        with self._app.store.writing() as session:
            person = speaking.again(session, self._person)
            match name:
                case "draft_decision":
                    draft = self._decision(session, person, validated(Decision, args), said)
                case "draft_change":
                    draft = self._change(session, person, dict(args))
                case "draft_withdrawal":
                    draft = self._withdrawal(session, person, validated(Withdrawal, args))
                case "draft_snooze":
                    draft = self._snooze(session, person, validated(Snoozed, args))
                case "draft_nudge":
                    draft = self._nudge(session, person, validated(Nudged, args))
                case "draft_stand_in":
                    draft = self._stand_in(session, person, validated(StandInFor, args))
                case "draft_assistant":
                    values = assisting.named(session, person, validated(Assistance, args))
                    draft = self._draft(session, person, act=Act.ASSIST, values=values)
                case "draft_assistance_over":
                    values = assisting.over(session, person, validated(AssistanceOver, args))
                    draft = self._draft(session, person, act=Act.UNASSIST, values=values)
                case "draft_correction":
                    values = correcting.drafted(session, person, validated(Correction, args))
                    draft = self._draft(session, person, act=Act.CORRECT, values=values)
                case _:
                    kind = self._app.kinds.get(name.removeprefix("draft_"))
                    if kind is None or not name.startswith("draft_"):
                        raise Refusal("There is no tool {name}.", name=name)
                    values = dict(args)
                    lines: Sequence[Mapping[str, Any]] = values.pop("lines", [])
                    other = self._other(session, person, values.pop(WHOSE, None)) if kind.for_others else None
                    draft = self._draft(
                        session, person, act=Act.SUBMIT, kind=kind.name, values=values, lines=lines, requester=other
                    )
            self._record(session, person, draft)
            return questions.about(session, draft)

    def update(self, draft_id: int, args: Mapping[str, Any], *, said: str = "") -> Reply:
        """Puts what was said into an open draft and asks what is next."""
        with self._app.store.writing() as session:
            person = speaking.again(session, self._person)
            draft = session.get_one(Draft, draft_id)
            values = dict(args)
            if draft.act in ACTING:
                self._choose(session, person, draft, values, said)
                values = {name: value for name, value in values.items() if name in (AMOUNT, COMMENT, UNTIL)}
            if draft.act in WRITTEN and draft.asked == [COMMENT] and said:
                values = {COMMENT: said}  # whatever it says: a yes answers the question that was asked
            if draft.act in drafts.ALONE and "person" in values:
                values["to"] = values.pop("person")
            if "to" in values:
                values["to"] = people.find(session, str(values["to"])).handle
            if not values and draft.asked and doubting.settle_first(session, draft):
                return questions.about(session, draft)
            more: Any = values.pop("another", None)
            lines: Any = values.pop("lines", None)
            lines = drafts.with_more(draft, session, more) if more else lines
            wrong = drafts.change(draft, session, values=values, lines=lines, by=person) if values or lines else {}
            self._record(session, person, draft)
            if slots.one_day_alone(said):
                draft.asked = []  # "just Friday" is not asked whether it is longer
            if wrong:
                text = " ".join(say(person.language, each) for each in dict.fromkeys(wrong.values()))
                return questions.about(session, draft, before=text)
            return questions.about(session, draft)

    def discard(self, draft_id: int) -> Reply:
        """Throws an open draft away."""
        with self._app.store.writing() as session:
            person = speaking.again(session, self._person)
            drafts.discard(session.get_one(Draft, draft_id), session, by=person)
            return Reply(say(person.language, "Discarded; nothing was sent."), card=f"draft:{draft_id}")

    def _record(self, session: Session, person: Person, draft: Draft) -> None:
        """Writes down which model and which prompt proposed a draft, where one did."""
        if self._by_model is not None:
            detail = {"act": draft.act, "kind": draft.kind, **self._by_model}
            events.record(session, "draft.proposed", by=person, subject=f"draft:{draft.id}", detail=detail)

    def _keep(self, name: str, args: Mapping[str, Any]) -> Reply:
        """A proposal to change the handbook; a press alone publishes or withdraws anything."""
        origin = f"{self._origin}:{self._drafts}"
        match name:
            case "draft_document":
                return keeping.add(self._app, self._person, event=self._origin, origin=origin)
            case "draft_document_withdrawal":
                doc = validated(NamedDocument, args).doc
                return keeping.withdraw(self._app, self._person, doc=doc, origin=origin)
            case _:
                words = validated(SameWords, args).words
                return keeping.same_words(self._app, self._person, words=words, origin=origin)

    def _look(self, name: str, args: Mapping[str, Any]) -> Reply:
        look = self._app.looks[name]
        asked = validated(look.form, {key: value for key, value in args.items() if key in look.form.model_fields})
        with self._app.store.looking() as session:
            self._app.furnish(session)
            person = speaking.again(session, self._person)
            ask = partial(self._app.ask_handbook, aloud=not self._private)
            around = Around(session, person, ask, ceiling=self._ceiling, ask_as=self._app.ask_as)
            found = look.find(around, asked)
            together = "approvals.list" in look.intents and len(deciding.sorted_out(session, person)[0]) > 1
        card = f"request:{found.requests[0]}" if len(found.requests) == 1 else None
        card = f"waiting:{person.id}" if together else card
        card = found.card or card
        return Reply(found.text, card=card, finding=found.finding, sheets=found.sheets, charts=found.charts)

    @staticmethod
    def _other(session: Session, person: Person, named: Any) -> Person | None:
        """For whom something is to be entered; a Refusal unless this person may do that."""
        if not named:
            return None
        if not isinstance(named, str):
            raise Refusal("Several people here have that name: say the whole name.")
        other = people.find(session, named)
        for_others.must_be_allowed(session, other, by=person)
        return other

    def _draft(self, session: Session, person: Person, **words: Any) -> Draft:
        return drafts.draft(session, person, origin=self._origin, nth=self._drafts, **words)

    def _decision(self, session: Session, person: Person, asked: Decision, said: str) -> Draft:
        act = Act.LOWER if asked.amount is not None else Act(asked.outcome)
        about, candidates = self._to_decide(session, person, asked, said)
        values: dict[str, Any] = {COMMENT: asked.comment} if asked.comment else {}
        if asked.amount is not None:
            values[AMOUNT] = plain(asked.amount)
        before = drafts.current(session, person)
        if before is not None and before.act in DECIDING and about and set(before.about) == set(about):
            drafts.discard(before, session, by=person)  # another decision on the same takes its place
        return self._draft(session, person, act=act, about=about, candidates=candidates, values=values)

    def _to_decide(self, session: Session, person: Person, asked: Decision, said: str) -> tuple[list[int], list[int]]:
        if asked.outcome == Act.UNDO:
            latest = undoing.latest(session, person)
            numbers = list(asked.request_ids) or ([latest] if latest else [])
            if not numbers:
                raise Refusal("You have decided nothing yet that could be undone.")
            for number in numbers:
                undoing.undoable(session, requests.lock(session, number), person)
            return numbers, []
        if asked.request_ids:
            for number in asked.request_ids:
                self._may_decide(session, person, number)
            return list(asked.request_ids), []
        waiting = [each.request for each in steps.waiting_for(session, person) if each.sort == "decision"]
        if not waiting:
            raise Refusal("Nothing waits for your decision.")
        by_person = [
            self._called(
                session, [each for each in waiting if self._fits(session, each, whose, asked.kind)], asked.item
            )
            for whose in asked.people or (asked.person,)
        ]
        if not all(by_person):
            raise Refusal("Nothing like that waits for your decision. Ask me what does, and I'll list it.")
        numbers = list(dict.fromkeys(each.number for fitting in by_person for each in fitting))
        if not asked.everything:
            meant = [_told_apart(session, list(dict.fromkeys(fitting)), said) for fitting in by_person]
            if all(len(each) == 1 for each in meant):
                return list(dict.fromkeys(each[0].number for each in meant)), []
            numbers = list(dict.fromkeys(each.number for fitting in meant for each in fitting))
        if asked.everything and asked.outcome == Act.APPROVE:
            within = [each.number for each in deciding.sorted_out(session, person)[0] if each.number in numbers]
            if within:
                return within, [each for each in numbers if each not in within]
        return (numbers, []) if len(numbers) == 1 else ([], numbers)

    @staticmethod
    def _may_decide(session: Session, person: Person, number: int) -> None:
        request = requests.get(session, number)
        if request is None:
            raise Refusal("There is no request {number}.", number=number)
        if request.state != requests.PENDING and steps.may_see(session, request, person):
            raise steps.already(session, request)
        if not any(steps.may_take(session, step, person)[0] for step in request.steps if step.state == "open"):
            raise Refusal("Request {number} is not yours to decide, so nothing was changed.", number=number)

    def _withdrawal(self, session: Session, person: Person, asked: Withdrawal) -> Draft:
        if asked.request_id is not None:
            request = requests.get(session, asked.request_id)
            if request is None or person.id not in (request.person_id, request.by_id):
                raise Refusal("I find no request {number} of yours.", number=asked.request_id)
            if request.state in requests.CLOSED:
                raise steps.already(session, request)
            filing.must_be_open(request, session, by=person)
            return self._draft(session, person, act=Act.WITHDRAW, about=[request.number])
        mine = [each for each in requests.of(session, person, open_only=True) if _overlaps(each, asked)]
        fitting = [each for each in mine if self._fits(session, each, asked.person, asked.kind)]
        fitting = self._called(session, fitting, asked.item)
        if asked.only_days and asked.start and len(fitting) == 1:
            kept = filing.without(fitting[0], session, start=asked.start, end=asked.end or asked.start, by=person)
            if kept is not None:
                origin = f"change:{self._origin}:{self._drafts}"
                draft = drafts.amendment(session, person, request=fitting[0], origin=origin)
                drafts.change(draft, session, values=kept, by=person)
                return draft
        numbers = [each.number for each in fitting]
        if not numbers and asked.start is not None and not asked.person:
            # other days than those: which of the rest is meant is asked
            rest = [each.number for each in requests.of(session, person, open_only=True) if each.kind == "time_off"]
            if rest:
                return self._draft(session, person, act=Act.WITHDRAW, candidates=rest)
        if not numbers:
            raise Refusal(
                "I find no open request like that of yours. Ask me how your requests stand, and I'll list them."
            )
        about, candidates = (numbers, []) if len(numbers) == 1 else ([], numbers)
        return self._draft(session, person, act=Act.WITHDRAW, about=about, candidates=candidates)

    def _change(self, session: Session, person: Person, said: dict[str, Any]) -> Draft:
        """A draft of a change to a request of the person's; what cannot be read of it is left out."""
        number = said.pop("request_id", None)
        request = requests.get(session, number) if isinstance(number, int) else None
        if request is None or person.id not in (request.person_id, request.by_id):
            raise Refusal("I find no request {number} of yours.", number=number)
        origin = f"change:{self._origin}:{self._drafts}"
        draft = drafts.amendment(session, person, request=request, origin=origin)
        kind = kinds_of(session)[request.kind]
        now, before = kind.read(said)[0], kind.read(request.values)[0]
        if "start" in now and "end" not in said and {"start", "end"} <= before.keys():
            said["end"] = now["start"] + (before["end"] - before["start"])  # it moves, and stays as long
        lines = said.pop("lines", None)
        if said or lines is not None:
            drafts.change(draft, session, values=said, lines=lines, by=person)
        return draft

    def _snooze(self, session: Session, person: Person, asked: Snoozed) -> Draft:
        numbers = list(dict.fromkeys(each.number for each in steps.waiting_for(session, person)))
        if asked.request_id is not None and asked.request_id not in numbers:
            raise Refusal("Request {number} does not wait for you.", number=asked.request_id)
        numbers = numbers if asked.request_id is None else [asked.request_id]
        if not numbers:
            raise Refusal("Nothing waits for you.")
        about, candidates = (numbers, []) if len(numbers) == 1 else ([], numbers)
        values = {UNTIL: plain(asked.until)} if asked.until else {}
        if asked.until is not None:
            snoozes.when(session, person, asked.until)
        return self._draft(session, person, act=Act.SNOOZE, about=about, candidates=candidates, values=values)

    def _nudge(self, session: Session, person: Person, asked: Nudged) -> Draft:
        mine = requests.of(session, person, open_only=True)
        if asked.request_id is not None:
            request = requests.get(session, asked.request_id)
            mine = [request] if request is not None and person.id in request.party else []
        else:
            mine = [each for each in mine if self._fits(session, each, None, asked.kind)]
            mine = self._called(session, mine, asked.item)
            mine = [each for each in mine if self._waits_for(session, each, asked.person)]
        if not mine:
            raise Refusal("I find no request of yours like that which waits for somebody.")
        if len(mine) == 1:
            nudges.must_be_possible(mine[0], session, by=person)
            return self._draft(session, person, act=Act.NUDGE, about=[mine[0].number])
        return self._draft(session, person, act=Act.NUDGE, candidates=[each.number for each in mine])

    @staticmethod
    def _waits_for(session: Session, request: Request, named: str | None) -> bool:
        """Whether a request waits for somebody else, and for whoever was named."""
        who = nudges.whom(session, request)
        return people.find(session, named) in who if named else bool(who)

    def _stand_in(self, session: Session, person: Person, asked: StandInFor) -> Draft:
        values = asked.model_dump(exclude_none=True)
        if asked.to:
            values["to"] = people.find(session, asked.to).handle
            if values["to"] == person.handle:
                raise Refusal(
                    "That would be you yourself: name somebody else to decide for you. "
                    "To decide for a colleague, they have to name you."
                )
        return self._draft(session, person, act=Act.STAND_IN, values=values)

    def _choose(self, session: Session, person: Person, draft: Draft, values: Mapping[str, Any], said: str) -> None:
        """Settles which request is meant, by number or by the words that only one of them answers to."""
        if not draft.candidates or (draft.about and not values.get("everything")):
            return
        numbers = [int(each) for each in values.get("request_ids") or [values.get("request_id")] if each]
        named = [each for each in draft.candidates if each in numbers]
        if not numbers:
            on = [each for each in draft.candidates if _covers(session.get_one(Request, each), values)]
            words = set(re.findall(r"\w{3,}", said.lower()))
            fits = {n: len(words & _words(session, session.get_one(Request, n))) for n in draft.candidates}
            best = max(fits.values())
            named = on if len(on) == 1 else [number for number, count in fits.items() if count == best > 0]
        nth = values.get("nth")
        if isinstance(nth, int) and -1 <= nth <= len(draft.candidates):
            named = [draft.candidates[nth - 1 if nth > 0 else -1]]
        if values.get("everything") and draft.act in SEVERAL:
            named = list(dict.fromkeys([*draft.about, *draft.candidates]))
        if len(named) == 1 or values.get("everything"):
            drafts.choose(draft, session, numbers=named, by=person)

    @staticmethod
    def _fits(session: Session, request: Request, person: str | None, kind: str | None) -> bool:
        if person and people.find(session, person).id != request.person_id:
            return False
        return not kind or request.kind == kind

    @staticmethod
    def _called(session: Session, found: list[Request], item: str | None) -> list[Request]:
        """Those of several requests that words name: word for word, or else by what they mean ("la mesa", a desk)."""
        if not item or not found:
            return found
        said = set(re.findall(r"\w{3,}", item.lower()))
        if same := [each for each in found if said & _words(session, each)]:
            return same
        from knowledge.embedding import use

        named = [requests.summary(session, each, "en").partition(",")[0] for each in found]
        near = (use([item]) @ use(named).T)[0]
        return [each for each, value in zip(found, near, strict=True) if value >= max(ALIKE, float(near.max()) - APART)]


ALIKE, APART = 0.42, 0.05
"""How near (cosine) what somebody calls a request has to come to it, and how much less near another one may be."""


def _told_apart(session: Session, fitting: list[Request], said: str) -> list[Request]:
    """Those of several requests that a message has most words of: its leave, its thing, its days, its amount."""
    words = set(re.findall(r"\d+|[^\W\d]{3,}", said.lower()))
    counts = [len(words & _words(session, each)) for each in fitting]
    most = max(counts, default=0)
    return [each for each, count in zip(fitting, counts, strict=True) if count == most]


def _covers(request: Request, said: Mapping[str, Any]) -> bool:
    """Whether the days that were said are among those of a request."""
    start, end, day = request.values.get("start"), request.values.get("end"), said.get("start") or said.get("end")
    return bool(start and end and day) and str(start) <= str(day) <= str(end)


def _overlaps(request: Request, asked: Withdrawal) -> bool:
    if asked.leave_type and request.values.get("leave_type") != asked.leave_type:
        return False
    if asked.start is None:
        return asked.leave_type is None or request.kind == "time_off"
    start, end = request.values.get("start"), request.values.get("end")
    if not start or not end:
        return False
    last = asked.end or asked.start
    return date.fromisoformat(start) <= last and asked.start <= date.fromisoformat(end)


def _words(session: Session, request: Request) -> set[str]:
    """The words that people may name a request by: of its summary, of its kind, and how its choices are called."""
    kind = kinds_of(session)[request.kind]
    form, lines = requests.forms_of(kind, request)
    said = [kind.title, kind.summary(form, lines, "en"), request.person.name]
    held = requests.said_in(request)
    for each in kind.sayable():
        chosen = held.get(each.name)
        said += [word for option in each.options if option.value == chosen for word in option.words]
    return set(re.findall(r"\d+|[^\W\d]{3,}", " ".join(said).lower()))
