"""Sends posts to their channels: first in first out in each conversation, at the platform's pace, at least once.

The post at the head of a conversation is held by whoever is sending it, so that nobody else does. Nothing is sent
past it: while it waits, what comes after it waits too. Each channel has one outlet, which says whether its platform
takes anything at all just now; while it is down, one post at a time finds out whether it is back.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import events
from backend.chats import ASIDE, SENT, WAITING, Posted
from backend.outbox import GRACE, CannotDeliver, Pace, TryLater, lately, pause
from backend.people import Person
from backend.store import Base, Moment, Store, now

log = structlog.get_logger()

Send = Callable[[Posted, Posted | None], str | None]
"""Sends a post (and what it replaces) to its channel; returns the channel's own id of it."""

MOST_ATTEMPTS = 12
"""So often a post is tried that fails while the platform takes others."""
LONGEST = timedelta(days=3)
"""So long a post is tried while its platform takes nothing."""
HELD = timedelta(minutes=2)
"""How long a post is held by one who neither sends it nor says why not; channels give up much sooner."""
PATIENCE = timedelta(seconds=5)
"""What is to be sent so soon is waited for; for all else the next look is."""
LONGEST_PAUSE = timedelta(minutes=1)
"""While a platform is down, it is tried again no more rarely."""
PROBE = timedelta(seconds=30)
"""So long the others wait for the one that finds out whether it is back."""
LATELY = timedelta(seconds=2)
"""A platform that took a post so lately is not down because it did not take another."""
NOTING = timedelta(minutes=10)
"""How long a database that is away is waited for, to write down what was sent."""


class Outlet(Base):
    """How the platform of a channel takes posts, for all workers.

    free_at   nothing is sent before: its own pace, what it said, or a pause while it is down
    failures  how often in a row it could not be reached; 0 while it works
    down_at   since when it cannot be reached
    sent_at   when it last took something
    error     why it could not be reached
    """

    __tablename__ = "outlets"
    channel: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[datetime | None] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(default=0)
    down_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True)
class Claim:
    """A post that is held for sending, and how it is shown.

    ids      the head of the conversation, and the changes of it that wait behind it, oldest first
    post     the head, saying what the newest of them says
    earlier  what it replaces, as it was last shown
    start    when it may be sent, and how long to wait till then
    probe    it finds out whether the platform is back
    """

    ids: Sequence[int]
    post: Posted
    earlier: Posted | None
    start: datetime
    wait: timedelta
    holder: str
    probe: bool


def send(store: Store, channels: Mapping[str, Send]) -> int:
    """Sends everything that is due on these channels, at no pace. Returns how many posts were sent."""
    with store.looking() as session:
        wanted = select(Posted.channel, Posted.conversation).where(
            Posted.state == WAITING, Posted.channel.in_(list(channels)), Posted.due_at <= now(session)
        )
        places = [(channel, talk) for channel, talk in session.execute(wanted.order_by(Posted.id))]
    return sum(send_next(store, channels, channel=channel, conversation=talk, sure=True) for channel, talk in places)


def send_next(
    store: Store,
    channels: Mapping[str, Send],
    *,
    channel: str,
    conversation: str,
    pace: Pace | None = None,
    holder: str = "here",
    sure: bool = False,
) -> bool:
    """Sends the next post of a conversation, no transaction open while the channel works.

    pace    how fast its platform takes posts: what may be sent soon is waited for, and changes of a post that wait
            are sent as one. None: nothing is waited for, and what was just made is sent one by one
    holder  who sends: a worker's id and something of this thread's own after a slash. What the same one held and
            did not say what became of, because it was killed, is sent again
    sure    something waited there just now: no need to look first
    True if a post was sent, or set aside: there may be another. False if nothing is to be sent just now.
    """
    if channel not in channels:
        return False
    try:
        waits = sure or _waits(store, channel, conversation)
        claim = _claim(store, channel, conversation, pace=pace, holder=holder) if waits else None
    except DBAPIError:
        _note(store, lambda session: release(session, holder))
        raise
    if claim is None:
        return False
    if claim.wait:
        time.sleep(claim.wait.total_seconds())
    try:
        external = channels[channel](claim.post, claim.earlier)
    except Exception as error:
        failure = error
        if not isinstance(error, TryLater | CannotDeliver):
            log.exception("sending failed", post=claim.post.id, channel=channel)
        _note(store, lambda session: _failed(session, claim, failure))
        return isinstance(failure, CannotDeliver) or pace is not None
    _note(store, lambda session: _sent(session, claim, external))
    return True


def release(session: Session, holder: str) -> None:
    """Lets go of what somebody holds: a worker that died (by its id), or one of its threads.

    It may have been finding out whether a platform is back: another one does now.
    """
    mine = or_(Posted.held_by == holder, Posted.held_by.startswith(f"{holder}/", autoescape=True))
    session.execute(update(Posted).where(Posted.state == WAITING, mine).values(held_until=now(session)))
    session.execute(update(Outlet).where(Outlet.failures > 0).values(free_at=now(session)))


def overdue(session: Session, channels: Collection[str], *, grace: timedelta = GRACE) -> list[tuple[str, str, str]]:
    """Conversations whose next post has been due for a while, each with a key for its job: (channel, talk, key).

    Of a platform that is down, one, to find out whether it is back.
    """
    moment, found = now(session), list[tuple[str, str, str]]()
    outlets = {each.channel: each for each in session.scalars(select(Outlet))}
    for channel in sorted(channels):
        outlet = outlets.get(channel)
        if outlet is not None and outlet.free_at is not None and outlet.free_at > moment + PATIENCE:
            continue
        heads = (
            select(func.min(Posted.id).label("id"))
            .where(Posted.state == WAITING, Posted.channel == channel)
            .group_by(Posted.conversation)
            .subquery()
        )
        free = or_(Posted.held_until.is_(None), Posted.held_until <= moment)
        wanted = select(Posted.id, Posted.conversation, Posted.attempts).join(heads, heads.c.id == Posted.id)
        late = wanted.where(Posted.due_at <= moment - grace, free).order_by(Posted.due_at, Posted.id)
        most = 1 if outlet is not None and outlet.failures else 200
        for id, conversation, attempts in session.execute(late.limit(most)):
            found.append((channel, conversation, f"{id}:{attempts}:{lately(session)}"))
    return found


def _claim(store: Store, channel: str, conversation: str, *, pace: Pace | None, holder: str) -> Claim | None:
    """Holds the head of a conversation, if it may be sent now or soon and nobody else is sending there."""
    with store.writing() as session:
        outlet, moment = session.get(Outlet, channel), now(session)
        if outlet is None or outlet.failures or (pace is not None and pace.a_second):
            outlet = outlet_of(session, channel)
        line = session.execute(
            select(*LINE)
            .where(Posted.state == WAITING, Posted.channel == channel, Posted.conversation == conversation)
            .order_by(Posted.id)
        ).all()
        held = [each.held_until for each in line if each.held_until is not None and each.held_by != holder]
        if not line or any(until > moment for until in held):
            return None
        head, ids = line[0], [line[0].id]
        again = 1 if head.held_by is not None else 0  # whoever held it did not say what became of it
        for each in line[1:] if pace is not None or moment - head.made_at > GRACE else ():
            if each.in_place and each.replaces == ids[-1] and not head.unsure and not again:
                ids.append(each.id)  # else it may be there already, as it was then: it is changed afterwards
        start = max(moment, head.due_at, outlet.free_at or moment)
        if pace is not None and (last := _last_sent(session, channel, conversation)) is not None:
            start = max(start, last + timedelta(seconds=pace.gap if head.private else pace.group_gap))
        if start - moment > (PATIENCE if pace is not None else timedelta(0)):
            return None
        mine = or_(Posted.held_until.is_(None), Posted.held_until <= moment, Posted.held_by == holder)
        free = and_(Posted.state == WAITING, mine)
        values = {"held_by": holder, "held_until": start + HELD, "unsure": Posted.unsure + again}
        hold = update(Posted).where(Posted.id == head.id, free).values(values).returning(Posted)
        post = session.scalar(hold.execution_options(synchronize_session=False))
        if post is None:
            return None
        if outlet.failures:
            outlet.free_at = start + PROBE  # whoever comes meanwhile leaves it to this one to find out
        elif pace is not None and pace.a_second:
            outlet.free_at = start + timedelta(seconds=1 / pace.a_second)
        earlier = _shown_before(session, head.replaces)
        newest = session.get_one(Posted, ids[-1])
        session.expunge(post)
        post.body = newest.body
        return Claim(ids, post, earlier, start, start - moment, holder, probe=bool(outlet.failures))


LINE = (
    Posted.id,
    Posted.replaces,
    Posted.in_place,
    Posted.private,
    Posted.due_at,
    Posted.held_until,
    Posted.held_by,
    Posted.unsure,
    Posted.made_at,
)


def _waits(store: Store, channel: str, conversation: str) -> bool:
    with store.looking() as session:
        wanted = select(Posted.id).where(
            Posted.state == WAITING, Posted.channel == channel, Posted.conversation == conversation
        )
        return session.scalar(wanted.limit(1)) is not None


def _last_sent(session: Session, channel: str, conversation: str) -> datetime | None:
    """When the newest post that was sent in a conversation was sent."""
    wanted = select(Posted.sent_at).where(
        Posted.channel == channel, Posted.conversation == conversation, Posted.state == SENT
    )
    return session.scalar(wanted.order_by(Posted.id.desc()).limit(1))


def _shown_before(session: Session, replaced: int | None) -> Posted | None:
    """The newest of the earlier posts that the platform has."""
    while replaced is not None:
        earlier = session.get(Posted, replaced)
        if earlier is None or earlier.state == SENT:
            return earlier
        replaced = earlier.replaces
    return None


def _sent(session: Session, claim: Claim, external: str | None) -> None:
    """Notes that the head of a conversation was shown, in its newest state."""
    moment = now(session)
    outlet = session.get_one(Outlet, claim.post.channel)
    if outlet.failures or outlet.sent_at is None or moment - outlet.sent_at > timedelta(seconds=1):
        outlet = outlet_of(session, outlet.channel)
        outlet.sent_at = moment
        _works(outlet, at=moment)
    values = {"state": SENT, "sent_at": moment, "external": external, "held_by": None, "held_until": None}
    session.execute(update(Posted).where(Posted.id.in_(claim.ids), Posted.state == WAITING).values(values))


def _failed(session: Session, claim: Claim, error: Exception) -> None:
    """Notes that the head of a conversation was not taken: when it is tried again, or that it is set aside."""
    moment = now(session)
    outlet = outlet_of(session, claim.post.channel)
    head = session.get_one(Posted, claim.ids[0])
    if head.state != WAITING or head.held_by != claim.holder:
        return
    lost = isinstance(error, ConnectionError | TimeoutError)
    head.held_by = head.held_until = None
    head.attempts += 1
    head.unsure += 1 if lost or (isinstance(error, TryLater) and error.unsure) else 0
    head.error = f"{type(error).__name__}: {error}"[:500]
    failing_at = head.failing_at or moment
    head.failing_at = failing_at
    up, sent_at = not outlet.failures, outlet.sent_at
    others = up and sent_at is not None and sent_at > failing_at  # the platform takes the others
    lately = up and sent_at is not None and sent_at > claim.start - LATELY
    seconds = error.seconds if isinstance(error, TryLater) else None
    head.due_at = moment + (timedelta(seconds=seconds) if seconds is not None else pause(head.attempts))
    everywhere = lost or (isinstance(error, TryLater) and (error.everywhere or error.unsure))
    if everywhere and seconds is not None:
        outlet.free_at = head.due_at
    elif everywhere and not others and not lately:
        if up or claim.probe:
            outlet.failures += 1
            outlet.down_at = outlet.down_at or moment
            outlet.error = head.error
            outlet.free_at = moment + min(pause(outlet.failures), LONGEST_PAUSE)
            log.warning("a channel takes nothing", channel=outlet.channel, why=head.error, again_at=outlet.free_at)
        head.due_at = outlet.free_at or moment
    elif not everywhere:
        _works(outlet, at=moment)  # it answered, if only with a no
    hopeless = others and seconds is None and head.attempts >= MOST_ATTEMPTS
    if isinstance(error, CannotDeliver) or hopeless or moment - failing_at > LONGEST:
        _set_aside(session, claim, head)


def _works(outlet: Outlet, *, at: datetime) -> None:
    """The platform answers (again)."""
    if outlet.failures:
        log.info("a channel works again", channel=outlet.channel, down_at=outlet.down_at)
        outlet.failures, outlet.down_at, outlet.error, outlet.free_at = 0, None, "", at


def _set_aside(session: Session, claim: Claim, head: Posted) -> None:
    """Gives up on a post, and on the changes of it that wait behind it: the rest of the conversation goes on."""
    changes = select(Posted).where(Posted.id.in_(claim.ids), Posted.state == WAITING)
    for each in session.scalars(changes):
        each.state, each.error = ASIDE, head.error
    person = session.get(Person, head.person_id) if head.person_id is not None else None
    detail = {"channel": head.channel, "why": head.error}
    about = (person,) if person else ()
    events.record(session, "post.set_aside", by=None, subject=f"post:{head.id}", about=about, detail=detail)
    log.warning("a post was set aside", post=head.id, channel=head.channel, why=head.error)


def outlet_of(session: Session, channel: str) -> Outlet:
    """A channel's outlet, locked; made at the first post."""
    locked = select(Outlet).where(Outlet.channel == channel).with_for_update().execution_options(populate_existing=True)
    outlet = session.scalar(locked)
    if outlet is None:
        try:
            with session.begin_nested():
                session.add(Outlet(channel=channel))
        except IntegrityError:  # made by another worker at this moment
            pass
        outlet = session.scalars(locked).one()
    return outlet


def _note(store: Store, what: Callable[[Session], None]) -> None:
    """Writes down how a sending went; a database that is away is waited for, since nobody else knows."""
    end, seconds = time.monotonic() + NOTING.total_seconds(), 0.1
    while True:
        try:
            with store.writing() as session:
                what(session)
            return
        except DBAPIError:
            if time.monotonic() > end:
                raise
            log.warning("the database does not answer; what was sent is noted when it does")
        time.sleep(seconds)
        seconds = min(2 * seconds, 5.0)
