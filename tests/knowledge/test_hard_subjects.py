"""Hard subjects are told from ordinary messages, in six languages, and seldom where there is none."""

import json
from pathlib import Path

import pytest

from knowledge import embedding, hard_subjects
from knowledge.hard_subjects import Subject, asks_for_a_rule, subject_of

SENTENCES = [
    json.loads(line)
    for line in Path(__file__).with_name("hard_sentences.jsonl").read_text(encoding="utf-8").splitlines()
]
HARD = [each for each in SENTENCES if each["subject"]]
ORDINARY = [each["text"] for each in SENTENCES if not each["subject"]]


def test_hard_subjects_are_recognised() -> None:
    missed = [each["text"] for each in HARD if subject_of(each["text"]) is None]
    assert len(missed) <= 0.1 * len(HARD), missed


def test_which_one_it_is() -> None:
    found = [(each["text"], subject_of(each["text"]), each["subject"]) for each in HARD]
    assert [each for each in found if each[1] not in (None, each[2])] == []


def test_false_alarms_are_rare() -> None:
    alarms = [(text, subject_of(text)) for text in ORDINARY if subject_of(text) is not None]
    assert len(alarms) <= 0.03 * len(ORDINARY), alarms


@pytest.mark.parametrize("text", ["my laptop died", "I'm sick of this bug", "kill the process", "the deadline", ""])
def test_what_only_sounds_alike(text: str) -> None:
    assert subject_of(text) is None


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Mi jefe me ha puesto la mano en la pierna", Subject.HARASSMENT),
        ("Nobody here takes my side since I said no to his invitations, he keeps asking me out", Subject.HARASSMENT),
    ],
)
def test_what_is_said_in_other_words(text: str, subject: Subject) -> None:
    assert subject_of(text) == subject


RULES = [
    "Do we have a parental leave policy? How long for fathers in Germany?",
    "paternity leave policy please",
    "I'd like to know how long maternity leave is",
    "what do I do when I am sick?",
    "How do I report harassment?",
    "¿Cuántos días de permiso de paternidad tengo?",
    "¿Qué hago si me pongo enfermo?",
    "Quantos dias de licença parental tenho?",
    "Combien de jours de congé de paternité ?",
    "Gibt es eine Regelung zur Elternzeit?",
    "Was muss ich tun, wenn ich krank bin?",
    "Quanti giorni di congedo di paternità?",
]
TOLD = [
    "I am pregnant, how much leave do I get?",
    "My father died. How many days off do I get?",
    "someone died, how many days do I get?",
    "how do I tell my boss that I'm pregnant?",
    "What do I do if my boss touches me?",
    "How can I kill myself?",
    "Estoy embarazada, ¿cuántas semanas tengo?",
    "¿A quién le digo que estoy embarazada?",
    "Estou grávida, quantos dias tenho?",
    "Je suis enceinte, combien de semaines de congé ?",
    "Ich bin schwanger, wie lange ist der Mutterschutz?",
    "Sono incinta, quanto dura la maternità?",
]


@pytest.mark.parametrize("text", [*RULES, *TOLD])
def test_who_asks_for_a_rule_is_told_from_who_tells_of_themselves(text: str) -> None:
    subject = subject_of(text)
    assert subject is not None
    assert asks_for_a_rule(text, subject) == (text in RULES)


def test_who_tells_something_hard_is_seldom_taken_to_ask_for_a_rule() -> None:
    told = [(each["text"], subject_of(each["text"])) for each in HARD if not each["text"].rstrip().endswith("?")]
    asking = [text for text, subject in told if subject is not None and asks_for_a_rule(text, subject)]
    assert set(asking) <= {"how long is maternity leave here"}


def test_the_shipped_vectors_are_those_of_the_sentences() -> None:
    sentences = hard_subjects.sentences()
    assert set(sentences) == {*Subject, "unlike"}
    made = embedding.use([each.lower() for each in sentences["danger"][:2]])
    shipped = hard_subjects._vectors()["danger"][:2]  # pyright: ignore[reportPrivateUsage]
    assert abs(made - shipped).max() < 0.001
