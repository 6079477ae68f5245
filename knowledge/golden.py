"""Golden questions: what is asked again before something is published, to see which answers it would change."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.refusals import Refusal
from backend.store import Store
from backend.words import say
from knowledge.citing import CLOSEST, NOT_FOUND, Finding, look_up
from knowledge.index import Index
from knowledge.publishing import Prepared, publish
from knowledge.search import Reader

FILE = "golden.jsonl"
"""The file in a home whose questions are asked before anything is published."""

Question = dict[str, Any]

UNANSWERED = (CLOSEST, NOT_FOUND)
"""What stands for an answer where there is none."""


@dataclass(frozen=True)
class Difference:
    """A question that would be answered otherwise: what is said now, and what would be; UNANSWERED where nothing is."""

    question: str
    before: str
    after: str


def read(file: Path) -> list[Question]:
    """The questions of a file, a line each: {"question", "doc", "heading", "says", "outcome"}; or a Refusal."""
    if not file.is_file():
        raise Refusal("There is no file {file}.", file=file)
    out: list[Question] = []
    for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            each = json.loads(line)
        except ValueError:
            each = None
        if not isinstance(each, dict) or not isinstance(each.get("question"), str):  # pyright: ignore[reportUnknownMemberType]
            raise Refusal('Line {number} of {file} is not {{"question": ...}}.', number=number, file=file.name)
        out.append(each)  # pyright: ignore[reportUnknownArgumentType]
    return out


def kept(home: Path) -> list[Question]:
    """The golden questions of a home; none where it has no such file."""
    return read(home / FILE) if (home / FILE).is_file() else []


def differences(
    store: Store, prepared: Sequence[Prepared], questions: Sequence[Question], *, reader: Reader | None = None
) -> list[Difference]:
    """Which questions would be answered otherwise once this were published. Nothing stays published.

    reader  as whom they are asked; default: somebody who may read everything
    """
    reader = reader or Reader(person=None, audiences=None, places=None, day=datetime.now(UTC).date())
    index = Index(store)  # one of its own: what it remembers of what was never published goes with it
    with store.looking() as session:
        before = [look_up(session, index, each["question"], reader) for each in questions]
    trial, after = Index(store), list[Finding]()
    try:
        with store.writing() as session:
            for each in prepared:
                publish(session, each, by=None)
            after = [look_up(session, trial, each["question"], reader) for each in questions]
            raise _NotMeant
    except _NotMeant:
        pass
    return [
        Difference(each["question"], _said(one), _said(other))
        for each, one, other in zip(questions, before, after, strict=True)
        if _said(one) != _said(other)
    ]


def problems(expected: Question, finding: Finding) -> list[str]:
    """In what an answer is not as its question expects, in words; nothing where it is."""
    cited = [(each.doc, each.heading) for each in finding.citations]
    out: list[str] = []
    outcome = expected.get("outcome")
    if outcome and finding.outcome != outcome:
        out.append(say("en", "is {found} instead of {outcome}", found=finding.outcome, outcome=outcome))
    doc = expected.get("doc")
    if doc and doc not in [each for each, _ in cited]:
        out.append(say("en", "does not cite {doc}", doc=doc))
    heading = expected.get("heading")
    if heading and not any(heading in (each, each.rpartition(" > ")[2]) for _, each in cited):
        out.append(say("en", "does not cite the heading {heading}", heading=heading))
    says = expected.get("says", [])
    for words in [says] if isinstance(says, str) else says:
        if str(words).lower() not in finding.text.lower():
            out.append(say("en", "does not say: {words}", words=words))
    return out


class _NotMeant(Exception):
    """Takes back what was published on trial."""


def _said(finding: Finding) -> str:
    return "\n".join(each.quote for each in finding.citations) if finding.outcome == "answered" else finding.outcome
