"""Answers quote what stands written, or say that it does not."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from backend.people import Place
from backend.store import Store
from knowledge import choosing, coming, places
from knowledge.asking import Asked, asked, could_answer, done, without_rule
from knowledge.citing import answer
from knowledge.days import days_in
from knowledge.index import Index
from knowledge.library import Gap, Passage
from knowledge.publishing import publish_all
from knowledge.search import allowed as allowed_
from knowledge.sentences import sentences
from knowledge.values import wanted
from knowledge.weighing import Weighed
from knowledge.words import by_words, content_words, plainly, synonyms
from tests.knowledge.conftest import LEAVE, doc, found, reader

ASKED = {
    "how many days of vacation do we have?": ("Leave > Vacation", "23 days"),
    "until when can I carry over unused vacation days?": ("Leave > Carry-over", "31 March"),
    "how much is paid for meals on a business trip?": ("Expenses > Meals", "45 euros"),
    "by when do I have to send receipts?": ("Expenses > Receipts", "30 days"),
}


@pytest.mark.parametrize("question", ASKED)
def test_an_answer_quotes_its_passage(handbook: Store, index: Index, question: str) -> None:
    heading, fact = ASKED[question]
    finding = answer(handbook, index, question, reader())
    assert finding.outcome == "answered"
    assert fact in finding.text
    assert finding.citations[0].heading == heading
    assert len(finding.text.split()) <= 120
    with handbook.looking() as session:
        for cited in finding.citations:
            body = " ".join(session.get_one(Passage, cited.passage).body.split())
            assert all(" ".join(piece.split()) in body for piece in cited.quote.split(" … "))
            assert cited.version == 1
            assert isinstance(cited.effective, date)


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("Do we have a parental leave policy?", "parental leave"),
        ("What are the rules on overtime?", "overtime"),
        ("¿Tenemos una política de permiso parental?", "permiso parental"),
        ("Temos regras sobre ajudas de custo?", "ajudas de custo"),
        ("Avons-nous une politique de congé parental ?", "congé parental"),
        ("Gibt es eine Regelung zur Elternzeit?", "Elternzeit"),
        ("Ci sono regole per i regali?", "i regali"),
        ("how many days of vacation do we have?", "how many days of vacation do we have?"),
    ],
)
def test_what_a_rule_is_asked_for(question: str, thing: str) -> None:
    assert without_rule(question) == thing


@pytest.mark.parametrize("question", ["Do we have a vacation policy?", "Gibt es eine Regelung zum Urlaub?"])
def test_who_asks_whether_there_is_a_rule_is_told_the_rule(handbook: Store, index: Index, question: str) -> None:
    finding = answer(handbook, index, question, reader())
    assert finding.outcome == "answered"
    assert "Leave > Vacation" in {each.heading for each in finding.citations}


@pytest.mark.parametrize("question", ["How long is it in Germany?", "¿Cuánto dura en Alemania?"])
def test_a_country_is_the_place_of_the_company_that_lies_in_it(handbook: Store, question: str) -> None:
    with handbook.writing() as session:
        session.add(Place(name="Berlin", country="DE", region=None, timezone="Europe/Berlin"))
    with handbook.looking() as session:
        assert "Berlin" in places.by_office(session, question)


@pytest.mark.parametrize(
    "question", ["what is the weather tomorrow?", "who won the world cup", "write a poem about python"]
)
def test_what_is_not_written_is_said_and_kept(handbook: Store, index: Index, question: str) -> None:
    finding = answer(handbook, index, question, reader())
    assert finding.outcome == "not_found"
    assert finding.citations == ()
    assert finding.text == "The handbook does not say that. HR can tell you."
    with handbook.looking() as session:
        assert session.scalars(select(Gap.question)).all() == [question]


NEAR_MISSES = [
    "how much is paid for driving my own car on a business trip?",
    "how many days of paid vacation do we have in Tokyo?",
    "what is the name of the director?",
    "¿quién paga el aparcamiento del aeropuerto?",
]


@pytest.mark.parametrize("question", NEAR_MISSES)
def test_what_is_spoken_of_without_what_is_asked_is_no_answer(handbook: Store, index: Index, question: str) -> None:
    assert answer(handbook, index, question, reader("finance"), keep_gap=False).outcome != "answered"


BONUS = "# Bonus\n\n## Committee\n\nThe bonus of the executive committee is 77,777 euros a year.\n"
PLAIN = "# Bonus\n\n## Committee\n\nThe executive committee has no bonus of its own any more.\n"


@pytest.mark.parametrize(
    ("since", "question"),
    [
        ("2026-11-01", "what was the bonus of the executive committee in March?"),
        ("2027-02-01", "what is the bonus of the executive committee?"),
    ],
)
def test_what_was_for_some_stays_theirs_when_a_later_version_is_for_all(
    handbook: Store, index: Index, since: str, question: str
) -> None:
    publish_all(handbook, [doc(f"---\naudience: hr\neffective: 2026-01-01\n---\n{BONUS}", "bonus.md")], by=None)
    publish_all(handbook, [doc(f"---\neffective: {since}\n---\n{PLAIN}", "bonus.md")], by=None)
    assert "77,777" in answer(handbook, index, question, reader("hr"), keep_gap=False).text
    for shown in (
        answer(handbook, index, question, reader(), keep_gap=False),
        answer(handbook, index, question, reader("finance"), keep_gap=False),
    ):
        assert "77,777" not in shown.text
        assert all("77,777" not in each.quote for each in shown.citations)


def test_who_a_document_is_for_is_changed_without_changing_its_text(handbook: Store, index: Index) -> None:
    question = "what is the bonus of the executive committee?"
    publish_all(handbook, [doc(f"---\naudience: hr\n---\n{BONUS}", "bonus.md")], by=None)
    assert "77,777" not in answer(handbook, index, question, reader(), keep_gap=False).text
    publish_all(handbook, [doc(f"---\naudience: everybody\n---\n{BONUS}", "bonus.md")], by=None)
    assert "77,777" in answer(handbook, index, question, reader(), keep_gap=False).text


def test_what_comes_near_is_quoted_with_where_it_stands(handbook: Store, index: Index) -> None:
    finding = answer(handbook, index, "what about breakfast", reader(), keep_gap=False)
    assert finding.outcome == "closest"
    first, where, said = finding.text.split("\n")
    assert first == "I did not find just that in the handbook. HR can tell you. This comes nearest:"
    assert finding.words == first
    assert where == "Expenses › Meals:"
    assert said.rstrip(" …") in finding.citations[0].quote


TRAVEL = """# Travel

## Before a trip

Trips are planned with care. Everybody likes a good trip.

To book a trip:

- Ask your manager.
- Write to the travel desk.

## Hotels

What a hotel may cost:

| city | limit a night | breakfast |
|---|---|---|
| Berlin | 140 euros | included |
| Paris | 190 euros | |
"""


def test_an_answer_is_short_with_rows_and_items_as_people_read_them(store: Store, index: Index) -> None:
    publish_all(store, [doc(TRAVEL, "travel.md")], by=None)
    row = answer(store, index, "what may a hotel in paris cost a night?", reader()).text
    steps = answer(store, index, "how do I book a trip?", reader()).text
    assert row.startswith("Paris: limit a night: 190 euros")
    assert "To book a trip:\n• Ask your manager.\n• Write to the travel desk." in steps
    assert " | " not in row + steps


NOTES = """# Sickness

## Doctor's notes

| place | a doctor's note is needed |
|---|---|
| Madrid | from the third day |
| Berlin | from the fourth day |

## Lost or broken

- **Broken:** write to the help desk.
- **Lost or stolen: call IT at once** about your laptop. It is wiped. Report a theft to the police.
"""


def test_rows_for_those_who_work_elsewhere_are_left_out(store: Store, index: Index) -> None:
    publish_all(store, [doc(NOTES, "sick.md")], by=None)
    with store.writing() as session:
        session.add_all(Place(name=each, country="ES", timezone="Europe/Madrid") for each in ("Madrid", "Berlin"))
    there = replace(reader(), places=frozenset({"berlin", "de"}))
    told = answer(store, index, "when do I need a doctor's note?", there).text
    assert "fourth day" in told
    assert "Madrid" not in told
    assert "Madrid" in answer(store, index, "when do I need a doctor's note in Madrid?", there).text


def test_an_item_is_told_from_its_beginning_and_not_with_those_for_something_else(store: Store, index: Index) -> None:
    publish_all(store, [doc(NOTES, "sick.md")], by=None)
    told = answer(store, index, "what do I do if I lose my laptop?", reader()).text
    assert told.startswith("Lost or stolen: call IT at once about your laptop.")
    assert "help desk" not in told


WANTED = [
    ("how long can care leave last at most?", "You can request care leave for a sick parent.", False),
    ("how long can care leave last at most?", "Care leave lasts six weeks at most.", True),
    ("how many characters does the password need?", "The password opens the vault in 2 ways.", False),
    ("how many characters does the password need?", "It has at least 14 characters.", True),
    ("how much training budget do we get a year?", "We like the 2nd day of training.", False),
    ("what do we get per kilometre for our own car?", "Own cars are paid €0.26.", True),
    ("what time do I have to be there?", "Everybody is there by 10:30.", True),
    ("what time do I have to be there?", "Everybody is there with 3 others.", False),
]


@pytest.mark.parametrize(("question", "text", "held"), WANTED)
def test_the_sort_of_value_that_is_asked_for_is_told_in_a_text(question: str, text: str, held: bool) -> None:
    sort = wanted(question)
    assert sort is not None
    assert sort.held(text) is held


def test_a_question_for_no_value_wants_none() -> None:
    assert [wanted(each) for each in ("who approves my leave?", "may I fly business class?")] == [None, None]


def test_an_answer_shows_nothing_of_what_one_may_not_read(handbook: Store, index: Index) -> None:
    question = "how much does a director of the company earn a year?"
    assert "90,000" in answer(handbook, index, question, reader("finance")).text
    finding = answer(handbook, index, question, reader("hr"))
    assert "90,000" not in finding.text
    assert "pay.md" not in {each.doc for each in finding.citations} | {each for each, _ in finding.retrieved}


def test_what_is_written_for_one_place_does_not_answer_for_another(store: Store, index: Index) -> None:
    text = "# Hotels\n\n## Limits\n\nA hotel in Berlin may cost up to 140 euros a night.\n"
    publish_all(store, [doc(text, "hotels.md")], by=None)
    here = answer(store, index, "what may a hotel in berlin cost a night?", reader())
    there = answer(store, index, "what may a hotel in tokyo cost a night?", reader())
    assert here.outcome == "answered"
    assert "140 euros" in here.text
    assert there.outcome != "answered"
    assert there.confidence < here.confidence


def test_an_empty_handbook_says_nothing(store: Store, index: Index) -> None:
    assert answer(store, index, "how much vacation?", reader()).outcome == "not_found"


ODD = [
    "",
    "   ",
    '"',
    'vacation" OR "x',
    "vacation*",
    "-vacation NOT meals",
    "NEAR(vacation meals, 2)",
    "heading: vacation AND (",
    "^vacation + 'days' ; DROP TABLE passages --",
    "vacation & meals | !receipts <-> days:*",
    "\\ % _ \x01 \u202e 💶 vacation",
    "vacation " * 880,
    "x" * 8000,
]


def test_no_question_breaks_the_search(handbook: Store, index: Index) -> None:
    for question in ODD:
        finding = answer(handbook, index, question, reader(), keep_gap=False)
        assert finding.outcome in ("answered", "closest", "not_found")
        assert len(found(handbook, index, question, reader())) <= 4


def test_words_find_what_shares_them_and_their_synonyms(handbook: Store, index: Index) -> None:
    with handbook.looking() as session:
        may = allowed_(session, index, reader())
        bodies = {
            question: [session.get_one(Passage, each).heading for each in by_words(session, index, question, may, k=10)]
            for question in ("receipts", "beer", "bananas")
        }
    assert bodies["receipts"][0] == "Expenses > Receipts"
    assert bodies["beer"] == ["Expenses > Meals"]
    assert bodies["bananas"] == []


def test_words_that_tell_nothing_are_left_out() -> None:
    assert content_words("What's the mileage I'd get, if I drive my own car?") == ["mileage", "drive", "car"]


VACATION = [
    "¿cuántos días de vacaciones tengo?",
    "quantos dias de férias tenho?",
    "combien de jours de vacances ai-je ?",
    "quanti giorni di ferie ho?",
    "wie viele Urlaubstage habe ich?",
]


def test_other_languages_find_the_same(handbook: Store, index: Index) -> None:
    for question in VACATION:
        assert "Leave > Vacation" in [each.heading for each in found(handbook, index, question, reader(), k=2)]


def test_a_document_in_another_language_is_found_in_english(store: Store, index: Index) -> None:
    spanish = (
        "# Vacaciones\n\nCada persona tiene 23 días laborables de vacaciones al año.\n"
        "\n# Gastos\n\nLas comidas de los viajes de trabajo se pagan hasta 45 euros al día, con su recibo.\n"
    )
    publish_all(store, [doc(spanish, "vacaciones.md")], by=None)
    assert "23 días" in found(store, index, "how many vacation days do I have?", reader())[0].body


def test_a_replaced_text_is_not_quoted(handbook: Store, index: Index) -> None:
    publish_all(handbook, [doc(LEAVE.replace("23 days", "25 days"), "leave.md")], by=None)
    finding = answer(handbook, index, "how many days of vacation do we have?", reader())
    assert "25 days" in finding.text
    assert "23 days" not in finding.text
    assert finding.citations[0].version == 2


def test_what_held_in_the_past_is_told_with_its_day(store: Store, index: Index) -> None:
    for effective, limit in (("2025-01-01", 40), ("2026-06-01", 45)):
        text = f"---\neffective: {effective}\n---\n# Meals\n\nMeals on trips are paid up to {limit} euros a day.\n"
        publish_all(store, [doc(text, "meals.md")], by=None)
    now = answer(store, index, "how much is paid for meals on trips?", reader())
    then = answer(store, index, "how much was paid for meals on trips in march?", reader())
    before = answer(store, index, "how much was paid for meals on trips in 2024?", reader())
    assert "45 euros" in now.text
    assert "40 euros" in then.text
    assert "45 euros" not in then.text
    assert then.text.startswith("On ")
    assert before.outcome == "not_found"


STUDIO = """# Studio

## Guests

Guests are welcome:

- Tell the front desk a day before.
- Meet them at the door.

They leave by seven in the evening.

## What is not paid for

Parking, gifts for oneself, and swimming lessons.

## Unused credit

Credit that is left in December may be carried over until May.
"""


def test_a_sentence_after_a_list_stands_on_a_line_of_its_own(store: Store, index: Index) -> None:
    publish_all(store, [doc(STUDIO, "studio.md")], by=None)
    hit = found(store, index, "guests", reader())[0]
    run = [Weighed(hit, hit.passage, each, 0, at) for at, each in enumerate(sentences(hit.body))]
    assert choosing.laid_out(run) == choosing.shown(run)
    assert choosing.laid_out([run[0], run[2], run[3]]).split("\n") == [
        "Guests are welcome:",
        "…",
        "• Meet them at the door.",
        "They leave by seven in the evening.",
    ]
    assert choosing.shown(run).endswith("• Meet them at the door.\nThey leave by seven in the evening.")


def test_what_stands_under_a_heading_that_turns_it_round_is_told_with_it(store: Store, index: Index) -> None:
    publish_all(store, [doc(STUDIO, "studio.md")], by=None)
    finding = answer(store, index, "Are swimming lessons paid for?", reader())
    assert "What is not paid for: Parking, gifts for oneself, and swimming lessons." in finding.text.split("\n")
    assert finding.citations[0].quote == "Parking, gifts for oneself, and swimming lessons."


HOLIDAYS = """# Holidays

## 2026

| day | date | holiday |
|---|---|---|
| Thursday | 1 January 2026 | New Year's Day |
| Monday | 12 October 2026 | National Day |
| Tuesday | 8 December 2026 | Immaculate Conception |
| Friday | 25 December 2026 | Christmas Day |

1 November 2026 falls on a Sunday and is not moved.

## 2027

| day | date | holiday |
|---|---|---|
| Friday | 1 January 2027 | New Year's Day |
| Tuesday | 12 October 2027 | National Day |
| Saturday | 25 December 2027 | Christmas Day |
"""
NEXT = {
    "when is the next holiday?": ("8 December 2026", "25 December 2026", date(2026, 11, 24)),
    "when is the next holiday due?": ("1 January 2027", "25 December 2026", date(2026, 12, 26)),
    "on which day is the next holiday?": ("25 December 2026", "8 December 2026", date(2026, 12, 9)),
}


@pytest.mark.parametrize("question", NEXT)
def test_the_next_of_a_table_of_days_is_the_one_that_comes_next_by_today(
    store: Store, index: Index, question: str
) -> None:
    publish_all(store, [doc(HOLIDAYS, "holidays.md")], by=None)
    day, other, today = NEXT[question]
    finding = answer(store, index, question, reader(day=today))
    assert day in finding.text
    assert other not in finding.text
    assert day in " ".join(each.quote for each in finding.citations)


def test_next_week_is_a_day_and_asks_for_no_next_one() -> None:
    asks = ["when is the next holiday?", "quel est le prochain jour férié ?", "wann ist der nächste Feiertag?"]
    days = ["is next Monday a holiday?", "la semana próxima", "nächste Woche", "l'année prochaine", "in March"]
    assert [coming.is_asked(each) for each in (*asks, *days)] == [True] * 3 + [False] * 5


def test_days_are_read_as_people_write_them() -> None:
    said = ["8 December 2026", "8 de diciembre de 2026", "8. Dezember 2026", "Dec 8, 2026", "2026-12-08", "8.12.2026"]
    today = date(2026, 12, 9)
    assert [days_in(each, today=today) for each in said] == [[date(2026, 12, 8)]] * len(said)
    assert days_in("8 December", today=today) == [date(2027, 12, 8)]
    assert days_in("8 December", today=today, heading="Holidays > 2026") == [date(2026, 12, 8)]
    assert days_in("30 February 2026, or 45 days, at 10:00", today=today) == []


def test_a_table_that_is_cut_shows_it_and_what_follows_it_is_no_row(store: Store, index: Index) -> None:
    publish_all(store, [doc(HOLIDAYS, "holidays.md")], by=None)
    hit = next(each for each in found(store, index, "holidays 2026", reader()) if each.heading.endswith("2026"))
    whole = [Weighed(hit, hit.passage, each, 0, at) for at, each in enumerate(sentences(hit.body))]
    head, _, second, third, fourth, after = whole
    assert "…" not in choosing.laid_out(whole) + choosing.shown(whole)
    assert choosing.laid_out([head, second, third]).split("\n") == [
        "day | date | holiday",
        "…",
        "Monday | 12 October 2026 | National Day",
        "Tuesday | 8 December 2026 | Immaculate Conception",
        "…",
    ]
    assert choosing.shown([head, second, third]).endswith("Immaculate Conception\n…")
    assert choosing.quoted([fourth, after]).split("\n")[1] == after.sentence.text
    assert choosing.laid_out([fourth, after]).split("\n")[1] == after.sentence.text


def test_what_is_said_in_words_that_tell_nothing_is_found(store: Store, index: Index) -> None:
    publish_all(store, [doc(STUDIO, "studio.md")], by=None)
    text = answer(store, index, "What happens to my credit if I don't use it?", reader()).text
    assert "Credit that is left in December may be carried over until May." in text


def test_other_forms_of_a_word_have_its_synonyms() -> None:
    assert "submit" in synonyms("handing in my hours")
    assert plainly("massimale albergo") == "massimale albergo limit hotel"


def test_what_is_asked_is_told_by_its_form() -> None:
    assert asked("is there a piano?") == asked("hay piano") == asked("gibt es ein Klavier?") == {Asked.THERE}
    assert asked("may I sing at my desk?") == {Asked.YES_NO}
    assert [done(each) for each in ("may I sing at my desk?", "¿puedo cantar aquí?", "darf man hier singen?")] == [
        "sing",
        "cantar",
        "singen",
    ]
    assert done("is there a piano?") is None


@pytest.mark.parametrize(
    ("question", "text", "holds"),
    [
        ("is there a piano?", "Moving the piano is added to the bill.", False),
        ("is there a piano?", "The piano in the hall is available from noon.", True),
        ("may I sing?", "Singing lessons and choirs.", False),
        ("may I sing?", "Singing is only allowed in the hall.", True),
        ("¿puedo cantar?", "Está prohibido cantar.", True),
        ("darf ich singen?", "Singen ist nicht gestattet.", True),
    ],
)
def test_a_yes_or_a_no_is_something_that_a_sentence_holds(question: str, text: str, holds: bool) -> None:
    (kind,) = asked(question)
    assert could_answer(text, kind) == holds


def test_one_sort_of_people_is_not_another(store: Store, index: Index) -> None:
    text = "# Lockers\n\n## Who has one\n\nEmployees may have a locker in the basement.\n"
    publish_all(store, [doc(text, "lockers.md")], by=None)
    assert answer(store, index, "may employees have a locker?", reader()).outcome == "answered"
    assert answer(store, index, "may interns have a locker?", reader()).outcome != "answered"
