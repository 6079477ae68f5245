"""Every text that is shown in chat is translated, and no catalog holds a text that nobody is shown."""

import ast
import json
from string import Formatter

import pytest

from backend.words import LANGUAGES, originals
from tests.rules.sources import ROOT, Source
from tests.rules.spoken import in_source, spoken

CATALOGS = [language for language in LANGUAGES if language != "en"]


def catalog(language: str) -> dict[str, str]:
    """The translations of a language, as they stand in its file."""
    return json.loads((ROOT / "backend" / "languages" / f"{language}.json").read_text(encoding="utf-8"))


def names(text: str) -> list[str]:
    """The {names} in a text, sorted; an unnamed or half-open brace is a ValueError or an empty name."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def end(text: str) -> str:
    """What a text ends with, if it is the end of a sentence."""
    return text[-1] if text[-1] in ".?:" else ""


@pytest.mark.parametrize("language", CATALOGS)
def test_every_text_is_translated(language: str) -> None:
    held = catalog(language)
    assert [f"{where}: {text}" for text, where in spoken().items() if text not in held] == []


@pytest.mark.parametrize("language", CATALOGS)
def test_no_translation_is_left_over(language: str) -> None:
    assert sorted(catalog(language).keys() - spoken().keys()) == []


@pytest.mark.parametrize("language", CATALOGS)
def test_a_translation_has_the_names_of_its_text(language: str) -> None:
    assert [text for text, said in catalog(language).items() if names(text) != names(said)] == []


@pytest.mark.parametrize("language", CATALOGS)
def test_no_translation_is_empty(language: str) -> None:
    assert [text for text, said in catalog(language).items() if not said.strip() or said != said.strip()] == []


@pytest.mark.parametrize("language", CATALOGS)
def test_a_translation_ends_as_its_text_does(language: str) -> None:
    assert [text for text, said in catalog(language).items() if end(text) != end(said)] == []


@pytest.mark.parametrize("language", CATALOGS)
def test_a_catalog_is_sorted(language: str) -> None:
    assert list(catalog(language)) == sorted(catalog(language))


def test_no_file_is_a_language_that_nobody_is_spoken_to_in() -> None:
    assert sorted(path.stem for path in (ROOT / "backend" / "languages").iterdir()) == sorted(CATALOGS)


def test_texts_are_found_wherever_they_stand() -> None:
    source = """
SAID = {"a": "Said by name"}
PAIRS = {"b": ("verb", "Last of a pair")}
def told(language, person, n):
    text = "Held in a name" if n else "Or in the other branch"
    say(language, text)
    say(person.language, SAID["a"])
    verb, label = PAIRS["b"]
    say(language, label)
    say("en", "For whoever typed a command.")
    raise Refusal("Raised to a person", n=n)
def noted(log):
    log.info("only logged")
    return {"field": "A sentence in a table."}
"""
    found = {text for text, _ in in_source(Source("bot/told.py", ast.parse(source)))}
    assert found == {
        "Held in a name",
        "Or in the other branch",
        "Said by name",
        "Last of a pair",
        "Raised to a person",
        "A sentence in a table.",
    }


def test_every_translation_can_be_found_again() -> None:
    assert originals("there is no such label") == []
    assert "Send to {who}".format(who="Ana") in originals("Enviar a Ana")
