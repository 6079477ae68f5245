"""The toolbox as a language model is shown it: each tool with a sentence and a JSON schema, derived from the forms."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from backend.desk import Desk
from backend.drafts import FORMS, Draft
from backend.forms import Blank, Form, Widget
from backend.kinds import WHOSE, Kind
from backend.people import Person
from bot import assisting, correcting, tool_forms
from bot.brain.calling import Tool

if TYPE_CHECKING:
    from bot.app import App

DISCARD, UPDATE = "draft_discard", "draft_update"
"""What may be called while a draft is open."""

ACTS: Mapping[str, tuple[type[Form], str]] = {
    "draft_decision": (
        tool_forms.Decision,
        "Drafts a decision on requests that wait for the person: approve, reject, send_back with a question, or undo "
        "the person's last decision. They confirm it themselves.",
    ),
    "draft_withdrawal": (tool_forms.Withdrawal, "Drafts taking back a request of the person's own."),
    "draft_stand_in": (tool_forms.StandInFor, "Drafts who decides for the person while they are away."),
    "draft_assistant": (
        assisting.Assistance,
        "Drafts who prepares the person's decisions from now on, and decides up to an amount or so many days for them.",
    ),
    "draft_assistance_over": (assisting.AssistanceOver, "Drafts that an assistant of the person's is one no more."),
    "draft_correction": (
        correcting.Correction,
        "Drafts a correction of a colleague's leave balance, for HR: days to add, or below zero to take away, and why.",
    ),
    "draft_snooze": (tool_forms.Snoozed, "Drafts putting off what waits for the person until a moment."),
    "draft_nudge": (tool_forms.Nudged, "Drafts asking those whom a request of the person's waits for to look at it."),
}
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "comment": {"type": "string", "description": "the reason, the question or the answer that was asked for"},
    "amount": {"type": "number", "description": "how much is approved"},
    "until": {"type": "string", "description": "until when it is put off: a moment as 2026-12-03T09:00"},
    "request_id": {"type": "integer", "description": "which of the requests is meant"},
    "to": {"type": "string", "description": "who stands in, who assists, or whose balance it is"},
    "leave_type": {"type": "string", "description": "of which kind of leave a balance is corrected"},
    "days": {"type": "number", "description": "by how much a balance is corrected"},
    "start": {"type": "string", "format": "date"},
    "end": {"type": "string", "format": "date"},
}
"""What may be said while a decision, a withdrawal, a stand-in or the like is open."""


def tools_for(app: "App", session: Session, person: Person, draft: Draft | None) -> list[Tool]:
    """Every tool that somebody's message may use, given the draft that is open."""
    found = [Tool(each.name, each.about, _form(each.form)) for each in app.looks.values()]
    of_kinds = {kind.name: _kind(kind, Desk(session, person, kind)) for kind in app.kinds.values()}
    for kind in app.kinds.values():
        found.append(Tool(f"draft_{kind.name}", f"Drafts a request: {kind.title}.", of_kinds[kind.name]))
    for name, (form, about) in ACTS.items():
        found.append(Tool(name, about, _form(form)))
    number = {"request_id": {"type": "integer", "description": "the number of the request"}}
    every = {name: each for schema in of_kinds.values() for name, each in schema["properties"].items() if name != WHOSE}
    about = "Drafts a change to a request of the person's own that was sent: only what is to be different."
    found.append(Tool("draft_change", about, _object({**number, **every}, required=["request_id"])))
    if draft is not None:
        of_draft = of_kinds[draft.kind or ""]["properties"] if draft.act in FORMS else ANSWERS
        found.append(
            Tool(UPDATE, "Puts what was said into the draft that is open: only what is new.", _object(of_draft))
        )
        found.append(
            Tool(DISCARD, "Throws away the draft that is open, where the person no longer wants it.", _object({}))
        )
    return found


def _object(properties: Mapping[str, Any], *, required: Sequence[str] = ()) -> dict[str, Any]:
    schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**schema, "required": list(required)} if required else schema


def _kind(kind: Kind[Any], desk: Desk) -> dict[str, Any]:
    properties = {each.name: _blank(each) for each in kind.sayable(desk) if _is_said(each)}
    if kind.line is not None:
        of_line = {each.name: _blank(each) for each in kind.blanks(desk, line=True) if _is_said(each)}
        about = "the lines, where there are several: each with its own fields"
        properties["lines"] = {"type": "array", "items": _object(of_line), "description": about}
    if kind.for_others:
        properties[WHOSE] = {"type": "string", "description": "the colleague whom it is for, if it is for another"}
    return _object(properties)


def _is_said(blank: Blank) -> bool:
    return blank.told and blank.widget is not Widget.FILE


TYPES: Mapping[Widget, Mapping[str, str]] = {
    Widget.DATE: {"type": "string", "format": "date"},
    Widget.NUMBER: {"type": "number"},
    Widget.MONEY: {"type": "number"},
    Widget.YES_NO: {"type": "boolean"},
}


def _blank(blank: Blank) -> dict[str, Any]:
    type_: dict[str, Any] = dict(TYPES.get(blank.widget, {"type": "string"}))
    if blank.options:
        type_["enum"] = [each.value for each in blank.options]
    return {**type_, "description": blank.title}


@cache
def _form(form: type[Form]) -> dict[str, Any]:
    """The schema of a form as pydantic tells it, without what a model has no use for."""
    whole = form.model_json_schema()
    return _object({name: _plain(each) for name, each in whole.get("properties", {}).items()},
                   required=whole.get("required", ()))  # fmt: skip


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    kept = {"type", "format", "items", "enum", "pattern"}
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    first = next((each for each in choices if each.get("type") in ("number", "integer")), (choices or [schema])[0])
    plain = {name: value for name, value in first.items() if name in kept}
    if plain.get("type") == "number":
        plain.pop("pattern", None)
    return {**plain, "description": str(schema.get("title", ""))}
