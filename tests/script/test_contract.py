"""`backdesk script`, sentence by sentence of its contract."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.drafts import Draft
from backend.files import File
from backend.requests import Request
from tests.script.conftest import Line, Stage, errors

ASK = 'time_off.submit {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"}'
SAY: dict[str, Any] = {"as": "ana", "say": ASK}
SEND: dict[str, Any] = {"as": "ana", "press": "submit"}
APPROVE: dict[str, Any] = {"as": "maria", "press": "approve"}
KEYS = {
    "line",
    "id",
    "to",
    "in",
    "via",
    "text",
    "understood",
    "card",
    "answer",
    "refusal",
    "asked",
    "pending",
    "replaces",
    "committed",
    "error",
}


def count(stage: Stage, table: Any) -> int:
    """How many rows a table has."""
    store = stage.app()
    with store.looking() as session:
        rows = session.scalar(select(func.count()).select_from(table)) or 0
    store.close()
    return rows


def test_from_a_draft_to_an_approval_every_line_has_its_keys(stage_on_each: Stage) -> None:
    out = stage_on_each.play({**SAY, "id": "a"}, {**SEND, "id": 2}, {**APPROVE, "on": "TO-1", "id": {"n": 3}})
    draft, sent, asked, decided, *told = out
    assert all(set(each) <= KEYS for each in out)
    assert {each["via"] for each in out} == {"script"}
    assert {each["in"] for each in out} == {"dm"}
    assert draft["line"] == 1
    assert draft["id"] == "a"
    assert draft["to"] == "ana"
    args = {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"}
    assert draft["understood"] == [{"intent": "time_off.submit", "args": args}]
    assert draft["asked"] == ["confirm"]
    assert draft["pending"] is True
    card = draft["card"]
    assert (card["ref"], card["kind"], card["state"], card["fields"]) == (None, "time_off", "draft", args)
    assert card["route"] == [{"who": ["maria"], "why": "manager"}]
    assert card["buttons"] == [
        {"verb": "submit", "label": "Send to Maria Silva"},
        {"verb": "change", "label": "Change"},
        {"verb": "discard", "label": "Discard"},
    ]
    assert sent["committed"] == [{"intent": "time_off.submit", "args": args, "ref": "TO-1"}]
    assert "understood" not in sent
    assert "pending" not in sent
    assert sent["replaces"]["state"] == "draft"
    assert (asked["line"], asked["id"], asked["to"]) == (2, 2, "maria")
    assert [each["verb"] for each in asked["card"]["buttons"]] == ["approve", "reject", "send_back", "snooze"]
    assert decided["id"] == {"n": 3}
    assert decided["committed"] == [{"intent": "approval.approve", "args": {"request_ids": [1]}, "ref": "TO-1"}]
    assert decided["replaces"]["ref"] == "TO-1"
    assert {each["line"] for each in told} == {3}
    assert {each["to"] for each in told} == {"ana"}
    assert any("19 days" in each["text"] for each in told)


def test_understood_stands_on_the_first_reply_only(stage: Stage) -> None:
    out = stage.play(SAY, {"as": "ana", "say": "help"})
    assert ["understood" in each for each in out] == [True, True, False]


def test_keys_without_a_value_are_left_out(stage: Stage) -> None:
    out = stage.play({"as": "ana", "say": "help"})
    assert set(out[0]) == {"line", "to", "in", "via", "text", "understood"}


def test_a_plain_yes_is_the_press_and_no_discards(stage: Stage) -> None:
    out = stage.play(SAY, {"as": "ana", "say": "yes"}, SAY, {"as": "ana", "say": "no"})
    assert [each["committed"][0]["ref"] for each in out if "committed" in each] == ["TO-1"]
    assert out[-1]["card"]["state"] == "discarded"
    assert count(stage, Request) == 1


@pytest.mark.parametrize("on", ["TO-1", "to-1", "#1", "1", 1])
def test_every_way_to_name_a_card(stage: Stage, on: object) -> None:
    out = stage.play(SAY, SEND, {**APPROVE, "on": on})
    assert errors(out) == []
    assert out[-1]["line"] == 3


@pytest.mark.parametrize("on", ["TO-2", "PR-1", "2", "", None, [], {"a": 1}, "TO-99999999999999999999999", True])
def test_a_card_that_is_not_there_is_an_error_line(stage: Stage, on: object) -> None:
    out = stage.play({**APPROVE, "on": on})
    assert [line for line, _ in errors(out)] == [1]


def test_the_newest_card_is_meant_where_none_is_named(stage: Stage) -> None:
    other = {"as": "ana", "say": ASK.replace("11-26", "11-27")}
    out = stage.play(SAY, SEND, other, SEND, APPROVE)
    assert [each["ref"] for line in out for each in line.get("committed", [])] == ["TO-1", "TO-2", "TO-2"]


def test_who_presses_at_night_has_looked_and_opened_it_from_the_list(stage_on_each: Stage) -> None:
    asks = [{"as": "ana", "say": ASK.replace("11-26", day)} for day in ("12-01", "12-02")]
    sends = {"as": "ana", "press": "submit"}
    out = stage_on_each.play(
        {"clock": "2026-11-24T21:30:00+01:00"},
        asks[0],
        sends,
        asks[1],
        sends,
        {"as": "maria", "press": "approve", "on": "TO-2"},
    )
    assert [each for each in out if "error" in each] == []
    told = [each for each in out if each.get("to") == "maria"]
    assert told[0]["text"].startswith("2 requests wait for you.")
    assert told[1]["card"]["ref"] == "TO-2"
    assert [each["ref"] for line in out for each in line.get("committed", []) if line["to"] == "maria"] == ["TO-2"]


def test_a_button_goes_by_verb_or_the_start_of_its_label_in_any_case(stage: Stage) -> None:
    for wanted in ("SUBMIT", "send to maria", "Send"):
        out = stage.play(SAY, {"as": "ana", "press": wanted})
        assert errors(out) == []
        assert out[1]["committed"]


def test_two_buttons_that_match_are_an_error_line(stage: Stage) -> None:
    out = stage.play({"as": "ana", "say": 'time_off.submit {"start": "2026-11-26"}'}, {"as": "ana", "press": "P"})
    assert errors(out)[0][0] == 2
    assert "More than one" in errors(out)[0][1]


def test_a_comment_comes_with_the_press_or_is_asked_for(stage: Stage) -> None:
    out = stage.play(SAY, SEND, {"as": "maria", "press": "reject"})
    assert out[-1]["asked"] == ["comment"]
    out = stage.play(SAY, SEND, {"as": "maria", "press": "reject", "on": 2, "with": {"comment": "the release"}})
    args = {"request_ids": [2], "comment": "the release"}
    assert [each["committed"] for each in out if "committed" in each][-1] == [
        {"intent": "approval.reject", "args": args, "ref": "TO-2"}
    ]


def test_the_form_is_filled_in(stage: Stage) -> None:
    out = stage.play(SAY, {"as": "ana", "fill": {"end": "2026-11-27"}})
    assert out[-1]["card"]["fields"]["end"] == "2026-11-27"
    assert out[-1]["replaces"]["fields"]["end"] == "2026-11-26"


@pytest.mark.parametrize(
    "values",
    [
        {"colour": "red"},
        {"start": "soon"},
        {"start": 5},
        {"start": [1]},
        {"start": {"a": 1}},
        {"part": 7},
        {"from_midday": "perhaps"},
        {"note": "x" * 5000},
        {"lines": 5},
        {"lines": [{"item": "pens"}]},
    ],
)
def test_a_form_with_bad_values_is_refused_and_the_rest_is_kept(stage: Stage, values: dict[str, Any]) -> None:
    out = stage.play(SAY, {"as": "ana", "fill": {**values, "end": "2026-11-27"}})
    assert out[-1]["refusal"]
    assert "went wrong" not in out[-1]["refusal"]
    assert out[-1]["card"]["fields"]["end"] == "2026-11-27"
    assert out[-1]["card"]["fields"]["start"] == "2026-11-26"


def test_there_is_no_form_to_fill_on_a_decided_card(stage: Stage) -> None:
    out = stage.play(SAY, SEND, {"as": "ana", "press": "withdraw"}, {"as": "ana", "fill": {"end": "2026-11-27"}})
    assert "no open form" in errors(out)[0][1]


def test_what_falls_due_happens_at_its_own_time_and_has_no_line(stage: Stage) -> None:
    out = stage.play(SAY, SEND, {"advance": "1d"}, {"clock": "2026-11-27T12:00:00+01:00"})
    due = [each for each in out if each["line"] is None]
    assert [each["text"].split(":")[0] for each in due[:2]] == ["A reminder", "A reminder"]
    assert {each["to"] for each in due[:2]} == {"maria"}
    assert [each["text"].split(":")[0] for each in due if each["to"] == "elena"] == ["Ana Costa asks"]
    assert {each["line"] for each in out if each["text"].startswith("A reminder")} == {None}


def test_reset_forgets_drafts_and_not_the_records(stage: Stage) -> None:
    out = stage.play(SAY, SEND, SAY, {"reset": True}, {"as": "ana", "say": "yes"})
    assert [each["ref"] for line in out for each in line.get("committed", [])] == ["TO-1"]
    assert count(stage, Request) == 1


def test_an_id_is_done_once_also_in_a_later_run(stage_on_each: Stage) -> None:
    lines: list[Line] = [
        {**SAY, "id": 1},
        {"reset": True, "id": 2},
        {**SAY, "id": 3},
        {**SEND, "id": 4},
        {**APPROVE, "id": 5},
        {**SAY, "id": 6},
    ]
    assert len(stage_on_each.play(*lines, *lines)) > 6
    assert stage_on_each.play(*lines) == []
    assert stage_on_each.pipes(*lines) == []
    assert count(stage_on_each, Request) == 1
    assert stage_on_each.play({**SEND, "id": 7})[0]["committed"][0]["ref"] == "TO-2"


def test_long_ids_that_begin_alike_are_two(stage: Stage) -> None:
    out = stage.play({**SAY, "id": "x" * 300 + "1"}, {**SEND, "id": "x" * 300 + "2"})
    assert out[1]["committed"]


def test_no_id_is_not_an_id(stage: Stage) -> None:
    out = stage.play({**SAY, "id": None}, {**SEND, "id": None})
    assert out[1]["committed"]


BAD_LINES: list[str] = [
    "this is no JSON",
    "{",
    "[]",
    "5",
    "null",
    '"say"',
    "[" * 100_000,
    '{"a":' * 50_000,
    "{}",
    '{"as": "ana"}',
    '{"as": "ana", "say": "hi", "press": "Send"}',
    '{"as": "ana", "say": "hi", "colour": "red"}',
    '{"as": "ana", "say": 5}',
    '{"as": "ana", "say": null}',
    '{"as": "ana", "say": ["hi"]}',
    '{"say": "hi"}',
    '{"as": 5, "say": "hi"}',
    '{"as": "", "say": "hi"}',
    '{"as": "nobody", "say": "hi"}',
    '{"as": "nobody@small.example", "press": "Send"}',
    '{"as": "ana\\u0000", "say": "hi", "in": "general"}',
    '{"as": "\\ud800", "say": "hi"}',
    '{"as": "\\u0000", "say": "hi"}',
    '{"as": "ana", "press": "Send"}',
    '{"as": "ana", "press": ""}',
    '{"as": "ana", "press": 5}',
    '{"as": "ana", "press": "\\u0000\\ud800"}',
    '{"as": "ana", "fill": 5}',
    '{"as": "ana", "fill": {}}',
    '{"as": "ana", "say": "hi", "in": 5}',
    '{"clock": "yesterday"}',
    '{"clock": 5}',
    '{"clock": "2026-11-24T10:00:00"}',
    '{"clock": "0001-01-01T00:00:00+01:00"}',
    '{"clock": "9999-12-31T23:59:59+00:00"}',
    '{"advance": "soon"}',
    '{"advance": "-2d"}',
    '{"advance": "99999999d"}',
    '{"advance": "99999999999999999999d"}',
    '{"advance": {}}',
    '{"as": "ana", "say": "hi", "attach": ["missing.pdf"]}',
    '{"as": "ana", "say": "hi", "attach": ["."]}',
    '{"as": "ana", "say": "hi", "attach": ["/dev/zero"]}',
    '{"as": "ana", "say": "hi", "attach": ["\\u0000"]}',
    '{"as": "ana", "say": "hi", "attach": ["\\ud800"]}',
    '{"as": "ana", "say": "hi", "attach": 5}',
    '{"as": "ana", "say": "hi", "attach": [5]}',
]


def test_a_line_that_cannot_be_used_is_told_and_the_run_goes_on(stage_on_each: Stage) -> None:
    stage, ask = stage_on_each, {"as": "ana", "say": "help"}
    out = stage.play(*(line for bad in BAD_LINES for line in (bad, ask)))
    told = dict(errors(out))
    assert list(told) == list(range(1, 2 * len(BAD_LINES), 2))
    assert [text for text in told.values() if "went wrong" in text or len(text) >= 300] == []
    assert [each["line"] for each in out if "error" not in each] == [line + 1 for line in told]
    assert "Hello Ana" in out[-1]["text"]
    assert count(stage, Draft) == 0


@pytest.mark.parametrize(
    "text",
    ["", " \n\t ", "\x00", "a\x00b\x07", "\ud800", "hi \udfff", "\u2028\u2029", "\x85\x0b\x0c", "🧾" * 500, "ا" * 90],
    ids=lambda each: ascii(each)[:20],
)
def test_any_text_is_answered(stage_on_each: Stage, text: str) -> None:
    out = stage_on_each.play(
        {"as": "ana", "say": text, "id": text},
        {"as": "ana", "say": ASK.replace("}", ', "note": ' + json.dumps(text) + "}")},
    )
    assert [each["line"] for each in out] == [1, 2]
    assert not [each for each in out if "went wrong" in each["text"]]
    assert out[0].get("id", "") == text


def test_lines_end_at_line_feeds_alone(stage: Stage) -> None:
    out = stage.play(raw='\ufeff{"as": "ana", "say": "a\u2028b\x85c"}\r\n\r\n{"as": "ana", "say": "help"}\r\n')
    assert [each["line"] for each in out] == [1, 3]


def test_a_megabyte_is_answered_and_nothing_is_lost(stage_on_each: Stage) -> None:
    out = stage_on_each.play({"as": "ana", "say": "word " * 200_000}, {"as": "ana", "say": ASK})
    assert "very long" in out[0]["text"]
    assert [each["line"] for each in out] == [1, 1, 2]
    assert out[-1]["asked"] == ["confirm"]


def test_files_that_are_not_what_they_say_are_refused_and_kept_by_nobody(stage: Stage) -> None:
    (stage.folder / "photo.jpg").write_text("this is no photo")
    (stage.folder / "paper.pdf").write_bytes(b"\x89PNG\r\n\x1a\n")
    (stage.folder / "empty.pdf").write_bytes(b"")
    (stage.folder / "large.txt").write_bytes(b"x" * (21 * 1024 * 1024))
    (stage.folder / "huge.txt").write_bytes(b"x" * (26 * 1024 * 1024))
    names = ("photo.jpg", "paper.pdf", "empty.pdf", "large.txt")
    out = stage.play(*[{"as": "ana", "say": "help", "attach": [each]} for each in names])
    refused, answered = out[::2], out[1::2]
    assert [each["refusal"].split(" ")[0] for each in refused] == list(names)
    assert len({each["text"] for each in answered}) == 1
    assert "too large" in errors(stage.play({"as": "ana", "say": "help", "attach": ["huge.txt"]}))[0][1]
    assert count(stage, File) == 0


def test_a_file_beside_the_script_is_kept_as_it_came(stage: Stage) -> None:
    (stage.folder / "sub").mkdir()
    (stage.folder / "sub" / "receipt.pdf").write_bytes(b"%PDF-1.7 ...")
    assert errors(stage.play({"as": "ana", "say": "help", "attach": ["sub/receipt.pdf"]})) == []
    kept = list((stage.folder / "home" / "files").iterdir())
    assert [each.read_bytes() for each in kept] == [b"%PDF-1.7 ..."]


def test_cards_asked_for_in_a_channel_come_in_private(stage: Stage) -> None:
    out = stage.play({**SAY, "in": "#general"}, {"as": "ana", "say": "help", "in": "#general"})
    assert out[0]["in"] == "dm"
    assert out[0]["card"]


def test_anothers_yes_in_a_channel_is_no_press(stage: Stage) -> None:
    out = stage.play(SAY, {"as": "ana", "say": "yes", "in": "#general"})
    assert not [each for each in out if "committed" in each]


def test_an_overlap_is_said_and_does_not_block(stage: Stage) -> None:
    out = stage.play(SAY, SEND, SAY)
    assert "TO-1" in out[-1]["card"]["objections"][0]
    assert "submit" in [each["verb"] for each in out[-1]["card"]["buttons"]]


def test_numbers_that_cannot_be_are_refused(stage_on_each: Stage) -> None:
    numbers = (0, -1, 2**31, 10**30)
    said = [{"as": "maria", "say": f'approval.approve {{"request_ids": [{each}]}}'} for each in numbers]
    out = stage_on_each.play(*said, {"as": "ana", "say": f'time_off.cancel {{"request_id": {10**30}}}'})
    assert ["refusal" in each and "went wrong" not in each["refusal"] for each in out] == [True] * 5


def test_what_shows_nothing_or_turns_text_around_is_taken_out(stage: Stage) -> None:
    reason = {"comment": "\u202etoo\u200b late\u2066"}
    out = stage.play(SAY, SEND, {"as": "maria", "press": "reject", "on": "TO-1", "with": reason})
    committed = [each for line in out if line["line"] == 3 for each in line.get("committed", [])]
    assert [each["args"]["comment"] for each in committed] == ["too late"]


def test_a_reason_that_shows_nothing_is_none(stage: Stage) -> None:
    out = stage.play(SAY, SEND, {"as": "maria", "press": "reject", "on": "TO-1", "with": {"comment": "\u200b\u200d"}})
    assert out[-1]["asked"] == ["comment"]


def test_numbers_that_are_no_json_are_told_and_never_written(stage: Stage) -> None:
    out = stage.play('{"as": "ana", "say": "hello", "id": NaN}', '{"as": "ana", "fill": {"start": Infinity}}')
    assert [line for line, _ in errors(out)] == [1, 2]


@pytest.mark.parametrize("value", [False, None, "yes", 1])
def test_only_true_resets(stage: Stage, value: object) -> None:
    out = stage.play(SAY, {"reset": value}, SEND)
    assert [line for line, _ in errors(out)] == [2]
    assert out[2]["committed"][0]["ref"] == "TO-1"


# the real command


def command(*words: str, given: str = "") -> "subprocess.CompletedProcess[bytes]":
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BACKDESK_")}
    return subprocess.run(
        [sys.executable, "-m", "backdesk", "script", *words],
        input=given.encode(),
        capture_output=True,
        timeout=120,
        env={**environment, "LC_ALL": "C"},
        check=False,
    )


@pytest.mark.drill
def test_the_command_plays_the_sample_company_and_exits_0_with_error_lines(tmp_path: Path) -> None:
    file = tmp_path / "day.jsonl"
    lines = [
        {"as": "ana.costa", "say": "I need Thursday off", "id": 1},
        {"as": "ana.costa", "press": "Vacation", "id": 2},
        {"as": "ana.costa@lumen.example", "press": "submit", "id": 3},
        {"as": "nobody", "say": "hello"},
        {"as": "maria.silva", "press": "Approve", "on": "TO-224", "id": 4},
        {"as": "lucia.fernandez", "say": "¿qué puedes hacer? 日本"},
    ]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    words = (str(file), "--home", str(tmp_path / "home"), "--company", "sample", "--now", "2026-11-24T10:00:00+01:00")
    first = command(*words, "--fresh")
    assert first.returncode == 0, first.stderr
    out = [json.loads(each) for each in first.stdout.decode("utf-8").splitlines()]
    assert [each["ref"] for line in out for each in line.get("committed", [])] == ["TO-224", "TO-224"]
    assert [line for line, _ in errors(out)] == [4]
    again = command(*words)
    assert again.returncode == 0
    assert [json.loads(each)["line"] for each in again.stdout.splitlines()] == [4, 6]


def test_the_command_reads_standard_input_whatever_its_bytes(tmp_path: Path) -> None:
    done = command("-", "--home", str(tmp_path / "home"), given='{"as": "x", "say": "é"}\n\n{')
    assert done.returncode == 0, done.stderr
    assert [json.loads(each)["line"] for each in done.stdout.splitlines()] == [1, 3]


def test_wrong_usage_is_2_and_a_refusal_1(tmp_path: Path) -> None:
    assert command("-", "--home", str(tmp_path / "home"), "--now", "noon").returncode == 2
    missing = command(str(tmp_path / "none.jsonl"), "--home", str(tmp_path / "home"))
    assert missing.returncode == 1
    assert len(missing.stderr.decode().strip().splitlines()) == 1
