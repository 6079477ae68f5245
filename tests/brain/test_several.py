"""Several things with a price each in one message are the lines of one request; what is said once is said of all."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.brain.port import Pending, Understood

YESTERDAY = "2026-09-15"


def lines(understood: Callable[..., Understood], text: str, **more: Any) -> tuple[str, list[dict[str, Any]]]:
    (found,) = understood(text, **more).intents
    return found.intent, found.args["lines"]


@pytest.mark.parametrize(
    "text",
    [
        "34 euros for a taxi and 12 euros for lunch yesterday",
        "yesterday I paid 34 for a taxi and 12 for lunch",
        "ayer pagué 34 de taxi y 12 de comida",
        "ontem gastei 34 euros em táxi e 12 no almoço",
        "j'ai payé 34 euros de taxi et 12 euros de déjeuner hier",
        "ich habe gestern 34 Euro fürs Taxi und 12 fürs Mittagessen bezahlt",
        "ho speso 34 euro di taxi e 12 di pranzo ieri",
    ],
)
def test_each_thing_is_a_line_and_the_day_is_that_of_all(understood: Callable[..., Understood], text: str) -> None:
    intent, found = lines(understood, text)
    told = [(each["amount"], each["category"], each["date"]) for each in found]
    assert (intent, told) == (
        "expense.submit",
        [("34", "transport", YESTERDAY), ("12", "meals", YESTERDAY)],
    )


@pytest.mark.parametrize(
    "text",
    [
        "2 monitors at 199 and a keyboard for 80",
        "necesito 2 monitores a 199 y un teclado por 80",
        "preciso de 2 monitores a 199 e um teclado por 80",
        "il me faut 2 écrans à 199 et un clavier pour 80 euros",
        "ich brauche 2 Monitore zu 199 und eine Tastatur für 80 Euro",
        "mi servono 2 monitor a 199 e una tastiera da 80",
    ],
)
def test_a_price_each_and_a_price_in_all(understood: Callable[..., Understood], text: str) -> None:
    intent, found = lines(understood, text)
    assert intent == "purchase.submit"
    assert (found[0]["quantity"], found[0]["unit_price"]) == (2, "199")
    assert (found[1]["quantity"], found[1]["total"]) == (1, "80")


def test_a_list_with_what_is_said_at_its_end(understood: Callable[..., Understood]) -> None:
    _, found = lines(understood, "taxi 18, hotel 240 and dinner 45, all on Monday with the company card")
    assert [(each["amount"], each["category"]) for each in found] == [
        ("18", "transport"),
        ("240", "lodging"),
        ("45", "meals"),
    ]
    assert {(each["date"], each["paid_by"]) for each in found} == {("2026-09-14", "company_card")}


def test_days_of_their_own_stay_their_own(understood: Callable[..., Understood]) -> None:
    _, found = lines(understood, "taxi 18 euros yesterday and lunch 14 euros today")
    assert [each["date"] for each in found] == ["2026-09-15", "2026-09-16"]


def test_what_has_no_price_yet_is_a_line_that_lacks_it(understood: Callable[..., Understood]) -> None:
    _, found = lines(understood, "order 2 monitors at 199 and a keyboard")
    assert "total" not in found[1]
    assert found[1]["item"] == "keyboard"


def test_what_is_said_once_of_a_purchase_stands_on_its_form(understood: Callable[..., Understood]) -> None:
    (found,) = understood("order 3 webcams at 60 euros each and 2 headsets at 90 each from Logitech by Friday").intents
    assert (found.args["vendor"], found.args["currency"], found.args["needed_by"]) == ("Logitech", "EUR", "2026-09-18")


def test_a_total_beside_its_parts_is_no_line(understood: Callable[..., Understood]) -> None:
    _, found = lines(understood, "expense: taxi 18 and lunch 12, 30 in total")
    assert [each["amount"] for each in found] == ["18", "12"]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("taxi 18 con 50 ayer", "amount", "18.5"),
        ("18 y 50 céntimos de taxi ayer", "amount", "18.5"),
        ("ho speso 12 euro e 50 ieri in taxi", "amount", "12.5"),
        ("taxi 12 euros and 20 cents yesterday", "amount", "12.2"),
        ("from 12 to 34 euros for lunch", "amount", "34"),
        ("order 2 keyboards at 199 each", "unit_price", "199"),
        ("taxi 20 euros, no wait, 22 euros yesterday", "amount", "22"),
        ("dinner with Hanna and Ivo 80 euros yesterday", "amount", "80"),
        ("I bought pens and paper for 15 euros yesterday", "amount", "15"),
        ("order a chair with a back and a headrest for 300 euros", "total", "300"),
    ],
)
def test_one_amount_stays_one(understood: Callable[..., Understood], text: str, name: str, value: str) -> None:
    (found,) = understood(text).intents
    assert "lines" not in found.args
    assert found.args[name] == value


def test_several_things_are_added_to_what_is_open(understood: Callable[..., Understood]) -> None:
    open_: dict[str, Any] = {"amount": "18", "currency": "EUR", "category": "transport", "date": "2026-09-15"}
    (found,) = understood("add lunch 12 and dinner 30", pending=Pending("expense.submit", open_, "confirm")).intents
    assert [each["amount"] for each in found.args["another"]] == ["12", "30"]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("Reiche 34,20 für Druckerpapier ein, vom 12.09.", {"amount": "34.20", "date": "2026-09-12"}),
        ("chaise à roulettes, 45 euros chez Meublex", {"total": "45"}),
    ],
)
def test_a_day_or_a_price_is_no_second_thing(understood: Callable[..., Understood], text: str, args: Any) -> None:
    said = understood(text).intents[0].args
    assert {name: said.get(name) for name in ("lines", *args)} == {"lines": None, **args}


def test_a_correction_adds_no_line(understood: Callable[..., Understood]) -> None:
    values = {"amount": "40", "currency": "EUR", "category": "transport", "date": "2026-09-14"}
    pending = Pending("expense.submit", values, awaiting="confirm")
    said = understood("perdón, no son 40, son 45", pending=pending).intents[0]
    assert (said.intent, said.args) == ("form.update", {"amount": "45"})
