"""What is done about each thing that somebody means: the tool that it names, or a word."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from backend import drafts
from backend.drafts import Draft
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from bot import draft_presses, kindly, questions, speaking
from bot.brain import acts, our_place
from bot.brain.clean import clean
from bot.brain.commands import gives_days_back, says_all
from bot.brain.others import asks_what_it_is_made_of
from bot.brain.port import SURE, Understood
from bot.greeting import greeting
from bot.message import Intent, Said
from bot.offered import button
from bot.readable import LONGEST
from bot.replies import Reply
from bot.resuming import back_to
from bot.toolbox import Toolbox
from knowledge.proposals import may_keep

if TYPE_CHECKING:
    from bot.app import App


def replies(
    app: "App", heard: Said, person: Person, understood: Understood, pending: Draft | None, *, resuming: bool = True
) -> list[Reply]:
    """What is said to a message that means this; which of two was meant is asked where that is not plain."""
    address = heard.address
    toolbox = Toolbox(app, person, origin=heard.event, channel=address.channel, private=address.private)
    if understood.confidence < SURE and understood.alternatives and pending is None:
        meant = any(each.intent == "policy.ask" for each in understood.alternatives)
        asked = meant or our_place.asks_what_there_is(heard.text)
        certain = _from_the_handbook(app, toolbox, heard, person, nearly=False) if asked else None
        return [certain or _did_you_mean(app, heard, person, understood)]
    parts: list[tuple[Intent, Reply]] = []
    for intent in understood.intents:
        try:
            reply = _one(app, toolbox, heard, person, pending, intent)
        except Refusal as refusal:
            text = say(person.language, refusal.text, **refusal.values)
            reply = Reply(text, refusal=text)
        parts.append((intent, reply))
    return together(app, person, pending, parts, resuming=resuming)


def together(
    app: "App",
    person: Person,
    pending: Draft | None,
    parts: Sequence[tuple[Intent, Reply]],
    *,
    resuming: bool = True,
) -> list[Reply]:
    """What is said to all that was understood: one draft at a time, and back to the one that was open."""
    replies: list[Reply] = []
    drafted: list[Reply] = []
    for intent, reply in parts:
        (drafted if reply.pending and not intent.intent.startswith("form.") else replies).append(reply)
    if drafted:
        replies.append(_first_of(app, person, drafted))
    elif resuming and pending is not None and not any(each.pending or each.asked for each in replies):
        replies += back_to(app, person, pending, aside=all(intent.intent in kindly.NOTHING for intent, _ in parts))
    return replies


def _one(app: "App", toolbox: Toolbox, heard: Said, person: Person, pending: Draft | None, intent: Intent) -> Reply:
    match intent.intent:
        case "form.update" if pending is not None:
            return toolbox.update(pending.id, intent.args, said=heard.text)
        case "form.confirm" if pending is not None:
            return toolbox.update(pending.id, {}, said=heard.text)
        case "form.cancel" if pending is not None:
            with app.store.writing() as session:
                me = speaking.again(session, person)
                return draft_presses.discard(session, me, f"draft:{pending.id}", {})
        case "small_talk":
            return Reply(_small_talk(heard, person))
        case "help":
            return Reply(greeting(person))
        case "handbook.as_somebody" if not _keeps(app, person):
            return toolbox.call("look_policy", {"question": heard.text[:LONGEST]})
        case "policy.ask":
            return toolbox.call("look_policy", {"question": str(intent.args.get("question") or heard.text)[:LONGEST]})
        case "approval.approve" | "approval.reject" | "approval.send_back" | "approval.undo":
            args = {**intent.args, "outcome": intent.intent.partition(".")[2], "everything": says_all(heard.text)}
            return toolbox.call("draft_decision", args, said=heard.text)
        case name:
            tool = toolbox.tool_for(name)
            if tool is None:
                return _from_the_handbook(app, toolbox, heard, person) or Reply(outside(person.language))
            return toolbox.call(tool, _args(intent, heard.text))


def _small_talk(heard: Said, person: Person) -> str:
    """What is said back to thanks, to a hello, and to anything else that wants nothing."""
    match acts.opening(clean(heard.text).folded)[0]:
        case acts.Act.THANKS:
            return say(person.language, "You're welcome, {name}.", name=person.first_name)
        case acts.Act.HELLO:
            return say(person.language, "Hello {name}, what can I do for you?", name=person.first_name)
        case _:
            return say(person.language, "You're welcome to ask me about the handbook, time off, purchases or expenses.")


def _from_the_handbook(
    app: "App", toolbox: Toolbox, heard: Said, person: Person, *, nearly: bool = True
) -> Reply | None:
    """What the handbook says to what did not look like a question for it; None: nothing, and no gap.

    That is what is certain; what comes near (`nearly`), where somebody asks what one may do or where something is; and
    that it says nothing, where they ask what there is, or of the office.
    """
    question = heard.text[:LONGEST]
    reader = app.handbook_reader(person, aloud=not heard.address.private)
    finding = app.ask_as(question, reader)
    near = nearly and finding.outcome != "not_found" and our_place.asks_what_one_may(question)
    said = finding.certain or near or our_place.asks_what_there_is(question) or our_place.asks_of_the_office(question)
    return toolbox.call("look_policy", {"question": question}) if said else None


def outside(language: str) -> str:
    """What is said to what is not of the office."""
    return say(
        language,
        "I can't help with that here. I answer from the handbook and take time off, purchases, expenses and approvals.",
    )


def _keeps(app: "App", person: Person) -> bool:
    with app.store.looking() as session:
        return may_keep(speaking.again(session, person))


def _args(intent: Intent, said: str) -> dict[str, object]:
    args = dict(intent.args)
    if intent.intent == "time_off.cancel":
        args["kind"] = "time_off"
        args["only_days"] = gives_days_back(said)
    if intent.intent == "time_off.balance":
        args["entries"] = asks_what_it_is_made_of(said)
    return args


def _first_of(app: "App", person: Person, drafted: list[Reply]) -> Reply:
    """Of several drafts begun by one message, the first is gone through first."""
    first = drafted[0]
    if len(drafted) == 1 or first.card is None:
        return first
    with app.store.writing() as session:
        draft = session.get_one(Draft, int(first.card.partition(":")[2]))
        drafts.touch(draft, session)
        me = speaking.again(session, person)
        before = say(me.language, "Let's take them one by one.")
        return questions.about(session, draft, before=before)


def _did_you_mean(app: "App", heard: Said, person: Person, understood: Understood) -> Reply:
    """Asks which of two or three things was meant, a button for each."""
    titles = {
        each.intent: say(person.language, MEANINGS.get(each.intent, each.intent))
        for each in understood.alternatives[:3]
    }
    options = "\n".join(f"• {each}" for each in titles.values())
    text = say(person.language, "I'm not sure what you need. Did you mean one of these?\n{options}", options=options)
    subject = f"said:{heard.event}"
    with app.store.writing() as session:
        me = speaking.again(session, person)
        choices = tuple(
            button(session, me, verb=f"mean:intent={intent}", subject=subject, label=title[:1].upper() + title[1:])
            for intent, title in titles.items()
        )
    return Reply(text, asked=("choice",), choices=choices)


MEANINGS = {
    "time_off.submit": "ask for time off",
    "time_off.balance": "see how much leave you have left",
    "time_off.cancel": "cancel time off",
    "purchase.submit": "ask for something to be bought",
    "expense.submit": "claim an expense",
    "request.status": "see how a request stands",
    "request.explain": "see why a request goes to somebody",
    "approvals.list": "see what waits for you",
    "approval.approve": "approve a request",
    "approval.reject": "reject a request",
    "approvals.delegate": "name a stand-in",
    "who_is_out": "see who is away",
    "policy.ask": "look something up in the handbook",
    "help": "see what I can do",
}
