"""What is drawn: every widget, lines, citations; with every text as it is."""

from datetime import UTC, datetime

from backend.chats import Posted
from backend.forms import Widget
from bot.message import Answer, Button, Card, Citation, Field, Post, Stop, as_doc
from bot.web.drawing import Drawing
from bot.web.guard import Visitor
from tests.web.conftest import seen

ANA = Visitor(1, "ana", "Ana Costa", "en", "Europe/Madrid", "/as/ana", "")
BAD = "<i>\"'&"


def drawn(post: Post) -> str:
    row = Posted(id=7, body=as_doc(post), made_at=datetime(2026, 11, 24, 9, tzinfo=UTC))
    return Drawing().post(row, ANA)


def blank(widget: Widget, **more: object) -> Field:
    return Field(name=f"a_{widget.value}", title=f"The {widget.value}", value=None, shown="", widget=widget, **more)  # type: ignore[arg-type]


def form(*fields: Field, line: tuple[Field, ...] | None = None, lines: tuple[tuple[Field, ...], ...] = ()) -> str:
    button = Button("change", "Change", "t0ken", form=fields, line=line, lines=lines)
    return drawn(Post(card=Card("k", "draft:1", "draft", "A card", buttons=(button,))))


def test_every_widget_is_drawn_with_a_label() -> None:
    page = form(*(blank(each, options=(("x", "Ex"),)) for each in Widget))
    for each in Widget:
        assert f'name="f.{each.value}.a_{each.value}"' in page
        assert f"The {each.value}" in seen(page)
    assert page.count("<label for=") == len(Widget)


def test_a_card_is_drawn_in_the_language_that_it_is_written_in() -> None:
    page = drawn(Post(card=Card("expense", "draft:1", "draft", "Gasto"), language="es"))
    assert '<span class="state">borrador</span>' in page


def test_a_form_holds_what_was_filled_in() -> None:
    page = form(
        Field("day", "Day", "2026-11-26", "Thu", Widget.DATE, required=True),
        Field("sort", "Sort", "b", "Bee", Widget.CHOICE, required=True, options=(("a", "Ay"), ("b", "Bee"))),
        Field("sure", "Sure", True, "yes", Widget.YES_NO),
        Field("why", "Why", BAD, BAD, Widget.LONG),
    )
    assert 'type="date" name="f.date.day" value="2026-11-26" required' in page
    assert '<option value="b" selected>Bee</option>' in page
    assert '<option value="true" selected>yes</option>' in page
    assert "&lt;i&gt;&#34;&#39;&amp;</textarea>" in page


def test_a_form_with_lines_has_those_that_are_there_an_empty_one_and_a_button_for_more() -> None:
    empty = (blank(Widget.LINE), blank(Widget.MONEY))
    filled = (Field("a_line", "The line", "Paper", "Paper", Widget.LINE), Field("a_money", "M", "3", "3", Widget.MONEY))
    page = form(line=empty, lines=(filled,))
    assert 'name="l.0.f.line.a_line" value="Paper"' in page
    assert 'name="l.1.f.line.a_line" value=""' in page
    assert "data-add-line" in page
    assert page.count("data-remove-line") == 3


def test_a_card_shows_its_fields_facts_objections_and_route() -> None:
    card = Card(
        "k",
        "request:1",
        "pending",
        "A card",
        ref="TO-1",
        fields=(Field("a", "Day", BAD, BAD),),
        facts=(("Takes", BAD),),
        objections=(f"Short notice {BAD}",),
        route=(Stop(("maria",), "your manager", ("Maria Silva",), "open"),),
        buttons=(Button("approve", f"Approve {BAD}", "t"),),
    )
    page = drawn(Post(text=f"Look {BAD}", card=card))
    assert "<i>" not in page
    for text in (f"Look {BAD}", "Day", f"Takes {BAD}", f"Short notice {BAD}", "Maria Silva", f"Approve {BAD}"):
        assert text in seen(page)
    assert "waiting" in seen(page)


def test_quotes_stand_under_the_heading_that_they_come_from() -> None:
    quotes = ("Five days.", "Madrid | 23\nLisbon | 25 … Berlin | 28", "Ask HR.")
    cited = tuple(Citation("leave.md", "Leave > Carry-over", each, 2, "2026-01-01") for each in quotes)
    page = drawn(Post(text="\n".join(quotes), answer=Answer("answered", cited)))
    assert page.count('href="/as/ana/handbook/leave.md?v=2#carry-over"') == 1
    assert page.count("<tr>") == 4
    assert '<tr><td colspan="2">…</td></tr><tr><td>Berlin</td>' in page
    assert seen(page).count("Five days.") == 1
    assert "Leave › Carry-over version 2, in force since Thu 1 Jan 2026" in seen(page)


def test_items_of_a_quote_are_a_list_and_what_stands_under_a_table_is_no_cell() -> None:
    laid = "You may, if:\n• you ask;\n…\n• it is near.\nday | holiday\n8 December | Mary\n…\nSundays are not moved."
    cited = (Citation("leave.md", "Leave", "You may, if: … you ask;", 1, laid_out=laid),)
    page = drawn(Post(answer=Answer("answered", cited)))
    assert '<p>You may, if:</p><ul><li>you ask;</li><li class="more">…</li><li>it is near.</li></ul>' in page
    assert '<tr><td colspan="2">…</td></tr></table></div><p>Sundays are not moved.</p>' in page


def test_the_room_of_a_picture_is_kept_where_its_size_is_known() -> None:
    cited = (Citation("a.md", "A", "See.", 1, pictures=(("p1", "A map", 640, 704), ("p2", "A plan", 0, 0))),)
    page = drawn(Post(answer=Answer("answered", cited)))
    assert 'alt="A map" width="320" height="352"' in page
    assert 'alt="A plan" loading' in page


def test_what_comes_near_is_said_once() -> None:
    cited = (Citation("leave.md", "Leave", "Five days.", 1),)
    near = Post(
        text="This comes nearest:\nLeave: Five days.", answer=Answer("closest", cited, words="This comes nearest:")
    )
    assert seen(drawn(near)).count("Five days.") == 1
    assert "This comes nearest:" in seen(drawn(near))


def test_an_answer_that_is_none_says_so_beside_what_comes_near() -> None:
    cited = (Citation("leave.md", "Leave", "Five days.", 1),)
    page = seen(drawn(Post(text="The handbook does not say that.", answer=Answer("closest", cited))))
    assert page.index("The handbook does not say that.") < page.index("Five days.")
