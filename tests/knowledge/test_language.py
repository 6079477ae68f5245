"""Which language a text is in is told by its common words; one that we do not speak is no English."""

import pytest

from backend.store import Store
from knowledge.asking import Asked, asked
from knowledge.citing import answer
from knowledge.index import Index
from knowledge.language import common, language_of
from knowledge.publishing import publish_all
from tests.knowledge.conftest import doc, reader

SAID = {
    "Wanneer wordt de was opgehaald?": "nl",
    "Mag ik mijn fiets binnen zetten?": "nl",
    "Hvor mange nøkler har vi?": "no",
    "Kan jeg ta med sykkelen inn?": "no",
    "Ile mam kluczy do biura?": "pl",
    "Wie viele Schlüssel habe ich?": "de",
    "wer hat die Schlüssel": "de",
    "¿cuántas llaves tengo?": "es",
    "quantas chaves tenho?": "pt",
    "combien de clés ai-je ?": "fr",
    "quante chiavi ho?": "it",
    "how many keys do I have": "en",
    "keys": "en",
}


@pytest.mark.parametrize("text", SAID)
def test_a_language_is_told_by_its_common_words(text: str) -> None:
    assert language_of(text) == SAID[text]


def test_words_that_tell_what_is_asked_are_not_common_ones() -> None:
    assert "hoeveel" in common("nl")
    assert "ferie" not in common("no")


def test_questions_in_other_languages_ask_for_something() -> None:
    assert asked("Hoeveel sleutels heb ik?") == {Asked.AMOUNT}
    assert asked("Hvem har nøklene?") == {Asked.WHO}
    assert asked("Kan jeg ta med sykkelen inn?") == {Asked.YES_NO}


BICYCLES = """# Fietsen

## Stalling

Je mag je fiets in de kelder zetten. De kelder is open van 7.00 tot 20.00 uur.

## Sleutel

Een sleutel van de kelder krijg je bij de receptie.
"""


def test_a_handbook_in_a_language_we_do_not_speak_is_quoted_and_the_rest_said_in_the_readers(
    store: Store, index: Index
) -> None:
    publish_all(store, [doc(BICYCLES, "fietsen.md")], by=None)
    found = answer(store, index, "Mag ik mijn fiets in de kelder zetten?", reader())
    assert found.outcome == "answered"
    assert found.text.startswith("Je mag je fiets in de kelder zetten.")
    nothing = answer(store, index, "Hoeveel bedraagt de huur van een auto?", reader())
    assert nothing.outcome == "not_found"
    assert nothing.text == "The handbook does not say that. HR can tell you."
