"""Documents are cut at their headings, and every passage is a range of the document."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from knowledge.asking import Asked, asked, could_answer, past_day
from knowledge.geography import elsewhere, places_in
from knowledge.passages import ABOUT, cut, plain
from knowledge.sentences import sentences

TEXT = """Intro.

# Leave

Before any section.

## Sick leave

<!-- a note to editors -->
Call [your manager](x.md#y) **before 9**.

### Abroad

- one
- two

## Table

| what | days |
|------|------|
| move | 1    |
| wed  | 15   |
"""


def test_headings_are_a_path() -> None:
    assert [(each.heading, each.section) for each in cut(TEXT, title="Leave")] == [
        ("Leave", 0),
        ("Leave", 1),
        ("Leave > Sick leave", 2),
        ("Leave > Sick leave > Abroad", 3),
        ("Leave > Table", 4),
    ]


def test_text_is_as_people_read_it() -> None:
    bodies = [each.body for each in cut(TEXT, title="Leave")]
    assert bodies[2] == "Call your manager before 9."
    assert bodies[4] == "what | days\nmove | 1\nwed | 15"


def test_long_sections_are_cut_between_blocks() -> None:
    text = "# A\n\n" + "\n\n".join(f"Paragraph {n}. " + "word " * 60 for n in range(12))
    cuts = cut(text, title="A")
    assert len(cuts) > 4
    assert {each.section for each in cuts} == {1}
    assert max(each.end - each.start for each in cuts) <= ABOUT
    assert " ".join(" ".join(each.body for each in cuts).split()) == " ".join(text.removeprefix("# A").split())


def test_a_list_that_fits_is_kept_whole() -> None:
    text = "# A\n\n" + "word " * 150 + "\n\n" + "\n".join(f"- item {n} of the list" for n in range(20))
    assert sum("item" in each.body for each in cut(text, title="A")) == 1


def test_code_is_not_taken_for_headings() -> None:
    assert [each.heading for each in cut("# A\n\n```\n# no heading\n```\n", title="A")] == ["A"]


@given(some.text(max_size=3000))
def test_any_text_is_cut_into_ranges_of_itself(text: str) -> None:
    cuts = cut(text, title="T")
    assert all(0 <= each.start < each.end <= len(text) for each in cuts)
    assert all(one.end <= other.start for one, other in pairwise(cuts))
    assert all(
        each.start == len(text) or plain(text[each.start : each.end]) == each.body
        for each in cuts
        if each.heading != each.body
    )


@given(some.text(max_size=1000))
def test_sentences_stand_in_their_passage(body: str) -> None:
    for each in sentences(body):
        assert body[each.start : each.start + len(each.text)] == each.text


def test_sentences_are_told_apart() -> None:
    body = "Ask first, e.g. your lead. Then go.\nTo ask:\n\n1. Write to HR. Wait.\n- Or call Mr. Smith"
    assert [(each.text, each.lead) for each in sentences(body)] == [
        ("Ask first, e.g. your lead.", ""),
        ("Then go.", ""),
        ("To ask:", ""),
        ("Write to HR.", "To ask:"),
        ("Wait.", "To ask:"),
        ("Or call Mr. Smith", "To ask:"),
    ]


@pytest.mark.parametrize(
    ("question", "kind", "fits", "fails"),
    [
        ("how many days do I get?", Asked.AMOUNT, "You have 23 days.", "You have some days."),
        ("when do we get paid", Asked.TIME, "Pay comes on the 25th.", "Pay comes by bank transfer."),
        ("who signs this?", Asked.WHO, "Your manager signs.", "It has to be signed."),
        ("can i fly business class?", Asked.YES_NO, "Only economy is paid.", "Flights exist."),
        ("how do i claim a taxi?", Asked.HOW, "Send a photo of the receipt.", "Taxis are yellow."),
        ("my laptop was stolen", Asked.HOW, "Call IT at once.", "Laptops are grey."),
        ("where do i report it?", Asked.WHERE, "Write to help@lumen.example.", "Reports are long."),
        ("¿cuántos días tengo?", Asked.AMOUNT, "Hay 23 días.", "Hay algunos días."),
        ("bis wann muss ich das einreichen?", Asked.TIME, "Bis zum 31. März.", "Das gilt für alle."),
    ],
)
def test_questions_ask_for_a_kind_of_thing(question: str, kind: Asked, fits: str, fails: str) -> None:
    assert kind in asked(question)
    assert could_answer(fits, kind)
    assert not could_answer(fails, kind)


def test_places_are_known_by_name_and_by_their_people() -> None:
    assert places_in("sick days of canadian employees") == places_in("Employees in Canada")
    assert places_in("the hotel limit in london")
    assert not places_in("how many days do I get?")
    assert elsewhere("When you travel to another country, ask HR.")
    assert not elsewhere("Ask HR.")


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("what was the rule in March?", date(2026, 3, 31)),
        ("what was the limit in december", date(2025, 12, 31)),
        ("¿cuál era el límite en marzo de 2024?", date(2024, 3, 31)),
        ("what were the rates last year", date(2025, 12, 31)),
        ("what is the limit in march?", None),
        ("may I march in the parade?", None),
        ("what was that?", None),
    ],
)
def test_a_question_about_the_past_names_its_last_day(question: str, day: date | None) -> None:
    assert past_day(question, today=date(2026, 11, 24)) == day


def test_a_line_that_was_broken_to_be_short_goes_on() -> None:
    text = (
        "It takes a week after the end of a pay period for a direct\ndeposit to be made. Ask the\nhelp desk.\n\n"
        "- an item that is long enough to have been broken in the middle\n  of it\n- another\n\n"
        "Short line\nShort line\n"
    )
    assert plain(text).split("\n") == [
        "It takes a week after the end of a pay period for a direct deposit to be made. Ask the help desk.",
        "",
        "- an item that is long enough to have been broken in the middle of it",
        "- another",
        "",
        "Short line",
        "Short line",
    ]


def test_lines_end_where_markdown_ends_them() -> None:
    text = "# A\n\none\n\n\f\n## B\n\ntwo\x85three\n\n## C\r\n\r\nthree\n"
    assert [(each.heading, each.body) for each in cut(text, title="A")] == [
        ("A", "one"),
        ("A > B", "two\x85three"),
        ("A > C", "three"),
    ]
