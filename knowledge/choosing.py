"""Chooses the sentences of an answer, few and those worth most, and lays them out as people read them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from knowledge.sentences import sentences
from knowledge.weighing import Weighed

WORDS, SENTENCES = 110, 6
"""How many words and sentences an answer has at most; the items of one list and the rows of one table count as one."""

MANY_WORDS, MANY_SENTENCES = 110, 9
"""The same where steps or a list are asked for."""

BEHIND, ELSEWHERE = 9.0, 5.0
"""How much less than the best a sentence may be worth to stand beside it, in its section and in another."""

NAMED, MISSED = 0.8, 0.5
"""From which measure on a word of the question is in an item or row by itself, and up to which it is not."""

LEAD = 32
"""Of how many words the line that leads to an item is shown with it."""


_LABEL = re.compile(r"[^:.!?]{1,40}: ")
"""An item that begins with what it is about is one of several, and no step."""

_NEGATED = re.compile(
    r"\b(?:not|never|no|none|cannot|\w+n't|excluded|forbidden|prohibited|banned|nunca|prohibid\w+|exclu[ií]d\w+|n[aã]o|"
    r"proibid\w+|pas|jamais|interdite?s?|exclue?s?|nicht|nie|kein\w*|verboten\w*|ausgeschlossen\w*|non|mai|vietat\w+|"
    r"esclus\w+|exceptions?|exclusions?|non-\w+|excepciones|exce[cç][oõ]es|ausnahmen?|eccezioni)\b",
    re.IGNORECASE,
)
"""What turns a rule round: what stands under such a heading is not shown without it."""

Group = tuple[int, str | int]


def chosen(weighed: Sequence[Weighed], *, many: bool) -> list[list[Weighed]]:
    """The sentences worth most that fit into an answer, in runs of one passage, in each as they stand.

    The best stands first, with the items or rows it belongs to, then what else its section says, then other sections.
    many  steps or a list are asked for
    """
    words, most = (MANY_WORDS, MANY_SENTENCES) if many else (WORDS, SENTENCES)
    leads = {(each.passage, each.sentence.text): each for each in weighed}
    those = [each for each in weighed if not each.sentence.head and not each.sentence.text.endswith(":")]
    ranked = sorted(those or weighed, key=lambda one: -one.worth)
    picked: list[Weighed] = []
    groups: list[Group] = []
    held = 0
    for each in ranked:
        behind = BEHIND if each.rank == ranked[0].rank else ELSEWHERE
        if picked and (
            each.others
            or each.worth < ranked[0].worth - behind
            or each.sentence.text in {o.sentence.text for o in picked}
        ):
            continue
        group = _group(each)
        if (group not in groups and len(groups) >= most) or (
            (not many or _LABEL.match(each.sentence.text)) and _is_another(each, picked)
        ):
            continue
        lead = leads.get((each.passage, each.sentence.lead)) if each.sentence.lead else None
        shown = lead is not None and (each.sentence.row or len(lead.sentence.text.split()) <= LEAD)
        new = [one for one in (lead if shown else None, each) if one is not None and one not in picked]
        length = sum(len(one.sentence.text.split()) for one in new)
        if not picked or held + length <= words:
            picked += new
            held += length
            groups += [group] if group not in groups else []
    return _runs(picked, groups)


def _group(each: Weighed) -> Group:
    """What belongs together: the items of a list under a line, the rows of a table, an item, a sentence alone."""
    sentence = each.sentence
    return each.passage, sentence.lead or (sentence.of if sentence.of >= 0 else sentence.start)


def _is_another(each: Weighed, picked: Sequence[Weighed]) -> bool:
    """True for an item or a row that lacks what the question names and a better one of its list or table has.

    But for one that has what the question names and none that was picked has.
    """
    beside = [one for one in picked if _beside(one, each)]
    if beside and bool(((each.own >= NAMED) & np.all([one.own < NAMED for one in picked], axis=0)).any()):
        return False
    return any(bool(((one.own >= NAMED) & (each.own < MISSED)).any()) for one in beside)


def _beside(one: Weighed, each: Weighed) -> bool:
    """True for two items, or rows, of one list or table."""
    if one.sentence.lead:
        return _group(one) == _group(each)
    return one.passage == each.passage and one.sentence.of >= 0 and each.sentence.of not in (-1, one.sentence.of)


def _runs(picked: Sequence[Weighed], groups: Sequence[Group]) -> list[list[Weighed]]:
    """The first group alone if it stands behind others in its passage; the rest by passage, each as it stands."""
    best = [each for each in picked if groups[0] in (_group(each), (each.passage, each.sentence.text))]
    rest = [each for each in picked if each not in best]
    out = [sorted(best, key=lambda one: one.sentence.start)]
    for passage in dict.fromkeys(group[0] for group in groups):
        those = sorted((each for each in rest if each.passage == passage), key=lambda one: one.sentence.start)
        end = out[0][-1].sentence.start + len(out[0][-1].sentence.text)
        if those and passage == out[0][0].passage and those[0].sentence.start >= end:
            out[0] += those
        elif those:
            out.append(those)
    return out


def quoted(run: Sequence[Weighed]) -> str:
    """The sentences of a run as they stand in the passage; where something between them is left out, " … "."""
    pieces: list[str] = []
    end, row = -1, False
    for each in run:
        sentence = each.sentence
        if pieces and 0 <= sentence.start - end <= 2:
            pieces[-1] += f"\n{sentence.text}" if sentence.row or row else f" {sentence.text}"
        else:
            pieces.append(sentence.text)
        end, row = sentence.start + len(sentence.text), sentence.row
    return " … ".join(pieces)


def laid_out(run: Sequence[Weighed]) -> str:
    """The same sentences for channels to draw: items and rows on lines of their own, and "…" where some are left out.

    Rows keep their bars and the head of their table.
    """
    lines: list[str] = []
    before: Weighed | None = None
    for each, after in zip(run, [*run[1:], None], strict=True):
        sentence = each.sentence
        skipped = before is not None and each.at != before.at + 1
        begins = sentence.row or (sentence.of >= 0 and (before is None or before.sentence.of != sentence.of))
        ended = before is not None and (before.sentence.row or before.sentence.of != sentence.of)
        if begins or ended or not lines:
            lines += ["…"] if skipped and lines[-1] != "…" else []
            lines.append(f"• {sentence.text}" if begins and not sentence.row else sentence.text)
        else:
            lines[-1] += f" … {sentence.text}" if skipped else f" {sentence.text}"
        if _cut_off(each, after):
            lines.append("…")
        before = each
    return "\n".join(lines) if len(lines) > 1 else lines[0].removeprefix("• ")


def _cut_off(each: Weighed, after: Weighed | None) -> bool:
    """True for a row after which others of its table are left out, and none follows."""
    sentence = each.sentence
    goes_on = after is not None and after.sentence.row and after.sentence.lead == sentence.lead
    return bool(sentence.row and sentence.lead) and not sentence.last and not goes_on


def shown(run: Sequence[Weighed]) -> str:
    """The same in words alone: items and rows on lines of their own, each cell of a row with the head of its column."""
    out = ""
    end = of = -1
    rows = sum(each.sentence.row and not each.sentence.head for each in run)
    before: Weighed | None = None
    for each, after in zip(run, [*run[1:], None], strict=True):
        sentence = each.sentence
        follows = 0 <= sentence.start - end <= 2
        inside, of = sentence.of == of >= 0, sentence.of
        end = sentence.start + len(sentence.text)
        if sentence.head:
            continue
        text = _row(sentence.text, sentence.lead) if sentence.row else sentence.text
        if sentence.row or sentence.item:
            out += "\n…" if sentence.row and before is not None and before.at != each.at - 1 else ""
            out += f"\n• {text}" if out else f"• {text}"
        elif out:
            listed = not inside and ("\n•" in out or out.startswith("•"))
            out += f"\n{text}" if listed else f" {text}" if follows else f" … {text}"
        else:
            out = text
        out += "\n…" if rows > 1 and _cut_off(each, after) else ""
        before = each if sentence.row else None
    out = (out[2:] if out.startswith("• ") and "\n" not in out else out) or run[0].sentence.text
    heading = run[0].hit.heading.rpartition(" > ")[2]
    return f"{heading}: {out}" if _NEGATED.search(heading) else out


def beside_pictures(weighed: Sequence[Weighed], pictures: Mapping[int, Collection[str]]) -> list[Weighed]:
    """The sentences without those that only say what a picture shows, which is shown itself.

    What such a one is worth, the sentence before it is worth, which leads to the picture.
    pictures  what those of each passage show, in words
    """
    out: list[Weighed] = []
    for each in weighed:
        said = {one.text for words in pictures.get(each.passage, ()) for one in sentences(words)}
        if each.sentence.text not in said:
            out.append(each)
        elif out and out[-1].passage == each.passage and not out[-1].sentence.head:
            out[-1] = replace(out[-1], worth=max(out[-1].worth, each.worth))
    return out or list(weighed)


def _row(text: str, head: str) -> str:
    """A row of a table: its first cell, then each cell with the head of its column."""
    cells, heads = ([each.strip() for each in f"{line} ".split(" |")] for line in (text, head))
    if len(cells) != len(heads) or len(cells) < 2:
        return ", ".join(each for each in cells if each)
    rest = [f"{name}: {cell}" if name else cell for name, cell in zip(heads[1:], cells[1:], strict=True) if cell]
    return f"{cells[0]}: {'; '.join(rest)}" if cells[0] else "; ".join(rest)
