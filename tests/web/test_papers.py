"""The web chat shows a link to each paper and gives it to those alone who may see the request."""

import re

import pytest

from tests.web.conftest import JSON, Browser, Shop

VACATION = (("time_off.submit", {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"}),)


def approved(ana: Browser, maria: Browser) -> None:
    ana.says("vacation", meant=VACATION)
    ana.presses("Send")
    maria.presses("Approve")


def test_a_link_on_the_card_gives_the_calendar_file(demo: Shop) -> None:
    ana = demo.browser("ana")
    approved(ana, demo.browser("maria"))
    link = re.findall(r'href="(/as/ana/papers/1/TO-1\.ics)"', ana.page())[-1]
    answer = ana.client.get(link)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "TO-1.ics" in answer.headers["content-disposition"]
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")


def test_only_those_who_may_see_the_request_get_its_papers(demo: Shop) -> None:
    approved(demo.browser("ana"), demo.browser("maria"))
    client = demo.client()
    asked = [
        "/as/ana/papers/1/TO-1.ics",
        "/as/maria/papers/1/TO-1.ics",
        "/as/tom/papers/1/TO-1.ics",
        "/as/ana/papers/1/TO-2.ics",
        "/as/ana/papers/99999999999999999999/TO-1.ics",
        "/as/ana/papers/1/..%2Fpolicies.toml",
    ]
    assert [client.get(path, headers=JSON).status_code for path in asked] == [200, 200, 404, 404, 404, 404]


@pytest.mark.parametrize("number", ["0", "%00", "a%00b", "2147483648", "9" * 20, "9" * 5000, "-1", "1.0", "²"])
@pytest.mark.parametrize("path", ["papers/{}/TO-1.ics", "posts/{}/budgets.csv", "handbook/leave.md?v={}", "files/{}"])
def test_a_number_that_nothing_has_leads_nowhere(demo: Shop, number: str, path: str) -> None:
    assert demo.client().get(f"/as/ana/{path.format(number)}", headers=JSON).status_code == 404


def test_without_a_session_there_is_no_paper(shop: Shop) -> None:
    ana, maria = shop.signed_in("ana"), shop.signed_in("maria")
    approved(ana, maria)
    assert ana.client.get("/papers/1/TO-1.ics").status_code == 200
    assert shop.client().get("/papers/1/TO-1.ics").status_code != 200
