"""Which requests a decision is about: the words of the message tell, and several people are one confirmation."""

from tests.office import Office

VACATION = {"leave_type": "vacation", "start": "2026-12-21", "end": "2026-12-22"}
PERSONAL = {"leave_type": "personal", "start": "2026-12-04", "end": "2026-12-04"}


def ask(office: Office, who: str, args: dict[str, str]) -> int:
    office.says(who, "time off", meant=[("time_off.submit", args)])
    return int(str(office.presses(who, "submit").committed[0].ref).partition("-")[2])


def test_the_kind_of_leave_that_is_named_is_the_one(office: Office) -> None:
    ask(office, "ana", PERSONAL)
    vacation = ask(office, "ana", VACATION)
    meant = [("approval.approve", {"person": "ana", "kind": "time_off"})]
    said = office.says("maria", "approve ana's vacation", meant=meant)
    assert said.text == f"Shall I approve TO-{vacation}?"


def test_a_day_that_is_named_is_the_one(office: Office) -> None:
    personal = ask(office, "ana", PERSONAL)
    ask(office, "ana", {**VACATION, "leave_type": "personal"})
    meant = [("approval.approve", {"person": "ana"})]
    assert office.says("maria", "approve ana's 4 december", meant=meant).asked == ("confirm",)
    assert office.card("maria").ref == f"TO-{personal}"


def test_where_words_do_not_tell_it_asks(office: Office) -> None:
    ask(office, "ana", PERSONAL)
    ask(office, "ana", VACATION)
    said = office.says("maria", "approve ana's", meant=[("approval.approve", {"person": "ana"})])
    assert said.asked == ("choice",)


def test_several_people_are_one_confirmation_and_each_is_decided(office: Office) -> None:
    one, other = ask(office, "ana", VACATION), ask(office, "tom", PERSONAL)
    meant = [("approval.approve", {"people": ["ana", "tom"]})]
    said = office.says("maria", "approve ana's and tom's", meant=meant)
    assert said.text == f"Shall I approve TO-{one}, TO-{other}?"
    assert office.says("maria", "yes").committed[0].args == {"request_ids": [one, other]}
    assert (office.state(one), office.state(other)) == ("approved", "approved")


def test_where_one_of_them_has_nothing_open_nothing_is_proposed(office: Office) -> None:
    ask(office, "ana", VACATION)
    meant = [("approval.approve", {"people": ["ana", "tom"]})]
    assert "Nothing like that waits" in (office.says("maria", "approve ana's and tom's", meant=meant).refusal or "")


def test_what_is_called_by_another_word_is_found_by_its_meaning(office: Office) -> None:
    for item in ("standing desk", "4k monitor"):
        office.says("ana", item, meant=[("purchase.submit", {"item": item, "quantity": 1, "total": "400"})])
        office.presses("ana", "submit")
    meant = [("approval.approve", {"person": "ana", "item": "mesa"})]
    office.says("maria", "aprueba la mesa de ana", meant=meant)
    assert office.card("maria").ref == "PR-1"
