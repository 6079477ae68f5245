"""The links of what is quoted: where they lead, if that is a page or an address of mail, and nowhere else."""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.library import Passage, Version
from knowledge.passages import plain

MOST = 3
"""Links that an answer shows."""

_LINK = re.compile(r"(!?)\[([^\[\]]*)\]\(\s*<?([^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+[\"'][^\"')]*[\"'])?\s*\)")
_REFERENCE = re.compile(r"(!?)\[([^\[\]]+)\](?:\[([^\[\]]*)\])?(?![(:])")
_DEFINED = re.compile(r"^ {0,3}\[([^\[\]]+)\]:\s*<?([^\s<>]+)>?", re.MULTILINE)
_SAFE = re.compile(r"(?:https?://[^\s]+|mailto:[^\s@]+@[^\s]+)", re.IGNORECASE)


def of(session: Session, quotes: Sequence[tuple[int, str]]) -> list[str]:
    """Each link whose words stand in a quote, by passage, as words and address; pictures by what they show."""
    query = (
        select(Passage.id, Version.text, Passage.start, Passage.end)
        .join(Version, Passage.version_id == Version.id)
        .where(Passage.id.in_([passage for passage, _ in quotes]))
    )
    links = {row.id: _in(row.text[row.start : row.end], row.text) for row in session.execute(query)}
    out: list[str] = []
    for passage, quote in quotes:
        for picture, words, address in links.get(passage, ()):
            said = plain(words).strip(" .:,;")
            if _SAFE.fullmatch(address) and (picture or (said and said in quote and said not in address)):
                out.append(f"{said}: {address}" if said else address)
    return list(dict.fromkeys(out))[:MOST]


def _in(piece: str, whole: str) -> list[tuple[str, str, str]]:
    """The links of a piece of a document, also those whose address stands elsewhere in it: (!, words, address)."""
    found: list[tuple[str, str, str]] = list(_LINK.findall(piece))
    if "]:" in whole:
        defined = {_key(name): address for name, address in reversed(_DEFINED.findall(whole))}
        for picture, words, name in _REFERENCE.findall(piece):
            if address := defined.get(_key(name or words)):
                found.append((picture, words, address))
    return found


def _key(name: str) -> str:
    return " ".join(name.lower().split())
