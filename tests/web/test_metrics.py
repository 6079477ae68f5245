"""Numbers for a monitoring system: how the connections, delivery and timers are, for those who may read them."""

from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from starlette.testclient import TestClient

from backend import connections
from backend.chats import ASIDE, Posted
from backend.people import Person
from bot import metrics
from bot.channels import web
from tests.channel_contract import THURSDAY
from tests.web.conftest import Shop


def numbers(shop: Shop) -> dict[str, float]:
    rows = [each for each in metrics.page(shop.app.store, channels=shop.app.channels).split("\n") if each[:1] == "b"]
    return {name: float(value) for name, _, value in (each.rpartition(" ") for each in rows)}


def test_a_connection_and_its_trouble_are_seen(shop: Shop) -> None:
    with shop.app.store.writing() as session:
        connections.up(session, "slack")
        connections.heard(session, "slack")
    before = numbers(shop)
    with shop.app.store.writing() as session:
        connections.down(session, "slack", "the app was removed")
    after = numbers(shop)
    now = shop.clock.now().timestamp()
    assert before['backdesk_connected_since_seconds{channel="slack"}'] == now
    assert before['backdesk_last_event_seconds{channel="slack"}'] == now
    assert (
        before['backdesk_connection_trouble{channel="slack"}'],
        after['backdesk_connection_trouble{channel="slack"}'],
    ) == (0, 1)
    assert after['backdesk_connected_since_seconds{channel="slack"}'] == 0


def test_what_waits_and_what_is_late_is_counted(shop: Shop) -> None:
    ana = shop.signed_in("ana")
    ana.says("thursday", meant=THURSDAY)
    ana.presses("Send")
    before = numbers(shop)
    shop.clock.advance(timedelta(days=3))
    late = numbers(shop)
    with shop.app.store.writing() as session:
        posted = session.scalars(select(Posted).order_by(Posted.id)).first()
        assert posted is not None
        posted.state, posted.attempts = ASIDE, 3
    after = numbers(shop)
    assert (before["backdesk_sweep_late_seconds"], before["backdesk_steps_without_timer"]) == (0, 0)
    assert late["backdesk_sweep_late_seconds"] > 3600
    assert after['backdesk_deliveries_set_aside{channel="web"}'] == 1
    assert after['backdesk_send_errors{channel="web"}'] == 3


def test_nothing_about_anybody_is_in_it(shop: Shop) -> None:
    shop.signed_in("ana").says("thursday", meant=THURSDAY)
    told = metrics.page(shop.app.store, channels=shop.app.channels).lower()
    with shop.app.store.looking() as session:
        people = [(each.name.lower(), str(each.email).lower()) for each in session.scalars(select(Person))]
    assert [each for each in people if each[0] in told or each[1] in told] == []


def test_this_machine_or_the_token_alone(shop: Shop) -> None:
    here, away = ({"client": (host, 1)} for host in ("127.0.0.1", "10.0.0.9"))
    base = "http://127.0.0.1:8700"
    assert TestClient(shop.site, base, **here).get("/metrics").status_code == 200  # pyright: ignore[reportArgumentType]
    passed_on = TestClient(shop.site, base, **here).get("/metrics", headers={"x-forwarded-for": "8.8.8.8"})  # pyright: ignore[reportArgumentType]
    assert (passed_on.status_code, TestClient(shop.site, base, **away).get("/metrics").status_code) == (404, 404)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "headers",
    [{"x-forwarded-for": ""}, {"X-Forwarded-Proto": "https"}, {"via": "1.1 proxy"}, {"cf-connecting-ip": "8.8.8.8"},
     {"host": "backdesk.small.example"}],
    ids=["an empty one", "another one", "via", "of a network", "another name"],
)  # fmt: skip
def test_what_came_through_something_else_needs_the_token(shop: Shop, headers: dict[str, str]) -> None:
    client = TestClient(shop.site, "http://127.0.0.1:8700", client=("127.0.0.1", 1))
    assert client.get("/metrics", headers=headers).status_code == 404


def test_behind_a_public_name_the_token_is_needed(shop: Shop) -> None:
    words = {"client": "127.0.0.1", "headers": {"host": "127.0.0.1:8700"}}
    assert metrics.may_read("", **words, public_url="http://localhost:8700")  # pyright: ignore[reportArgumentType]
    assert not metrics.may_read("", **words, public_url="https://backdesk.small.example")  # pyright: ignore[reportArgumentType]


def test_with_a_token_nobody_else_reads_it(shop: Shop) -> None:
    shop.app.settings = shop.app.settings.model_copy(update={"metrics_token": SecretStr("a-word")})
    client = TestClient(web.build(shop.app, personas=False), "http://127.0.0.1:8700", client=("10.0.0.9", 1))
    tries: tuple[dict[str, str], ...] = ({}, {"authorization": "Bearer another"}, {"authorization": "Bearer a-word"})
    assert [client.get("/metrics", headers=each).status_code for each in tries] == [404, 404, 200]
