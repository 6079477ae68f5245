"""What to ask next about a draft: the first thing that is missing, or whether to go ahead."""

from sqlalchemy.orm import Session

from backend import drafts, people, requests
from backend.drafts import Act, Draft
from backend.kinds import kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from bot import cards
from bot.replies import Reply

QUESTIONS = {
    "comment": "Why? A short reason is enough.",
    "to": "Who stands in for you?",
    "start": "From which day?",
    "end": "Until which day?",
    "choice": "Which one do you mean?",
}


def about(session: Session, draft: Draft, *, before: str = "") -> Reply:
    """The draft's card with the next question; what is asked for is noted on the draft.

    before  a sentence to say first
    """
    person = session.get_one(Person, draft.person_id)
    asked, question = _next(session, draft, person)
    draft.asked = list(asked)
    session.flush()
    text = f"{before} {question}".strip()
    return Reply(text, card=f"draft:{draft.id}", asked=asked, pending=True)


def _next(session: Session, draft: Draft, person: Person) -> tuple[tuple[str, ...], str]:
    language = person.language
    if draft.act == Act.SUBMIT:
        missing = drafts.missing(draft, session)
        if missing:
            return (missing[0].name,), say(language, missing[0].question)
        kind = kinds_of(session)[draft.kind or ""]
        try:
            form, lines = kind.whole(draft.values, draft.lines)
        except Refusal as refusal:
            return (refusal.field or "change",), say(language, refusal.text, **refusal.values)
        card = cards.draft_card(session, draft)
        if not any(each.verb == "submit" for each in card.buttons):
            return ("change",), card.objections[0]
        what = kind.summary(form, lines, language)
        wondered = kind.wonders(form)
        if wondered is not None:
            name, question = wondered
            return (name, "confirm"), say(
                language, "{what}. {question} Or shall I send it?", what=what, question=say(language, question)
            )
        return ("confirm",), say(language, "{what}. Shall I send it?", what=what)
    if draft.act != Act.STAND_IN and not draft.about:
        return ("choice",), say(language, QUESTIONS["choice"])
    wanted = cards.needed(draft)
    if wanted:
        return (wanted[0],), say(language, QUESTIONS[wanted[0]])
    if draft.act == Act.STAND_IN:
        who = people.find(session, str(draft.values["to"])).name
        return ("confirm",), say(language, "{who} will decide for you on those days. Is that right?", who=who)
    refs = ", ".join(requests.ref(session, session.get_one(requests.Request, number)) for number in draft.about)
    sentence = {
        Act.APPROVE.value: "Shall I approve {refs}?",
        Act.REJECT.value: "Shall I reject {refs}?",
        Act.WITHDRAW.value: "Shall I withdraw {refs}?",
    }[draft.act]
    return ("confirm",), say(language, sentence, refs=refs)
