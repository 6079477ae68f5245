"""A long receipt in several pictures is one line: recognised, joined or taken apart as somebody says, and guarded."""

from collections.abc import Sequence

import pytest

from backend import files
from backend.forms import files_of
from backend.people import Person
from backend.refusals import Refusal
from bot.message import Attachment
from bot.page_words import ONE, SEPARATE, lines_in, said_of
from tests.office import Office
from tests.papers import taxi

LONG = (
    {
        "merchant": "Bauhaus",
        "day": "2026-11-20",
        "total": None,
        "category": "hardware",
        "lines": ["BAUHAUS", "DUEBEL 8MM 4,99", "SCHRAUBEN 12,00"],
    },
    {"merchant": None, "day": None, "total": None, "category": None, "lines": ["LEIM 7,49", "LACK WEISS 8,20"]},
    {
        "merchant": None,
        "day": None,
        "total": "35.78",
        "category": None,
        "lines": ["PINSEL 3,10", "SUMME 35,78"],
        "numbers": ["3,10", "35,78", "50,00", "14,22"],
    },
)


def long(*which: int) -> tuple[Attachment, ...]:
    """Pages of a long receipt."""
    return tuple(taxi(**LONG[nth]) for nth in which)


def held(office: Office, who: str = "ana") -> list[int]:
    """Of how many files the receipt of each line of a card is."""
    return [len(files_of({each.name: each.value for each in line}.get("receipt"))) for line in office.card(who).lines]


def amounts(office: Office) -> list[object]:
    return [{each.name: each.value for each in line}.get("amount") for line in office.card("ana").lines]


def last(office: Office) -> str:
    return office.shown("ana")[-1].text


def test_three_pictures_of_one_receipt_are_one_line(office: Office) -> None:
    office.says("ana", "", files=(*long(0, 1, 2), taxi()))
    assert (held(office), amounts(office)) == ([3, 1], ["35.78", "28.00"])
    assert "3 of the pictures as pages of one receipt" in last(office)
    line = {each.name: each.shown for each in office.card("ana").lines[0]}
    assert (line["merchant"], line["receipt"]) == ("Bauhaus", "3 pages")


def test_pictures_that_come_one_after_the_other_are_one_line(office: Office) -> None:
    office.says("ana", "", files=long(0))
    office.says("ana", "", files=long(2))
    assert (held(office), amounts(office)) == ([2], ["35.78"])


def test_who_says_that_they_are_separate_gets_a_line_for_each(office: Office) -> None:
    office.says("ana", "", files=long(0, 1, 2))
    office.says("ana", "no, these are three separate receipts")
    assert held(office) == [1, 1, 1]
    assert "of their own now" in last(office)
    office.says("ana", "sorry, they are all one receipt")
    assert (held(office), amounts(office)) == ([3], ["35.78"])


def test_a_button_takes_them_apart(office: Office) -> None:
    office.says("ana", "", files=long(0, 2))
    office.presses_token("ana", office.shown("ana")[-1].choices[0].token)
    assert held(office) == [1, 1]


def test_lines_are_named_that_belong_together(office: Office) -> None:
    office.says("ana", "", files=(taxi(), taxi(total="5.00", merchant="Bar"), taxi(total="7.00", merchant="Bar")))
    office.says("ana", "lines 2 and 3 are one receipt")
    assert held(office) == [1, 2]
    assert last(office).endswith("Line 2: Amount: €7.00 or €5.00?")


def test_what_was_corrected_stays_when_pages_are_joined(office: Office) -> None:
    office.says("ana", "", files=(taxi(total="5.00", merchant="Bar"), taxi(total="7.00", merchant="Bar")))
    office.says("ana", "it was with a client", meant=[("form.update", {"note": "with a client"})])
    office.says("ana", "they belong together")
    line = {each.name: each.value for each in office.card("ana").lines[0]}
    assert (held(office), line["note"]) == ([2], "with a client")


def test_a_caption_says_that_it_is_the_next_page_of_a_draft_before(office: Office) -> None:
    office.says("ana", "", files=(taxi(total="5.00", merchant="Bar"),))
    office.says("ana", "", files=(taxi(total="7.00", merchant="Bar"),))
    office.says("ana", "both are the same receipt")
    assert held(office) == [2]


def test_more_than_policy_allows_are_not_joined(office: Office) -> None:
    office.says("ana", "", files=tuple(taxi(total=f"{nth}.00", merchant="Bar", day=None) for nth in range(1, 12)))
    said = office.says("ana", "they are one receipt")
    assert "10 files at most" in (said.refusal or said.text)
    assert held(office) == [1] * 11


def test_a_page_of_a_receipt_that_was_sent_is_found_again(office: Office) -> None:
    office.says("ana", "", files=long(0, 1, 2))
    office.presses("ana", "submit")
    office.says("tom", "", files=(taxi(**{**LONG[2], "day": "2026-11-20", "category": "hardware", "copy": 2}),))
    assert any("is it the same?" in each for each in office.card("tom").objections)


def test_every_page_is_for_those_whom_the_request_concerns(office: Office) -> None:
    office.says("ana", "", files=long(0, 1, 2))
    office.presses("ana", "submit")
    pages: Sequence[str] = files_of({each.name: each.value for each in office.card("maria").fields}["receipt"])
    folder = office.app.home / "files"
    with office.store.looking() as session:
        office.app.furnish(session)
        people = {each.handle: each for each in session.query(Person)}
        for page in pages:
            for who in ("maria", "olga", "ana"):
                row, content = files.fetch(session, page, folder=folder, reader=people[who])
                assert (row.id, row.size) == (page, len(content))
            with pytest.raises(Refusal):
                files.fetch(session, page, folder=folder, reader=people["tom"])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("these are one receipt", ONE),
        ("no, they are one receipt", ONE),
        ("they belong together", ONE),
        ("es un solo recibo", ONE),
        ("são o mesmo recibo", ONE),
        ("c'est un seul reçu", ONE),
        ("das ist ein einziger Beleg", ONE),
        ("sono lo stesso scontrino", ONE),
        ("they're not separate receipts", ONE),
        ("they're separate", SEPARATE),
        ("these are two different receipts", SEPARATE),
        ("they don't belong together", SEPARATE),
        ("no son el mismo recibo", SEPARATE),
        ("das sind drei Belege", SEPARATE),
        ("ce sont deux reçus différents", SEPARATE),
        ("I lost one receipt last week", ""),
        ("is it one receipt?", ""),
        ("the taxi was 28 euros", ""),
    ],
)
def test_how_people_say_it(text: str, meant: str) -> None:
    assert said_of(text, alone=True) == meant


def test_lines_that_are_named() -> None:
    assert lines_in("lines 2 and 4 are one receipt") == [2, 4]
    assert lines_in("las líneas 2 a 4 son un recibo") == [2, 3, 4]
    assert lines_in("they are one receipt") == []
