"""Everybody is spoken to in their own language, or in the one they write in."""

from datetime import date
from decimal import Decimal

import pytest

from backend import people
from backend.words import Either, Money, Span, originals, say
from bot.channels.script import _button  # pyright: ignore[reportPrivateUsage]
from tests.office import Office

THURSDAY = {"start": "2026-11-26", "end": "2026-11-26"}
VACATION = [("time_off.submit", {"leave_type": "vacation", **THURSDAY})]


def speaks(office: Office, who: str, language: str) -> None:
    with office.store.writing() as session:
        people.find(session, who).language = language


def test_each_is_spoken_to_in_their_own_language(office: Office) -> None:
    speaks(office, "ana", "es")
    asked = office.says("ana", "jueves", meant=[("time_off.submit", THURSDAY)])
    assert asked.text == "¿Qué tipo de ausencia es?"
    assert asked.card is not None
    assert asked.card.title == "Ausencia"
    assert {"Vacaciones", "Cambiar", "Descartar"} <= {each.label for each in asked.card.buttons}
    whole = office.presses("ana", "Vacaciones")
    assert whole.text == "Vacaciones, jue 26 nov 2026. ¿Lo envío?"
    assert whole.card is not None
    assert [(each.title, each.shown) for each in whole.card.fields][:2] == [
        ("Tipo de ausencia", "Vacaciones"),
        ("Primer día", "jue 26 nov 2026"),
    ]
    assert ("Saldo después", "19 días") in whole.card.facts
    assert [each.why for each in whole.card.route] == ["responsable"]
    office.presses("ana", "Enviar a Maria Silva")
    asks = office.shown("maria")[-1]
    assert asks.text == "Ana Costa asks: Vacation, Thu 26 Nov 2026."
    assert [each.label for each in office.card("maria").buttons] == [
        "Approve",
        "Reject",
        "Ask a question",
        "Remind me later",
    ]
    office.presses("maria", "Approve", on="TO-1")
    told = office.shown("ana")[-1].text
    assert told.startswith("Maria Silva ha aprobado TO-1: Vacaciones, jue 26 nov 2026.")
    assert told.endswith("Aún tienes 19 días (Vacaciones).")


def test_a_refusal_is_said_in_the_readers_language(office: Office) -> None:
    speaks(office, "maria", "fr")
    office.says("ana", "vacation", meant=VACATION)
    office.presses("ana", "submit")
    office.presses("maria", "approve", on="TO-1")
    refused = office.says("maria", "approve 1", meant=[("approval.approve", {"request_ids": [1]})])
    assert refused.refusal == "TO-1 a déjà été approuvée par Maria Silva."


def test_days_and_money_are_written_as_germans_do(office: Office) -> None:
    speaks(office, "tom", "de")
    spent = {"amount": "1234.50", "category": "transport", "date": "2026-11-23"}
    drafted = office.says("tom", "Bahn", meant=[("expense.submit", spent)])
    assert drafted.text == "Fahrtkosten, 1.234,50\u00a0€. Soll ich es senden?"
    assert drafted.card is not None
    assert ("Datum", "Mo. 23 Nov. 2026") in [(each.title, each.shown) for each in drafted.card.fields]


def test_who_writes_german_is_answered_in_german_and_the_others_are_not(office: Office) -> None:
    asked = office.says("ana", "Ich brauche am Donnerstag bitte einen Tag frei", meant=[("time_off.submit", THURSDAY)])
    assert asked.text == "Welche Art von Abwesenheit ist es?"
    still = office.says("ana", "Urlaub", meant=[("form.update", {"leave_type": "vacation"})])
    assert still.text == "Urlaub, Do. 26 Nov. 2026. Soll ich es senden?"
    assert office.says("ana", "ja").text.startswith("Gesendet. TO-1 wartet auf Maria Silva")
    assert office.card("ana").title == "Abwesenheit"
    assert office.shown("maria")[-1].text == "Ana Costa asks: Vacation, Thu 26 Nov 2026."
    with office.store.looking() as session:
        assert people.find(session, "ana").language == "en"
    assert office.says("ana", "could you show me what my requests are", meant=[("request.status", {})]).text.endswith(
        "waits for Maria Silva."
    )


@pytest.mark.parametrize("text", ["uber 23,40 last night", "Vacation", "taxi Madrid Lisboa 20", "ok", "Danke!"])
def test_a_message_that_is_in_no_other_language_for_sure_changes_nothing(office: Office, text: str) -> None:
    assert office.says("ana", text, meant=[("approvals.list", {})]).text == "Nothing waits for you."


def test_english_labels_find_the_buttons_of_a_card_in_another_language(office: Office) -> None:
    speaks(office, "ana", "it")
    drafted = office.says("ana", "ferie", meant=VACATION)
    assert drafted.card is not None
    assert _button(drafted.card, "Send to Maria").label == "Invia a Maria Silva"
    assert _button(drafted.card, "scarta").verb == "discard"
    assert "Change" in originals("Modifica")


def test_values_are_written_in_the_language_of_the_sentence() -> None:
    assert say("pt", "{days}", days=Money(Decimal("1234.5"), "EUR")) == "1\u00a0234,50\u00a0€"
    assert Either(("Ana", "Tom", "Olga")).said_in("de") == "Ana, Tom oder Olga"
    assert Either(()).said_in("fr") == "personne"
    week = Span(date(2026, 12, 21), date(2026, 12, 23))
    assert week.said_in("fr") == "lun. 21 déc. au mer. 23 déc. 2026"


def test_a_conversation_goes_on_in_the_language_that_it_was_last_in(office: Office) -> None:
    office.says("ana", "I would like to have Thursday off", meant=VACATION)
    office.says(
        "ana", "no, mejor el viernes que viene", meant=[("form.update", {"start": "2026-11-27", "end": "2026-11-27"})]
    )
    between = office.says("ana", "¿cuántos días de vacaciones me quedan?", meant=[("time_off.balance", {})])
    assert between.text.startswith("Vacaciones: te quedan")
    assert office.shown("ana")[-1].text.startswith("Volvamos a lo de antes. Vacaciones, vie 27 nov")
    assert office.says("ana", "sí").text.startswith("Enviado. TO-1 espera la decisión de Maria Silva")
