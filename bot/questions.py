"""What to ask next about a draft: the first thing that is missing, or whether to go ahead."""

from sqlalchemy.orm import Session

from backend import drafts, people, requests, steps
from backend.drafts import Act, Draft
from backend.forms import Blank
from backend.kinds import kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import Request
from backend.words import say
from bot import assisting, cards, changing, correcting, doubting, later
from bot.replies import Reply

QUESTIONS = {
    "comment": "Why? A short reason is enough.",
    "to": "Who stands in for you?",
    "start": "Which day is it, or from when until when?",
    "end": "Until which day?",
    "choice": "Which one do you mean?",
    "amount": "How much do you approve?",
    "until": "When shall I remind you?",
    "leave_type": "Which kind of leave is it?",
    "days": "How much shall I add, or take away (-2)?",
}
LONGER = "If it is longer: until when?"
ASKING: dict[tuple[str, str], str] = {
    (Act.SEND_BACK, "comment"): "What would you like to know?",
    (Act.ANSWER, "comment"): "What is your answer?",
    (Act.ASSIST, "to"): "Who is your assistant?",
    (Act.UNASSIST, "to"): "Who is it that no longer does so?",
    (Act.CORRECT, "to"): "Whose balance is it?",
}
"""What an act asks instead."""


def about(session: Session, draft: Draft, *, before: str = "") -> Reply:
    """The draft's card with the next question; what is asked for is noted on the draft.

    before  a sentence to say first
    """
    person = session.get_one(Person, draft.person_id)
    asked, question = _next(session, draft, person)
    draft.asked = list(asked)
    drafts.look(draft, session)
    text = f"{before} {question}".strip()
    return Reply(text, card=f"draft:{draft.id}", asked=asked, pending=True)


def _maybe_longer(draft: Draft) -> tuple[str, str] | None:
    """Where one day was said to the question for the days: it is taken for the only one, and may be the first."""
    if draft.asked != ["start"] or draft.values.get("start") != draft.values.get("end"):
        return None
    return "end", LONGER


def _of_line(session: Session, draft: Draft, missing: Blank, language: str) -> str:
    """The question for what is missing, after the line that it is missing in where there are several."""
    nth = drafts.asked_in(draft, session, missing.name)
    question = say(language, missing.question)
    if nth is None:
        return question
    what = cards.named_line(session, draft, nth, language)
    return say(language, "{line}. {what}: {question}", line=nth, what=what, question=question) if what else question


def _next(session: Session, draft: Draft, person: Person) -> tuple[tuple[str, ...], str]:
    language = person.language
    if draft.act in drafts.FORMS:
        missing, kind = drafts.missing(draft, session), kinds_of(session)[draft.kind or ""]
        if (doubted := doubting.first(session, draft)) is not None:
            return (doubted.blank.name,), doubting.question(session, draft, doubted, person)
        if missing:
            return (missing[0].name,), _of_line(session, draft, missing[0], language)
        try:
            form, lines = kind.whole(draft.values, draft.lines)
        except Refusal as refusal:
            return (refusal.field or "change",), say(language, refusal.text, **refusal.values)
        blocking = [each for each in kind.check(form, lines, drafts.desk_of(draft, session)) if each.blocks]
        unless = next((each for each in blocking if each.unless), None)
        if unless is not None:
            return (unless.unless,), say(language, unless.text, **unless.values)
        changed = changing.changes(session, draft)
        if draft.act == Act.AMEND and not changed:
            return tuple(each.name for each in kind.sayable()), say(language, "What should be different?")
        if blocking:
            return ("change",), say(language, blocking[0].text, **blocking[0].values)
        if draft.act == Act.AMEND:
            ref, what = (
                requests.ref(session, session.get_one(Request, draft.about[0])),
                "; ".join(f"{title}: {text}" for title, text in changed),
            )
            return ("confirm",), say(language, "{ref}: {what}. Shall I send this change?", ref=ref, what=what)
        what = kind.summary(form, lines, language)
        if draft.for_id is not None:
            what = f"{drafts.requester_of(draft, session).name}: {what}"
        wondered = kind.wonders(form) or _maybe_longer(draft)
        if wondered is not None:
            name, question = wondered
            return (name, "confirm"), say(
                language, "{what}. {question} Or shall I send it?", what=what, question=say(language, question)
            )
        return ("confirm",), say(language, "{what}. Shall I send it?", what=what)
    if draft.act not in drafts.ALONE and not draft.about:
        return ("choice",), say(language, QUESTIONS["choice"])
    wanted = cards.needed(draft)
    if wanted:
        question = ASKING.get((draft.act, wanted[0]), QUESTIONS[wanted[0]])
        return (wanted[0],), say(language, question)
    match draft.act:
        case Act.ASSIST:
            return ("confirm",), assisting.question(session, draft, person)
        case Act.UNASSIST:
            return ("confirm",), assisting.ending(session, draft, person)
        case Act.CORRECT:
            return ("confirm",), correcting.question(session, draft, person)
        case _:
            pass
    if draft.act == Act.STAND_IN:
        who = people.find(session, str(draft.values["to"])).name
        text = say(language, "{who} will decide for you on those days. Is that right?", who=who)
        if (longer := _maybe_longer(draft)) is not None:
            return (longer[0], "confirm"), f"{say(language, longer[1])} {text}"
        return ("confirm",), text
    about = [session.get_one(Request, number) for number in draft.about]
    refs = ", ".join(requests.ref(session, each) for each in about)
    if draft.act == Act.SNOOZE:
        moment = later.moment_of(session, person, draft.values)
        return ("confirm",), say(language, "Shall I remind you of {refs} on {moment}?", refs=refs, moment=moment)
    if draft.act == Act.NUDGE:
        who = steps.waits_for(session, about[0])
        return ("confirm",), say(language, "Shall I ask {who} to look at {refs}?", refs=refs, who=who)
    sentence = {
        Act.APPROVE.value: "Shall I approve {refs}?",
        Act.REJECT.value: "Shall I reject {refs}?",
        Act.WITHDRAW.value: "Shall I withdraw {refs}?",
        Act.LOWER.value: "Shall I approve {refs} for less?",
        Act.SEND_BACK.value: "Shall I ask about {refs}?",
        Act.ANSWER.value: "Shall I send this answer to {refs}?",
        Act.UNDO.value: "Shall I undo your decision on {refs}?",
    }[draft.act]
    return ("confirm",), say(language, sentence, refs=refs)
