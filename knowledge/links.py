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
_SAFE = re.compile(r"(?:https?://[^\s]+|mailto:[^\s@]+@[^\s]+)", re.IGNORECASE)


def of(session: Session, quotes: Sequence[tuple[int, str]]) -> list[str]:
    """Each link whose words stand in a quote, by passage, as words and address; pictures by what they show."""
    query = (
        select(Passage.id, Version.text, Passage.start, Passage.end)
        .join(Version, Passage.version_id == Version.id)
        .where(Passage.id.in_([passage for passage, _ in quotes]))
    )
    texts = {row.id: row.text[row.start : row.end] for row in session.execute(query)}
    out: list[str] = []
    for passage, quote in quotes:
        for picture, words, address in _LINK.findall(texts.get(passage, "")):
            said = plain(words).strip(" .:,;")
            if _SAFE.fullmatch(address) and (picture or (said and said in quote and said not in address)):
                out.append(f"{said}: {address}" if said else address)
    return list(dict.fromkeys(out))[:MOST]
