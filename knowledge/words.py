"""Finds passages by their words and by other words for the same: by FTS5 or PostgreSQL's text search."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from knowledge.index import CANDIDATES, Allowed, Index
from knowledge.language import common
from knowledge.sentences import forms, stem

SYNONYM = 0.35
"""What a synonym of a word counts, against the word itself."""

ENOUGH = 400
"""So many passages with one of the rarer words of a question, that a reader may see, are enough to find the best."""

RARE = 8
"""A synonym that stands in more than one of so many passages tells nothing."""

UNKNOWN = 0.7
"""What a word tells that stands in no passage: people tell stories around their questions."""

SYNONYMS = Path(__file__).parent / "synonyms"
LONGEST_TERM = 4
"""The tables of other words, one for each language, and how many words a term in them has at most."""


@dataclass(frozen=True)
class Term:
    """What people say: the plain word for it, or "" where it is that, and all others that stand for the same."""

    plain: str
    others: tuple[str, ...]


_FILLERS = frozenset({"some", "any", "our", "your", "his", "her", "their", "few", "couple", "these", "those"})
"""Words between those of a phrase: "book some days off"."""

ALL = "SELECT count(*) FROM passages"
HOLDING = "SELECT count(*) FROM passage_words WHERE passage_words MATCH :w{at}"
HOLDING_ON_POSTGRES = "SELECT count(*) FROM passage_words WHERE words @@ plainto_tsquery('english', :w{at})"
BEST = text(
    "SELECT rowid, -rank FROM passage_words WHERE passage_words MATCH :words "
    "AND rank MATCH 'bm25(2.0, 1.0)' ORDER BY rank LIMIT :limit"
)
_PIECE = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
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

_LITTLE = """
actually add allow allowed bring bringing brings brought hand handed handing membership memberships use used uses
using already always amount another answer anything asked asking automatically back become
best big bigger biggest bit came cap case change come comes coming company cost costs day days deadline different due
else employee employees end even ever every everything exactly expected fast faster fee fees find first found full
fully gonna good guys happen happened happens having help high hours include includes including incl keep keeps kind
kinds last late later least leave left length limit limits long longer look looking low made make makes max maximum
mean means min minimum minutes month monthly months most move my never new next number often okay old paid part pay
per percent percentage piece place possible price question questions quick rate receive really right rule rules run
second set short size small soon sort staff start started starting stay still stop stuff sum supposed team tell
ceiling thing think time times today tomorrow took total towards try usually value wait way ways week weekly weeks whole
wondering work worked working works year yearly years yesterday
año años mes meses semana semanas hora horas tiempo empresa empleado empleados máximo mínimo límite precio cuesta
cuestan coste costo paga pagan pagar pagado recibir llevar traer dar dan pedir pido poder podría quiero saber
dura duran largo plazo caso parte vez veces hace hacen sirve llamo aquí alguien algo nuevo nueva tope
ano anos mês meses semanas horas tempo empresa funcionário funcionários máximo mínimo limite preço custa custam pagam
pagar pago receber levar trazer pedir peço quero saber dura prazo caso parte vez vezes faço fazem serve alguém algo
novo nova teto
an ans année mois semaine semaines heure heures temps entreprise employé employés maximum minimum limite prix coûte
coûtent paie payer payé paye recevoir apporter demander demande veux savoir dure durée délai cas part fois fait font
sert quelqu quelque nouveau nouvelle avoir droit traiter plafond
jahr jahre monat monate woche wochen stunde stunden zeit firma mitarbeiter maximal minimal höchstens mindestens grenze
preis kostet kosten zahlt zahlen bezahlt bekommen bringen nehmen genommen dauert dauer frist fall teil mal macht machen
jemand etwas neu neue müssen können dürfen sollen möchte wissen dazu obergrenze
anno anni mese mesi settimana settimane ora ore tempo azienda dipendente dipendenti massimo minimo limite prezzo costa
costano paga pagano pagare pagato ricevere portare chiedere voglio sapere dura durata scadenza caso parte volta volte
faccio fanno serve qualcuno qualcosa nuovo nuova massimale qual
"""
LITTLE = frozenset(_LITTLE.split())
"""Words that tell little, in any of the languages: an answer need not hold them."""


def by_words(session: Session, index: Index, question: str, may: Allowed, *, k: int) -> dict[int, float]:
    """The k passages that share the most telling words with the question, synonyms counting less: id to score."""
    words = content_words(question)
    beside = dict.fromkeys([*synonyms(question), *(form for word in words for form in forms(word))])
    counts = _counts(session, index, [*words, *beside], may.revision)
    scores = _matching(session, index, [each for each in words if counts[each]], may)
    most = max(CANDIDATES, counts[""] // RARE)
    others = [each for each in beside if each not in words and 0 < counts[each] <= most]
    for each, score in _matching(session, index, others, may).items():
        scores[each] = scores.get(each, 0.0) + SYNONYM * score
    best = sorted(scores, key=lambda each: (-scores[each], each))[:k]
    return {each: scores[each] for each in best}


def content_words(question: str, *, most: int = 32) -> list[str]:
    """The words of a question that tell what it is about, in lower case."""
    pieces = _PIECE.findall(question.lower().replace("’", "'"))
    kept = [each for each in pieces if each not in STOP and (len(each) > 1 or each.isdigit())]
    return list(dict.fromkeys(kept))[:most]


def letters(text: str) -> list[str]:
    """The different words of a text that tell something and are made of letters, in lower case."""
    pieces = _LETTERS.findall(text.lower())
    return list(dict.fromkeys(each for each in pieces if len(each) > 1 and each not in STOP))


def little(word: str, language: str) -> float:
    """What a word of a question counts, 0 to 1, by how little such a word tells anywhere."""
    if language != "en" and word in common(language):
        return 0.1
    return 0.35 if word in LITTLE or word.isdigit() else 1.0


def synonyms(question: str) -> list[str]:
    """Other words for what a question says, from knowledge/synonyms: the plainest first."""
    return [other for _, term in _said(question) for other in term.others]


def plainly(question: str) -> str:
    """A question with the plain word beside each word that has a plainer one, as it is understood best."""
    beside = dict.fromkeys(term.plain for _, term in _said(question) if term.plain)
    return " ".join([question, *beside])


def meant(question: str) -> dict[str, frozenset[tuple[str, ...]]]:
    """For each telling word of a question the other terms that stand for it or for its phrase.

    Each is given word by word; one of nothing but little words ("time off") as it is said.
    """
    out: dict[str, set[tuple[str, ...]]] = {}
    for said, term in _said(question):
        others = [(other,) if {said, other} <= LITTLE else _telling(other) for other in term.others]
        for word in _PIECE.findall(said):
            out.setdefault(word, set()).update(each for each in others if each)
    return {word: frozenset(others) for word, others in out.items()}


def unsaid(question: str) -> dict[str, frozenset[tuple[str, ...]]]:
    """The telling words of what a question says in words that tell nothing ("don't take": carry over), as in meant."""
    said = set(content_words(question))
    out: dict[str, frozenset[tuple[str, ...]]] = {}
    for phrase, term in _said(question):
        if term.plain and said.isdisjoint(_PIECE.findall(phrase)):
            others = frozenset(told for each in term.others if (told := _telling(each)))
            out |= {word: others for word in content_words(term.plain) if word not in said}
    return out


def _telling(term: str) -> tuple[str, ...]:
    words = tuple(each for each in _PIECE.findall(term) if each not in STOP)
    if not LITTLE.issuperset(words):
        return words
    return (term,) if " " in term else ()


@lru_cache(maxsize=64)
def _said(question: str) -> tuple[tuple[str, Term], ...]:
    """The terms of the tables that a question holds, longest first, each with what stands beside it."""
    table = _synonyms()
    pieces = [each for each in _PIECE.findall(question.lower().replace("\u2019", "'")) if each not in _FILLERS]
    free = [True] * len(pieces)
    out: list[tuple[str, Term]] = []
    for length in range(min(LONGEST_TERM, len(pieces)), 0, -1):
        for at in range(len(pieces) - length + 1):
            term = " ".join(pieces[at : at + length])
            known = table.get(term) or _by_stems().get(_stems_of(term))
            if all(free[at : at + length]) and known is not None:
                free[at : at + length] = [False] * length
                out.append((term, known))
    return tuple(out)


def _stems_of(term: str) -> str:
    return " ".join(map(stem, term.split()))


@cache
def _by_stems() -> dict[str, Term]:
    """The terms in other forms of their words: "handing in" for "hand in"."""
    out: dict[str, Term] = {}
    for term, held in _synonyms().items():
        out.setdefault(_stems_of(term), Term(held.plain or term, tuple(dict.fromkeys((term, *held.others)))))
    return out


def rarity(session: Session, words: Sequence[str]) -> dict[str, float]:
    """How much each word tells, 0 to 1: the fewer passages hold it, the more; 1 where only one does."""
    total, *held = _held(session, ["", *words])
    most = np.log(1 + (total - 0.5) / 1.5)
    out: dict[str, float] = {}
    for word, among in zip(words, held, strict=True):
        out[word] = float(np.log(1 + (total - among + 0.5) / (among + 0.5)) / most) if among else UNKNOWN
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


def _matching(session: Session, index: Index, words: Sequence[str], may: Allowed) -> dict[int, float]:
    if not words:
        return {}
    sqlite = session.get_bind().dialect.name == "sqlite"
    total = _counts(session, index, (), may.revision)[""]
    share = total / max(1, len(may.ids))
    first = int(2 * CANDIDATES * share)
    wanted = _expression(session, index, words, may.revision, least=first, enough=ENOUGH * share) if sqlite else ""
    for limit in (first, -1 if sqlite else None):
        rows = _sqlite_words(session, wanted, limit) if sqlite else _postgres_words(session, words, limit)
        kept = {each: score for each, score in rows if each in may.members and score > 0}
        if len(kept) >= CANDIDATES or len(rows) < first:
            return kept
    return kept


def _expression(
    session: Session, index: Index, words: Sequence[str], revision: int, *, least: float, enough: float
) -> str:
    """The words as FTS5 is asked for them: passages that hold one of the rarer, scored by all of them.

    Words that stand everywhere tell little, and scoring all that hold them takes long. Each word stands in it as often
    as any other, as each counts in the score as often as it stands there.
    """
    seen = _counts(session, index, words, revision)
    rare: list[str] = []
    held = 0
    for word in sorted(words, key=lambda each: seen[each]):
        if held > enough or (held >= least and held + seen[word] > enough):
            break
        rare.append(word)
        held += seen[word]
    common = [word for word in words if word not in rare]
    if not common:
        return _either(words)
    return f"({_either(rare)}) AND ({_either([*rare, *common, *common])})"


def _either(words: Sequence[str]) -> str:
    return " OR ".join(f'"{each}"' for each in words)


def _counts(session: Session, index: Index, words: Sequence[str], revision: int) -> dict[str, int]:
    """How many passages hold each word, and under "" how many there are; remembered until the library changes."""
    if index.counted != revision or len(index.counts) >= 5_000:
        index.counted, index.counts = revision, {}
    known = index.counts
    new = [each for each in dict.fromkeys(["", *words]) if each not in known]
    if new:
        known.update(zip(new, _held(session, new), strict=True))
    return known


def _held(session: Session, words: Sequence[str]) -> list[int]:
    """How many passages hold each word, or for "" how many there are, in one look."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    holding = HOLDING if sqlite else HOLDING_ON_POSTGRES
    each = [f"({holding.format(at=at)})" if word else f"({ALL})" for at, word in enumerate(words)]
    values = {f"w{at}": f'"{word}"' if sqlite else word for at, word in enumerate(words) if word}
    return list(session.connection().execute(text(f"SELECT {', '.join(each)}"), values).one())


def _sqlite_words(session: Session, wanted: str, limit: int | None) -> list[tuple[int, float]]:
    found = session.connection().execute(BEST, {"words": wanted, "limit": limit}).all()
    return [(row[0], row[1]) for row in found]


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
