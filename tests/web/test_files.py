"""Files that people send: kept as they came, and shown to those whom they concern."""

import re

import pytest
from starlette.testclient import TestClient

from backend.files import LARGEST
from tests.web.conftest import JSON, Shop, seen, told

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
TAXI = (("expense.submit", {"amount": "20", "category": "transport", "date": "2026-11-23"}),)


def sent(shop: Shop, *, name: str = "taxi.png", mime: str = "image/png", content: bytes = PICTURE) -> str:
    """Ana sends a file; its address."""
    ana = shop.browser("ana")
    ana.says("here", files={"files": (name, content, mime)})
    return re.findall(r'href="(/as/ana/files/\w+)"', ana.page())[-1]


def status(client: TestClient, path: str) -> int:
    return client.get(path, headers=JSON).status_code


def test_a_picture_comes_back_as_it_was(demo: Shop) -> None:
    answer = demo.client().get(sent(demo))
    assert (answer.content, answer.headers["content-type"]) == (PICTURE, "image/png")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_page_that_somebody_sends_is_saved_and_not_shown(demo: Shop) -> None:
    answer = demo.client().get(sent(demo, name='x"\r\n<b>.html', mime="text/html", content=b"<script>1</script>"))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert "<" not in answer.headers["content-disposition"]


def test_nobody_else_sees_a_file_until_it_is_sent_to_them(demo: Shop) -> None:
    ana = demo.browser("ana")
    ana.says("a taxi", meant=TAXI)
    ana.presses("Change", filled="change")
    token = ana.token("Change")
    ana.send("/press", {"token": token, "filled": "change"}, files={"f.file.receipt": ("r.png", PICTURE, "image/png")})
    file = re.findall(r"/files/(\w+)", ana.page())[-1]
    client = demo.client()
    before = [status(client, f"/as/{who}/files/{file}") for who in ("ana", "maria", "tom")]
    ana.presses("Send")
    after = [status(client, f"/as/{who}/files/{file}") for who in ("ana", "maria", "tom")]
    assert (before, after) == ([200, 404, 404], [200, 200, 404])


def test_a_file_of_somebody_else_cannot_be_put_into_a_form(demo: Shop) -> None:
    file = sent(demo).rpartition("/")[2]
    tom = demo.browser("tom")
    tom.says("a taxi", meant=TAXI)
    answer = tom.presses("Change", filled="change", **{"f.file.receipt": file})
    assert (answer.status_code, told(answer)) == (422, "That file is not one that you sent: please choose it again.")


@pytest.mark.parametrize("file", ["0" * 32, "..%2f..%2fbackdesk.db", "x"])
def test_a_file_that_is_none_is_not_there(demo: Shop, file: str) -> None:
    assert status(demo.client(), f"/as/ana/files/{file}") == 404


def test_the_name_of_a_file_is_shown_as_it_is(demo: Shop) -> None:
    sent(demo, name="<b>bold</b>.png")
    page = demo.browser("ana").page()
    assert "<b>bold" not in page
    assert "b>.png" in seen(page)


def test_more_than_twenty_megabytes_are_refused_in_a_sentence(demo: Shop) -> None:
    ana = demo.browser("ana")
    answer = ana.says("big", files={"files": ("big.png", b"x" * (LARGEST + 1), "image/png")})
    assert (answer.status_code, told(answer)) == (422, "big.png is larger than 20 MB: please send a smaller one.")
    answer = ana.says("bigger", files={"files": ("big.png", b"x" * (LARGEST + 2**21), "image/png")})
    assert (answer.status_code, told(answer)) == (413, "That is more than 20 MB: please send a smaller file.")
