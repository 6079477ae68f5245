"""What people asked and the handbook did not say, grouped by what they meant. Nobody's name is kept."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from knowledge import embedding, library

ALIKE = 0.7
"""How near two questions have to be to count as one."""

MOST = 300
"""How many different questions are compared; the others stand for themselves."""


@dataclass(frozen=True)
class Group:
    """Questions that mean the same: the one asked most often, how often all of them, and on which day last.

    near  how often of that what comes nearest was shown; the other times nothing was
    """

    question: str
    count: int
    last: date
    others: tuple[str, ...] = ()
    near: int = 0


def grouped(session: Session) -> list[Group]:
    """The groups, the largest first; the newest first among those as large."""
    rows = library.gaps(session)
    if not rows:
        return []
    some = rows[:MOST]
    vectors = embedding.use([question for question, *_ in some])
    groups: list[list[int]] = []
    for at in range(len(some)):
        near = [float(np.mean([vectors[at] @ vectors[other] for other in group])) for group in groups]
        best = int(np.argmax(near)) if near else -1
        if near and near[best] >= ALIKE:
            groups[best].append(at)
        else:
            groups.append([at])
    found = [[some[at] for at in group] for group in groups] + [[row] for row in rows[MOST:]]
    out = [
        Group(
            question=each[0][0],
            count=sum(row[1] for row in each),
            last=max(row[2] for row in each),
            others=tuple(row[0] for row in each[1:]),
            near=sum(row[3] for row in each),
        )
        for each in found
    ]
    return sorted(out, key=lambda each: (-each.count, -each.last.toordinal(), each.question))
