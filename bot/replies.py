"""Replies: what a press or a message leads to, put in line for the conversation it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from backend import chats, requests
from backend.desk import Desk
from backend.drafts import Draft
from backend.forms import Data
from backend.kinds import kinds_of
from backend.payments import Payment
from backend.people import Person
from backend.requests import Request
from backend.sheets import Chart, Sheet
from backend.words import say
from bot import cards, handbook_cards, holidays, payment_cards, waiting
from bot.message import Address, Answer, Button, Card, Citation, Intent, Post, as_doc

if TYPE_CHECKING:
    from bot.app import App


@dataclass(frozen=True)
class Reply:
    """What to show to the person who wrote or pressed.

    card        what its card is about ("draft:7", "request:12"), drawn when the reply is posted
    instead_of  whose earlier card it takes the place of; left out: the same card's
    about       what the text speaks of, where there is no card; a channel that may not show it says so instead
    finding     what the handbook said (knowledge.citing.Finding)
    problems    what is wrong with a form, by field, for a channel that still shows it
    takes       the post that it was being written into, which it takes the place of
    private     true where nobody else may read it, wherever it was asked
    anew        true where its card comes at the end, though a copy of it stands further up
    meant       for a press that says what an earlier message meant: the message's event, and the intent
    sheets, charts  tables and pictures that come with it
    """

    text: str = ""
    card: str | None = None
    instead_of: str | None = None
    about: str | None = None
    finding: Any = None
    refusal: str | None = None
    asked: tuple[str, ...] = ()
    pending: bool = False
    committed: tuple[Intent, ...] = ()
    choices: tuple[Button, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict[str, str])
    sheets: tuple[Sheet, ...] = ()
    charts: tuple[Chart, ...] = ()
    anew: bool = False
    takes: int | None = None
    private: bool = False
    meant: tuple[str, str] | None = None


def post(
    session: Session,
    app: "App",
    person: Person,
    reply: Reply,
    *,
    address: Address,
    cause: str | None,
    understood: tuple[Intent, ...] = (),
    key: str | None = None,
    preview: str = "",
    in_place: bool = False,
) -> None:
    """Puts a reply in line; its card is drawn as this person may see it on this channel."""
    card = draw(session, app, person, reply.card, channel=address.channel) if reply.card else None
    earlier = None
    for subject in (reply.instead_of, reply.card):
        if subject and earlier is None:
            shown = [
                each
                for each in chats.copies(session, subject)
                if (each.person_id, each.channel, each.conversation)
                == (person.id, address.channel, address.conversation)
            ]
            earlier = shown[-1] if shown else None
    written = session.get(chats.Posted, reply.takes) if reply.takes is not None else None
    subject = reply.card or reply.about
    elsewhere = say(person.language, "The details are not for this channel: the web chat shows them.")
    if app.settings.public_url:
        elsewhere = f"{elsewhere} {app.settings.public_url.rstrip('/')}/"
    secret = subject is not None and hidden(session, person, subject, ceiling=app.ceiling(session, address.channel))
    body = Post(
        text=elsewhere if secret else reply.text,
        card=card,
        answer=answer_of(reply.finding),
        refusal=reply.refusal,
        asked=reply.asked,
        choices=reply.choices,
        pending=reply.pending,
        understood=understood,
        committed=reply.committed,
        preview=preview or say(person.language, "You have a new message."),
        language=person.language,
        sheets=() if secret else reply.sheets,
        charts=() if secret else reply.charts,
    )
    put(
        session,
        person,
        body,
        address=address,
        card=reply.card if card else None,
        replaces=written or (earlier if card else None),
        in_place=in_place or written is not None,
        cause=cause,
        key=key,
    )


def own_chat(session: Session, app: "App", person: Person, address: Address) -> Address:
    """Where nobody else reads: there, or else in the person's private chat."""
    return (
        address
        if address.private
        else app.private(session, person, address.channel) or app.addresses(session, person)[0]
    )


def put(session: Session, person: Person, body: Post, *, address: Address, **more: Any) -> None:
    """Puts a post in line for a conversation; `more` as for chats.post."""
    where = {"channel": address.channel, "conversation": address.conversation, "private": address.private}
    chats.post(session, person, body=as_doc(body), **where, **more)


def draw(session: Session, app: "App", person: Person, subject: str, *, channel: str) -> Card | None:
    """The newest state of a card, as this person may see it on this channel."""
    sort, _, number = subject.partition(":")
    ceiling = app.ceiling(session, channel)
    if sort == "draft":
        draft = session.get(Draft, int(number))
        return cards.draft_card(session, draft, ceiling=ceiling) if draft else None
    if sort == "waiting":
        return waiting.waiting_card(session, person, ceiling=ceiling)
    if sort == "brief":
        return waiting.brief_card(session, person)
    if sort in handbook_cards.SORTS:
        return handbook_cards.card_of(session, subject, person)
    if sort == "holidays":
        return holidays.holidays_card(session, int(number), person)
    if sort == "owed":
        return payment_cards.owed_card(session, person)
    if sort == "payment":
        payment = session.get(Payment, int(number))
        return payment_cards.payment_card(session, payment, person) if payment else None
    request = session.get(Request, int(number))
    return cards.request_card(session, request, reader=person, ceiling=ceiling) if request else None


def hidden(session: Session, person: Person, subject: str, *, ceiling: Data) -> bool:
    """True if what a draft or a request holds is more sensitive than a channel may show."""
    sort, _, number = subject.partition(":")
    if sort == "draft":
        draft = session.get(Draft, int(number))
        kind = kinds_of(session).get(draft.kind or "") if draft else None
        if draft and kind and requests.above(kind, draft.values, Desk(session, person, kind), ceiling):
            return True
        numbers = draft.about if draft else []
    else:
        numbers = [int(number)] if sort == "request" else []
    found = [request for request in (session.get(Request, each) for each in numbers) if request]
    kinds = kinds_of(session)
    return any(
        requests.above(kinds[each.kind], each.values, requests.desk_of(session, each, by=None), ceiling)
        for each in found
    )


def answer_of(finding: Any) -> Answer | None:
    """What the handbook said, in the words that channels share."""
    if finding is None:
        return None
    return Answer(
        outcome=str(finding.outcome),
        citations=tuple(
            Citation(
                doc=each.doc,
                heading=each.heading,
                quote=each.quote,
                version=each.version,
                effective=each.effective.isoformat() if each.effective else None,
                title=each.title,
                passage=each.passage,
                laid_out=each.laid_out,
                pictures=each.pictures,
            )
            for each in finding.citations
        ),
        retrieved=tuple((doc, heading) for doc, heading in finding.retrieved),
        words=finding.words,
    )
