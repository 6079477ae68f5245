"""The conversation on the page: what is said, pressed and filled in, and what is not let through."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from backend import people
from backend.chats import Inbox
from backend.requests import Request
from tests.web.conftest import HERE, JSON, Shop, seen, told

THURSDAY = (("time_off.submit", {"start": "2026-11-26", "end": "2026-11-26"}),)


def test_the_first_page_greets_once_with_three_things_to_say(demo: Shop) -> None:
    ana = demo.browser("ana")
    first, second = ana.page(), ana.page()
    assert len(re.findall(r"data-fill", first)) == 3
    assert seen(second).count("Hello Ana, I'm Backdesk") == 1


def test_anybody_can_be_chosen_in_the_demo_and_nobody_else(demo: Shop) -> None:
    client = demo.client()
    assert "Maria Silva" in client.get("/").text
    assert client.get("/as/nobody/").status_code == 404


def test_a_request_goes_from_message_to_balance_over_two_pages(demo: Shop) -> None:
    ana, maria = demo.browser("ana"), demo.browser("maria")
    ana.says("I need Thursday off", meant=THURSDAY)
    assert "Which kind of leave is it?" in seen(ana.page())
    ana.presses("Vacation")
    assert ana.presses("Send").status_code == 200
    assert "Ana Costa: Time off TO-1" in seen(maria.page())
    maria.presses("Approve")
    page = seen(ana.page())
    assert "Maria Silva approved TO-1" in page
    assert "You have 19 days left (Vacation)" in page
    assert "I need Thursday off" in page


def test_what_was_replaced_in_place_stands_where_it_stood(demo: Shop) -> None:
    ana, maria = demo.browser("ana"), demo.browser("maria")
    ana.says("I need Thursday off", meant=THURSDAY)
    ana.presses("Vacation")
    ana.presses("Send")
    demo.clock.advance(timedelta(minutes=1))
    maria.says("good morning", meant=(("small_talk", {}),))
    demo.clock.advance(timedelta(minutes=1))
    maria.presses("Approve")
    page = seen(maria.page())
    assert page.index("You approved TO-1") < page.index("TO-1 approved") < page.index("good morning")
    assert page.count("Ana Costa: Time off") == 1


def test_the_same_event_is_heard_once(demo: Shop) -> None:
    ana = demo.browser("ana")
    event = uuid4().hex
    for _ in range(2):
        assert ana.says("I need Thursday off", meant=THURSDAY, data={"event": event}).status_code == 200
    assert ana.page().count('class="said"') == 1
    assert len(demo.brain.heard) == 1


def test_a_reason_is_sent_with_the_rejection(demo: Shop) -> None:
    ana, maria = demo.browser("ana"), demo.browser("maria")
    ana.says("I need Thursday off", meant=THURSDAY)
    ana.presses("Vacation")
    ana.presses("Send")
    maria.presses("Reject", **{"filled": "reject", "f.long.comment": "We ship on <Thursday>."})
    assert "We ship on <Thursday>." in seen(ana.page())


def test_a_form_changes_the_draft(demo: Shop) -> None:
    ana = demo.browser("ana")
    ana.says("I need Thursday off", meant=THURSDAY)
    ana.presses("Vacation")
    ana.presses("Change", **{"filled": "change", "f.date.end": "2026-11-27", "f.long.note": "a\r\nb"})
    assert "Thu 26 Nov to Fri 27 Nov 2026" in seen(ana.page())


def test_money_is_read_as_people_write_it(demo: Shop) -> None:
    ana = demo.browser("ana")
    ana.says("a chair", meant=(("purchase.submit", {"item": "chair", "total": "100"}),))
    ana.presses("Change", **{"filled": "change", "f.money.total": "1.234,50 €"})
    assert "€1,234.50" in seen(ana.page())


def test_what_cannot_be_read_in_a_form_is_told_and_the_rest_kept(demo: Shop) -> None:
    ana = demo.browser("ana")
    ana.says("a chair", meant=(("purchase.submit", {"item": "chair", "total": "100"}),))
    ana.presses("Change", **{"filled": "change", "f.money.total": "a lot", "f.line.vendor": "Seats & Co"})
    page = ana.page()
    assert page.count("post refusal") == 1
    assert "Seats & Co" in seen(page)


def test_somebody_elses_button_does_nothing(demo: Shop) -> None:
    ana, maria, tom = demo.browser("ana"), demo.browser("maria"), demo.browser("tom")
    ana.says("I need Thursday off", meant=THURSDAY)
    ana.presses("Vacation")
    ana.presses("Send")
    tom.send("/press", {"token": maria.token("Approve")})
    assert "That button was meant for somebody else" in seen(tom.page())
    with demo.app.store.looking() as session:
        assert session.get_one(Request, 1).state == "pending"


def test_somebody_elses_event_cannot_be_used_up(demo: Shop) -> None:
    ana, tom = demo.browser("ana"), demo.browser("tom")
    event = uuid4().hex
    tom.says("hello", data={"event": event})
    ana.says("hello", data={"event": event})
    with demo.app.store.looking() as session:
        assert {session.get_one(Inbox, f"web:{each}:{event}").conversation for each in ("ana", "tom")} == {"ana", "tom"}


@pytest.mark.parametrize("text", ["", "   \n "])
def test_nothing_is_not_sent(demo: Shop, text: str) -> None:
    answer = demo.browser("ana").says(text)
    assert answer.status_code == 422
    assert told(answer) == "There is nothing to send yet: write something or add a file."


def test_a_message_of_a_megabyte_is_answered(demo: Shop) -> None:
    ana = demo.browser("ana")
    assert ana.says("word " * 210_000).status_code == 200
    assert "I read the first 8000 characters" in seen(ana.page())


def test_control_characters_are_left_out(demo: Shop) -> None:
    ana = demo.browser("ana")
    assert ana.says("a\x00b\x1bc").status_code == 200
    assert "You wrote: abc" in seen(ana.page())


def test_markup_is_shown_as_it_was_written(demo: Shop) -> None:
    bad = '<img src=x onerror="alert(1)"></li><script>alert(1)</script>'
    with demo.app.store.writing() as session:
        people.find(session, "ana").name = f"Ana {bad}"
    ana, maria = demo.browser("ana"), demo.browser("maria")
    ana.says(bad, meant=THURSDAY)
    ana.presses("Vacation")
    ana.presses("Change", **{"filled": "change", "f.long.note": bad})
    ana.presses("Send")
    for page in (ana.page(), maria.page(), ana.page("/handbook"), demo.client().get("/").text):
        assert bad in seen(page.replace(bad.replace('"', "&#34;"), "")) or "onerror" in page
        assert "<img" not in page
        assert page.count("<script") <= 1


def test_the_page_works_without_its_script(demo: Shop) -> None:
    ana = demo.browser("ana")
    form = {"csrf": ana.csrf(), "event": uuid4().hex, "text": "hello"}
    answer = ana.client.post("/as/ana/say", data=form, headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/as/ana/#composer")
    assert 'value="I need Thursday off"' not in ana.page("/?text=I+need+Thursday+off")
    assert ">I need Thursday off</textarea>" in ana.page("/?text=I+need+Thursday+off")


def test_a_form_without_its_token_is_not_taken(demo: Shop) -> None:
    ana, tom = demo.browser("ana"), demo.browser("tom")
    for csrf in ("", "wrong", tom.csrf()):
        answer = ana.says("hello", data={"csrf": csrf})
        assert answer.status_code == 403
        assert told(answer) == "This form is from an older page. Load the page again and try once more."


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
    ],
)
def test_a_form_from_another_site_is_not_taken(demo: Shop, headers: dict[str, str]) -> None:
    assert demo.browser("ana").says("hello").status_code == 200
    assert demo.browser("ana").send("/say", {"text": "hello"}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1:9999", "127.0.0.1", "localhost.evil.example:8700", "", "a:b:c"]
)
def test_the_demo_answers_to_this_machine_alone(demo: Shop, host: str) -> None:
    assert demo.client().get("/as/ana/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8700", "localhost:8700", "[::1]:8700", "LOCALHOST:8700"])
def test_the_demo_answers_to_every_name_of_this_machine(demo: Shop, host: str) -> None:
    assert demo.client().get("/as/ana/", headers={"host": host}).status_code == 200


def test_every_page_carries_what_protects_it(demo: Shop) -> None:
    for path in ("/", "/as/ana/", "/as/ana/handbook", "/nothing", "/health"):
        headers = demo.client().get(path).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")
        assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "same-origin")


def test_no_page_holds_a_script_or_a_style_of_its_own(demo: Shop) -> None:
    page = demo.browser("ana").page()
    assert re.findall(r"<script[^>]*>", page) == ['<script src="/static/app.js" defer>']
    assert re.findall(r"<style|\sstyle=|\son\w+=", page) == []


def test_health_says_nothing_about_anybody(demo: Shop) -> None:
    assert demo.client().get("/health").json() == {"status": "ok"}


def test_an_address_that_is_none_says_so_in_a_sentence(demo: Shop) -> None:
    answer = demo.client(base_url=HERE).get("/as/ana/nothing", headers=JSON)
    assert (answer.status_code, told(answer)) == (404, "There is no such page here.")
