"""Which document counts where several speak of one thing: the newer, both, the expired one, or a translation."""

from backend.store import Store
from knowledge.citing import answer
from knowledge.index import Index
from knowledge.publishing import publish_all
from tests.knowledge.conftest import doc, reader

BIKES = """# Bicycles

## Garage

Bicycles are kept in the garage behind the building, and the code of its door is 4711. Locks are lent by the desk.
"""


def test_of_two_that_say_the_same_the_newer_counts(store: Store, index: Index) -> None:
    old, new = f"---\neffective: 2019-01-01\n---\n{BIKES}", f"---\neffective: 2026-01-01\n---\n{BIKES}"
    publish_all(store, [doc(new, "bikes.md"), doc(old, "old/bicycles.md")], by=None)
    finding = answer(store, index, "Where are bicycles kept?", reader())
    assert {each.doc for each in finding.citations} == {"bikes.md"}
    assert "old/bicycles.md" not in [each for each, _ in finding.retrieved]


def test_two_that_say_different_numbers_are_shown_side_by_side(store: Store, index: Index) -> None:
    old = "---\neffective: 2024-01-01\n---\n# Trips\n\nMeals on business trips are paid up to 35 euros a day."
    new = "---\neffective: 2026-01-01\n---\n# Expenses\n\nOn business trips meals are paid up to 45 euros a day."
    beds = "# Hotels\n\n## Nights\n\nHotels on business trips are paid up to 130 euros a night."
    publish_all(store, [doc(old, "trips.md"), doc(new, "expenses.md"), doc(beds, "hotels.md")], by=None)
    finding = answer(store, index, "How much is paid for meals on business trips?", reader())
    lines = finding.text.splitlines()
    assert lines[0] == "Two documents say different things of that:"
    assert lines[1].startswith("Expenses (Thu 1 Jan 2026): On business trips meals are paid up to 45 euros")
    assert lines[2].startswith("Trips (Mon 1 Jan 2024): Meals on business trips are paid up to 35 euros")
    assert [each.doc for each in finding.citations[:2]] == ["expenses.md", "trips.md"]
    alone = answer(store, index, "How much is paid for a night in a hotel?", reader())
    assert "different things" not in alone.text


def test_what_has_expired_says_so_and_counts_only_where_nothing_else_does(store: Store, index: Index) -> None:
    head = "---\neffective: 2026-01-01\nexpires: 2026-06-30\n---\n"
    text = head + "# Bonus\n\nWho brings a colleague gets a bonus of {} euros."
    publish_all(store, [doc(text.format(500), "bonus.md")], by=None)
    question = "How much is the bonus for bringing a colleague?"
    finding = answer(store, index, question, reader())
    assert "500 euros" in finding.text
    assert "Bonus held until Tue 30 Jun 2026 and nothing came in its place: better ask HR." in finding.text
    then = answer(store, index, "How much was the bonus for bringing a colleague in march?", reader())
    assert "500 euros" in then.text
    assert "nothing came in its place" not in then.text
    newer = text.format(800).replace("2026-01-01", "2026-07-01").replace("expires: 2026-06-30", "review: 2027-01-01")
    publish_all(store, [doc(newer, "bonus.md")], by=None)
    finding = answer(store, index, question, reader())
    assert "800 euros" in finding.text
    assert "500 euros" not in finding.text


def test_a_translation_is_the_same_document_in_the_language_of_the_question(store: Store, index: Index) -> None:
    english = "# Vacation\n\n## Days\n\nEverybody has 23 days of paid vacation a year."
    german = "# Urlaub\n\n## Tage\n\nAlle haben 23 Tage bezahlten Urlaub im Jahr."
    publish_all(store, [doc(german, "vacation.de.md"), doc(english, "vacation.md")], by=None)
    asked = answer(store, index, "Wie viele Tage bezahlten Urlaub habe ich im Jahr?", reader())
    assert {each.doc for each in asked.citations} == {"vacation.de.md"}
    assert "23 Tage" in asked.text
    asked = answer(store, index, "How many days of paid vacation do I have?", reader())
    assert {each.doc for each in asked.citations} == {"vacation.md"}
