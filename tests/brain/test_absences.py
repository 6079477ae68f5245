"""Absences in the plural are everybody's, and are asked about; one absence is one's own, and is proposed."""

from collections.abc import Callable

import pytest

from bot.brain.port import Understood


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("absences between dec 21 and dec 31", "who_is_out"),
        ("people away 3 to 7 may", "who_is_out"),
        ("Abwesenheiten vom 21. bis 31. Dezember", "who_is_out"),
        ("les absences de la semaine prochaine", "who_is_out"),
        ("assenze dal 21 al 31 dicembre", "who_is_out"),
        ("ausencias del 21 al 31 de diciembre", "who_is_out"),
        ("absence from dec 21 to dec 23", "time_off.submit"),
        ("book absences for 3 and 4 may", "time_off.submit"),
        ("ausência de 21 a 23 de dezembro", "time_off.submit"),
        ("hello, I'd like to take some time off", "time_off.submit"),
    ],
)
def test_whose_they_are(understood: Callable[..., Understood], text: str, intent: str) -> None:
    assert [each.intent for each in understood(text).intents] == [intent]
