"""Reads what a browser sent: a message with its files, a button, or a form of fields and lines."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from backend import files
from backend.files import File
from backend.forms import Widget, files_of
from backend.people import Person
from backend.refusals import Refusal
from bot.message import Attachment
from bot.typed import typed

MOST_FILES = 20
_EVENT = re.compile(r"[\w-]{8,64}")
_FIELD = re.compile(r"(?:l\.(\d{1,3})\.)?f\.(\w+)\.(\w+)")
_FILE_ID = re.compile(r"[0-9a-f]{32}")


def event_of(form: FormData, handle: str) -> str:
    """The event's id, made in the browser so that a form sent twice is done once; nobody can use another's."""
    sent = str(form.get("event") or "")
    return f"web:{handle}:{sent if _EVENT.fullmatch(sent) else uuid4().hex}"


async def attachments(form: FormData, name: str = "files") -> tuple[Attachment, ...]:
    """The files that came with a message; those that were left empty by the browser are none."""
    out: list[Attachment] = []
    for each in form.getlist(name)[:MOST_FILES]:
        if isinstance(each, UploadFile) and each.filename:
            out.append(Attachment(file_name(each.filename), await each.read(), _mime(each.content_type)))
    return tuple(out)


async def uploads(form: FormData) -> dict[str, list[Attachment]]:
    """The files that were put into a form's fields, by the name that the field has on the page."""
    out: dict[str, list[Attachment]] = {}
    for key, each in form.multi_items():
        if isinstance(each, UploadFile) and each.filename and _FIELD.fullmatch(key):
            file = Attachment(file_name(each.filename), await each.read(), _mime(each.content_type))
            out.setdefault(key, []).append(file)
    return {key: each[:MOST_FILES] for key, each in out.items()}


def values(form: FormData, *, stored: dict[str, list[str]]) -> tuple[dict[str, Any], tuple[dict[str, Any], ...] | None]:
    """What a form holds: its fields, and its lines where it has lines.

    A field of several files begins with one that is empty: what follows it is added up. In any other the last counts.

    stored  the files that were uploaded with it, kept already: the field's name on the page to the files' ids
    """
    fields: dict[str, Any] = {}
    lines: dict[int, dict[str, Any]] = {}
    for key, raw in _texts(form):
        found = _FIELD.fullmatch(key)
        if found is None:
            continue
        number, widget, name = found.groups()
        into = fields if number is None else lines.setdefault(int(number), {})
        if widget == Widget.FILE:
            _put_file(into, name, raw)
        else:
            into[name] = typed(widget, raw)
    for key, file_ids in stored.items():
        found = _FIELD.fullmatch(key)
        if found is not None:
            number, _, name = found.groups()
            for each in file_ids:
                _put_file(fields if number is None else lines.setdefault(int(number), {}), name, each)
    if "lines" not in form:
        return fields, None
    kept = [lines[number] for number in sorted(lines)]
    return fields, tuple(each for each in kept if any(value not in ("", None, []) for value in each.values()))


def _put_file(into: dict[str, Any], name: str, file: str) -> None:
    held = into.get(name)
    if not file:
        into[name] = []
    else:
        into[name] = [*files_of(held), file] if isinstance(held, list) else file


def keep_own(session: Session, person: Person, said: Iterable[Any]) -> None:
    """A Refusal if a field names a file that somebody else sent: a file is put into a form by who has it."""
    for each in (one for value in said for one in files_of(value)):
        if _FILE_ID.fullmatch(each):
            row = session.get(File, each)
            if row is None or row.person_id != person.id:
                raise Refusal("That file is not one that you sent: please choose it again.")


def too_large(attachment: Attachment) -> Refusal | None:
    """The Refusal for a file over 20 MB, or None."""
    if len(attachment.content) <= files.LARGEST:
        return None
    return Refusal("{name} is larger than 20 MB: please send a smaller one.", name=attachment.name)


def file_name(name: str) -> str:
    """A file's name without folders and without characters that no one can see."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(each for each in last if each.isprintable()).strip()[:150] or "file"


def _mime(sent: str | None) -> str:
    return sent if sent and re.fullmatch(r"[\w.+-]+/[\w.+-]+", sent) else "application/octet-stream"


def _texts(form: FormData) -> list[tuple[str, str]]:
    return [(key, each) for key, each in form.multi_items() if isinstance(each, str)]
