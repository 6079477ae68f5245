"""Yes, no, forget it, thanks: messages that are acts; and request numbers; and cleaning."""

import pytest

from bot.brain.acts import Act, act_of, opening, refs_in
from bot.brain.clean import LONGEST, clean, fold
from bot.brain.hearing import hear
from bot.brain.supposing import no_longer
from tests.brain.conftest import turn


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Yes!", Act.YES),
        ("yep, send it please", Act.YES),
        ("ok go ahead", Act.YES),
        ("Sí, envíalo", Act.YES),
        ("sim, pode enviar", Act.YES),
        ("oui, vas-y", Act.YES),
        ("ja, abschicken", Act.YES),
        ("sì, invia", Act.YES),
        ("no", Act.NO),
        ("nope", Act.NO),
        ("não", Act.NO),
        ("nein danke", Act.NO),
        ("non merci", Act.NO),
        ("forget it", Act.CANCEL),
        ("no, forget about it", Act.CANCEL),
        ("olvídalo", Act.CANCEL),
        ("esquece", Act.CANCEL),
        ("laisse tomber", Act.CANCEL),
        ("vergiss es", Act.CANCEL),
        ("lascia perdere", Act.CANCEL),
        ("looks good", Act.GOOD),
        ("perfecto", Act.GOOD),
        ("sieht gut aus", Act.GOOD),
        ("thanks a lot!", Act.THANKS),
        ("grazie mille", Act.THANKS),
        ("hey there", Act.HELLO),
        ("bom dia!", Act.HELLO),
        ("help", Act.HELP),
        ("whatever", Act.NONE),
        ("no rush", Act.NONE),
    ],
)
def test_an_act(text: str, act: Act) -> None:
    assert act_of(clean(text).folded) is act


@pytest.mark.parametrize(
    "text",
    [
        "yes but make it three",
        "no idea who approves this, do you?",
        "send it to Paris",
        "cancel my leave in May",
        "thanks, and who is out today?",
        "order a good chair",
        "ok what about friday",
    ],
)
def test_what_says_more_is_no_act(text: str) -> None:
    assert act_of(clean(text).folded) is None


def test_a_thumb_alone_is_a_yes() -> None:
    thumb = clean(":+1:")
    assert act_of(thumb.folded, thumbs=thumb.thumbs) is Act.YES


def test_an_opening_is_told_from_what_follows() -> None:
    text = "no, make it thursday"
    act, begin = opening(text)
    assert (act, text[begin:]) == (Act.NO, "make it thursday")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("TO-12", [12]),
        ("#7 and #9", [7, 9]),
        ("request 31", [31]),
        ("requests 31, 32 and 33", [31, 32, 33]),
        ("solicitud nº 8", [8]),
        ("XX-12", []),
        ("request 3 monitors", []),
        ("24 december", []),
    ],
)
def test_request_numbers(text: str, numbers: list[int]) -> None:
    found = refs_in(clean(text).folded, prefixes=frozenset({"TO", "PR"}))
    assert [each.number for each in found if each.sure or len(numbers) > 1] == numbers


def test_markup_and_invisible_characters_go() -> None:
    cleaned = clean("Hi\u200b <@U04X> *please* see <https://example.org/a|the list> :wave: &amp; go\u202e!")
    assert cleaned.text == "Hi @U04X please see the list & go!"
    assert len(cleaned.text) == len(cleaned.folded)


def test_a_long_paste_is_cut() -> None:
    assert len(clean("word " * 50_000).text) <= LONGEST


def test_thumbs_up_and_down_at_once_say_nothing() -> None:
    assert [clean(each).thumbs for each in ("👍", "👎", ":+1:", ":-1:", "👍👎", ":+1: 👎")] == [1, -1, 1, -1, 0, 0]


@pytest.mark.parametrize(
    "text",
    [
        "finalement non, annule",
        "afinal não, cancela",
        "anzi no, lascia stare",
        "on second thought, forget it",
        "pensándolo bien, déjalo",
    ],
)
def test_a_change_of_mind_gives_it_up(text: str) -> None:
    assert act_of(fold(text)) is Act.CANCEL


def test_a_day_of_the_week_is_no_leave() -> None:
    assert no_longer(hear(turn("den Monitor brauche ich am Freitag nicht mehr"))) is None
    given_up = no_longer(hear(turn("den freien Freitag brauche ich nicht mehr")))
    assert given_up is not None
    assert given_up.intent == "time_off.cancel"
