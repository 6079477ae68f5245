"""Finds passages by their words and by other words for the same: by FTS5 or PostgreSQL's text search."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from knowledge.index import CANDIDATES, Allowed

SYNONYM = 0.35
"""What a synonym of a word counts, against the word itself."""

UNKNOWN = 3.0
"""What a word tells that stands in no passage: people tell stories around their questions."""

SYNONYMS = Path(__file__).parent / "synonyms"
LONGEST_TERM = 4
"""The tables of other words, one for each language, and how many words a term in them has at most."""


@dataclass(frozen=True)
class Term:
    """What people say: the plain word for it, or "" where it is that, and all others that stand for the same."""

    plain: str
    others: tuple[str, ...]


_PIECE = re.compile(r"\w+")
_STOP = """
a about above after again all also am an and any anybody anyone are as at be because been before being both
but by can cannot cant could did do does doesn doing don done dont down during each either few for from
further get gets getting give given go going got had has hasn have haven having he her here hers him his how i
id if ill im in into is isn isnt it its ive just know let like lot many may me might more most much must my
myself need needs no nor not now of off ok okay on once one only or other our ours out over own people please
put really same say says she should so some somebody someone something still such take tell than thanks that
thats the their theirs them then there these they thing things this those though through to too under until up
us use very want wants was wasn we well were what whats when whens where wheres whether which while who whom
whos whose why will with within without won would yes yet you your yours hi hello hey
"""
STOP = frozenset(_STOP.split())
"""Words that tell nothing about what is asked."""


def by_words(session: Session, question: str, may: Allowed, *, k: int) -> dict[int, float]:
    """The k passages that share the most telling words with the question, synonyms counting less: id to score."""
    words = content_words(question)
    scores = _matching(session, words, may)
    others = [other for other in dict.fromkeys(synonyms(question)) if other not in words]
    for each, score in _matching(session, others, may).items():
        scores[each] = scores.get(each, 0.0) + SYNONYM * score
    best = sorted(scores, key=lambda each: (-scores[each], each))[:k]
    return {each: scores[each] for each in best}


def content_words(question: str, *, most: int = 32) -> list[str]:
    """The words of a question that tell what it is about, in lower case."""
    pieces = _PIECE.findall(question.lower().replace("’", "'"))
    kept = [each for each in pieces if each not in STOP and (len(each) > 1 or each.isdigit())]
    return list(dict.fromkeys(kept))[:most]


def synonyms(question: str) -> list[str]:
    """Other words for what a question says, from knowledge/synonyms: the plainest first."""
    return [other for _, term in _said(question) for other in term.others]


def plainly(question: str) -> str:
    """A question with the plain word beside each word that has a plainer one, as it is understood best."""
    beside = dict.fromkeys(term.plain for _, term in _said(question) if term.plain)
    return " ".join([question, *beside])


def meant(question: str) -> dict[str, frozenset[str]]:
    """For each telling word of a question the other words that stand for it, alone or as part of a phrase."""
    out: dict[str, set[str]] = {}
    for said, term in _said(question):
        for word in _PIECE.findall(said):
            out.setdefault(word, set()).update(piece for other in term.others for piece in _PIECE.findall(other))
    return {word: frozenset(others - STOP) for word, others in out.items()}


def _said(question: str) -> list[tuple[str, Term]]:
    """The terms of the tables that a question holds, longest first, each with what stands beside it."""
    table = _synonyms()
    pieces = _PIECE.findall(question.lower().replace("\u2019", "'"))
    free = [True] * len(pieces)
    out: list[tuple[str, Term]] = []
    for length in range(min(LONGEST_TERM, len(pieces)), 0, -1):
        for at in range(len(pieces) - length + 1):
            term = " ".join(pieces[at : at + length])
            if all(free[at : at + length]) and term in table:
                free[at : at + length] = [False] * length
                out.append((term, table[term]))
    return out


def rarity(session: Session, words: Sequence[str]) -> dict[str, float]:
    """How much each word tells: the fewer passages hold it, the more, about 0 to 7."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    total = session.execute(text("SELECT count(*) FROM passages")).scalar_one()
    count = text(
        "SELECT count(*) FROM passage_words WHERE passage_words MATCH :word"
        if sqlite
        else "SELECT count(*) FROM passage_words WHERE words @@ plainto_tsquery('english', :word)"
    )
    out: dict[str, float] = {}
    for word in words:
        among = session.execute(count, {"word": f'"{word}"' if sqlite else word}).scalar_one()
        out[word] = float(np.log(1 + (total - among + 0.5) / (among + 0.5))) if among else UNKNOWN
    return out


@cache
def _synonyms() -> dict[str, Term]:
    """The terms of the tables; those of English first, as most handbooks are read in it."""
    out: dict[str, Term] = {}
    for file in sorted(SYNONYMS.glob("*.txt"), key=lambda each: (each.stem != "en", each.stem)):
        for line in file.read_text(encoding="utf-8").splitlines():
            pieces = [" ".join(_PIECE.findall(each.lower())) for each in line.partition("#")[0].split(",")]
            terms = [each for each in pieces if each]
            for term in terms:
                known = out.get(term, Term(terms[0] if term != terms[0] else "", ()))
                others = (*known.others, *(each for each in terms if each != term))
                out[term] = Term(known.plain, tuple(dict.fromkeys(others)))
    return out


def _matching(session: Session, words: Sequence[str], may: Allowed) -> dict[int, float]:
    if not words:
        return {}
    sqlite = session.get_bind().dialect.name == "sqlite"
    rank = _sqlite_words if sqlite else _postgres_words
    for limit in (10 * CANDIDATES, -1 if sqlite else None):
        rows = rank(session, words, limit)
        kept = {each: score for each, score in rows if each in may.members and score > 0}
        if len(kept) >= CANDIDATES or len(rows) < 10 * CANDIDATES:
            return kept
    return kept


def _sqlite_words(session: Session, words: Sequence[str], limit: int | None) -> list[tuple[int, float]]:
    query = text(
        "SELECT rowid, -bm25(passage_words, 2.0, 1.0) FROM passage_words WHERE passage_words MATCH :words "
        "ORDER BY bm25(passage_words, 2.0, 1.0) LIMIT :limit"
    )
    quoted = " OR ".join(f'"{each}"' for each in words)
    return [(int(row[0]), float(row[1])) for row in session.execute(query, {"words": quoted, "limit": limit})]


def _postgres_words(session: Session, words: Sequence[str], limit: int | None) -> list[tuple[int, float]]:
    """PostgreSQL ranks without regard to how rare a word is, so each word's share is weighed by that here."""
    weighed = rarity(session, words)
    values: dict[str, Any] = {"limit": limit}
    ranks: list[str] = []
    matches: list[str] = []
    for at, (word, weight) in enumerate(weighed.items()):
        values |= {f"w{at}": word, f"i{at}": weight}
        one = f"plainto_tsquery('english', :w{at})"
        # 32 makes rank/(rank+1): a word that is repeated does not count over and over
        ranks.append(f":i{at} * ts_rank('{{0.1, 0.2, 0.5, 1.0}}', words, {one}, 32)")
        matches.append(f"words @@ {one}")
    query = text(
        f"SELECT passage_id, {' + '.join(ranks)} AS score FROM passage_words "
        f"WHERE {' OR '.join(matches)} ORDER BY score DESC, passage_id LIMIT :limit"
    )
    return [(int(row[0]), float(row[1])) for row in session.execute(query, values)]
