"""What is said where somebody writes of a hard subject: a kind line, and whom they can talk to in confidence."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from backend import people
from backend.kinds import WHOSE
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from bot.brain.port import SURE, Understood
from bot.message import Intent
from bot.replies import Reply
from knowledge.hard_subjects import Subject, asks_for_a_rule, subject_of

LINES = {
    Subject.DANGER: "I'm glad that you said it. If you are in danger, please call the emergency number now (112 in "
    "Europe) or somebody close to you.",
    Subject.HARASSMENT: "I'm sorry that this is happening. You don't have to deal with it alone.",
    Subject.DEATH: "I'm very sorry for your loss. Take the time that you need.",
    Subject.PREGNANCY: "Thank you for telling me. Whom you tell, and when, is up to you.",
    Subject.WHISTLEBLOWING: "Thank you for speaking up. I pass on nothing of what you write about this.",
    Subject.PAY: "That is worth clearing up, and it is all right to ask.",
    Subject.ILLNESS: "I hope you feel better soon.",
}
"""What is said of each subject."""

NOTHING = ("out_of_scope", "small_talk", "help")
ON_REQUESTS = ("form.", "approval.", "approvals.", "request.")
"""What is said of requests: a "sorry" in it is nobody's grief."""
CLEARLY = 0.95
NO_FORM = (Subject.DANGER, Subject.HARASSMENT, Subject.WHISTLEBLOWING, Subject.PAY)
"""Subjects of which nobody means to fill in a form, unless they name a day."""


def about(text: str, understood: Understood) -> Subject | None:
    """The hard subject of a message; None where it only answers a form, or tells of a colleague's illness."""
    if all(each.intent.startswith("form.") for each in understood.intents):
        return None
    found = subject_of(text)
    if found not in (Subject.DANGER, Subject.HARASSMENT) and all(
        each.intent.startswith(ON_REQUESTS) for each in understood.intents
    ):
        return None
    if (
        found in (Subject.PAY, Subject.WHISTLEBLOWING)
        and understood.confidence >= CLEARLY
        and all(_is_told(each) for each in understood.intents)
    ):
        return None
    others = any(each.args.get(WHOSE) or each.args.get("person") for each in understood.intents)
    return None if found is Subject.ILLNESS and others else found


def _is_told(intent: Intent) -> bool:
    """Whether a request is told with so many values that it is one, and no complaint: 40 euros, petrol, last Friday."""
    return intent.intent.endswith(".submit") and len(intent.args) >= 3


def turned(understood: Understood, subject: Subject) -> Understood:
    """What was understood, with a look into the handbook where nothing else fits, and no form that nobody wants."""
    intents = [
        Intent("policy.ask") if _is_beside(each, subject) or understood.confidence < SURE else each
        for each in understood.intents
    ]
    once = tuple(each for at, each in enumerate(intents) if each not in intents[:at])
    return replace(understood, intents=once, confidence=max(understood.confidence, SURE), alternatives=())


def beside(session: Session, person: Person, subject: Subject, text: str, replies: Sequence[Reply]) -> list[Reply]:
    """The replies, for this person alone, with whom they can talk to in confidence.

    Who tells something of themselves is told so first, with a kind line, and what was not found is left out; who only
    asks for a rule gets the answer first, and hears also that the handbook does not say it.
    """
    confidence, language = _confidence(session, person), person.language
    if asks_for_a_rule(text, subject) and any(each.finding is not None for each in replies):
        kept = [replace(each, private=True) for each in replies]
        at = next(nth for nth, each in enumerate(kept) if each.finding is not None)
        kept[at] = _worded(kept[at], "{said}\n\n{more}", confidence)
        return kept
    kept = [each for each in replies if each.finding is None or each.finding.outcome != "not_found"]
    kept = [replace(each, private=True) for each in kept] or [Reply(private=True)]
    return [_worded(kept[0], "{more}\n\n{said}", f"{say(language, LINES[subject])} {confidence}"), *kept[1:]]


def _worded(reply: Reply, form: str, more: str) -> Reply:
    """The reply with more said beside it, also where a channel draws the quotes of an answer by itself."""
    text, finding = form.format(said=reply.text, more=more).strip(), reply.finding
    if finding is not None:
        finding = replace(finding, words=form.format(said=finding.words, more=more).strip())
    return replace(reply, text=text, finding=finding)


def contact(session: Session, person: Person) -> str:
    """With whom this person can talk in confidence: whom their employer or company names, else HR; "" if nobody."""
    named = person.employer.confidential or people.company(session).confidential
    if named:
        try:
            found = people.find(session, named)
        except Refusal:
            return named
        return f"{found.name} ({found.email})" if found.email else found.name
    hr = [each for each in people.holders(session, "hr") if each.id != person.id]
    return hr[0].name if hr else ""


def _confidence(session: Session, person: Person) -> str:
    who = contact(session, person)
    if who:
        return say(person.language, "You can talk in confidence with {who}.", who=who)
    return say(person.language, "Somebody whom you trust can help you to decide what to do.")


def _is_beside(intent: Intent, subject: Subject) -> bool:
    return intent.intent in NOTHING or (
        subject in NO_FORM and intent.intent.endswith(".submit") and "start" not in intent.args
    )
