"""What comes with a post in the web chat: its pictures stand in it, its tables are links, for its reader alone."""

import csv
import io
import re

from backend import tables
from backend.budgets import Budget
from backend.sheets import Chart, Sheet
from bot import attached, pictures
from bot.message import Post, as_doc, post_from
from tests.web.conftest import JSON, Shop

PNG = b"\x89PNG\r\n\x1a\n"
NASTY = '=HYPERLINK("http://x.example","a")'


def budgets(demo: Shop) -> None:
    with demo.app.store.writing() as session:
        row = {"since": "2026-01-01", "cost_centre": NASTY, "amount": "1000", "year": 2026}
        tables.load(session, "budgets", Budget, [row], by=None)


def test_a_picture_and_a_table_for_who_asked_and_nobody_else(demo: Shop) -> None:
    budgets(demo)
    olga = demo.browser("olga")
    olga.says("preview", meant=(("posts.preview", {"what": "budgets"}),))
    page = olga.page()
    [picture] = re.findall(r'<img src="(/as/olga/posts/\d+/budgets\.png)"', page)
    [table] = re.findall(r'href="(/as/olga/posts/\d+/budgets\.csv)"', page)
    assert "Spent of each budget. =HYPERLINK(&#34;http://x.example&#34;,&#34;a&#34;): 0 %" in page
    shown, dark, file = (olga.client.get(link) for link in (picture, f"{picture}?dark", table))
    assert shown.content.startswith(PNG)
    assert dark.content.startswith(PNG)
    assert shown.content != dark.content
    assert (shown.headers["content-type"], shown.headers["content-disposition"].split(";")[0]) == (
        "image/png",
        "inline",
    )
    assert file.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[1][1] == "'" + NASTY
    client = demo.client()
    asked = [
        picture.replace("olga", "ana"),
        table.replace("olga", "ana"),
        picture.replace("budgets.png", "other.png"),
        re.sub(r"posts/\d+", "posts/99999999999999999999", picture),
    ]
    assert [client.get(path, headers=JSON).status_code for path in asked] == [404, 404, 404, 404]


def test_a_post_to_a_team_is_nobodys_in_the_web_chat(demo: Shop) -> None:
    from backend import chats

    chart = Chart("a.png", "Title", ("row",), (("part", (1.0,)),))
    with demo.app.store.writing() as session:
        body = as_doc(Post("hello", charts=(chart,)))
        row = chats.post(session, None, channel="web", conversation="#general", body=body, private=False)
        assert row is not None
    assert demo.client().get(f"/as/ana/posts/{row.id}/a.png", headers=JSON).status_code == 404


def test_a_post_keeps_its_tables_and_charts_in_the_database() -> None:
    sheet = Sheet("a.csv", "A table", ("one", "two"), (("1", "2"), ("3", "4")))
    chart = Chart("a.png", "Title", ("x", "y"), (("p", (1.0, 2.0)), ("q", (0.0, 3.5))), unit=" %", marks=(80.0,))
    post = Post("text", sheets=(sheet,), charts=(chart,))
    assert post_from(as_doc(post)) == post
    assert [(each.name, each.mime) for each in attached.files(post)] == [("a.png", "image/png"), ("a.csv", "text/csv")]


def test_a_picture_is_drawn_of_any_names_in_the_size_that_is_told() -> None:
    names = ("$x_1$", "_low", "日本", "a very long name of a cost centre that has no end", "")
    chart = Chart("a.png", "Spent \\frac{$", names, (("part", (1.0, 2.0, 0.0, 104.0, 5.5)),), unit=" %", marks=(80.0,))
    picture = pictures.draw(chart)
    wide, high = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    assert (wide, high) == pictures.size(chart)


def test_a_chart_is_told_in_words_to_who_does_not_see_it() -> None:
    chart = Chart("a.png", "Requests", ("Time off", "Others"), (("approved", (5.0, 0.0)), ("pending", (2.0, 0.0))))
    assert chart.told == "Requests. Time off: approved 5, pending 2; Others: 0"


def test_no_cell_of_a_table_is_a_formula() -> None:
    cells = ("=1+1", "+1", "-2.50", "-x", "@sum", "80 %", "Über, “so”", "\tx")
    rows = list(csv.reader(io.StringIO(attached.as_csv(Sheet("a", "A", ("a",), (cells,))).decode("utf-8-sig"))))
    assert rows[1] == ["'=1+1", "'+1", "-2.50", "'-x", "'@sum", "80 %", "Über, “so”", "'\tx"]
