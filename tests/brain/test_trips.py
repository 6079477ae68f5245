"""What is said of a trip that is paid by the day: its days, nights and meals, and the country of its city."""

from collections.abc import Callable

import pytest

from bot.brain.port import Pending, Understood


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "per diem for Lisbon from 7 to 9 September, 2 nights, breakfast included",
            {"country": "PT", "city": "Lisbon", "nights": 2, "breakfasts": 2},
        ),
        ("dietas del 7 al 9 de septiembre en Alemania, desayuno incluido", {"country": "DE", "breakfasts": 2}),
        (
            "ajudas de custo de 7 a 9 de setembro em Lisboa, 2 jantares",
            {"country": "PT", "city": "Lisboa", "dinners": 2},
        ),
        (
            "indemnité journalière du 7 au 9 septembre à Vienne, petit déjeuner et dîner compris",
            {"country": "AT", "city": "Vienne", "breakfasts": 2, "dinners": 2},
        ),
        (
            "Tagegeld für Lissabon vom 7. bis 9. September, Halbpension",
            {"country": "PT", "breakfasts": 2, "dinners": 2},
        ),
        ("diaria dal 7 al 9 settembre in Portogallo, mezza pensione", {"country": "PT", "breakfasts": 2, "dinners": 2}),
    ],
)
def test_a_trip_in_one_message(understood: Callable[..., Understood], text: str, told: dict[str, object]) -> None:
    (found,) = understood(text).intents
    days = {"start": "2026-09-07", "end": "2026-09-09", "date": "2026-09-07", "category": "per_diem"}
    assert (found.intent, {**days, **told}.items() - found.args.items()) == ("expense.submit", set())


def test_weekdays_are_those_of_a_trip_that_is_over(understood: Callable[..., Understood]) -> None:
    (found,) = understood("per diem for Berlin from Monday to Thursday, breakfast not included").intents
    assert (found.args["start"], found.args["end"]) == ("2026-09-07", "2026-09-10")
    assert "breakfasts" not in found.args


def test_nights_say_when_it_ended(understood: Callable[..., Understood]) -> None:
    (found,) = understood("per diem London, 2 nights from 7 September").intents
    assert (found.args["start"], found.args["end"]) == ("2026-09-07", "2026-09-09")


def test_the_country_of_an_unknown_city_is_left_open_and_read_when_it_is_said(
    understood: Callable[..., Understood],
) -> None:
    (found,) = understood("per diem for Melgaço from 7 to 9 September").intents
    assert found.args["city"] == "Melgaço"
    assert "country" not in found.args
    (told,) = understood("Portugal", pending=Pending("expense.submit", found.args, "country")).intents
    assert told.args["country"] == "PT"


def test_what_a_per_diem_is_stays_a_question(understood: Callable[..., Understood]) -> None:
    assert understood("what's the per diem in Germany from March?").intents[0].intent == "policy.ask"
