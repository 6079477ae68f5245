"""How the engine and the connections are, for a monitoring system: numbers by channel, and nothing about anybody."""

import hmac
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import func, select

from backend import checkup
from backend.chats import ASIDE, WAITING, Posted
from backend.connections import Connection
from backend.sending import Outlet
from backend.store import Store
from backend.timers import Timer
from bot.web.guard import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

Sample = tuple[str, float]
"""A channel ("" where it is about all of them), and its number."""
PASSED_ON = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "x-original-url"})
"""Headers by which a proxy tells whom it speaks for."""
TYPE = "text/plain; version=0.0.4; charset=utf-8"


def may_read(token: str, *, client: str, headers: "Mapping[str, str]", public_url: str = "") -> bool:
    """Whoever knows the token; where none is set, this machine alone, unless something passes requests on to us.

    public_url  how people reach us: where that is another name, what comes from this machine may come from a proxy
    """
    if token:
        return hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    passed_on = any(each.lower() in PASSED_ON or each.lower().startswith(("x-forwarded", "cf-")) for each in headers)
    named = _host(headers.get("host", "")) in LOOPBACK and (not public_url or _host(public_url) in LOOPBACK)
    return client in LOOPBACK and named and not passed_on


def _host(address: str) -> str:
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""


def page(store: Store, *, channels: Iterable[str]) -> str:
    """The numbers as Prometheus reads them."""
    with store.looking() as session:
        lines = [line for each in _measured(session, sorted(channels)) for line in _written(*each)]
    return "\n".join((*lines, ""))


def _written(name: str, about: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP backdesk_{name} {about}"
    yield f"# TYPE backdesk_{name} gauge"
    for channel, value in samples:
        label = f'{{channel="{channel}"}}' if channel else ""
        yield f"backdesk_{name}{label} {value:g}" if value < 1e6 else f"backdesk_{name}{label} {value:.3f}"


def _measured(session: "Session", channels: list[str]) -> Iterator[tuple[str, str, list[Sample]]]:
    found = checkup.examine(session)
    stands = {each.channel: each for each in session.scalars(select(Connection))}
    outlets = {each.channel: each for each in session.scalars(select(Outlet))}
    yield (
        "connected_since_seconds",
        "Since when a platform is connected, 0 while it is not.",
        [(each, _seconds(row.since)) for each, row in sorted(stands.items())],
    )
    yield (
        "last_event_seconds",
        "When a platform last brought something, 0 if it never did.",
        [(each, _seconds(row.heard_at)) for each, row in sorted(stands.items())],
    )
    yield (
        "connection_trouble",
        "1 where an admin has to mend a connection.",
        [(each, float(bool(row.trouble))) for each, row in sorted(stands.items())],
    )
    yield (
        "send_failures",
        "Tries that failed in a row, while a platform takes nothing.",
        [(each, outlets[each].failures if each in outlets else 0) for each in channels],
    )
    for name, about, state in (
        ("deliveries_waiting", "Posts that are still to be sent.", WAITING),
        ("deliveries_set_aside", "Posts that could not be sent.", ASIDE),
    ):
        wanted = select(Posted.channel, func.count()).where(Posted.state == state).group_by(Posted.channel)
        counted = dict(session.execute(wanted).all())
        yield name, about, [(each, counted.get(each, 0)) for each in sorted({*channels, *counted})]
    failing = select(Posted.channel, func.sum(Posted.attempts)).where(Posted.state.in_((WAITING, ASIDE)))
    tried = dict(session.execute(failing.group_by(Posted.channel)).all())
    about = "Failed tries of the posts that wait or were set aside."
    yield "send_errors", about, [(each, float(tried.get(each, 0) or 0)) for each in sorted({*channels, *tried})]
    first = session.scalar(select(func.min(Timer.due_at)).where(Timer.state == "open", Timer.due_at < found.at))
    late = (found.at - first).total_seconds() if first is not None else 0.0
    yield "sweep_late_seconds", "How long the oldest timer that is due has waited to go off.", [("", max(late, 0.0))]
    yield "events_stuck", "Events that somebody should have been told of.", [("", found.stuck[0])]
    yield "steps_without_timer", "Open steps that no timer watches (100 at most).", [("", len(found.unwatched))]
    yield "workers", "Processes that deliver and watch timers.", [("", len(found.workers))]


def _seconds(moment: "datetime | None") -> float:
    return moment.timestamp() if moment is not None else 0.0
