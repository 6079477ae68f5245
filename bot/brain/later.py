"""Putting off and asking again: "remind me of 214 tomorrow at 9", "nudge Maria about it"; by rule, in six languages."""

import re

from bot.brain import acts
from bot.brain.choices import nouns
from bot.brain.clean import fold
from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.moments import Said, moment_in
from bot.brain.port import Known
from bot.message import Intent

_SNOOZE = re.compile(
    LEAD_IN + r"(?:(?P<me>remind me|ask me|recuerdame(?:lo|la)?|recordarme(?:lo|la)?|recordadme|lembr[ae]-?(?:me|mo)"
    r"|me lembr[ae]|rappel(?:le|ez)[- ](?:le[- ]|la[- ])?moi|me (?:le )?rappeler|erinner[ne]? mich|mich (?=.*erinnern)"
    r"|ricorda(?:me)?l[oa]|ricordami|ricordarme(?:lo|la)?)|(?P<it>snooze|put off|put|pospon(?:er?)?|aplaza|adia"
    r"|reporte[rz]?|verschiebe?|rimanda|posticipa))\b"
)
_NUDGE = re.compile(
    LEAD_IN + r"(?P<verb>nudge|chase(?: up)?|poke|ping|prod|follow up|(?:give|send)(?=.*\b(?:nudge|poke|reminder)\b)"
    r"|remind(?! me)|hurry"
    r"|recuerda(?:le|les|selo)|recuerda(?= a)|insiste(?:le)?|da(?:le|r)(?=.*toque)|mete(?:le)?(?=.*prisa)"
    r"|lembra(?!-me)|relembra|insiste|da(?=.*toque)"
    r"|relance[rz]?|rappelle(?![- ]moi|[- ]le[- ]moi)"
    r"|erinner[ne]?(?! mich)|hake?(?=.*nach)|stups\w*|frage?(?=.*nach)|mach(?=.*druck)"
    r"|sollecita(?:re)?|ricorda(?=lo a| ad?\b)|fai(?=.*sollecito))\b"
)
_FILLING = frozenset(
    re.split(
        r"[\s/]+",
        """
    a an the to of on for at by in it its this that these them one again about with until till later back please pls
    me my i is be off when time decide decision approve approval look looking see sign check answer reply handle do
    request requests card now soon then from re if could can you him her his their manager boss approver finance hr
    reminder nudge toque druck sollecito prisa up who whoever waiting waits still pending
    de del la el lo las los un una sobre por para que esto eso esta este al mi mas tarde luego otra vez aprobar
    decidir mirar ver solicitud peticion hasta jefe jefa gerente
    do da o a os as um uma isso isto este esta meu minha pedido mais depois aprovar ate gestor chefe no na ao
    le les du des d' l' une au aux ma mon mes ce cela ca cette plus demande approuver decider regarder voir jusqu'a
    jusqu' responsable superieur pour sur
    daran der die das den dem an am um im ein eine einen es meine meinen meinem mein spater nochmal wieder antrag
    genehmigen entscheiden ansehen bis wegen bei beim nach chef chefin vorgesetzten von zu erinnern noch mal
    di il della dello lo gli su per questo questa quello mia mio mie miei piu tardi richiesta approvare decidere
    guardare fino al capo responsabile ad dopo
    """.strip(),
    )
)


def later(heard: Heard) -> Intent | None:
    """What waits for the speaker to be put off, or those whom they wait for to be asked; None: it is something else."""
    return _snooze(heard) or _nudge(heard)


def _snooze(heard: Heard) -> Intent | None:
    found = _SNOOZE.match(heard.folded)
    waiting = [each.number for each in heard.turn.known if each.waiting_for_me]
    if found is None or not waiting:
        return None
    moment = moment_in(heard)
    refs = _refs(heard, moment)
    if found["it"] and not refs and found["it"] != "snooze":
        return None
    if refs and refs[0].number not in waiting:
        return None
    spans = [(0, found.end()), *(each.span for each in refs), *(moment.spans if moment else ())]
    if not _nothing_else(heard, spans):
        return None
    args: dict[str, object] = {}
    number = refs[0].number if refs else _shown(heard, waiting)
    if number is not None:
        args["request_id"] = number
    if moment is not None:
        args["until"] = moment.at.isoformat()
    return Intent("approvals.snooze", args)


def _nudge(heard: Heard) -> Intent | None:
    found = _NUDGE.match(heard.folded)
    mine = [each for each in heard.turn.known if each.by == heard.turn.speaker and each.state == "pending"]
    if found is None or not mine:
        return None
    refs = _refs(heard, None)
    if refs and refs[0].number not in {each.number for each in mine}:
        return None
    kinds = [
        (kind.name, each.span())
        for kind in heard.turn.kinds.values()
        for noun in nouns(kind)
        if (each := re.search(rf"(?<![\w-]){re.escape(noun)}s?(?![\w-])", heard.folded))
    ]
    names = [each for each in heard.names if heard.turn.speaker not in each.handles]
    fits, things = ([], []) if refs else _by_words(heard, found.end(), mine)
    spans = [(0, found.end()), *(each.span for each in refs), *(each.span for each in names), *(at for _, at in kinds)]
    if not _nothing_else(heard, [*spans, *things]) or not (refs or names or kinds or _points(heard, found.end())):
        return None
    args: dict[str, object] = {}
    if refs:
        args["request_id"] = refs[0].number
    elif len(fits) == 1:
        args["request_id"] = fits[0]
    elif kinds:
        args["kind"] = max(kinds, key=lambda each: each[1][1] - each[1][0])[0]
    elif (number := _shown(heard, [each.number for each in mine])) is not None:
        args["request_id"] = number
    if names and "request_id" not in args:
        args["person"] = names[0].value
    return Intent("request.nudge", args)


def _by_words(heard: Heard, at: int, mine: list[Known]) -> tuple[list[int], list[tuple[int, int]]]:
    """The requests that bear a word that is said: "remind Hanna about my keyboard"; and where those words stand."""
    said = [each for each in re.finditer(r"\w{4,}", heard.folded) if each.start() >= at]
    fits: list[int] = []
    spans: list[tuple[int, int]] = []
    for each in mine:
        words = {word.rstrip("s") for word in re.findall(r"\w{4,}", fold(each.summary))}
        if found := [word.span() for word in said if word[0].rstrip("s") in words and word[0] not in _FILLING]:
            fits.append(each.number)
            spans += found
    return fits, spans


def _refs(heard: Heard, moment: Said | None) -> list[acts.Ref]:
    """The requests that are named, by a plain number too where it is known and no part of the moment."""
    taken = moment.spans if moment else ()
    known = frozenset(each.number for each in heard.turn.known)
    found = heard.refs or acts.refs_in(heard.folded, prefixes=heard.prefixes, known=known)
    return [each for each in found if not any(start < each.span[1] and each.span[0] < end for start, end in taken)]


def _shown(heard: Heard, numbers: list[int]) -> int | None:
    """The request that was shown last, if it is one of these."""
    last = heard.last_shown
    return last if last in numbers else None


def _nothing_else(heard: Heard, spans: list[tuple[int, int]]) -> bool:
    """Whether a message says nothing but what stands in these spans, and words that fill."""
    text = heard.folded
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return all(word in _FILLING or word in ("morning", "afternoon", "first", "thing") for word in _words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+|\d+", text.replace("'", "' "))


def _points(heard: Heard, at: int) -> bool:
    """Whether what follows the verb points at a request: "chase my request", "nudge them about it"."""
    return bool(
        re.search(
            r"\b(?:it|this|that|my|them|request|mi|esto|eso|solicitud|peticion|isso|isto|meu|minha|pedido|ca|cela|ma|mon"
            r"|demande|das|es|mein\w*|antrag|mia|mio|questo|richiesta|lo)\b",
            heard.folded[at:],
        )
    )
