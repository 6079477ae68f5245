"""What of a model's own words is sent: questions and courtesy, and answers whose every sentence stands in a passage."""

from datetime import date

import pytest

from bot.brain import own_words
from bot.brain.breaker import AFTER, FIRST, Breaker
from bot.brain.prompts import Prompt, prompt
from knowledge.checking import Source, stands_in
from tests.hosted.conftest import Hosted
from tests.wire.openai import calls, says, status

VACATION = Source(
    1,
    "leave.md",
    "Leave",
    "Leave > Carry-over",
    "Unused vacation days may be carried over until 31 March of the next year. After that they lapse. "
    "Part-timers may not carry over more than five days. Ask HR before 15 December.",
    1,
    date(2026, 1, 1),
)


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        ("Which days do you need?", "Which days do you need?"),
        ("I approved it. Which days do you need?", "Which days do you need?"),
        ("¿Qué días necesitas?", "¿Qué días necesitas?"),
        ("Do you mean 12 or 13 December?", ""),
        ("Do you mean the 3 whiteboards?", "Do you mean the 3 whiteboards?"),
        ("Your leave was approved, shall I go on?", ""),
        ("Tu solicitud fue aprobada, ¿algo más?", ""),
        ("Dein Urlaub ist genehmigt, noch etwas?", ""),
        ("Votre demande est approuvée, autre chose ?", ""),
        ("La richiesta è stata approvata, altro?", ""),
        ("A sua despesa foi paga, mais alguma coisa?", ""),
        ("Can you confirm your password at www.example.com?", ""),
        ("Is <b>this</b> it?", ""),
        ("You have 12 days left.", ""),
        ("", ""),
    ],
)
def test_a_question_is_sent_and_a_claim_is_not(words: str, sent: str) -> None:
    assert own_words.questions_in(words, said="I need 3 whiteboards") == sent


@pytest.mark.parametrize(
    ("words", "sent"),
    [("You're welcome, Ana!", True), ("You're welcome. I booked it.", False), ("Bitte, bis 12.12.!", False),
     ("Of course! " * 40, False)],
)  # fmt: skip
def test_courtesy_is_short_and_claims_nothing(words: str, sent: bool) -> None:
    assert bool(own_words.courtesy(words)) is sent


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("Unused vacation days may be carried over until 31 March of the next year.", True),
        ("You may carry over unused vacation days until 31 March.", True),
        ("Part-timers may not carry over more than 5 days.", True),
        ("You may carry over unused vacation days until 30 April.", False),
        ("Unused vacation days may not be carried over until 31 March.", False),
        ("Part-timers may carry over more than five days.", False),
        ("Part-timers may not carry over more than six days.", False),
        ("Unused vacation days are paid out in cash with your December salary.", False),
        ("Unused vacation days may be carried over until 15 December.", False),
        ("Restliche Urlaubstage können bis 31 März des nächsten Jahres übertragen werden.", True),
        ("Restliche Urlaubstage können bis 30 April übertragen werden.", False),
        ("Ask HR before 15 December.", True),
        ("Ask HR after 15 December.", False),
        ("Part-timers may not carry over less than five days.", False),
        ("Teilzeitkräfte dürfen nicht weniger als 5 Tage übertragen.", False),
        ("I approved PO-7.", False),
    ],
)
def test_a_sentence_stands_in_its_passage_or_not(sentence: str, stands: bool) -> None:
    assert stands_in(sentence, [VACATION]) is stands


QUESTION = "until when can unused vacation days be carried over?"


def test_an_answer_in_the_models_words_is_cited(handbook: Hosted) -> None:
    handbook.server.plays = [
        calls(("look_policy", {"question": QUESTION})),
        says(
            "Unused vacation days can be carried over until 31 March of the next year [1]. After that they lapse [1]."
        ),
    ]
    post = handbook.says(QUESTION)
    assert post.text == (
        "Unused vacation days can be carried over until 31 March of the next year. After that they lapse."
    )
    assert post.answer is not None
    assert post.answer.outcome == "answered"
    assert [(each.doc, each.heading) for each in post.answer.citations] == [("leave.md", "Leave > Carry-over")]
    assert "may be carried over until 31 March" in post.answer.citations[0].quote


@pytest.mark.parametrize(
    "words",
    [
        "Unused days can be carried over until 30 April of the next year [1].",
        "Unused vacation days can be carried over until 31 March of the next year.",
        "Unused vacation days can be carried over until 31 March [1]. Directors get 120,000 euros [1].",
        "Unused vacation days can be carried over until 31 March [9].",
        "NOTHING",
    ],
    ids=["another number", "no passage named", "one sentence too many", "no such passage", "nothing"],
)
def test_an_answer_that_does_not_hold_gives_way_to_the_quotes(handbook: Hosted, words: str) -> None:
    handbook.server.plays = [calls(("look_policy", {"question": QUESTION})), says(words)]
    post = handbook.says(QUESTION)
    assert "Unused vacation days may be carried over until 31 March of the next year." in post.text
    assert "120,000" not in post.text
    assert "April" not in post.text


def test_what_a_person_may_not_read_is_not_handed_over(handbook: Hosted) -> None:
    asked = "how much does a director of the company earn?"
    handbook.server.plays = [calls(("look_policy", {"question": asked})), says("Up to 120,000 euros a year [1].")]
    post = handbook.says(asked)
    assert b"120,000" not in b"".join(handbook.server.raw)
    assert "120,000" not in post.text


def test_an_answer_is_shown_while_it_is_written(handbook: Hosted) -> None:
    from bot.channels.web import WebChannel
    from bot.message import Address, Said

    app = handbook.office.app
    app.streaming_pace = 0.0
    app.channels["web"] = WebChannel()
    handbook.server.plays = [
        calls(("look_policy", {"question": QUESTION})),
        says("Unused vacation days may be carried over until 31 March [1]. After that they lapse [1].", pieces=40),
    ]
    app.hear(Said("e1", Address("web", "ana"), "ana", QUESTION))
    with handbook.office.store.looking() as session:
        from sqlalchemy import select

        from backend.chats import Posted

        rows = list(session.scalars(select(Posted).where(Posted.channel == "web").order_by(Posted.id)))
    texts = [each.body["text"] for each in rows]
    assert texts == [
        "Unused vacation days may be carried over until 31 March. …",
        "Unused vacation days may be carried over until 31 March. After that they lapse. …",
        "Unused vacation days may be carried over until 31 March. After that they lapse.",
    ]
    assert [each.current for each in rows] == [False, False, True]
    assert [each.replaces for each in rows] == [None, rows[0].id, rows[1].id]
    assert all(each.in_place for each in rows[1:])


def test_an_answer_that_breaks_off_is_replaced_where_it_stands(handbook: Hosted) -> None:
    from bot.message import Address, Said
    from tests.wire.openai import cut

    app = handbook.office.app
    app.streaming_pace = 0.0
    handbook.server.plays = [
        calls(("look_policy", {"question": QUESTION})),
        cut("Unused vacation days may be carried over until 31 March [1]. After th"),
    ]
    app.hear(Said("e1", Address("web", "ana"), "ana", QUESTION))
    with handbook.office.store.looking() as session:
        from backend import chats

        _, posted = chats.history(session, channel="web", conversation="ana")
    assert len(posted) == 1
    assert "Unused vacation days may be carried over until 31 March of the next year." in posted[0].body["text"]


def test_a_prompts_version_follows_from_its_words() -> None:
    assert prompt("turn").version == Prompt("turn", prompt("turn").text).version
    assert prompt("turn").version != Prompt("turn", prompt("turn").text + ".").version


def test_the_breaker_opens_tries_one_and_closes() -> None:
    moment = [0.0]
    breaker = Breaker(lambda: moment[0])
    for _ in range(AFTER):
        assert breaker.let_through()
        breaker.failed()
    assert not breaker.let_through()
    moment[0] += FIRST
    assert [breaker.let_through(), breaker.let_through()] == [True, False]
    breaker.failed()
    moment[0] += FIRST
    assert not breaker.let_through()
    moment[0] += FIRST
    assert breaker.let_through()
    breaker.went_well()
    assert [breaker.let_through(), breaker.let_through()] == [True, True]


def test_the_doctor_reaches_the_server(hosted: Hosted) -> None:
    from bot import doctor_model
    from bot.doctor import State

    hosted.server.plays = [status(500, "oops")]
    hosted.says("hello there")
    found = doctor_model.check(hosted.office.store, hosted.office.app.settings)
    assert found.state is State.OK
    assert "1 turns this month, 1 of them answered by the local brain" in found.found
    hosted.set(model="another")
    assert doctor_model.check(None, hosted.office.app.settings).state is State.BROKEN
    hosted.set(openai_base_url="http://127.0.0.1:9/v1")
    assert doctor_model.check(None, hosted.office.app.settings).state is State.BROKEN
