"""The handbook is kept in chat: added, replaced, withdrawn, reviewed by a press; what it does not say is passed on."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from backend import people
from bot.brain.local import LocalBrain
from bot.message import Attachment, Card, Post, drawn
from knowledge import library, own_words, publishing, ratings
from tests.knowledge.conftest import EXPENSES, LEAVE, PAY, doc
from tests.knowledge.test_formats import packed
from tests.knowledge.test_illustrations import drawing, word_with_pictures
from tests.office import Meant, Office

ADD: Meant = [("handbook.add", {})]
ASK: Meant = [("policy.ask", {})]
HOME_WORK = b"# Working from home\n\n## Berlin\n\nTwo days a week may be worked from home.\n"


@pytest.fixture
def desk(office: Office) -> Office:
    """The office with a small handbook; Maria looks after the page about leave."""
    pages = [doc(f"---\nowner: maria\nreview: 2026-12-01\n---\n{LEAVE}", "leave.md"), doc(EXPENSES, "expenses.md")]
    publishing.publish_all(office.store, [*pages, doc(PAY, "pay.md")], by=None)
    return office


def sends(office: Office, who: str, name: str, content: bytes) -> Post:
    """Somebody sends a file with the words that it belongs into the handbook."""
    return office.says(who, "Add this to the handbook", meant=ADD, files=(Attachment(name, content, "text/markdown"),))


def asks(office: Office, who: str, question: str) -> Post:
    return office.says(who, question, meant=ASK)


def facts(card: Card | None) -> dict[str, str]:
    assert card is not None
    return dict(card.facts)


def versions(office: Office, path: str) -> list[int]:
    with office.store.looking() as session:
        return [each.number for each in library.find(session, path).versions]


def test_hr_adds_a_document_and_it_is_answered_from(desk: Office) -> None:
    card = sends(desk, "carmen", "home.md", HOME_WORK).card
    assert facts(card)["Headings"] == "Working from home; Berlin"
    assert "Two days a week" not in asks(desk, "ana", "How many days a week may I work from home?").text
    desk.presses("carmen", "change", values={"audience": "works", "owner": "maria"})
    post = desk.presses("carmen", "Publish")
    assert post.text == "Published: Working from home, version 1."
    assert [(each.intent, each.args["doc"]) for each in post.committed] == [("handbook.publish", "home.md")]
    assert "Two days a week" in asks(desk, "ana", "How many days a week may I work from home?").text
    assert "Two days a week" not in asks(desk, "olga", "How many days a week may I work from home?").text


def test_the_pictures_of_a_file_are_shown_with_what_is_quoted(desk: Office) -> None:
    sends(desk, "carmen", "yard.docx", word_with_pictures())
    desk.presses("carmen", "Publish")
    answer = asks(desk, "ana", "Where is the yard?").answer
    assert answer is not None
    assert [words for _, words, *_ in answer.citations[0].pictures] == ["The yard"]


def test_a_new_version_shows_what_it_changes_and_keeps_who_may_read_it(desk: Office) -> None:
    newer = (
        PAY.replace("---\naudience: finance\n---\n", "").replace("120,000", "125,000")
        + "\n## Leads\n\nLeads earn 80,000.\n"
    )
    told = facts(sends(desk, "carmen", "pay.md", newer.encode()).card)
    assert (told["Changed"], told["New"]) == ("Directors", "Leads")
    assert "125,000" in told["Difference"].partition("+ ")[2]
    assert "120,000" in told["Difference"].partition("+ ")[0]
    assert {each.name: each.value for each in desk.card("carmen").fields}["audience"] == "finance"
    desk.presses("carmen", "Publish")
    assert versions(desk, "pay.md") == [1, 2]
    assert "125,000" not in asks(desk, "ana", "How much does a director of the company earn?").text


GUIDE = b"# Office guide\n\n## Bicycles\n\nBicycles stand in the yard.\n\n![Where they stand](bike-map.png)\n"


def sends_all(office: Office, *files: tuple[str, bytes]) -> Card:
    """Carmen sends files with the words that they belong into the handbook."""
    held = tuple(Attachment(name, content) for name, content in files)
    card = office.says("carmen", "Add this to the handbook", meant=ADD, files=held).card
    assert card is not None
    return card


def test_a_card_says_what_becomes_of_the_pictures(desk: Office) -> None:
    card = sends_all(desk, ("office-guide.md", GUIDE))
    assert facts(card)["Pictures missing"].startswith("bike-map.png: named in the text, but not sent")
    told = facts(sends_all(desk, ("office-guide.md", GUIDE), ("bike-map.png", drawing())))
    assert told["New pictures"] == "bike-map.png"
    assert "Pictures missing" not in told
    desk.presses("carmen", "Publish")
    card = sends_all(desk, ("office-guide.md", GUIDE.replace(b"the yard", b"the hall")))
    assert card.title == "Replace version 1 in the handbook"
    assert next(iter(facts(card))) == "Pictures missing"
    packed_ = packed({"office-guide.md": GUIDE, "bike-map.png": drawing(size=(90, 90))})
    told = facts(sends_all(desk, ("office-guide.zip", packed_)))
    assert told["Pictures replaced"] == "bike-map.png"
    bare = GUIDE.replace(b"![Where they stand](bike-map.png)", b"")
    assert facts(sends_all(desk, ("office-guide.md", bare)))["Pictures left out"] == "bike-map.png"
    more = (("office-guide.md", GUIDE + b"Ask Ana."), ("bike-map.png", drawing()), ("cat.png", drawing()))
    told = facts(sends_all(desk, *more))
    assert told["Pictures kept"] == "bike-map.png"
    assert told["Note"] == "The text names no picture cat.png: it is left out."


def test_pictures_in_a_word_document_are_named_by_what_they_show(desk: Office) -> None:
    assert facts(sends_all(desk, ("yard.docx", word_with_pictures())))["New pictures"].startswith("The yard")
    desk.presses("carmen", "Publish")
    card = sends_all(desk, ("yard.docx", word_with_pictures()))
    assert facts(card)["Pictures kept"].startswith("The yard")


def test_two_documents_are_taken_one_at_a_time(desk: Office) -> None:
    files = (Attachment("a.md", GUIDE), Attachment("b.md", GUIDE))
    post = desk.says("carmen", "Add these to the handbook", meant=ADD, files=files)
    assert post.refusal is not None
    assert "or in a zip" in post.refusal


def test_a_card_names_the_owner_and_leaves_out_what_is_empty(desk: Office) -> None:
    card = sends(desk, "carmen", "home.md", HOME_WORK).card
    assert card is not None
    assert facts(card)["Text"] == "Two days a week may be worked from home."
    shown = {each.title: each.shown for each in drawn(card.fields)}
    assert shown["Owner"] == "Carmen Vidal"
    assert "Holds until" not in shown
    assert card.title == "Add to the handbook"
    change = next(each for each in card.buttons if each.verb == "change")
    assert change.form is not None
    assert "expires" in [each.name for each in change.form]


def test_only_who_keeps_it_may_change_the_handbook_also_when_the_button_is_pressed(desk: Office) -> None:
    assert "is for HR and the owners" in (sends(desk, "ana", "home.md", HOME_WORK).refusal or "")
    assert "is for HR and the owners" in (sends(desk, "maria", "pay.md", PAY.encode()).refusal or "")
    sends(desk, "maria", "leave.md", LEAVE.replace("23 days", "25 days").encode())
    token = desk.button("maria", "Publish").token
    assert "somebody else" in (desk.presses_token("ana", token).refusal or "")
    with desk.store.writing() as session:
        library.find(session, "leave.md").owner_id = None
    assert "is for HR and the owners" in (desk.presses_token("maria", token).refusal or "")
    assert versions(desk, "leave.md") == [1]
    with desk.store.writing() as session:
        library.find(session, "leave.md").owner_id = people.find(session, "maria").id
    assert desk.presses_token("maria", token).text == "Published: Leave, version 2."
    assert "done already" in (desk.presses_token("maria", token).refusal or "")


def test_a_withdrawn_document_is_gone_from_answers_at_once(desk: Office) -> None:
    assert "45 euros" in asks(desk, "ana", "How much is paid for meals on business trips?").text
    meant = [("handbook.withdraw", {"doc": "expenses"})]
    desk.says("carmen", "Withdraw expenses from the handbook", meant=meant)
    desk.presses("carmen", "Withdraw")
    assert "45 euros" not in asks(desk, "ana", "How much is paid for meals on business trips?").text


def test_what_is_not_found_can_be_put_to_hr_and_the_answer_become_an_article(desk: Office) -> None:
    post = asks(desk, "ana", "Is there a bicycle garage at the office?")
    assert post.answer is not None
    assert post.answer.outcome == "not_found"
    assert desk.presses("ana", "Ask Carmen").text == "Asked. I'll tell you what Carmen Vidal answers."
    assert "Is there a bicycle garage at the office?" in desk.shown("carmen")[-1].text
    desk.presses("carmen", "Answer", values={"comment": "Yes, the bicycle garage is behind the building, code 4711."})
    assert "behind the building" in desk.shown("ana")[-1].text
    article = desk.presses("carmen", "Make it an article").card
    assert facts(article)["Text"] == "Yes, the bicycle garage is behind the building, code 4711."
    desk.presses("carmen", "Publish")
    again = asks(desk, "tom", "Is there a bicycle garage at the office?")
    assert again.answer is not None
    assert again.answer.outcome == "answered"
    assert "behind the building" in again.text


def test_an_owner_answers_in_a_message_of_their_own_and_sends_it_by_a_press(desk: Office) -> None:
    asks(desk, "ana", "Is there a bicycle garage at the office?")
    desk.presses("ana", "Ask Carmen")
    told = len(desk.shown("ana"))
    post = desk.says("carmen", "The bicycle garage is behind the building, code 4711.", meant=[("out_of_scope", {})])
    assert facts(post.card)["Your answer"] == "The bicycle garage is behind the building, code 4711."
    assert len(desk.shown("ana")) == told
    assert "20 days left" in desk.says("carmen", "how many days do I have left?", meant=[("time_off.balance", {})]).text
    desk.presses("carmen", "Send to Ana")
    assert "code 4711" in desk.shown("ana")[-1].text
    assert desk.says("carmen", "thanks", meant=[("small_talk", {})]).card is None


def test_an_owners_answer_that_names_a_day_asks_for_no_leave(desk: Office) -> None:
    asks(desk, "ana", "Is there a bicycle garage at the office?")
    desk.presses("ana", "Ask Carmen")
    friday = [("time_off.submit", {"start": "2026-11-27", "end": "2026-11-27"})]
    said = "Bicycles may be left in the yard on Fridays."
    assert facts(desk.says("carmen", said, meant=friday).card)["Your answer"] == said
    assert desk.says("carmen", "I need Friday off", meant=friday).pending


def test_gaps_are_grouped_and_name_nobody(desk: Office) -> None:
    asks(desk, "ana", "Is there a bicycle garage at the office?")
    asks(desk, "tom", "is there a garage for bicycles in the office")
    asks(desk, "tom", "Do we have a choir?")
    text = desk.says("carmen", "What are the gaps in the handbook?", meant=[("handbook.gaps", {})]).text
    lines = text.splitlines()[1:]
    assert [each.rpartition(" ")[2] for each in lines] == ["(2)", "(1)"]
    assert "Ana" not in text
    assert "Tom" not in text
    assert "is for HR" in (desk.says("ana", "gaps in the handbook", meant=[("handbook.gaps", {})]).refusal or "")


def test_thumbs_are_counted_once_and_name_nobody(desk: Office) -> None:
    post = asks(desk, "ana", "Until when may unused vacation days be carried over?")
    up = next(each for each in post.choices if each.verb == "helped")
    assert desk.presses_token("ana", up.token).text.startswith("Thank you")
    assert "done already" in (desk.presses_token("ana", up.token).refusal or "")
    with desk.store.looking() as session:
        assert ratings.figures(session) == [("leave.md", "Leave", 1, 0)]
    told = desk.says("carmen", "how are the answers rated?", meant=[("handbook.ratings", {})]).text
    assert "Leave: 👍 1 👎 0" in told


def test_an_owner_is_reminded_to_review_and_answers_say_that_it_is_overdue(desk: Office) -> None:
    desk.advance(days=10)
    assert desk.shown("maria")[-1].text == "Please look at Leave: is it still right?"
    asked = "Until when may unused vacation days be carried over?"
    assert "Leave was due for a review on Tue 1 Dec 2026: better ask Maria Silva." in asks(desk, "ana", asked).text
    desk.presses("maria", "Still right")
    assert "due for a review" not in asks(desk, "ana", asked).text
    with desk.store.looking() as session:
        assert library.find(session, "leave.md").review == date(2027, 12, 4)


def test_what_is_to_be_reviewed_is_listed_for_who_keeps_it(desk: Office) -> None:
    reviews: Meant = [("handbook.reviews", {})]
    desk.advance(days=10)
    post = desk.says("carmen", "show me the documents that have to be reviewed", meant=reviews)
    assert "• Leave, by Tue 1 Dec 2026 (Maria Silva)" in post.text
    assert desk.says("maria", "which pages are to be reviewed?", meant=reviews).card is not None
    assert "is for HR and the owners" in (desk.says("ana", "document reviews", meant=reviews).refusal or "")
    desk.presses("maria", "Still right")
    said = desk.says("maria", "which pages are to be reviewed?", meant=reviews).text
    assert said == "No document is to be reviewed within a month."


def test_hr_asks_as_somebody_else(desk: Office) -> None:
    head = "---\naudience: part-time\nplace: Madrid\n---\n"
    rules = f"{head}# Part-time\n\nPart-timers choose their free weekday each month.\n"
    publishing.publish_all(desk.store, [doc(rules, "part.md")], by=None)
    question = "Which weekday is free for part-timers each month?"

    def told(whom: str) -> str:
        meant = [("handbook.as_somebody", {"whom": whom, "question": question})]
        return desk.says("carmen", f"as {whom}: {question}", meant=meant).text

    assert "choose their free weekday" in told("a part-timer in Madrid")
    assert "choose their free weekday" not in told("somebody in Madrid")
    assert "choose their free weekday" not in asks(desk, "ana", question).text


def test_hr_teaches_the_companys_own_words(desk: Office) -> None:
    question = "Until when may I keep my cloudberries?"
    assert "31 March" not in asks(desk, "ana", question).text
    meant = [("handbook.synonyms", {"words": "cloudberries = unused vacation days carried over"})]
    desk.says("carmen", "synonyms: cloudberries = unused vacation days carried over", meant=meant)
    desk.presses("carmen", "Keep")
    with desk.store.looking() as session:
        assert own_words.lines(session) == [("cloudberries", "unused vacation days carried over")]
    assert "31 March" in asks(desk, "ana", question).text


def test_golden_questions_show_what_a_new_version_would_change(desk: Office) -> None:
    (desk.app.home / "golden.jsonl").write_text('{"question": "How many days of paid vacation a year?"}\n')
    told = facts(sends(desk, "carmen", "leave.md", LEAVE.replace("23 days", "25 days").encode()).card)
    assert told["Checked"].startswith("1 of 1 golden questions would be answered otherwise:\n• “How many days of paid")
    assert "25 days" in told["Checked"].partition("The answer now:")[0]
    assert "23 days" in told["Checked"].partition("The answer now:")[2]
    told = facts(sends(desk, "carmen", "leave.md", b"# Leave\n\nAsk HR about it.\n").card)
    assert "would no longer be answered. The answer now: " in told["Checked"]
    assert list(told).index("Checked") < list(told).index("Left out")
    assert versions(desk, "leave.md") == [1]
    assert "23 days" in asks(desk, "ana", "How many days of paid vacation a year?").text


SAID = {
    "Please add this to the handbook": "handbook.add",
    "añade esto al manual": "handbook.add",
    "nimm das ins Handbuch auf": "handbook.add",
    "withdraw the travel policy from the handbook": "handbook.withdraw",
    "retire la page des frais du manuel": "handbook.withdraw",
    "what did people ask and not find?": "handbook.gaps",
    "o que falta no manual?": "handbook.gaps",
    "how are the answers rated?": "handbook.ratings",
    "show me the documents that have to be reviewed": "handbook.reviews",
    "¿qué documentos hay que revisar?": "handbook.reviews",
    "welche Seiten müssen geprüft werden?": "handbook.reviews",
    "quels documents sont à relire ?": "handbook.reviews",
    "quali documenti sono scaduti?": "handbook.reviews",
    "que páginas do manual estão por rever?": "handbook.reviews",
    "show me the audit log": "log.read",
    "is the log as it was written?": "log.read",
    "muéstrame el registro de auditoría": "log.read",
    "mostra-me o registo de auditoria": "log.read",
    "montre-moi le journal d'audit": "log.read",
    "wurde das Protokoll verändert?": "log.read",
    "mostrami il registro di audit": "log.read",
    "what changed in the office guide?": "handbook.versions",
    "which versions of the office guide are there?": "handbook.versions",
    "show me the difference between the versions of office-guide.md": "handbook.versions",
    "¿qué ha cambiado en la guía de la oficina?": "handbook.versions",
    "que versões existem do guia do escritório?": "handbook.versions",
    "qu'est-ce qui a changé dans le guide du bureau ?": "handbook.versions",
    "was hat sich im Büroleitfaden geändert?": "handbook.versions",
    "quali versioni ci sono della guida dell'ufficio?": "handbook.versions",
    "synonyms: offsite, away days": "handbook.synonyms",
    "What would a part-timer in Berlin be told about overtime?": "handbook.as_somebody",
    "als jemand in Teilzeit in Berlin: wie viel Urlaub habe ich?": "handbook.as_somebody",
}


def test_how_people_speak_of_the_handbook_and_the_log(desk: Office) -> None:
    brain = LocalBrain(home=desk.app.home)
    desk.says("carmen", "hello")
    turn = desk.brain.heard[-1]
    found = {text: brain.understand(replace(turn, text=text)).intents[0].intent for text in SAID}
    assert found == SAID


OF_THE_OFFICE = [
    "what do coffee beans cost here",
    "How do I get to the bike room?",
    "can i bring my parrot",
    "Wie komme ich in den Fahrradkeller?",
    "¿Quién riega las plantas de la oficina?",
    "Onde está a impressora?",
    "Où est le local à vélos ?",
    "Dove sono le docce?",
    "Wann ist der nächste Feiertag?",
    "Quando cade la prossima festività?",
]


@pytest.mark.parametrize("question", OF_THE_OFFICE)
def test_a_question_about_the_office_ends_in_the_offer_to_ask_and_is_a_gap(desk: Office, question: str) -> None:
    post = desk.says("ana", question, meant=[("out_of_scope", {})])
    assert post.answer is not None
    assert post.card is not None
    assert post.card.buttons[0].verb == "ask_owner"
    with desk.store.looking() as session:
        assert [each for each, *_ in library.gaps(session)] == [question]


@pytest.mark.parametrize(
    "question",
    [
        "tell me a joke",
        "where is the nearest pharmacy?",
        "can you book the big meeting room for 3pm",
        "what's the stock price of Apple?",
        "how do i stop a kitchen tap dripping",
        "Wer wird Weltmeister?",
    ],
)
def test_what_has_nothing_to_do_with_the_office_is_no_gap(desk: Office, question: str) -> None:
    post = desk.says("ana", question, meant=[("out_of_scope", {})])
    assert post.answer is None
    with desk.store.looking() as session:
        assert library.gaps(session) == []


def test_an_admin_is_told_how_the_log_is_read(desk: Office) -> None:
    asked: Meant = [("log.read", {})]
    text = desk.says("elena", "is the log as it was written?", meant=asked).text
    assert "`backdesk audit list`" in text
    assert "`backdesk audit verify`" in text
    assert desk.says("ana", "show me the audit log", meant=asked).refusal == "The log is for admins."


def test_what_looks_like_nothing_of_the_office_is_looked_up_first(desk: Office) -> None:
    beside: Meant = [("out_of_scope", {})]
    found = desk.says("ana", "is alcohol paid on business trips?", meant=beside)
    assert "Alcohol is not paid." in found.text
    assert found.answer is not None
    for text in ("tell me a joke", "how old are you?", "what is the capital of France?"):
        assert desk.says("ana", text, meant=beside).text.startswith("I can't help with that here.")
    with desk.store.looking() as session:
        assert session.scalars(select(library.Gap)).all() == []


def test_a_balance_and_its_rule_are_told_together(desk: Office) -> None:
    both: Meant = [
        ("time_off.balance", {"leave_type": "vacation"}),
        ("policy.ask", {"question": "until when can unused vacation days be carried over?"}),
    ]
    desk.says("ana", "how much vacation do I have left and until when?", meant=both)
    said = "\n".join(each.text for each in desk.shown("ana"))
    assert "left" in said
    assert "31 March" in said


OUTSIDE: Meant = [("out_of_scope", {})]


@pytest.mark.parametrize(
    "question",
    [
        "Are there lockers for swimmers?",
        "do we have a piano",
        "Gibt es einen Aufzug?",
        "hay ascensor",
        "c'e un ascensore?",
    ],
)
def test_what_there_is_at_work_is_asked_of_the_handbook_whatever_it_sounds_like(desk: Office, question: str) -> None:
    post = desk.says("ana", question, meant=OUTSIDE)
    assert post.answer is not None
    assert post.answer.outcome == "not_found"
    assert post.card is not None
    assert [each.verb for each in post.card.buttons] == ["ask_owner"]


@pytest.mark.parametrize("question", ["is there a good bakery nearby?", "who won the race?", "can you sing?"])
def test_what_is_not_of_the_office_is_not_asked_of_the_handbook(desk: Office, question: str) -> None:
    assert desk.says("ana", question, meant=OUTSIDE).answer is None


def test_what_is_answered_by_now_is_told_so_among_the_gaps(desk: Office) -> None:
    asks(desk, "ana", "Do we have a harpsichord?")
    asks(desk, "tom", "Who tunes the cathedral bells?")
    gaps: Meant = [("handbook.gaps", {})]
    assert "answered since" not in desk.says("carmen", "gaps in the handbook?", meant=gaps).text
    sends(desk, "carmen", "music.md", b"# Music\n\nWe have a harpsichord in the hall.\n")
    desk.presses("carmen", "Publish")
    *_, first, second = desk.says("carmen", "gaps in the handbook?", meant=gaps).text.split("\n")
    assert first == "• Who tunes the cathedral bells? (1)"
    assert second == "• Do we have a harpsichord? (1, answered since)"


def test_a_document_is_found_by_what_people_call_it(desk: Office) -> None:
    withdraw: Meant = [("handbook.withdraw", {"doc": "the expenses page"})]
    desk.says("carmen", "withdraw the expenses page from the handbook", meant=withdraw)
    desk.presses("carmen", "Withdraw")
    answer = asks(desk, "ana", "how much is paid for meals on a business trip?").answer
    assert answer is not None
    assert answer.outcome == "not_found"


PURCHASE: Meant = [("purchase.submit", {"item": "office guide"})]


def hands(
    office: Office, who: str, text: str, name: str, content: bytes = HOME_WORK, *, meant: Meant = OUTSIDE
) -> Post:
    """Somebody sends a document with these words."""
    return office.says(who, text, meant=meant, files=(Attachment(name, content),))


@pytest.mark.parametrize(
    "text",
    [
        "here is the new version of the office guide",
        "the updated office guide is attached",
        "please replace the office guide with this one",
        "aquí tienes la nueva versión de Office guide",
        "segue a nova versão do Office guide",
        "voici la nouvelle version de Office guide",
        "anbei die neue Fassung von Office guide",
        "ecco la nuova versione di Office guide",
    ],
)
def test_a_document_that_hr_hands_over_replaces_the_one_that_is_named(desk: Office, text: str) -> None:
    sends_all(desk, ("guides/office-guide.md", GUIDE))
    desk.presses("carmen", "Publish")
    hands(desk, "carmen", text, "draft 7.md", meant=PURCHASE)
    desk.presses("carmen", "carry_out")
    assert versions(desk, "office-guide.md") == [1, 2]


def test_a_document_of_a_known_name_or_without_a_word_is_for_the_handbook(desk: Office) -> None:
    assert "Replace version 1" in (hands(desk, "carmen", "", "leave.md").card or Card("", "", "", "")).title
    assert hands(desk, "carmen", "have a look", "lockers.md").card is not None
    assert hands(desk, "maria", "", "leave.md").card is not None
    assert "I read receipts" in hands(desk, "ana", "", "leave.md").text
    assert "I read receipts" in hands(desk, "maria", "", "pay.md").text


def test_a_document_beside_other_words_is_offered_to_the_handbook_and_never_dropped(desk: Office) -> None:
    hands(desk, "carmen", "buy two chairs like these", "chairs.md", meant=PURCHASE)
    offered = desk.shown("carmen")[-1]
    assert offered.text == "chairs.md is kept, and not part of that. Shall it go into the handbook?"
    card = desk.presses_token("carmen", offered.choices[0].token).card
    assert card is not None
    assert {each.name: each.value for each in card.fields}["title"] == "Working from home"
    hands(desk, "ana", "buy two chairs like these", "chairs.md", meant=PURCHASE)
    assert "chairs.md is kept, but I did nothing with it." in desk.shown("ana")[-1].text


def test_who_keeps_a_document_is_told_its_versions_and_what_changed(desk: Office) -> None:
    sends_all(desk, ("office-guide.md", GUIDE), ("bike-map.png", drawing()))
    desk.presses("carmen", "Publish")
    sends_all(desk, ("office-guide.md", GUIDE.replace(b"the yard", b"the hall")))
    desk.presses("carmen", "Publish")
    asked: Meant = [("handbook.versions", {"doc": "the office guide", "question": "what changed in the office guide?"})]
    told = desk.says("carmen", "what changed in the office guide?", meant=asked).text
    assert "• version 2, effective Tue 24 Nov 2026 (Carmen Vidal)\n• version 1" in told
    assert "What version 2 changed:\n- Bicycles stand in the yard.\n+ Bicycles stand in the hall." in told
    assert "Pictures left out: bike-map.png" in told
    other: Meant = [("handbook.versions", {"doc": "the moon", "question": "what changed in the moon?"})]
    assert "no document called the moon" in (
        desk.says("carmen", "what changed in the moon?", meant=other).refusal or ""
    )
    with desk.store.looking() as session:
        assert session.scalars(select(library.Gap)).all() == []
    post = desk.says("ana", "what changed in the office guide?", meant=asked)
    assert "version 1" not in post.text
    assert post.answer is not None


def test_what_golden_questions_show_on_a_card_is_what_its_reader_may_read(desk: Office) -> None:
    (desk.app.home / "golden.jsonl").write_text('{"question": "How much does a director of the company earn?"}\n')
    text = LEAVE + "\n## Directors\n\nA director of the company earns 10 euros a year.\n"
    told = facts(sends(desk, "maria", "leave.md", text.encode()).card)["Checked"]
    assert "10 euros" in told
    assert "120,000" not in told


def test_nobody_says_in_another_language_what_they_do_not_keep(desk: Office) -> None:
    spanish = b"---\ntranslation_of: expenses.md\n---\n# Vacaciones\n\nHay tres d\xc3\xadas de vacaciones.\n"
    assert "is for HR and the owners" in (sends(desk, "maria", "leave.md", spanish).refusal or "")
    sends(desk, "carmen", "leave.md", spanish)
    desk.presses("carmen", "Publish")
    sends(desk, "maria", "leave.md", spanish.replace(b"tres", b"cuatro"))
    assert desk.presses("maria", "Publish").text == "Published: Vacaciones, version 3."
    alone = spanish.replace(b"expenses.md", b"leave.md")
    assert "is for HR and the owners" in (sends(desk, "maria", "leave.md", alone).refusal or "")


def test_a_card_that_is_pressed_after_the_document_was_changed_shows_what_would_change_now(desk: Office) -> None:
    sends(desk, "maria", "leave.md", LEAVE.replace("23 days", "25 days").encode())
    token = desk.button("maria", "Publish").token
    restricted = LEAVE.replace("two weeks", "three weeks")
    publishing.publish_all(desk.store, [doc(f"---\naudience: hr\n---\n{restricted}", "leave.md")], by=None)
    post = desk.presses_token("maria", token)
    assert post.text.startswith("The document was changed meanwhile, so nothing is published yet.")
    assert versions(desk, "leave.md") == [1, 2]
    assert "three weeks" in facts(desk.card("maria"))["Difference"]
    assert {each.name: each.value for each in desk.card("maria").fields}["audience"] == "hr"
    assert desk.presses("maria", "Publish").text == "Published: Leave, version 3."
    with desk.store.looking() as session:
        assert library.find(session, "leave.md").audience == ("hr",)


def test_what_was_changed_on_a_card_stays_when_the_document_is_changed_meanwhile(desk: Office) -> None:
    sends(desk, "carmen", "leave.md", LEAVE.replace("23 days", "25 days").encode())
    desk.presses("carmen", "change", values={"audience": "works", "review": "", "owner": ""})
    head = "---\naudience: hr\nplace: Madrid\n---\n"
    publishing.publish_all(desk.store, [doc(f"{head}{LEAVE}", "leave.md")], by=None)
    assert desk.presses("carmen", "Publish").text.startswith("The document was changed meanwhile")
    desk.presses("carmen", "Publish")
    with desk.store.looking() as session:
        held = library.find(session, "leave.md")
        assert (held.audience, held.places, held.review, held.owner) == (("works",), ("madrid",), None, None)


def test_who_may_not_read_a_document_does_not_hear_that_it_is_there(desk: Office) -> None:
    more = doc("---\naudience: hr\n---\n# Salary cuts\n\nAll lose four percent.\n", "salary-cuts.md")
    publishing.publish_all(desk.store, [more], by=None)
    for name in ("salary", "Salary cuts", "salary-cuts.md", "nothing"):
        meant = [("handbook.withdraw", {"doc": name})]
        told = desk.says("ana", f"Withdraw {name} from the handbook", meant=meant).refusal
        assert told == f"There is no document called {name} in the handbook."
    meant = [("handbook.withdraw", {"doc": "expenses"})]
    assert "is for HR" in (desk.says("ana", "Withdraw expenses from the handbook", meant=meant).refusal or "")
    meant = [("handbook.withdraw", {"doc": "salary"})]
    told = desk.says("carmen", "Withdraw salary from the handbook", meant=meant).refusal or ""
    assert "Salary bands; Salary cuts" in told
