"""A turn with the hosted model: whether it may be asked, what it is told, and what of its answer is sent.

Cards come from the database, policy answers only where each sentence stands in the handbook, and of the rest of a
model's words questions and courtesy alone. Where nothing is left, the local brain answers the same turn.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.orm import Session

from backend import chats, drafts, model_turns, requests
from backend.drafts import FORMS, Draft
from backend.forms import Data, Widget
from backend.kinds import kinds_of
from backend.people import Person
from backend.requests import Request
from backend.store import now
from bot import speaking
from bot.brain import own_words
from bot.brain.calling import Asked, Line, Thought
from bot.brain.port import Turn
from bot.brain.veil import Veil
from bot.message import Intent, Said
from bot.replies import Reply
from bot.settings import prices_in, shares_in
from bot.tool_calls import ModelTools
from bot.tool_schemas import tools_for
from bot.toolbox import Toolbox
from bot.writing import Writing

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()

LONGEST = 2000
"""Characters of a message that a model is asked about; who writes more is answered by the local brain."""
TOLD = Data.PRIVATE
"""The most sensitive data of records that may leave the house: nothing about health, nothing of a bank."""
LATELY = timedelta(hours=2)
"""What was said before that is over."""
LINES = 20
NOTHING = "NOTHING"
"""What a model says where no passage answers."""


@dataclass(frozen=True)
class Answered:
    """What a turn with a model came to.

    parts  what to reply, each with what was understood; None: the local brain answers
    takes  the post that an answer was being written into: the reply takes its place
    """

    parts: tuple[tuple[Intent, Reply], ...] | None
    takes: int | None = None


def think(app: "App", heard: Said, person: Person, turn: Turn, pending: Draft | None) -> Answered:
    """Asks the model, if there is one and it may be asked. No transaction is open while it thinks."""
    brain = app.hosted
    if brain is None or not turn.text or heard.files or len(heard.text) > LONGEST or _too_hard(turn.text):
        return Answered(None)
    shares = shares_in(app.settings.model_shares)
    veil = Veil(turn.colleagues, names="names" in shares)
    with app.store.looking() as session:
        app.furnish(session)
        if _budget_is_spent(app, session):
            return Answered(None)
        me = speaking.again(session, person)
        draft = session.get(Draft, pending.id) if pending is not None else None
        offered = tools_for(app, session, me, draft)
        facts = _facts(session, me, turn, draft, records="records" in shares)
        past = _past(session, heard) if "history" in shares and heard.address.private else []
    by_model = {"model": brain.name, "prompt": brain.prompt}
    words: dict[str, Any] = {
        "origin": heard.event,
        "channel": heard.address.channel,
        "private": heard.address.private,
    }
    aloud = not heard.address.private
    tools = ModelTools(
        Toolbox(app, person, by_model=by_model, **words),
        Toolbox(app, person, ceiling=TOLD, **words),
        offered,
        turn=turn,
        veil=veil,
        pending=pending.id if pending is not None else None,
        records="records" in shares,
        read=lambda question: app.read_handbook(question, person, aloud=aloud),
    )

    def check(said: str) -> Any:
        return app.check_answer(veil.lift(said, shown=True), tools.sources, person, aloud=aloud)

    writing = Writing(app, person, address=heard.address, cause=heard.event, check=check, pace=app.streaming_pace)
    begun = time.monotonic()
    asked = Asked(
        text=veil.hide(turn.text),
        facts=veil.hide(facts),
        past=tuple(replace(each, text=veil.hide(each.text)) for each in past),
    )
    thought = brain.think(asked, tools, heard=lambda said: writing.heard(said) if tools.sources else None)
    parts = _parts(app, turn, replace(thought, words=veil.lift(thought.words, shown=True)), tools, check)
    outcome = model_turns.ANSWERED if parts is not None else (thought.why or "its words could not be sent")
    if parts is None and thought.words:
        brain.doubt()
    if thought.spent.asked:
        _note(app, heard, brain.name, thought, outcome, milliseconds=int((time.monotonic() - begun) * 1000))
    return Answered(parts, writing.posted)


def _parts(
    app: "App", turn: Turn, thought: Thought, tools: ModelTools, check: Any
) -> tuple[tuple[Intent, Reply], ...] | None:
    """What is sent: what the tools gave, a policy answer in the model's words where they hold, else its questions."""
    parts = [*tools.replies, *tools.refused]
    if parts:
        finding = check(thought.words) if tools.sources and thought.words not in ("", NOTHING) else None
        if finding is None:
            return tuple(parts)
        answers = [each for each in parts if each[1].finding is not None]
        rest = [each for each in parts if each[1].finding is None]
        intent, reply = answers[0]
        return ((intent, replace(reply, text=finding.text, finding=finding)), *rest)
    if thought.why or not thought.words:
        return None
    asked = own_words.questions_in(thought.words, said=turn.text)
    if asked:
        return ((Intent("out_of_scope"), Reply(asked, asked=("choice",))),)
    local = app.brain.understand(turn)
    polite = own_words.courtesy(thought.words)
    if polite and [each.intent for each in local.intents] == ["small_talk"]:
        return ((Intent("small_talk"), Reply(polite)),)
    return None


def _too_hard(text: str) -> bool:
    """Whether a message is about something that never leaves the house."""
    from knowledge.hard_subjects import subject_of

    return subject_of(text) is not None


def _budget_is_spent(app: "App", session: Session) -> bool:
    budget = app.settings.model_budget
    return bool(budget) and model_turns.month(session).cost >= budget


def _note(app: "App", heard: Said, model: str, thought: Thought, outcome: str, *, milliseconds: int) -> None:
    spent = thought.spent
    prices = prices_in(app.settings.model_prices)
    cost: Decimal | None = None
    if prices is not None:
        cost = model_turns.cost_of(spent.tokens_in, spent.tokens_out, prices=prices)
    with app.store.writing() as session:
        model_turns.note(
            session,
            event=heard.event,
            model=model,
            prompt=thought.prompt,
            mode=thought.mode,
            asked=spent.asked,
            tokens_in=spent.tokens_in,
            cached=spent.cached,
            tokens_out=spent.tokens_out,
            cost=cost,
            milliseconds=milliseconds,
            outcome=outcome,
        )


# what a model is told


def _facts(session: Session, person: Person, turn: Turn, draft: Draft | None, *, records: bool) -> str:
    """The day, who writes, and how their requests stand; nothing about health, and nothing that a receipt said."""
    lines = [
        f"Now it is {turn.now:%A %Y-%m-%d, %H:%M}. Amounts are {turn.currency}, where no other currency is named.",
        f"You speak with {person.name} ({person.handle}), team {person.team}.",
    ]
    if records:
        for each in turn.known:
            request = session.get_one(Request, each.number)
            summary = requests.summary(session, request, "en", ceiling=TOLD)
            whose = f"of {request.person.name}, waits for this person" if each.waiting_for_me else "their own"
            lines.append(f"Request {each.ref} ({whose}): {summary}; {each.state}.")
        if turn.shown:
            lines.append(f"Shown to them lately, newest first: {', '.join(turn.shown)}.")
    if draft is not None:
        lines.append(f"A draft is open: {_about(session, draft, records=records)}")
    return "\n".join(lines)


def _about(session: Session, draft: Draft, *, records: bool) -> str:
    asked = f" The person was just asked for: {', '.join(draft.asked)}." if draft.asked else ""
    if draft.act not in FORMS:
        about = ", ".join(f"request {number}" for number in draft.about or draft.candidates)
        return f"{draft.act} of {about or 'nothing yet'}.{asked}" if records else f"{draft.act}.{asked}"
    kind, desk = kinds_of(session)[draft.kind or ""], drafts.desk_of(draft, session)
    blanks = kind.blanks(desk)
    of_file = any(each.widget is Widget.FILE and draft.values.get(each.name) for each in blanks) or any(
        line.get(each.name)
        for line in draft.lines
        for each in kind.blanks(desk, line=True)
        if each.widget is Widget.FILE
    )
    if of_file or not records or requests.above(kind, draft.values, desk, TOLD):
        return f"{kind.title}.{asked}"
    filled = {name: value for name, value in draft.values.items() if value not in (None, "")}
    lines = f", lines {draft.lines}" if draft.lines else ""
    return f"{kind.title}, {filled}{lines}.{asked}"


def _past(session: Session, heard: Said) -> list[Line]:
    """What was said in this conversation lately, without what is too hard to leave the house and the answers to it."""
    address = heard.address
    said, posted = chats.history(session, channel=address.channel, conversation=address.conversation, limit=LINES)
    since = now(session) - LATELY
    hard = {each.event for each in said if each.files or len(each.text) > LONGEST or _too_hard(each.text)}
    lines = [(each.at, each.text, False) for each in said if each.event not in hard and each.event != heard.event]
    lines += [
        (each.made_at, str(each.body.get("text", "")), True) for each in posted if each.cause not in hard and each.cause
    ]
    kept: Sequence[tuple[Any, str, bool]] = sorted(lines, key=lambda each: each[0])
    return [Line(text[:LONGEST], by_us) for at, text, by_us in kept if at >= since and text.strip()]
