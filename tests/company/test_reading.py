"""A company folder with something wrong in it: each problem is named with its file and line, and nothing is loaded."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from backend import company, roster
from backend.refusals import Refusal
from tests.company.conftest import COMPANY, PEOPLE
from tools import all_kinds

KINDS = all_kinds()
Write = Callable[..., Path]

HEAD = "handle,name,email,manager,place,work_week,start,end\n"

BAD_PEOPLE = [
    (HEAD + "ann,Ann,,x,,,,\n", "people.csv line 2: manager 'x' is nobody in this file"),
    (HEAD + "ann,Ann,,,,,,\n\nann,Ann Two,,,,,,\n", "people.csv line 4: handle 'ann' is on line 2 already"),
    (
        HEAD + "ann,Ann,a@x.example,,,,,\nbob,Bob,A@x.example,,,,,\n",
        "people.csv line 3: email 'A@x.example' is on line 2",
    ),
    (HEAD + "ann,Ann,nobody,,,,,\n", "people.csv line 2: 'nobody' is not an e-mail address"),
    (HEAD + ",Ann,,,,,,\n", "people.csv line 2: the handle is missing"),
    (HEAD + "ann,,,,,,,\n", "people.csv line 2: the name is missing"),
    (HEAD + "an n,Ann,,,,,,\n", "people.csv line 2: handle 'an n' may hold"),
    (HEAD + "ann,Ann,,,Oslo,,,\n", "people.csv line 2: place 'Oslo' is not one of Madrid, Berlin"),
    (HEAD + "ann,Ann,,,,monday to friday,,\n", "people.csv line 2: work_week: "),
    (HEAD + "ann,Ann,,,,mon:25,,\n", "people.csv line 2: work_week: 'mon:25' has more than 24 hours"),
    (HEAD + "ann,Ann,,,,mon;mon,,\n", "people.csv line 2: work_week: it says mon twice"),
    (HEAD + "ann,Ann,,,,,2026-13-01,\n", "people.csv line 2: start: '2026-13-01' is not in the calendar"),
    (
        HEAD + "ann,Ann,,,,,2026-02-01,2026-01-01\n",
        "people.csv line 2: the end 2026-01-01 is before the start 2026-02-01",
    ),
    (
        HEAD + "ann,Ann,,,,,,,,,\nbob,Bob,,,,,,,,surplus\n",
        "people.csv line 3: it has 10 cells, and the first line names 8",
    ),
    (HEAD + 'ann,"Ann,,,,,,\n', "people.csv line 2: it cannot be read as a table"),
    ("handle,team\nann,x\n", "people.csv line 1: there is no column 'name'"),
    ("handle,name\nann,Ann\u202egro\n", "people.csv line 2: the name is too long, or holds line breaks or signs"),
    ('handle,name\nann,"Ann\nBoss"\n', "people.csv line 2: the name is too long, or holds line breaks or signs"),
    (f"handle,name\nann,{'x' * 201}\n", "people.csv line 2: the name is too long, or holds line breaks or signs"),
    ("handle,name,name\nann,x,y\n", "people.csv line 1: two columns are called 'name'"),
    ("", "people.csv is empty"),
    (HEAD.encode() + "ann,Ann\nbob,Bj\xf6rn\n".encode("latin-1"), "people.csv line 3: it is not UTF-8 text"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", "people.csv"),
    (
        HEAD + "ann,Ann,,bob,,,,\nbob,Bob,,cem,,,,\ncem,Cem,,ann,,,,\n",
        "the managers go in a circle: ann > bob > cem > ann",
    ),
    (HEAD + "ann,Ann,,ann,,,,\n", "people.csv line 2: the managers go in a circle: ann > ann"),
]


@pytest.mark.parametrize(("people", "problem"), BAD_PEOPLE)
def test_a_bad_people_file_is_refused_by_line(folder: Write, people: str | bytes, problem: str) -> None:
    with pytest.raises(Refusal) as refusal:
        company.read(folder(people_csv=people))
    assert problem in str(refusal.value)


BAD_COMPANY = [
    (COMPANY.replace('country = "ES"', 'country = "ES"\nhours = "18:00-09:00"'), "[[place]]: hours: '18:00-09:00' are"),
    (COMPANY.replace('"Acme SL"', '"Acme SL"\nowner = "nobody"'), "owner 'nobody' is nobody in people.csv"),
    ("name = 'x'\nname = 'y'\n", "company.toml: Cannot overwrite a value (at line 2"),
    ("timezone = 'UTC'\n", "company.toml: name: field required"),
    ("name = 'x'\ntimezone = 'Madrid'\n", "company.toml: timezone: 'Madrid' is not a time zone"),
    ("name = 'x'\ncurrency = 'euros'\n", "company.toml: currency: 'euros' is not a currency"),
    ("name = 'x'\ndate_order = 'DDMM'\n", "company.toml: date_order: it is one of DMY, MDY and YMD"),
    (
        "name = 'x'\n[[place]]\nname = 'A'\ncountry = 'ES'\n[[place]]\ncountry = 'ES'\n",
        "company.toml line 5 [[place]]: name",
    ),
    (
        "name = 'x'\n[[place]]\nname = 'A'\ncountry = 'Atlantis'\n",
        "no public holidays are known for country 'Atlantis'",
    ),
    ("name = 'x'\n[[place]]\nname = 'A'\ncountry = 'DE'\nregion = 'XX'\n", "country 'DE', region 'XX'"),
    (
        "name = 'x'\n[[place]]\nname = 'A'\ncountry = 'ES'\ndays = ['2026-02-30']\n",
        "company.toml line 2 [[place]]: days",
    ),
    ("name = 'x'\n[[place]]\nname = 'A'\n[[place]]\nname = 'a'\n", "two places have the same name"),
    ("name = 'x'\n[[employer]]\nname = 'E'\nplace = 'Rome'\n", "[[employer]] E: place 'Rome' is not one of the places"),
    (None, "company.toml: it is missing"),
]


@pytest.mark.parametrize(("text", "problem"), BAD_COMPANY)
def test_a_bad_company_file_is_refused(folder: Write, text: str | None, problem: str) -> None:
    with pytest.raises(Refusal) as refusal:
        company.read(folder(company_toml=text))
    assert problem in str(refusal.value)


REQUEST = '{"id": 7, "kind": "time_off", "by": "ann", "status": "approved", "leave_type": "vacation"'
DATES = ', "start": "2026-12-01", "end": "2026-12-01"}'

BAD_ROWS = [
    ("requests_jsonl", "{", "requests.jsonl line 1: it is not JSON"),
    ("requests_jsonl", "[1]", "requests.jsonl line 1: it is not a JSON object"),
    ("requests_jsonl", REQUEST.replace("7", "0") + DATES, "requests.jsonl line 1: id is not a number from 1 up"),
    ("requests_jsonl", f"{REQUEST}{DATES}\n{REQUEST}{DATES}", "requests.jsonl line 2: number 7 is on line 1 already"),
    (
        "requests_jsonl",
        REQUEST.replace('"ann"', '"zoe"') + DATES,
        "requests.jsonl line 1: 'zoe' is nobody in people.csv",
    ),
    (
        "requests_jsonl",
        REQUEST.replace("approved", "maybe") + DATES,
        "requests.jsonl line 1: status 'maybe' is not one of",
    ),
    ("requests_jsonl", REQUEST.replace("time_off", "party") + DATES, "requests.jsonl line 1: there is no kind 'party'"),
    ("requests_jsonl", REQUEST + ', "start": "soon"}', "requests.jsonl line 1: start: "),
    (
        "requests_jsonl",
        REQUEST + ', "submitted": "soon"' + DATES,
        "requests.jsonl line 1: submitted 'soon' is not a day",
    ),
    ("balances_jsonl", '{"who": "zoe", "leave_type": "vacation", "days": 1, "as_of": "2026-11-24"}', "'zoe' is nobody"),
    (
        "balances_jsonl",
        '{"who": "ann", "leave_type": "vacation", "days": "many", "as_of": "2026-11-24"}',
        "days 'many'",
    ),
    (
        "balances_jsonl",
        '{"who": "ann", "leave_type": "vacation", "days": 1}',
        "balances.jsonl line 1: as_of is missing",
    ),
    ("balances_jsonl", '{"who": "ann", "leave": "x", "days": 1, "as_of": "2026-11-24"}', "leave_type is missing"),
    ("policies_toml", "[party]\nmost = 1\n", "policies.toml line 1: [party]: there is no such kind"),
    ("policies_toml", "[time_off]\nnotice_days = 'x'\n", "policies.toml line 1: [time_off]: notice_days"),
    (
        "policies_toml",
        "\n[[route]]\nkind = 'expense'\nsteps = [{ maybe = ['hr'] }]\n",
        "policies.toml line 2: [[route]]",
    ),
    ("policies_toml", "[time_off\n", "policies.toml: "),
]


@pytest.mark.parametrize(("name", "text", "problem"), BAD_ROWS)
def test_bad_requests_balances_and_policies_are_refused(folder: Write, name: str, text: str, problem: str) -> None:
    with pytest.raises(Refusal) as refusal:
        company.read(folder(**{name: text}), kinds=KINDS)
    assert problem in str(refusal.value)


def test_all_problems_are_told_at_once(folder: Write) -> None:
    with pytest.raises(Refusal) as refusal:
        company.read(folder(people_csv=HEAD + "ann,,,,Oslo,,,\n", balances_jsonl="{"))
    assert "people.csv line 2: the name is missing" in str(refusal.value)
    assert "people.csv line 2: place 'Oslo'" in str(refusal.value)
    assert "balances.jsonl line 1" in str(refusal.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_files_from_spreadsheets_are_read(folder: Write, encoding: str, delimiter: str, newline: str) -> None:
    rows = [["Handle", "Name", "Roles", "Work week"], ["ann", "Ánn Able", '"hr;admin"', '"mon:8;tue:4"']]
    text = newline.join(delimiter.join(row) for row in rows) + newline
    (ann,) = company.read(folder(people_csv=text.encode(encoding))).people
    assert (ann.name, ann.roles, ann.work_week) == ("Ánn Able", ("hr", "admin"), {"mon": 8, "tue": 4})


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("mon-fri", {"mon": 8, "tue": 8, "wed": 8, "thu": 8, "fri": 8}),
        ("mon,tue,wed", {"mon": 8, "tue": 8, "wed": 8}),
        ("Mon; Tuesday; WED", {"mon": 8, "tue": 8, "wed": 8}),
        ("mon:8;tue:8;wed:4", {"mon": 8, "tue": 8, "wed": 4}),
        ("mon-thu:8.5;fri:0", {"mon": 8.5, "tue": 8.5, "wed": 8.5, "thu": 8.5}),
        ("sat-mon:6h", {"mon": 6, "sat": 6, "sun": 6}),
    ],
)
def test_work_weeks(text: str, hours: dict[str, float]) -> None:
    assert roster.week(text) == hours
    assert roster.week(roster.written(hours)) == hours


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-03-04", "MDY", date(2026, 3, 4)),
        ("04/03/2026", "DMY", date(2026, 3, 4)),
        ("4.3.2026", "DMY", date(2026, 3, 4)),
        ("03/04/2026", "MDY", date(2026, 3, 4)),
        ("2026/03/04", "YMD", date(2026, 3, 4)),
    ],
)
def test_days_are_read_in_the_companys_order(text: str, order: str, day: date) -> None:
    assert roster.day(text, date_order=order) == day


def test_what_is_left_out_has_defaults(folder: Write) -> None:
    read = company.read(
        folder(company_toml='name = "Solo"\ntimezone = "Europe/Lisbon"\n', people_csv="handle,name\nann,Ann\n")
    )
    assert [(each.name, each.currency) for each in read.employers] == [("Solo", "EUR")]
    assert [(each.name, each.country) for each in read.places] == [("Lisbon", "PT")]
    assert read.policies is None


def test_columns_that_are_not_read_are_noted(folder: Write) -> None:
    read = company.read(folder(people_csv=PEOPLE.replace("slack", "shoe size"), company_toml="motto = 'x'\n" + COMPANY))
    assert [note for note in read.notes if "shoe_size" in note]
    assert [note for note in read.notes if "motto" in note]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="There is no folder"):
        company.read(tmp_path / "nowhere")
