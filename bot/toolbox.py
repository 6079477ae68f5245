"""What a brain may call: look_* in sessions that the database refuses to write in, and draft_*. Nothing commits."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from backend import drafts, events, filing, for_others, nudges, people, requests, snoozes, steps
from backend.drafts import Act, Draft
from backend.forms import Data, plain, validated
from backend.kinds import WHOSE, kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from bot import assisting, correcting, deciding, doubting, keeping, questions, speaking, tool_requests
from bot.assisting import Assistance, AssistanceOver
from bot.brain import slots
from bot.correcting import Correction
from bot.offered import AMOUNT, COMMENT, UNTIL
from bot.replies import Reply
from bot.tool_forms import Decision, NamedDocument, Nudged, SameWords, Snoozed, StandInFor, Withdrawal
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

WRITTEN = (Act.SEND_BACK, Act.ANSWER)
"""The acts whose comment may be anything that is written."""


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
                tool_requests.choose(session, person, draft, values, said)
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
        about, candidates = tool_requests.to_decide(session, person, asked, said)
        values: dict[str, Any] = {COMMENT: asked.comment} if asked.comment else {}
        if asked.amount is not None:
            values[AMOUNT] = plain(asked.amount)
        before = drafts.current(session, person)
        if before is not None and before.act in DECIDING and about and set(before.about) == set(about):
            drafts.discard(before, session, by=person)  # another decision on the same takes its place
        return self._draft(session, person, act=act, about=about, candidates=candidates, values=values)

    def _withdrawal(self, session: Session, person: Person, asked: Withdrawal) -> Draft:
        if asked.request_id is not None:
            request = requests.get(session, asked.request_id)
            if request is None or person.id not in (request.person_id, request.by_id):
                raise Refusal("I find no request {number} of yours.", number=asked.request_id)
            if request.state in requests.CLOSED:
                raise steps.already(session, request)
            filing.must_be_open(request, session, by=person)
            return self._draft(session, person, act=Act.WITHDRAW, about=[request.number])
        mine = [each for each in requests.of(session, person, open_only=True) if tool_requests.overlaps(each, asked)]
        fitting = [each for each in mine if tool_requests.fits(session, each, asked.person, asked.kind)]
        fitting = tool_requests.called(session, fitting, asked.item)
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
            mine = [each for each in mine if tool_requests.fits(session, each, None, asked.kind)]
            mine = tool_requests.called(session, mine, asked.item)
            mine = [each for each in mine if tool_requests.waits_for(session, each, asked.person)]
        if not mine:
            raise Refusal("I find no request of yours like that which waits for somebody.")
        if len(mine) == 1:
            nudges.must_be_possible(mine[0], session, by=person)
            return self._draft(session, person, act=Act.NUDGE, about=[mine[0].number])
        return self._draft(session, person, act=Act.NUDGE, candidates=[each.number for each in mine])

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
