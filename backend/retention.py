"""Retention: files that were kept long enough are removed, as policy says; their hashes stay."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import files, policies
from backend.drafts import Draft
from backend.files import SMALL, File
from backend.forms import files_of
from backend.kinds import kinds_of
from backend.readings import Reading
from backend.requests import PENDING, Request
from backend.store import now

LOOKED_BACK = timedelta(days=60)
"""So long the disk is looked at for what was marked, in case a day was missed."""


def mark_due(session: Session) -> int:
    """Marks the files whose time is over; they are removed from the disk by remove_marked(), once that is committed."""
    kind = next((each for each in kinds_of(session).values() if "kept_days" in each.policy.model_fields), None)
    if kind is None:
        return 0
    limits: Any = policies.limits(session, kind)
    moment = now(session)
    unsent, kept = moment - timedelta(days=limits.unsent_days), moment - timedelta(days=limits.kept_days)
    drafted = {
        file
        for draft in session.scalars(select(Draft).where(Draft.state == "open"))
        for line in (draft.values, *draft.lines)
        for value in line.values()
        for file in files_of(value)
    }
    done = 0
    there = (
        select(File, Reading.request).outerjoin(Reading, Reading.file_id == File.id).where(File.removed_at.is_(None))
    )
    for file, _ in session.execute(there.where(Reading.request.is_(None), File.at < unsent)):
        if file.id not in drafted and not _is_of_a_request(session, file):
            file.removed_at = moment
            done += 1
    for file, number in session.execute(there.where(Reading.request.is_not(None), File.at < kept)):
        if not _is_open(session.get_one(Request, number)):
            file.removed_at = moment
            done += 1
    session.flush()
    return done


def remove_marked(session: Session, *, folder: Path) -> None:
    """Removes from the disk what an earlier transaction has marked."""
    moment = now(session)
    marked = select(File.id).where(File.removed_at < moment, File.removed_at > moment - LOOKED_BACK)
    for each in session.scalars(marked):
        for name in (each, f"{each}{SMALL}"):
            (folder / name).unlink(missing_ok=True)


def _is_open(request: Request) -> bool:
    return request.state == PENDING or any(each.state == "open" for each in request.steps)


def _is_of_a_request(session: Session, file: File) -> bool:
    """Whether a file that was never noted as part of a request is part of one all the same: an old one."""
    sent = select(Request).where((Request.person_id == file.person_id) | (Request.by_id == file.person_id))
    return any(files.holds(each, file.id) for each in session.scalars(sent))
