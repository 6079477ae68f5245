"""Whatever people write, and however much of it: every card and every form is taken by each platform, and is whole."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from backend.fillings import Filling
from backend.forms import Widget
from bot.channels import slack_blocks, slack_forms, telegram_forms, telegram_markup
from bot.channels.slack_blocks import Look
from bot.channels.telegram_markup import Rows
from bot.message import Answer, Button, Card, Citation, Field, Paper, Post, Stop
from tests.wire import telegram_html
from tests.wire.slack_checks import texts, wrong_with_message, wrong_with_view

ASKED = telegram_forms.Asked("en", date(2026, 11, 24))
HARD = "<!channel> *bold* _x_ & ‏שלום עולם‏ مرحبا 👩‍👩‍👧 Ἀλφα ﷽ ́ a-very-long-word-without-any-end"
WORD = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(list("<>&@#!*_~`|👩‍👧שم")), min_size=1, max_size=30
)
TEXT = st.lists(WORD, min_size=1, max_size=30).map(" ".join).filter(lambda each: telegram_markup.plain(each).strip())


@dataclass(frozen=True)
class Full:
    """A field of each sort, a card and a form that hold one text everywhere, so many times."""

    text: str
    many: int

    @property
    def fields(self) -> tuple[Field, ...]:
        options = tuple((f"v{nth}", f"{nth} {self.text}") for nth in range(self.many * 7))
        held: dict[Widget, Any] = {Widget.DATE: "2026-11-24", Widget.YES_NO: True, Widget.CHOICE: "v0"}
        return tuple(
            Field(f"f{nth}", self.text[:200], held.get(each, self.text), self.text, each, options=options)
            for nth, each in enumerate(Widget)
        )

    @property
    def button(self) -> Button:
        line = tuple(replace(each, name=f"l{each.name}") for each in self.fields[:3])
        return Button("change", self.text, "token", form=self.fields, line=line, lines=(line,) * self.many)

    @property
    def post(self) -> Post:
        card = Card(
            kind="expense",
            subject="request:1",
            state="pending",
            title=self.text,
            ref="EX-1",
            fields=self.fields,
            lines=(self.fields,) * self.many,
            facts=((self.text, self.text),) * 2,
            objections=(self.text,),
            route=(Stop(("maria",), self.text, (self.text,), "open"),),
            buttons=(self.button, *(Button("approve", self.text, f"t{nth}") for nth in range(self.many))),
            papers=(Paper("EX-1.pdf", self.text, "/papers/1/EX-1.pdf"),),
        )
        answer = Answer("answered", (Citation("leave.md", "Leave > Carry-over", self.text, 1),))
        return Post(self.text, card, answer)


def whole(text: str) -> str:
    """A text without what is only between its words."""
    return "".join(telegram_markup.plain(text).split())


def labels(rows: Rows) -> Iterator[str]:
    """What a keyboard has to say, once Telegram has taken it."""
    keys = [key for row in rows for key in row]
    assert len(keys) <= 100
    for each in keys:
        assert each.label.strip()
        assert len(each.data.encode()) <= 64
        yield each.label


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(TEXT, st.integers(0, 12))
@example(HARD * 6, 12)
@example("x" * 500, 3)
def test_cards_and_forms_are_taken_and_whole(text: str, many: int) -> None:
    full = Full(text, many)
    shown = slack_blocks.messages(full.post, Look())
    assert [wrong_with_message("a preview", blocks) for blocks in shown] == [[]] * len(shown)
    read = whole("".join(texts(blocks) for blocks in shown))
    assert read.count(whole(text)) >= 5
    view = slack_forms.modal(full.button, Look(), post=1)
    assert wrong_with_view(view) == []
    assert whole(text) in whole(texts(view["blocks"]))

    messages = [telegram_html.read(each)[0] for each in telegram_markup.html(full.post)]
    assert max(map(telegram_html.units, messages)) <= 4096
    assert whole("".join(messages)).count(whole(text)) >= 5
    pages = [telegram_markup.rows_of(full.post, page=nth) for nth in range(3)]
    assert [each for rows in pages for each in labels(rows)]
    values, lines = telegram_forms.opened(full.button)
    filling = Filling(id=1, values=values, lines=lines, line=None, field="", page="")
    for field in ("", *(each.name for each in full.fields)):
        filling.field = field
        form, rows = telegram_forms.view(full.post.card, full.button, filling, ASKED)
        assert telegram_html.units(telegram_html.read(form)[0]) <= 4096
        assert list(labels(rows))
