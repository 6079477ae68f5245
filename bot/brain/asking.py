"""The arguments of everything that is no new request: balances, statuses, decisions, stand-ins, who is out."""

import itertools
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from backend.forms import Widget
from backend.kinds import WHOSE
from bot.brain import names
from bot.brain.acts import Ref, refs_in
from bot.brain.choices import chosen, nouns
from bot.brain.clean import fold
from bot.brain.commands import APPROVE, REJECT, cancel_intent, comment_in, gives_days_back
from bot.brain.dates import kept_day
from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.lexicon import listed
from bot.brain.names import Named
from bot.brain.numbers import places_in
from bot.brain.slots import picked
from bot.brain.spelling import spelled
from bot.brain.teams import team_in
from bot.message import Intent

_GENERIC = listed("indistinct")
_OWNED = re.compile(
    r"(?:\bmy|\bthe|\bour|'s|s'|\bher|\bhis|\btheir|\bthat|\bmi|\bmis|\bel|\bla|\blos|\blas|\bmeu|\bminha|\bo|\ba"
    r"|\bmon|\bma|\bmes|\ble|\bles|\bmein(?:e[mnrs]?)?|\bunser\w*|\bden|\bdie|\bder|\bdas|\bil|\blo|\bmio|\bmia"
    r"|\bdel|\bdo"
    r"|\bda|\bdu|\bao|\bal|\balla|\bau|\bzum|\bzur)\s+"
    r"(?P<thing>[\w'&+.-]+(?:\s+[\w'&+.-]+){0,4})"
)
_DETERMINERS = {
    "a": ("pt",),
    "o": ("pt",),
    "le": ("fr", "it"),
    "la": ("es", "fr", "it"),
    "lo": ("es", "it"),
    "il": ("it",),
    "el": ("es",),
    "da": ("pt",),
    "do": ("pt",),
    "du": ("fr",),
    "den": ("de",),
    "ao": ("pt",),
    "al": ("es", "it"),
    "au": ("fr",),
    "die": ("de",),
    "das": ("de",),
}
"""Short words that are articles in these languages, and something else in others."""
_CONTRACTED = re.compile(r"(?<!\w)(?:what|who|where|how|when|it|that|there|here|let|he|she)'s\b")
_ORDER_OF = re.compile(
    r"(?:commande|demande|achat|note de frais|pedido|encomenda|compra|solicitud|peticion|gasto|despesa|requisicao"
    r"|ordine|richiesta|acquisto|spesa|rimborso|reembolso|remboursement|bestellung|antrag|anfrage|order|request|claim)"
    r"s? (?:de la |de |d'|des |du |do |da |del |della |dell'|dello |di |of |for (?:the |a )?|para (?:o |a |el |la )?"
    r"|pour (?:le |la |un |une )?|per (?:il |la |un )?|fur (?:den |die |das |ein\w* )?|auf |von )(?=\w)"
)
"""My order of ...: what follows tells which."""
_STOP = listed("stops")
_VERB = re.compile(
    rf"{LEAD_IN}(?:{APPROVE}|{REJECT})\b\s*(?:a |al |to |zu |fur |para "
    rf"|pour |per )?"
)
_LEAD = listed("lead")
_LINKING = listed("linking") - {"max"}


def asked(intent: str, heard: Heard) -> Intent:
    """The intent with the arguments that the message holds for it."""
    reader = _READERS.get(intent)
    if intent == "time_off.cancel":
        return _cancel(heard)
    return Intent(intent, reader(heard) if reader else {})


def leave_type(heard: Heard) -> dict[str, Any]:
    """The kind of leave that is named, under the name of its field."""
    kind = heard.turn.kinds.get("time_off")
    blank = (
        next(
            (
                each
                for each in kind.blanks()
                if each.widget is Widget.CHOICE and not {"am", "pm"} <= {o.value for o in each.options}
            ),
            None,
        )
        if kind
        else None
    )
    found = chosen(heard.folded, blank.options) if blank else None
    return {blank.name: found[0]} if blank and found else {}


def kind_in(heard: Heard) -> tuple[str, tuple[int, int]] | None:
    """The kind of request that a message speaks of, and where."""
    best: tuple[int, str, tuple[int, int]] | None = None
    for kind in heard.turn.kinds.values():
        for noun in nouns(kind):
            found = re.search(rf"(?<![\w-]){re.escape(noun).replace(chr(92) + ' ', 's? ')}s?(?![\w-])", heard.folded)
            if found and (best is None or len(noun) > best[0]):
                best = len(noun), kind.name, found.span()
    return (best[1], best[2]) if best else None


def item_in(heard: Heard) -> str | None:
    """The thing that tells one request from another: "keyboard" in "where is my keyboard order"."""
    folded = _CONTRACTED.sub(lambda found: " " * len(found[0]), heard.folded)
    for each in [*heard.names, *[_Span(each.span) for each in heard.days()]]:
        start, end = each.span
        kept = "'s" if folded[start:end].endswith(("'s", "s'", "'")) else ""
        if not kept and isinstance(each, Named) and end - start == len(each.text) + 1:
            folded = folded[: end - 2] + "'s" + folded[end:]  # "Toms Monitor"
            kept = "'s"
        folded = folded[:start] + ("\x01" * (end - start - len(kept))) + kept + folded[end:]
    at = 0
    while found := _OWNED.search(folded, at):
        own = _DETERMINERS.get(found[0][: found.start("thing") - found.start()].strip())
        at = found.start("thing")  # "the status of my keyboard": what begins inside is looked at too
        if own is not None and heard.language not in ("en", *own):
            continue
        words: list[tuple[int, int]] = []
        ordered = _ORDER_OF.match(found["thing"])
        for word in re.finditer(r"[\w'&+.-]+", found["thing"][ordered.end() if ordered else 0 :]):
            if word[0].strip(".") in _STOP | _LINKING or "\x01" in word[0]:
                break
            begin = found.start("thing") + (ordered.end() if ordered else 0)
            words.append((begin + word.start(), begin + word.end()))
        while words and folded[words[0][0] : words[0][1]].strip(".") in _GENERIC | {"new", "that", "this"}:
            words.pop(0)
        if words and not all(folded[start:end].strip(".") in _GENERIC for start, end in words):
            item = heard.text[words[0][0] : words[-1][1]].strip(" .,'")
            telling = [word for word in fold(item).split() if word not in _GENERIC | _STOP | _LEAD]
            if item and telling and not item.isdigit() and not all(_is_kind(heard, word) for word in telling):
                return item
    return None


class _Span:
    def __init__(self, span: tuple[int, int]) -> None:
        self.span = span


def _is_kind(heard: Heard, item: str) -> bool:
    return any(item in (noun, f"{noun}s") for kind in heard.turn.kinds.values() for noun in nouns(kind)) or bool(
        (found := leave_type_word(item, heard)) and found == item
    )


def leave_type_word(item: str, heard: Heard) -> str | None:
    """The word itself where it names a kind of leave."""
    kind = heard.turn.kinds.get("time_off")
    blank = (
        next((each for each in kind.blanks() if each.widget is Widget.CHOICE and len(each.options) > 4), None)
        if kind
        else None
    )
    found = chosen(item, blank.options, fuzzy=False) if blank else None
    return item if found and found[1] == (0, len(item)) else None


def _balance(heard: Heard) -> dict[str, Any]:
    return leave_type(heard)


def _span_of_days(heard: Heard) -> dict[str, Any]:
    found = picked(heard, heard.said_days())
    if found is None:
        return {}
    ends = {"start": found.start, "end": found.end}
    return {name: day.isoformat() for name, day in ends.items() if day}


def _numbered(heard: Heard) -> list[Ref]:
    """The requests named, with or without a mark: "cancel my leave in May, the 203"."""
    if heard.refs:
        return heard.refs
    known = {each.number for each in heard.turn.known}
    counts = [each for each in heard.counts if each.value not in known]
    taken = [each.span for each in [*heard.days(), *counts, *(amount for amount in heard.amounts if amount.sure)]]
    return [
        each
        for each in refs_in(heard.folded, prefixes=heard.prefixes, bare=True)
        if each.number > 9 and not any(start < each.span[1] and each.span[0] < end for start, end in taken)
    ]


_OF = re.compile(r"\b(?:of|for|from|de|del|da|do|di|von|vom|fur|para|pour|per)\s+$")


def _whose(heard: Heard) -> dict[str, Any]:
    """The colleague whose request is spoken of: "Priya's vacation", "the leave of Tom"."""
    for each in heard.names:
        start, end = each.span
        owns = heard.folded[start:end].endswith(("'s", "s'")) or _OF.search(heard.folded[:start])
        if owns and each.value != heard.turn.speaker and isinstance(each.value, str):
            return {"person": each.value}
    return {}


def _cancel(heard: Heard) -> Intent:
    if refs := _numbered(heard):
        return Intent(cancel_intent(heard, refs[0].number, refs[0].prefix), {"request_id": refs[0].number})
    named = kind_in(heard)
    if named and named[0] != "time_off" and not leave_type(heard):
        return Intent(heard.turn.kinds[named[0]].cancel_intent, {**_about(heard), **_whose(heard)})
    return Intent("time_off.cancel", {**leave_type(heard), **_span_of_days(heard), **_whose(heard)})


_HOW_IT_STANDS = re.compile(
    LEAD_IN + r"(?:(?:what(?:'s| is)|(?:can|could) you give me|give me|any)\s+)*(?:the |el |la |o |le |lo |der |den )?"
    r"(?:current )?(?:(?:status|state|update|progress|news|word) (?:of|on|about|for|regarding) "
    r"|anything new (?:on|about|with) |what became of |what(?:'s| is) happening (?:with|to) |where are we with "
    r"|(?:hay|tienes|tienen|se sabe|sabes|tens|ha|sabe-se) (?:alg[oa]|alguna?s?|ja alguma coisa|ya algo"
    r"|novedades|novidades"
    r"|noticias)(?: novedad\w*| novidade\w*| noticias?| nuev[oa])? (?:de|del|sobre|da|do|acerca d[aeo]) "
    r"|(?:y a-t-il|as-tu|avez-vous|on a) (?:des |du )?(?:nouvelles|nouveau) (?:de|du|des|sur|pour) "
    r"|(?:gibt es|gibt's|hast du|weisst du)(?: schon)? (?:et)?was (?:neues )?(?:zu|von|uber) "
    r"|(?:ci sono|hai|si sa|c'e)(?: gia)? (?:qualcosa|novita|notizie)(?: di nuovo)? (?:su|sul|sulla|di|del"
    r"|della|per) |estado (?:de|del|da|do) "
    r"|(?:en|em) que (?:estado|situacion|situacao|punto|ponto) (?:esta|estan|estao) |como (?:va|van|vai|vao"
    r"|esta|anda) "
    r"(?=mi|mis|el|la|o|a|as|os|meu|minha)|situacao d[aoe] |statut d[eu] |etat d[eu] |ou en (?:est|sont) "
    r"|stand (?:von |der |des |meine[rs]? )"
    r"|wie (?:steht|stehen) |wie ist der stand |stato (?:di|del|della|delle) |a che punto (?:e|sono|siamo con) )"
)


_DECISIONS = (
    r"(?:approved?|ok'?ayed|decided?|signed|rejected|declined|aprob(?:o|ado|ada|aron)|decidido|rechaz(?:o|ado|ada)"
    r"|aprov(?:ou|ado|ada|aram)|rejeit(?:ou|ado|ada)|approuvee?s?|validee?s?|refusee?s?|genehmigt|entschieden"
    r"|abgelehnt"
    r"|approvat[oaie]|deciso|rifiutat[oaie])"
)
_DECIDED = re.compile(
    LEAD_IN + r"(?:(?:ma|mais|mas|pero|aber)[,.!]?\s+)*"
    r"(?:did|has|have|was|is|are|were|ya|ja|ha|han|a|as|hat|wurde|est-ce que|sono|e)\b.*\b" + _DECISIONS + r"\b"
)
_CHECK = re.compile(
    r"\b(?:check|tell me|know|see|find out|saber|sabes|dime|ver|verifica\w*|savoir|dis-moi|verifie\w*|nachsehen"
    r"|weisst du|sag mir|sapere|dimmi|controlla\w*)\s+(?:if|whether|si|se|ob)\s+"
    r"(?:my|it'?s?|that(?:'s)?|they|mi|mis|o meu|a minha|mon|ma|mes|mein\w*"
    r"|(?:il |la |le |i )?mi[aoe]i?)\b.*\b" + _DECISIONS + r"\b"
)
"""A question in a request: "can you check if my claim got approved"."""
_OURS = re.compile(r"^(?:\w+ )?(?:did|have|has) (?:i|we)\b|\b(?:he|hemos|hei|ai-je|habe ich|ho|abbiamo)\b")

_COMES = re.compile(
    LEAD_IN + r"(?:when|how soon|cuando|quando|quand|wann)\b.{0,30}\b(?:arriv\w*"
    r"|come|comes|here"
    r"|deliver\w*|ship\w*|get (?:it|them)|lleg\w*|entreg\w*|vien\w*|cheg\w*|livr\w*|komm\w*|geliefert|ankomm\w*"
    r"|consegn\w*)\b"
)
"""When something that was ordered comes: "when will they arrive"."""
_THAT = re.compile(r"\b(?:it|this|that|lo|esto|isso|ca|das|es)\b")


def given_back(heard: Heard) -> Intent | None:
    """Days of a leave that are given back: "give back the 16th of December"."""
    if not gives_days_back(heard.folded) or not heard.days() or heard.amounts:
        return None
    return Intent("time_off.cancel", _span_of_days(heard))


def how_it_stands(heard: Heard) -> Intent | None:
    """A question how a request stands, told by how it begins: "status of my day off", "did Maria approve it?"."""
    folded = heard.folded.lstrip("\u00bf ")
    asks = folded.rstrip().endswith("?") or bool(re.match(r"(?:did|has|have|was|is)\b", folded))
    own = heard.names or re.search(
        r"\b(?:my|it|this|that|mi|lo|esto|meu|minha|isso|mon|ma|ca|mein\w*|das|mio|mia)\b", folded
    )
    if asks and own and _DECIDED.match(folded) and not _OURS.search(folded):
        meant = asked("request.status", heard)
        if not meant.args and _THAT.search(folded) and heard.last_shown is not None:
            return Intent("request.status", {"request_id": heard.last_shown})
        return meant
    if _COMES.match(folded) and not heard.names and not heard.days() and not item_in(heard):
        return _last_shown_of(heard, "purchase")
    right = spelled(heard.text)
    if _CHECK.search(fold(right)):
        return asked("request.status", heard.worded(right))
    if not _HOW_IT_STANDS.match(heard.folded) or not (
        _numbered(heard) or kind_in(heard) or item_in(heard) or leave_type(heard)
    ):
        return None
    return asked("request.status", heard)


_NAMES_OF = re.compile(
    r"\b(?:names?|list|lista|liste|nombres|nomes|noms|namen|nomi)\b.{0,30}\b(?:away|absent|off|out|on (?:leave"
    r"|holiday|"
    r"vacation)|fuera|ausentes?|de (?:vacaciones|ferias|baja)|fora|absents?|en conges?|abwesend\w*|weg"
    r"|im urlaub|assenti"
    r"|in ferie|via)\b"
)


def names_of_absent(heard: Heard) -> Intent | None:
    """Who is out, asked for as a list: "give me the names of those away tomorrow"."""
    asks = _NAMES_OF.search(heard.folded) and heard.days() and not heard.refs and not heard.amounts
    return asked("who_is_out", heard) if asks else None


def _last_shown_of(heard: Heard, kind: str) -> Intent | None:
    """How a request of this kind stands that was shown last; None where none was."""
    known = next((each for each in heard.turn.known if each.number == heard.last_shown), None)
    return Intent("request.status", {"request_id": known.number}) if known and known.kind == kind else None


_DAY_OFF = re.compile(
    r"\b(?:days?|leave|week|dias?|semana|jours?|semaine|tage?|woche|giorn[oi]|settimana|vacations?|holidays?"
    r"|vacaciones"
    r"|ferias|vacances|conges?|\w*urlaub|ferie)\b"
)


def _about(heard: Heard) -> dict[str, Any]:
    out: dict[str, Any] = {}
    named = kind_in(heard)
    if named:
        out["kind"] = named[0]
    elif _DAY_OFF.search(heard.folded) and leave_type(heard):
        return {"kind": "time_off"}  # "whether my personal day was accepted"
    of_leave = named is not None and named[0] == "time_off"  # days off are told apart by their days
    if (
        not of_leave
        and (item := item_in(heard))
        and not (named and fold(item) in heard.folded[named[1][0] : named[1][1]])
    ):
        out["item"] = item
    return out


def _request_cancel(heard: Heard) -> dict[str, Any]:
    return {"request_id": refs[0].number} if (refs := _numbered(heard)) else {**_about(heard), **_whose(heard)}


def _status(heard: Heard) -> dict[str, Any]:
    if refs := _numbered(heard):
        return {"request_id": refs[0].number}
    about, handles = _about(heard), {handle for each in heard.names for handle in each.handles}
    theirs = [each for each in heard.turn.known if each.waiting_for_me and each.by in handles]
    if len(theirs) == 1 and not about and not _MY.search(heard.folded):
        return {"request_id": theirs[0].number}  # "what did Priya ask for?", of who decides it
    if len(handles) == 1 and _THEY_ASKED.search(heard.folded) and not _MY.search(heard.folded):
        return {**about, WHOSE: handles.pop()}
    return about


_THEY_ASKED = re.compile(
    r"\b(?:ask(?:ed)?(?: me)? for|request(?:ed|s)?|submit(?:ted)?|want(?:ed)?|sent|file[ds]?|claim(?:ed|s)?|pidio"
    r"|pedido"
    r"|solicit\w+|pediu|pedidos|demande\w*|beantrag\w+|angefragt|chiesto|richiest[aeo])\b"
)
"""What a colleague asked for is no request of one's own."""


_MY = re.compile(r"\b(?:my|mine|i|mi|mis|meu|minha|mon|ma|mes|mein\w*|mio|mia)\b")


def _decision(heard: Heard) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if refs := _numbered(_before_comment(heard)):
        out["request_ids"] = [each.number for each in refs]
    elif placed := _placed(_before_comment(heard)):
        out["request_ids"] = placed
    else:
        people = names.names_in(heard.clean, heard.turn.colleagues, strangers=True)
        target = _without_verb(_before_comment(heard))
        several = _several(target)
        if several:
            out["people"] = several
        elif people:
            out["person"] = people[0].value
        about = _about(target)
        if "item" in about and people and fold(str(about["item"])) in {fold(each.text) for each in people}:
            about.pop("item")
        out.update(about)
    if "request_ids" not in out and (number := _on_their_days(heard, out.get("person"))) is not None:
        out = {"request_ids": [number]}
    if comment := comment_in(heard):
        out["comment"] = comment
    return out


def _on_their_days(heard: Heard, person: Any) -> int | None:
    """The one request of a colleague that is about the days that are said: "approve Ana's friday"."""
    said = [each for each in heard.days() if each.start]
    theirs = [each for each in heard.turn.known if each.waiting_for_me and each.by == person]
    if len(said) != 1 or said[0].start is None or len(theirs) < 2:
        return None
    fits: list[int] = []
    for each in theirs:
        start, end = (kept_day(each.values.get(name)) for name in ("start", "end"))
        if start is None or end is None:
            continue
        away = [start + timedelta(days=at) for at in range(min((end - start).days, 60) + 1)]
        if said[0].start in away or (said[0].weekdays and said[0].start.weekday() in {day.weekday() for day in away}):
            fits.append(each.number)
    return fits[0] if len(fits) == 1 else None


def _without_verb(heard: Heard) -> Heard:
    """What a decision is about, without the words that decide: "dale el visto bueno a lo de Priya"."""
    found = _VERB.match(heard.folded)
    rest = heard.clause(found.end(), len(heard.text)) if found else heard
    return rest if rest.folded else heard


_AND = re.compile(r"\s*(?:,|;|&|\+|\b(?:and|y|e|ed|et|und|as well as|plus)\b)\s*")


def decisions(intent: str, heard: Heard) -> list[Intent]:
    """A decision on something of each of several people is one for each: "Tom's monitor and Priya's vacation"."""
    whole = asked(intent, heard)
    target = _before_comment(heard)
    starts = [0]
    for one, other in itertools.pairwise(target.names):
        joints = list(_AND.finditer(target.folded, one.span[1], other.span[0]))
        starts.append(joints[-1].end() if joints else other.span[0])
    if len({each.handles for each in target.names}) < 2 or "request_ids" in whole.args:
        return [whole]
    parts = [target.clause(*ends) for ends in zip(starts, [*starts[1:], len(target.text)], strict=True)]
    said = [{**_about(each), "person": each.names[0].value} for each in parts]
    if len(said) < 2 or not all(each.keys() & {"kind", "item"} for each in said):
        return [whole]
    comment = {"comment": whole.args["comment"]} if "comment" in whole.args else {}
    return [Intent(intent, {**each, **comment}) for each in said]


def _placed(heard: Heard) -> list[int]:
    """The requests told by their places among those that wait: "the second one", "the first and the third"."""
    named = kind_in(heard)
    kinds = {named[0]} if named else set(heard.turn.kinds)
    waiting = [each for each in heard.turn.known if each.waiting_for_me and each.kind in kinds]
    places = [] if heard.names or heard.days() else places_in(heard.folded)
    if any(place > len(waiting) for place in places) or not waiting:
        return []
    return [waiting[place - 1 if place > 0 else place].number for place in places]


def _several(heard: Heard) -> list[str]:
    """The colleagues whose requests are meant, where several are named one after the other: "tom's and priya's"."""
    found = [each for each in heard.names if len(each.handles) == 1]
    joined = all(
        re.fullmatch(
            r"(?:'s?)?\s*(?:[,&+]|\b(?:and|y|e|ed|et|und|both)\b|\b(?:de|da|do|di|von|of|from)\b|\s)*", between
        )
        for between in (heard.folded[one.span[1] : other.span[0]] for one, other in itertools.pairwise(found))
    )
    handles = list(dict.fromkeys(each.handles[0] for each in found))
    return handles if joined and len(handles) > 1 else []


def _before_comment(heard: Heard) -> Heard:
    cut = re.search(r"[,:;]|\s-\s|\b(?:because|since|porque|parce que|weil|perche)\b", heard.folded)
    if cut and cut.start() > 6:
        return heard.clause(0, cut.start())
    return heard


_FOR_THEM = re.compile(
    r"(?<!for )(?<!fur )(?<!pour )(?<!por )(?<!per )\b(?:me|myself|mich|moi|yo|eu|io) (?:as|to be|als|como|comme"
    r"|come) (?:(?:the|a|an|el|la|le|il|o|ein(?:en)?) )?"
    r"|\b(?:i|let me|i'll|i will|i can|ich|je|io|yo|eu)(?: \w+)? (?:stand in|deputi[sz]e|fill in|step in|cover"
    r"|vertrete|remplace|sostituisco|sustituyo|substituo)\b"
    r"|\b(?:to me|an mich|a mi|a moi|a me|a mim|para mim)\W*(?:$|from|until|next|for|desde|hasta|bis|vom|jusqu|dal"
    r"|fino|de|ate)"
)
"""The speaker would decide for somebody else, not the other way round."""


def _delegate(heard: Heard) -> dict[str, Any]:
    if _FOR_THEM.search(heard.folded):
        return {"to": heard.turn.speaker, **_span_of_days(heard)}
    people = [
        each for each in names.names_in(heard.clean, heard.turn.colleagues) if heard.turn.speaker not in each.handles
    ]
    out: dict[str, Any] = {"to": people[0].value} if people else {}
    if not people:
        strangers = names.names_in(heard.clean, heard.turn.colleagues, strangers=True)
        out = {"to": strangers[0].value} if strangers else {}
    return {**out, **_span_of_days(heard)}


def _out(heard: Heard) -> dict[str, Any]:
    out = _span_of_days(heard)
    telling = _TELLING.search(heard.folded)
    people = [each for each in heard.names if telling is None or each.span[1] > telling.start()]
    if people:
        out["person"] = people[0].value
    if not people and (team := team_in(heard)) is not None:
        out["team"] = team[0]
    return out


_TELLING = re.compile(
    r"\b(?:says?|said|told me|mentioned|thinks?|dice|dijo|me ha dicho|disse|diz|dit|m'a dit|sagt|meint|hat gesagt"
    r"|ha detto)\s+(?:that\s+|que\s+|dass\s+|che\s+|qu')?(?:you|i|there|it|we|puedes|tu|podes|peux|kannst|du|puoi)\b"
)
"""Who tells that one may ask is not who is asked about: "Marc says you know who is off"."""


_READERS: Mapping[str, Callable[[Heard], dict[str, Any]]] = {
    "time_off.balance": _balance,
    "request.cancel": _request_cancel,
    "request.status": _status,
    "approval.approve": _decision,
    "approval.reject": _decision,
    "approvals.delegate": _delegate,
    "who_is_out": _out,
}
