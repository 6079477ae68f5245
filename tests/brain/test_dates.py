"""Days as people write them, in six languages."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.brain.clean import clean
from bot.brain.date_libraries import days_by_library
from bot.brain.dates import Lean, days_in, part_in, working_days_from

TODAY = date(2026, 9, 16)
"""A Wednesday."""


def read(text: str, language: str = "en", lean: Lean = Lean.FUTURE, **more: object) -> list[tuple[str, str]]:
    found = days_in(clean(text).folded, today=TODAY, language=language, lean=lean, **more)  # type: ignore[arg-type]
    return [(str(each.start), str(each.end)) for each in found]


FUTURE = [
    ("en", "tomorrow", "2026-09-17", "2026-09-17"),
    ("en", "on wednesday", "2026-09-23", "2026-09-23"),
    ("en", "next monday", "2026-09-21", "2026-09-21"),
    ("en", "this friday", "2026-09-18", "2026-09-18"),
    ("en", "friday week", "2026-09-25", "2026-09-25"),
    ("en", "the 3rd", "2026-10-03", "2026-10-03"),
    ("en", "from the 28th to the 2nd", "2026-09-28", "2026-10-02"),
    ("en", "10 to 12 october", "2026-10-10", "2026-10-12"),
    ("en", "Oct 30 - Nov 3", "2026-10-30", "2026-11-03"),
    ("en", "28 dec until 4 jan", "2026-12-28", "2027-01-04"),
    ("en", "week of 12 october", "2026-10-12", "2026-10-16"),
    ("en", "week commencing the 12th", "2026-10-12", "2026-10-16"),
    ("en", "tue-thu next week", "2026-09-22", "2026-09-24"),
    ("en", "monday and tuesday next week", "2026-09-21", "2026-09-22"),
    ("en", "a week from the 5th of october", "2026-10-05", "2026-10-09"),
    ("en", "four working days from thursday", "2026-09-17", "2026-09-22"),
    ("en", "monday for two weeks", "2026-09-21", "2026-10-02"),
    ("en", "in three weeks", "2026-10-07", "2026-10-07"),
    ("en", "the second tuesday of january", "2027-01-12", "2027-01-12"),
    ("de", "am ersten Freitag im Dezember", "2026-12-04", "2026-12-04"),
    ("en", "in november", "2026-11-01", "2026-11-30"),
    ("en", "last week of october", "2026-10-26", "2026-10-30"),
    ("en", "between 1/10 and 3/10", "2026-10-01", "2026-10-03"),
    ("en", "1-3/10", "2026-10-01", "2026-10-03"),
    ("en", "saturday 10 october 2026", "2026-10-10", "2026-10-10"),
    ("en", "christmas eve", "2026-12-24", "2026-12-24"),
    ("en", "3 days of vacation next week from wednesday", "2026-09-23", "2026-09-25"),
    ("es", "3 días de vacaciones la semana que viene desde el miércoles", "2026-09-23", "2026-09-25"),
    ("fr", "3 jours de congé la semaine prochaine à partir de mercredi", "2026-09-23", "2026-09-25"),
    ("en", "the last two weeks of december", "2026-12-21", "2027-01-01"),
    ("en", "the mon and tue right after new year", "2027-01-04", "2027-01-05"),
    ("en", "until the end of the week", "2026-09-16", "2026-09-18"),
    ("it", "3 giorni di ferie la prossima settimana da mercoledì", "2026-09-23", "2026-09-25"),
    ("en", "the friday before christmas", "2026-12-18", "2026-12-18"),
    ("en", "easter monday", "2027-03-29", "2027-03-29"),
    ("en", "the day after easter monday", "2027-03-30", "2027-03-30"),
    ("en", "good friday 2028", "2028-04-14", "2028-04-14"),
    ("es", "el viernes santo", "2027-03-26", "2027-03-26"),
    ("pt", "sexta-feira santa", "2027-03-26", "2027-03-26"),
    ("fr", "le lundi de pâques", "2027-03-29", "2027-03-29"),
    ("de", "am Karfreitag", "2027-03-26", "2027-03-26"),
    ("it", "a pasquetta", "2027-03-29", "2027-03-29"),
    ("en", "thrusday", "2026-09-17", "2026-09-17"),
    ("es", "pasado mañana", "2026-09-18", "2026-09-18"),
    ("es", "del 28 al 30 de septiembre", "2026-09-28", "2026-09-30"),
    ("es", "el próximo lunes", "2026-09-21", "2026-09-21"),
    ("es", "la semana del 12 de octubre", "2026-10-12", "2026-10-16"),
    ("pt", "depois de amanhã", "2026-09-18", "2026-09-18"),
    ("pt", "de segunda a quarta", "2026-09-21", "2026-09-23"),
    ("pt", "na próxima semana", "2026-09-21", "2026-09-25"),
    ("fr", "après-demain", "2026-09-18", "2026-09-18"),
    ("fr", "du lundi 5 au mercredi 7 octobre", "2026-10-05", "2026-10-07"),
    ("fr", "la semaine du 12 octobre", "2026-10-12", "2026-10-16"),
    ("de", "übermorgen", "2026-09-18", "2026-09-18"),
    ("de", "vom 28. bis 30. September", "2026-09-28", "2026-09-30"),
    ("de", "kommenden Freitag", "2026-09-18", "2026-09-18"),
    ("de", "in der Woche vom 12.10.", "2026-10-12", "2026-10-16"),
    ("it", "dopodomani", "2026-09-18", "2026-09-18"),
    ("it", "dal 28 al 30 settembre", "2026-09-28", "2026-09-30"),
    ("it", "lunedì prossimo", "2026-09-21", "2026-09-21"),
]


@pytest.mark.parametrize(("language", "text", "start", "end"), FUTURE)
def test_days_ahead(language: str, text: str, start: str, end: str) -> None:
    assert read(text, language) == [(start, end)]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "yesterday", "2026-09-15"),
        ("en", "on friday", "2026-09-11"),
        ("en", "last tuesday", "2026-09-15"),
        ("en", "the 20th", "2026-08-20"),
        ("en", "30 december", "2025-12-30"),
        ("en", "3 days ago", "2026-09-13"),
        ("es", "anteayer", "2026-09-14"),
        ("de", "vorgestern", "2026-09-14"),
        ("fr", "lundi dernier", "2026-09-14"),
    ],
)
def test_days_behind(language: str, text: str, day: str) -> None:
    assert read(text, language, Lean.PAST) == [(day, day)]


@pytest.mark.parametrize(
    "text",
    [
        "I may sit down",
        "she sat there",
        "12 euros",
        "at 6 pm",
        "two monitors",
        "good morning",
        "call 555 1234",
        "version 3.2",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert read(text) == []


def test_an_end_alone_starts_today_and_says_so() -> None:
    (found,) = days_in("until the 25th", today=TODAY)
    assert (found.start, found.end, found.said_start) == (TODAY, date(2026, 9, 25), False)


def test_an_end_alone_is_counted_from_the_day_that_is_known() -> None:
    (found,) = days_in("until the 25th", today=TODAY, after=date(2026, 10, 19))
    assert found.end == date(2026, 10, 25)


def test_weekdays_that_do_not_follow_each_other_stay_apart() -> None:
    assert read("monday and thursday") == [("2026-09-21", "2026-09-21"), ("2026-09-17", "2026-09-17")]


@pytest.mark.parametrize(
    ("language", "text", "part"),
    [
        ("en", "friday morning", "am"),
        ("en", "half a day on friday", "half"),
        ("en", "tomorrow afternoon, half day", "pm"),
        ("en", "good morning, friday off", None),
        ("es", "mañana por la mañana", "am"),
        ("es", "mañana", None),
        ("pt", "amanhã de manhã", "am"),
        ("fr", "demain après-midi", "pm"),
        ("de", "morgen", None),
        ("de", "morgen Vormittag", "am"),
        ("it", "mezza giornata", "half"),
    ],
)
def test_parts_of_a_day(language: str, text: str, part: str | None) -> None:
    assert part_in(clean(text).folded, language=language) == part


@given(st.dates(date(2026, 9, 16), date(2027, 9, 15)), st.integers(0, 60))
def test_any_range_is_read_back(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    assert read(f"from {start.day} {start:%B} {start.year} to {end.day} {end:%B} {end.year}") == [
        (str(start), str(end))
    ]
    assert read(f"{start.isoformat()} - {end.isoformat()}") == [(str(start), str(end))]


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    for found in days_in(clean(text).folded, today=TODAY):
        assert found.start is not None or found.end is not None


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(1, 30))
def test_working_days_never_end_on_a_weekend(start: date, count: int) -> None:
    assert working_days_from(start, count).weekday() < 5


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "october 5th", date(2026, 10, 5)),
        ("es", "tres días después del lunes", date(2026, 9, 19)),
        ("pt", "15 de janeiro", date(2027, 1, 15)),
    ],
)
def test_the_libraries_read_days_too(language: str, text: str, day: date) -> None:
    (found,) = days_by_library(text, today=TODAY, language=language)
    assert found.start == day


def test_what_no_library_reads_is_no_day() -> None:
    assert days_by_library("x" * 5000, today=TODAY, language="pt") == []
