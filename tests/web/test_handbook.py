"""The handbook's pages: the right heading, for the right people, and no markup but ours."""

import re
from datetime import date

import pytest

from backend.store import Store
from bot.web import handbook
from knowledge.library import EVERYBODY, Document, DocumentReader, Version, VersionReader
from knowledge.passages import cut
from knowledge.publishing import publish_all
from knowledge.reading import read, read_folder
from tests.knowledge.test_illustrations import drawing
from tests.rules.sources import ROOT
from tests.web.conftest import JSON, Shop, seen

HANDBOOK = read_folder(ROOT / "knowledge" / "handbook").readings


def write(
    store: Store, doc: str, text: str, *, audience: str = EVERYBODY, versions: int = 1, since: str = "2026-01-01"
) -> None:
    """Puts a document into the library, without passages."""
    with store.writing() as session:
        document = Document(path=doc, title=doc.removesuffix(".md").capitalize())
        document.readers = [
            DocumentReader(sort="audience", name=audience),
            DocumentReader(sort="place", name=EVERYBODY),
        ]
        session.add(document)
        session.flush()
        for number in range(1, versions + 1):
            day = date.fromisoformat(since)
            session.add(
                Version(
                    document_id=document.id,
                    number=number,
                    title=document.title,
                    sha256=f"{doc}{number}",
                    effective=day,
                    since=day,
                    text=f"{text}\n\nThis is text {number}.",
                    added_at=store.clock.now(),
                    readers=[
                        VersionReader(sort="audience", name=audience),
                        VersionReader(sort="place", name=EVERYBODY),
                    ],
                )
            )


@pytest.mark.parametrize("reading", HANDBOOK, ids=lambda each: each.doc)
def test_every_heading_that_is_cited_is_on_the_page(reading: handbook.Any) -> None:
    html, _ = handbook.draw(reading.text, title=reading.title, doc=reading.doc, base="")
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    cited = {handbook.anchor(each.heading.split(" > ")[1:]) for each in cut(reading.text, title=reading.title)}
    assert cited - {""} <= set(ids)


def test_a_citation_leads_to_the_heading(demo: Shop) -> None:
    write(demo.app.store, "leave.md", "# Leave\n\n## Carry-over\n\nFive days.\n\n### In Lisbon\n\nUntil April.")
    address = handbook.address("/as/ana", "leave.md", heading="Leave > Carry-over > In Lisbon", version=1)
    assert address == "/as/ana/handbook/leave.md?v=1#carry-over.in-lisbon"
    assert '<h3 id="carry-over.in-lisbon">' in demo.browser("ana").page("/handbook/leave.md?v=1")


def test_headings_of_the_same_name_have_places_of_their_own() -> None:
    html, headings = handbook.draw("## A\n\n### B\n\n## C\n\n### B\n\n## A\n", title="T", doc="t.md", base="")
    assert [mark for _, mark, _ in headings] == ["a", "a.b", "c", "c.b", "a-2"]
    assert html.count('id="b"') == 1


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "Hello <img src=x onerror=alert(1)> there",
        "<div onclick='x'>\n\nwords\n\n</div>",
        "[press](javascript:alert(1))",
        "[press](<java\tscript:alert(1)>)",
        "[press](data:text/html;base64,PHNjcmlwdD4=)",
        '![x](x.png"onerror=alert(1))',
        "![<b>](https://elsewhere.example/x.png)",
        "<javascript:alert(1)>",
        "## <img src=x onerror=alert(1)>",
        "`<script>`",
        "```<script>\n</script>\n```",
        "<svg/onload=alert(1)>",
        "| a | <script>x</script> |\n|---|---|\n| <iframe src=x> | b |",
    ],
)
def test_no_markup_of_a_document_reaches_the_page(text: str) -> None:
    html, _ = handbook.draw(text, title="T", doc="t.md", base="")
    assert re.findall(r"<(script|img|iframe|svg|div|b)\b", html) == []
    assert re.findall(r"<[^>]*\son\w+=", html) == []
    assert re.findall(r'href="(?:java|data|vb)', html) == []


def test_links_stay_in_the_handbook_or_say_that_they_leave() -> None:
    text = "[a](travel.md#hotels) [b](../secret.md) [c](https://example.com/) [d](/etc/passwd) [e](#carry-over)"
    html, _ = handbook.draw(text, title="T", doc="rules/leave.md", base="/as/ana")
    assert re.findall(r'href="([^"]+)"', html) == [
        "/as/ana/handbook/rules/travel.md#hotels",
        "/as/ana/handbook/secret.md",
        "https://example.com/",
        "#",
        "#carry-over",
    ]
    assert 'rel="noopener noreferrer"' in html


def test_a_page_is_for_those_whom_it_addresses(demo: Shop) -> None:
    write(demo.app.store, "pay.md", "Secret figures", audience="finance")
    olga, ana = demo.browser("olga"), demo.browser("ana")
    assert "Secret figures" in olga.page("/handbook/pay.md")
    assert "Pay" in seen(olga.page("/handbook"))
    for path in ("/handbook/pay.md", "/handbook/pay.md?v=1", "/handbook/nothing.md"):
        answer = ana.client.get("/as/ana" + path, headers=JSON)
        assert (answer.status_code, "Secret" in answer.text) == (404, False)
    assert "There is nothing in the handbook for you yet" in seen(ana.page("/handbook"))


def test_an_earlier_version_says_that_it_is_one(demo: Shop) -> None:
    write(demo.app.store, "leave.md", "# Leave", versions=2)
    ana = demo.browser("ana")
    assert "This is text 2." in seen(ana.page("/handbook/leave.md"))
    assert "This is an earlier version" not in ana.page("/handbook/leave.md?v=2")
    assert "This is an earlier version" in ana.page("/handbook/leave.md?v=1")
    assert ana.client.get("/as/ana/handbook/leave.md?v=3").status_code == 404


def test_what_does_not_hold_yet_is_not_shown(demo: Shop) -> None:
    write(demo.app.store, "soon.md", "Later", since="2027-01-01")
    assert demo.client().get("/as/ana/handbook/soon.md?v=1").status_code == 404


def test_a_picture_is_for_those_who_may_read_where_it_stands(demo: Shop) -> None:
    text = "---\naudience: finance\n---\n# Plan\n\nWho sits where.\n\n![Seats](seats.png)\n"
    reading = read(text.encode(), doc="plan.md", beside={"seats.png": drawing()}.get)
    publish_all(demo.app.store, [reading], by=None)
    ((_, id),) = reading.pictures
    olga, ana = demo.browser("olga"), demo.browser("ana")
    assert f'<img src="/as/olga/pictures/{id}" alt="Seats"' in olga.page("/handbook/plan.md")
    shown = olga.client.get(f"/as/olga/pictures/{id}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert "sandbox" in shown.headers["content-security-policy"]
    for name in (id, "0" * 32, "x"):
        assert ana.client.get(f"/as/ana/pictures/{name}", headers=JSON).status_code == 404


def test_a_document_shows_its_versions_and_to_hr_what_is_different(demo: Shop) -> None:
    write(demo.app.store, "desks.md", "# Desks\n\nShare them.", versions=2)
    page = demo.browser("ana").page("/handbook/desks.md")
    assert '/handbook/desks.md?v=1"' in page
    assert "What is different" not in page
    page = demo.browser("carmen").page("/handbook/desks.md")
    assert "What is different from version 1" in page
    assert "- This is text 1." in page
    assert "+ This is text 2." in page
    assert "What is different" not in demo.browser("carmen").page("/handbook/desks.md?v=1")
