"""Signing in: links that work once, cookies done right, and nothing for anybody without them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from http.cookies import SimpleCookie

import pytest
from sqlalchemy import select
from starlette.routing import BaseRoute, Mount, Route

from backend import people, signin
from backend.clock import StillClock
from backend.events import Detail, Event
from backend.refusals import Refusal
from backend.store import Store
from tests.office import found
from tests.web.conftest import JSON, Open, Shop, seen, told

PUBLIC = "https://desk.example"
OPEN = {"/health", "/static", "/sign-in", "/sign-in/{token}"}
ASKS_FOR_A_TOKEN = {"/metrics"}
"""What no person signs in for; tried in test_metrics.py."""


def walked(shop: Shop) -> Iterator[tuple[str, str]]:
    """Every (method, address) that is not meant for everybody."""
    routes: list[BaseRoute] = shop.site.routes.routes
    for route in routes:
        assert isinstance(route, Route | Mount)
        if route.path in OPEN | ASKS_FOR_A_TOKEN:
            continue
        assert isinstance(route, Route)
        path = route.path.replace("{doc:path}", "time-off.md").replace("{file}", "0" * 32)
        path = path.replace("{number:number}", "1").replace("{name}", "TO-1.ics")
        yield from ((method, path) for method in sorted(route.methods or ()))


def test_nothing_is_served_without_a_session(shop: Shop) -> None:
    shop.signed_in("ana").says("hello")
    client = shop.client()
    tried = list(walked(shop))
    assert {path for _, path in tried} >= {"/", "/events", "/handbook", "/say", "/press", "/sign-out"}
    for method, path in tried:
        for headers in (JSON, {"accept": "text/html"}, {"cookie": "backdesk=made-up"}):
            answer = client.request(method, path, headers=headers)
            assert answer.status_code in (303, 401), (method, path)
            assert "Ana" not in answer.text
            assert answer.headers.get("location", "/sign-in") == "/sign-in"


def test_there_are_no_personas_where_people_sign_in(shop: Shop) -> None:
    assert shop.client().get("/as/ana/").status_code == 404


def test_the_page_that_asks_for_a_link_names_nobody(shop: Shop) -> None:
    assert "You sign in with a link that works once" in seen(shop.client().get("/sign-in").text)


def test_a_link_signs_in_once(shop: Shop) -> None:
    token = shop.link("ana")
    client = shop.client()
    assert client.post(f"/sign-in/{token}").headers["location"] == "/"
    assert "Hello Ana" in seen(client.get("/").text)
    again = shop.client().post(f"/sign-in/{token}")
    assert (again.status_code, "This link was used already" in seen(again.text)) == (410, True)


def test_looking_at_a_link_does_not_use_it(shop: Shop) -> None:
    token = shop.link("ana")
    for _ in range(3):
        assert "Sign in as Ana Costa" in seen(shop.client().get(f"/sign-in/{token}").text)
    assert shop.client().post(f"/sign-in/{token}").status_code == 303


def test_a_link_is_good_for_a_quarter_of_an_hour(shop: Shop) -> None:
    token = shop.link("ana")
    shop.clock.advance(timedelta(minutes=15))
    assert "too old" in seen(shop.client().get(f"/sign-in/{token}").text)
    assert shop.client().post(f"/sign-in/{token}").status_code == 410


@pytest.mark.parametrize(("token", "told"), [("x", 410), ("a" * 43, 410), ("%00", 404)])
def test_a_link_that_is_none_of_ours_is_told_so(shop: Shop, token: str, told: int) -> None:
    assert shop.client().post(f"/sign-in/{token}").status_code == told


def test_a_code_for_telegram_does_not_open_the_web(shop: Shop) -> None:
    assert shop.client().post(f"/sign-in/{shop.link('ana', purpose='telegram')}").status_code == 410


def test_another_site_cannot_sign_somebody_in(shop: Shop) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    assert shop.client().post(f"/sign-in/{shop.link('ana')}", headers=headers).status_code == 403


def test_the_cookie_is_shut_to_scripts_and_other_sites(shop: Shop) -> None:
    answer = shop.client().post(f"/sign-in/{shop.link('ana')}")
    cookie = SimpleCookie(answer.headers["set-cookie"])["backdesk"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "lax", "/", "")


def test_over_https_the_cookie_is_safe_and_ours_alone(opened: Open) -> None:
    shop = opened(personas=False, public_url=PUBLIC)
    answer = shop.client(base_url=PUBLIC).post(f"/sign-in/{shop.link('ana')}", headers={"origin": PUBLIC})
    cookie = SimpleCookie(answer.headers["set-cookie"])["__Host-backdesk"]
    assert (cookie["secure"], cookie["httponly"], cookie["path"]) == (True, True, "/")


@pytest.mark.parametrize("host", ["evil.example", "desk.example.evil.example", "127.0.0.1:8700"])
def test_a_foreign_name_is_not_answered_to(opened: Open, host: str) -> None:
    shop = opened(personas=False, public_url=PUBLIC)
    assert shop.client(base_url=PUBLIC).get("/sign-in", headers={"host": host}).status_code == 421


def test_who_left_is_out_at_the_next_request(shop: Shop) -> None:
    ana = shop.signed_in("ana")
    ana.page()
    with shop.app.store.writing() as session:
        people.find(session, "ana").end = date(2026, 11, 23)
    assert ana.client.get("/", headers=JSON).status_code == 401
    assert ana.client.post("/say", data={"text": "hello"}, headers=JSON).status_code == 401


def test_a_session_ends_when_it_is_not_used(shop: Shop) -> None:
    ana = shop.signed_in("ana")
    for _ in range(3):
        shop.clock.advance(timedelta(hours=11))
        ana.page()
    shop.clock.advance(timedelta(hours=12))
    assert ana.client.get("/", headers=JSON).status_code == 401


def test_a_session_ends_after_a_week(shop: Shop) -> None:
    ana = shop.signed_in("ana")
    for _ in range(7 * 24 // 8 - 1):
        shop.clock.advance(timedelta(hours=8))
        ana.page()
    shop.clock.advance(timedelta(hours=8))
    answer = ana.client.get("/", headers=JSON)
    assert (answer.status_code, told(answer)) == (401, "You are signed out. Load the page again to sign in.")


def test_signing_out_ends_the_session_and_not_only_the_cookie(shop: Shop) -> None:
    ana = shop.signed_in("ana")
    cookie = ana.client.cookies["backdesk"]
    ana.send("/sign-out", {})
    again = shop.client()
    again.cookies.set("backdesk", cookie)
    assert again.get("/", headers=JSON).status_code == 401


def test_one_browsers_forms_are_not_good_in_another(shop: Shop) -> None:
    one, other = shop.signed_in("ana"), shop.signed_in("ana")
    assert one.says("hello", data={"csrf": other.csrf()}).status_code == 403


def test_links_are_on_the_record_without_their_token(shop: Shop) -> None:
    token = shop.link("ana")
    shop.client().post(f"/sign-in/{token}")
    with shop.app.store.looking() as session:
        kinds = list(session.scalars(select(Event.kind).order_by(Event.seq)))
        bodies = " ".join(session.scalars(select(Detail.body)))
        kept = session.scalars(select(signin.SignInLink.token_hash)).one()
    assert kinds == ["sign_in.link_made", "sign_in.used"]
    assert token not in bodies + kept


def test_somebody_who_left_gets_no_link(shop: Shop) -> None:
    with shop.app.store.writing() as session:
        people.find(session, "ana").end = date(2026, 11, 23)
    with pytest.raises(Refusal, match="does not work here"):
        shop.link("ana")


def test_a_link_used_by_many_at_once_signs_in_one(store: Store, clock: StillClock) -> None:
    found(store)
    with store.writing() as session:
        token = signin.make_link(session, people.find(session, "ana"), by=None)

    def use(_: int) -> str:
        try:
            with store.writing() as session:
                return signin.use_link(session, token).handle
        except Refusal:
            return ""

    with ThreadPoolExecutor(20) as many:
        assert sorted(many.map(use, range(20))) == [""] * 19 + ["ana"]


def test_being_signed_out_everywhere_ends_every_session(shop: Shop) -> None:
    browsers = [shop.signed_in("ana") for _ in range(2)]
    with shop.app.store.writing() as session:
        assert signin.end_all(session, people.find(session, "ana")) == 2
    assert [each.client.get("/", headers=JSON).status_code for each in browsers] == [401, 401]
