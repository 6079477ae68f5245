"""The brain that needs no model server: rules for acts, vectors for intents, typed slots for values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from backend.forms import Widget
from backend.kinds import Kind, Kinds
from backend.refusals import Refusal
from bot.brain import classify, names, several, trips
from bot.brain.acts import Act, act_of, opening, refs_in, without_interjections
from bot.brain.again import again
from bot.brain.amounts import amounts_in
from bot.brain.asking import asked, given_back, how_it_stands, item_in, kind_in, leave_type
from bot.brain.both import balance_and_rule
from bot.brain.choices import chosen, meant, nouns
from bot.brain.classify import OUT_OF_SCOPE, Example, Signs, Softmax
from bot.brain.clean import clean
from bot.brain.commands import about_that, all_but, command, ordered_by, plain_decision, says_all, signs_in, verdicts
from bot.brain.corrections import at_once, corrected, unhedged
from bot.brain.dates import Lean
from bot.brain.entrusted import how_much
from bot.brain.follow_up import follow_up
from bot.brain.handbook_words import about_the_handbook
from bot.brain.hearing import QUESTION, Heard, hear
from bot.brain.language import language_of
from bot.brain.lexicon import listed
from bot.brain.moments import moment_in
from bot.brain.named_fields import named_field
from bot.brain.numbers import nth_in
from bot.brain.others import about_others
from bot.brain.port import SURE, Colleague, Pending, Turn, Understood
from bot.brain.purposes import purpose
from bot.brain.slots import counted, first_and_last, values_in
from bot.brain.spelling import spelled
from bot.brain.supposing import (
    LEAVE,
    about_oneself,
    no_longer,
    not_approved,
    not_to_be_done,
    supposed,
    without_courtesies,
    without_refusal,
)
from bot.brain.things import content_in
from bot.message import Intent

log = structlog.get_logger()

WRITES = frozenset(
    {"time_off.cancel", "request.cancel", "request.change", "approval.approve", "approval.reject", "approvals.delegate"}
)
"""Intents beside the kinds' own that propose a change."""

_EMBEDDED = 400
_NO_WORD = re.compile(r"\S{60,}")
_OPENERS = (
    r"i|i'm|i'd|i'll|i've|can|could|would|please|pls|also|what|what's|who|who's|how|where|when|is|are|has|book|cancel"
    r"|approve|reject|decline|deny|expense|claim|order|buy|submit|file|request|show|tell|log|get|reimburse|withdraw"
    r"|accept|delegate|"
    r"we|let|put|do|set|list|instead|need|take|give|check|there|any|my|"
    r"quiero|necesito|puedes|puedo|cancela|anula|aprueba|rechaza|pide|compra|cuantos|quien|tambien|he|estoy|quero"
    r"|preciso|podes|posso|aprova|rejeita|quantos|quem|tambem|paguei|estou|je|j'ai|peux-tu|annule|approuve|refuse"
    r"|combien|qui|aussi|commande|"
    r"ich|kannst|bitte|storniere|genehmige|lehne|wie|wer|auch|bestelle|wir|vorrei|ho|puoi|annulla|approva|rifiuta"
    r"|quanti|chi|anche|sono|ordina|"
    r"dime|dile|muestra|muestrame|cuantas|cuanto|hay|reserva|apunta|manda|diz-me|diz|mostra|mostra-me|quantas|quanto"
    r"|reserva|marca|envia|regista|dis-moi|montre|montre-moi|reserve|pose|envoie|je|il|sag|zeig|zeige|nimm|trag|buche"
    r"|gib"
    r"|schick|ist|sind|dimmi|mostrami|quante|quanto|prenota|manda|segna|c'e|anyone|anybody|which|do|does|did|will|it's"
    r"|(?:yes|no|ok|si|nao|ja|nein|oui|non|sim) (?:to|for|a|al|ao|au|zu|zum|alla?|pour|para)"
    r"|(?:aprueb|aprob|rechaz|cancel|anul|aprov|rejeit|approv|rifiut|annull|annul|approuv|refus)\w*-?l?[aeio]s?(?=\W*$)"
    r"|remind|make|take|record|enter|note|pay|rechazo|apruebo|rejeito|aprovo|rechace|aprueben|deniega|refuse|valide"
)
_SPLIT = re.compile(
    rf"(?:\s*[,;]\s*(?:and also|and then|and|also|then|plus|but|oh and|y tambien|y|e tambem|e|et aussi|et|und auch"
    rf"|und|e anche)?\s*(?:please\s+|pls\s+|instead\s+|also\s+)*|[.!?\n]+\s*(?:and also|and|also|plus|oh and|y|e|et"
    rf"|und)?,?\s*(?:please\s+|also\s+)*"
    rf"|\s+(?:and also|and then|and instead|and please|and|also|plus|then|y tambien|y|e tambem|e|et aussi|et|und auch"
    rf"|und|e anche)\s+(?:please\s+|instead\s+|also\s+)*)(?=(?:{_OPENERS})\b)"
)
_AWAY = re.compile(r"absen|ausen|assen|abwes")
_SMALL = listed("small")
"""Words beside which a name and a day say all."""
_PLEA = re.compile(
    r"^(?:can|could|would|will) you\b|^(?:puedes|podrias|podes|pode|peux-tu|pouvez-vous|kannst du|puoi)\b"
)
_SUBJECT = re.compile(
    r"^(?:we|it|they|he|she|there|that|this|those|i'm|we're|it's|ya|hay|tenemos|esta|ja|temos|ha|on|il|nous|c'est|wir"
    r"|es|das"
    r"|da|abbiamo|c'e|e gia)\b"
)
"""A clause that tells something, and asks for nothing: after a decision it is the reason."""
_THOSE_DAYS = re.compile(
    r"\b(?:then|(?:on )?that (?:day|week|weekend|time)|those (?:days|dates|weeks)|the same (?:days?|week|dates|time)"
    r"|entonces|ese dia|esa semana|esos dias|esas fechas|entao|nesse dia|nessa semana|nesses dias|nessas datas|alors"
    r"|ce jour-la|cette semaine-la|ces jours-la|a ce moment-la|dann|an dem tag|an diesem tag|in der woche"
    r"|in dieser woche"
    r"|an den tagen|in der zeit|allora|quel giorno|quella settimana|quei giorni|in quel periodo)\b"
)
"""Days that were said before: "who else is off then?"."""
_MARKER = re.compile(
    r"^(?:(?:ok|okay|right|alright|great|perfect|cool|fine|good|well|vale|bueno|bien|pues|perfecto|bom|certo|perfeito"
    r"|bon|bien"
    r"|d'accord|parfait|gut|okay|na gut|schon|super|bene|va bene|perfetto|ottimo)[\s,.!-]+)?"
    r"(?:then|so|now|well|also|entonces|pues|ahora|luego|entao|agora|alors|donc|maintenant|dann|also|jetzt|nun|allora"
    r"|quindi|adesso)[\s,]+(?=\w)"
)
"""Words that lead over to something: "ok then"."""
_ASKS = re.compile(
    r"^(?:and |so |but |also )*(?:what|when|where|which|how|why|who|que|cuando|donde|cual|como|cuantos?|cuantas?"
    r"|quien|qual|quando|onde|quantos?|quantas?|quem|quel|quelle|quand|comment|combien|qui|pourquoi|"
    r"was|wann|wo|welche[rs]?|wie|warum|wer|cosa|dove|quale|quanti|quante|chi|perche)\b|^tell me (?:when|what|how|who"
    r"|where|which|about)\b"
)
_TRAILING = re.compile(
    r"\b(?:it|them|that|this|one|lo|la|los|isso|ca|le|es|das|quello)\b(?:\s+(?:back|please|for me|approved|done|today"
    r"|off|paid|then))*\W*$"
)
"""A clause about what was just said: "can I get it back?"."""
_ANOTHER = re.compile(
    r"^(?:(?:please|pls|and|also)\s+)*(?:add|anade|adiciona|ajoute|aggiungi)\s+"
    r"(?:another|one more|a (?:new |second )?line|otr[oa]|outr[oa]|une? autre|un[ ']?altr[oa])\b"
    r"(?:\s+(?:one|line|item|expense|gasto|despesa|depense|spesa)\b)?[\s:,-]*"
)
"""One more line for what is open: "add another: taxi 12 euros"."""
_MORE = re.compile(
    r"^(?:(?:please|pls|oh|ok|okay|ah|wait|por favor|bitte|ah si|ah oui)[\s,]+)*"
    r"(?:add|also|plus|and|anade|agrega|suma|adiciona|acrescenta|junta|ajoute|fuge|aggiungi|y|e|et|und|tambien|tambem"
    r"|aussi|auch|dazu|noch|anche)\s+(?:(?:also|tambien|tambem|aussi|auch|noch|anche|then|a|an|the|on|to it)\s+)*"
)
_TAKEN_BACK = re.compile(r"\b(?:no|not|isn't|wasn't|nicht|sondern|pas|non|nao|nein|sino|mas sim)\b")
"""What corrects and adds nothing: "it was not 40, it was 45"."""
_FOR_ME = re.compile(
    r"\b(?:for me|on my behalf|in my (?:place|stead)|instead of me|por mi|en mi lugar|por mim|em meu lugar|pour moi"
    r"|a ma place|fur mich|an meiner stelle|per me|al (?:mio posto|posto mio))\W*$"
)
"""Somebody who approves "for me" stands in."""
_THE_PART = re.compile(
    r"\b(?:just|only|the|in|during|solo|nur|bloss|am|la|le|de|por|pela|nel|di|apenas|seulement|que)\b"
)
"""What shows that a part of the day is meant, and no greeting: "just the morning"."""
_PRETEND = tuple(
    Colleague(handle.lower(), handle, "", None) for handle in ("Laura", "Peter", "Pedro", "Pietro", "Pierre")
)
_THEN = datetime(2026, 1, 15, 10, tzinfo=ZoneInfo("UTC"))


class LocalBrain:
    """Understands without a model: some 20 ms a turn, two small sentence encoders in memory.

    home  the company's folder: weights trained for its kinds are kept in it
          and its own examples are read from it (`examples.toml`)
    """

    def __init__(self, *, home: Path | None = None) -> None:
        self._home = home
        self._trained: dict[tuple[str, ...], Softmax] = {}
        self._lock = Lock()

    def load(self, kinds: Kinds) -> None:
        """Brings the encoders and weights into memory; trains them where these kinds are new."""
        for kind in kinds.values():
            if any(blank.widget is Widget.MONEY for blank in kind.sayable()):
                for blank in kind.sayable():
                    if blank.required and len(blank.options) > 2:
                        meant(["hello"], blank.options)
        self._probabilities(["hello"], [(0.0,) * len(signs_of("hello"))], kinds)

    def understand(self, turn: Turn) -> Understood:
        heard = hear(turn)
        if not heard.folded:
            thumb = act_of("", thumbs=heard.clean.thumbs)
            if thumb is not None and turn.pending is not None:
                return Understood(
                    (Intent("form.confirm" if thumb is Act.YES else "form.cancel"),), language=heard.language
                )
            return Understood((Intent("small_talk"),), language=turn.language)
        found = self._in_form(heard) if turn.pending is not None else self._fresh(heard)
        return replace(found, language=heard.language)

    # without a draft

    def _fresh(self, heard: Heard) -> Understood:
        act = act_of(heard.folded, thumbs=heard.clean.thumbs)
        if act is Act.HELP:
            return Understood((Intent("help"),))
        if act is not None:
            return Understood((Intent("small_talk"),))
        if (plain := plain_decision(heard)) is not None:
            return Understood((plain,))
        if given := verdicts(heard) or all_but(heard):
            return Understood(given)
        if (lead := without_interjections(heard.folded)) > 0:
            return self._fresh(heard.clause(lead, len(heard.text)))
        begun, begin = opening(heard.folded)
        body = heard.clause(begin, len(heard.text)) if begin and begun not in (Act.NO, Act.CANCEL) else heard
        if (leading := _MARKER.match(body.folded)) and not _ASKS.match(body.folded):
            body = body.clause(leading.end(), len(body.text))
        if not body.folded:
            return Understood((Intent("small_talk"),))
        body = without_refusal(without_courtesies(body))
        told = follow_up(heard) or about_the_handbook(body) or again(body) or about_others(body) or supposed(body)
        if told is not None:
            return Understood((told,))
        if (two := balance_and_rule(body)) is not None:
            return Understood(two)
        parts = _leave_and_thing(body) or _clauses(body.folded)
        clauses = [body.clause(start, end) for start, end in parts] if len(parts) > 1 else [body]
        ordered = [_ordered(each) for each in clauses]
        clauses, ordered = _pointing_back(clauses, ordered)
        if len(clauses) > 1 and all(ordered):
            return Understood(_merged([each for each in ordered if each is not None]))
        if len(clauses) == 1 and ordered[0] is not None:
            return Understood((ordered[0],))
        return self._classified(body, clauses, ordered)

    def _classified(self, body: Heard, clauses: list[Heard], ordered: list[Intent | None]) -> Understood:
        everything = [body, *(clauses if len(clauses) > 1 else [])]
        rows = self._scores(everything)
        several = self._several(body, clauses, ordered, rows[1:], rows[0]) if len(clauses) > 1 else None
        if several is not None:
            return several
        if (whole := _ordered(body)) is not None:
            return Understood((whole,))
        return self._single(body, rows[0])

    def _several(
        self,
        body: Heard,
        clauses: list[Heard],
        ordered: list[Intent | None],
        rows: list[dict[str, float]],
        whole: dict[str, float],
    ) -> Understood | None:
        """Two requests in one message, where every part is clearly one of its own."""
        found: list[tuple[Heard, str, float, Intent | None]] = []
        for clause, rule, scores in zip(clauses, ordered, rows, strict=True):
            best = max(scores, key=lambda name: scores[name])
            name, sure = (rule.intent, 1.0) if rule else (best, scores[best])
            if rule is None and sure < 0.8 and (short := _in_short(clause)) is not None:
                name, sure = short, 0.8
            # What brings its own values, or is a question, stands by itself.
            enough = 0.7 if clause.days() or clause.amounts or _asks(clause) else 0.9
            if not any(ordered) and whole[name] < 0.02 and sure < enough:
                sure = 0.0
            if name == "policy.ask" and rule is None and (_PLEA.match(clause.folded) or not _asks(clause)):
                sure = 0.0  # "can you log half a day?" asks for no rule
            bare = found and rule is None and not content_in(clause, clause.spans())
            why = found and rule is None and found[-1][1].startswith("approval.") and _SUBJECT.match(clause.folded)
            if (
                bare
                or why
                or name in ("small_talk", OUT_OF_SCOPE, "help")
                or act_of(clause.folded) is not None
                or sure < 0.6
            ):
                if found and name not in ("small_talk",) and rule is None:
                    found[-1] = (_joined(body, found[-1][0], clause), *found[-1][1:])
                continue
            trailing = (
                found and rule is None and not clause.names and not clause.days() and _TRAILING.search(clause.folded)
            )
            if trailing:
                found[-1] = (_joined(body, found[-1][0], clause), *found[-1][1:])
                continue
            if (
                found
                and found[-1][1] == name
                and rule is None
                and not self._both_priced(body, name, found[-1][0], clause)
            ):
                found[-1] = (_joined(body, found[-1][0], clause), name, max(sure, found[-1][2]), found[-1][3])
                continue
            found.append((clause, name, sure, rule))
        if len(found) < 2 or len(found) > 3:
            return None
        intents = [rule or self._intent(clause, name) for clause, name, _, rule in found]
        if (away := _decided_while_away(intents)) is not None:
            return Understood((away,), confidence=min(each[2] for each in found))
        return Understood(
            _merged(_same_days(body, [each[0] for each in found], intents)),
            confidence=min(each[2] for each in found),
        )

    @staticmethod
    def _both_priced(body: Heard, name: str, one: Heard, other: Heard) -> bool:
        kind = body.turn.kinds.by_intent(name)
        return (
            kind is not None
            and any(each.widget is Widget.MONEY for each in kind.sayable())
            and all(any(amount.sure or amount.currency for amount in each.amounts) for each in (one, other))
        )

    def _single(self, body: Heard, scores: dict[str, float]) -> Understood:
        stands_in = scores["approval.approve"] + scores["approvals.delegate"]
        if body.names and not body.refs and stands_in >= SURE and _FOR_ME.search(body.folded):
            return Understood((self._intent(body, "approvals.delegate"),), confidence=stands_in)
        if (short := _in_short(body) or trips.claimed(body)) is not None:
            return Understood((self._intent(body, short),), confidence=max(scores[short], 0.8))
        ranked = sorted(scores, key=lambda name: -scores[name])
        best, sure = ranked[0], scores[ranked[0]]
        if self._writes(best, body) and sure < 0.97 and about_oneself(body):
            read = next(name for name in ranked if not self._writes(name, body))
            best, sure = (read, SURE) if scores[read] >= 0.03 else (best, 0.0)
        elif self._writes(best, body) and not_to_be_done(body):
            sure = 0.0  # what shall not be done is not proposed
        verb = ordered_by(body) if sure < 0.9 and not _ASKS.match(body.folded) and not about_oneself(body) else None
        if verb is not None and scores[OUT_OF_SCOPE] < 0.4 and (said := self._intent(body, verb)).args:
            return Understood((said,), confidence=max(scores.get(said.intent, 0.0), 0.8))
        writes = self._writes(best, body)
        if writes and sure < 0.8 and _ASKS.match(body.folded):
            # Who asks what, when or how wants to know something: nothing is proposed on a likelihood.
            read = next(name for name in ranked if not self._writes(name, body))
            if scores[read] >= 0.1:
                return Understood(
                    (self._intent(body, read),), confidence=SURE, alternatives=(self._intent(body, best),)
                )
        if sure >= SURE or (not writes and sure >= 0.35):
            return Understood((self._intent(body, best),), confidence=max(sure, SURE) if not writes else sure)
        offered = [name for name in ranked[:4] if scores[name] >= 0.12 and name not in (OUT_OF_SCOPE, "small_talk")][:3]
        return Understood(
            (Intent(OUT_OF_SCOPE),), confidence=sure, alternatives=tuple(self._intent(body, name) for name in offered)
        )

    @staticmethod
    def _writes(name: str, heard: Heard) -> bool:
        return name in WRITES or heard.turn.kinds.by_intent(name) is not None

    def _intent(self, heard: Heard, name: str) -> Intent:
        kind = heard.turn.kinds.by_intent(name)
        if kind is not None:
            return Intent(name, several.values_in(heard, kind))
        return asked(name, heard)

    # with a draft open

    def _in_form(self, heard: Heard) -> Understood:
        pending = heard.turn.pending
        assert pending is not None
        awaiting = pending.awaiting
        act = act_of(heard.folded, thumbs=heard.clean.thumbs)
        kind = heard.turn.kinds.by_intent(pending.intent)
        if act is Act.HELLO and kind is not None and awaiting is not None:  # "morning" may be the answer
            values = values_in(heard, kind, awaiting=awaiting, pending=pending.values)
            if awaiting in values:
                return Understood((Intent("form.update", {awaiting: values[awaiting]}),))
        if act is Act.HELLO and kind is not None and heard.part and _THE_PART.search(heard.folded):
            return Understood((Intent("form.update", values_in(heard, kind, pending=pending.values)),))
        if plain := _plain_act(act, heard):
            return Understood((plain,))
        if kind is not None and kind.line is not None and (more := _ANOTHER.match(heard.folded)):
            line = heard.clause(more.end(), len(heard.text))
            said = several.lines_in(line, kind) if line.folded else None
            lines = said[1] if said else [kind.split(values_in(line, kind))[1] if line.folded else {}]
            return Understood((Intent("form.update", {"another": lines}),))
        if kind is not None and kind.line is not None and (lines := _more(heard, kind, pending)):
            return Understood((Intent("form.update", {"another": lines}),))
        begun, begin = opening(heard.folded)
        if begun is Act.NO and (hedged := unhedged(heard)) is not heard:  # "no wait, cancel that. I need friday off"
            again_begun, again_begin = opening(hedged.folded)
            if again_begun is Act.CANCEL and (other := self._instead(hedged.clause(again_begin, len(hedged.text)))):
                return other
        if begun is Act.CANCEL and (instead := self._instead(heard.clause(begin, len(heard.text)))):
            return instead
        body = (
            heard.clause(begin, len(heard.text))
            if begin and begun in (Act.NO, Act.YES, Act.GOOD, Act.THANKS, Act.HELLO)
            else heard
        )
        body = body if body.folded else heard
        bare = bool(re.fullmatch(r"\d+", body.folded)) and awaiting not in (None, "confirm")  # "250" is the answer
        if kind is not None and awaiting in (None, "confirm") and (told := at_once(heard, kind, pending.values)):
            return Understood((Intent("form.update", counted(told, kind, pending.values)),))
        if kind is not None and (named := named_field(body, kind, pending.values)):
            return Understood((Intent("form.update", named),))
        if (person := _other_person(body, pending)) is not None:
            return Understood((Intent("form.update", {"to": person}),))
        aside = body.clause(without_interjections(body.folded), len(body.text))
        ordered = None if bare else about_the_handbook(body) or _ordered(aside) or about_others(body)
        if kind is None and (other := _other_number(body, pending)) is not None:
            return Understood((Intent("form.cancel"), other))
        if kind is not None and about_that(body) == "cancel":
            return Understood((Intent("form.cancel"),))
        if ordered is not None and awaiting not in ("choice", "request_id", "comment"):
            return Understood((ordered,))
        if kind is not None:
            values = values_in(body, kind, awaiting=awaiting, pending=pending.values)
        else:
            values = _answered(pending.intent, awaiting, body)
        free = _is_free(kind, awaiting)
        if kind is not None and not (values and awaiting not in (None, "confirm")):
            if told := corrected(body, kind, pending.values):
                return Understood((Intent("form.update", counted(told, kind, pending.values)),))
            values = values or _days_alone(body, kind, pending)
            if not values and awaiting in (None, "confirm") and (why := purpose(body, kind)):
                return Understood((Intent("form.update", why),))
        if begun is Act.CANCEL and not values:
            return Understood((Intent("form.cancel"),))
        question = bool(QUESTION.match(body.folded)) or heard.folded.rstrip().endswith("?")
        spans = [
            *(each.span for each in body.days(bare=True)),
            *(each.span for each in body.amounts),
            *(each.span for each in body.counts),
        ]
        if values and not question and (free or len(body.folded.split()) <= 3 or not content_in(body, spans)):
            return Understood((Intent("form.update", values),))
        scores = self._scores([body])[0]
        best = max(scores, key=lambda name: scores[name])
        sure = scores[best]
        other = best != pending.intent and best not in ("small_talk", OUT_OF_SCOPE)
        needed = 0.5 if not values else 0.6 if question else 0.85
        writes = best in WRITES or heard.turn.kinds.by_intent(best) is not None
        if other and sure >= (max(needed, 0.7) if writes else needed):
            return Understood((_then(self._intent(body, best), body, pending.values),), confidence=sure)
        if values and question and best == OUT_OF_SCOPE and sure >= 0.4:
            return Understood(
                (Intent(best),), confidence=max(sure, SURE)
            )  # "what's the weather today?" answers nothing
        if values:
            return Understood((Intent("form.update", values),))
        if begun in (Act.NO, Act.CANCEL):
            return Understood((Intent("form.cancel"),))
        if best in ("small_talk", OUT_OF_SCOPE) and sure >= 0.4:
            return Understood((Intent(best),), confidence=max(sure, SURE))
        return self._single(body, scores)

    def _instead(self, rest: Heard) -> Understood | None:
        """Another request in place of the open one: "forget that, I need friday off"."""
        if not rest.folded or rest.turn.pending is None:
            return None
        fresh = self._fresh(Heard(replace(rest.turn, pending=None), rest.clean, rest.language))
        vague = ("small_talk", OUT_OF_SCOPE, "approval.approve", "approval.reject", "time_off.cancel", "request.cancel")
        if fresh.confidence < SURE or all(each.intent in vague and not each.args for each in fresh.intents):
            return None
        return replace(fresh, intents=(Intent("form.cancel"), *fresh.intents))

    # vectors

    def _scores(self, heard: Sequence[Heard]) -> list[dict[str, float]]:
        kinds = heard[0].turn.kinds
        rows = self._probabilities([_canonical(each) for each in heard], [_signs(each) for each in heard], kinds)
        labels = self._classifier(kinds).labels
        return [
            _leant(each, dict(zip(labels, (float(value) for value in row), strict=True)))
            for each, row in zip(heard, rows, strict=True)
        ]

    def _probabilities(self, texts: list[str], signs: list[Signs], kinds: Kinds) -> Any:
        trained = self._classifier(kinds)
        return trained.probabilities(classify.features(classify.vectors(texts), signs))

    def _classifier(self, kinds: Kinds) -> Softmax:
        key = tuple(text for kind in kinds.values() for text in (kind.intent, *kind.examples))
        with self._lock:
            if key not in self._trained:
                more = _own(self._home, kinds) if self._home is not None else ()
                self._trained[key] = classify.classifier(kinds, signs_of=signs_of, home=self._home, more=more)
            return self._trained[key]


def _in_short(heard: Heard) -> str | None:
    """The kind whose name or answer stands beside days and nothing else: "vacation on christmas eve"."""
    if heard.folded.rstrip().endswith("?") or not heard.days():
        return None
    for kind in heard.turn.kinds.values():
        blanks = kind.sayable()
        options = [each for blank in blanks if blank.required for each in blank.options]
        if first_and_last(blanks)[0] is None or any(each.widget is Widget.MONEY for each in blanks):
            continue
        rest = heard.folded
        for start, end in heard.spans():
            rest = rest[:start] + " " * (end - start) + rest[end:]
        named = chosen(rest, options, fuzzy=False)
        nouns_ = [
            re.search(rf"(?<![\w-]){re.escape(each)}s?(?![\w-])", rest) for each in nouns(kind) if not _AWAY.match(each)
        ]
        spans = [*([named[1]] if named else []), *(each.span() for each in nouns_ if each)]
        for start, end in spans:
            rest = rest[:start] + " " * (end - start) + rest[end:]
        if spans and all(word in _SMALL for word in re.findall(r"[a-z]+", rest)):
            return kind.intent
    return None


def _asks(heard: Heard) -> bool:
    return heard.folded.rstrip().endswith("?") or bool(QUESTION.match(heard.folded))


def _own(home: Path, kinds: Kinds) -> tuple[Example, ...]:
    """The company's own examples; a file that cannot be read is logged, and people are answered without it."""
    try:
        return classify.of_company(home, kinds)
    except Refusal as refusal:
        log.warning("the company's examples are not used", why=refusal.text.format(**refusal.values))
        return ()


def _ordered(heard: Heard) -> Intent | None:
    """What a message asks for by its verb or its first words alone."""
    return not_approved(heard) or no_longer(heard) or command(heard) or given_back(heard) or how_it_stands(heard)


def _more(heard: Heard, kind: Kind[Any], pending: Pending) -> list[dict[str, Any]]:
    """More lines, told by their price and what they were: "add 12.50 for lunch"; none where it is anything else."""
    found = _MORE.match(heard.folded)
    if found is None and (_TAKEN_BACK.search(heard.folded) or corrected(heard, kind, pending.values)):
        return []
    body = heard.clause(found.end() if found else 0, len(heard.text))
    if (said := several.lines_in(body, kind)) is not None:
        return said[1]
    if found is None or several.EXTRA.search(heard.folded) or pending.awaiting not in (None, "confirm"):
        return []
    if QUESTION.match(body.folded) or not content_in(body, body.spans()):
        return []
    line = kind.split(values_in(body, kind))[1]
    money = [each.name for each in kind.sayable() if each.widget is Widget.MONEY]
    own = [
        each.name for each in kind.sayable() if each.required and each.name in line and each.widget is not Widget.DATE
    ]
    priced = any(name in line for name in money)
    return [line] if priced and len(own) > 1 and len(own) > sum(name in line for name in money) else []


def _pointing_back(clauses: list[Heard], ordered: list[Intent | None]) -> tuple[list[Heard], list[Intent | None]]:
    """Parts that order something for what the one before names are one with it: "Priya's is fine, approve it"."""
    kept: list[tuple[Heard, Intent | None]] = []
    for clause, order in zip(clauses, ordered, strict=True):
        name = about_that(clause) if kept else None
        before = kept[-1][0] if kept else None
        if name is None or before is None or not (before.names or before.refs or kind_in(before) or item_in(before)):
            kept.append((clause, order))
            continue
        said = asked("time_off.cancel" if name == "cancel" else name, before)
        known = next((each for each in kept[-1:] if each[1] is not None), None)
        if known is not None and known[1] is not None and "request_id" in known[1].args and name != "cancel":
            said = Intent(name, {"request_ids": [known[1].args["request_id"]]})
        kept[-1] = (before, said)
    return [each for each, _ in kept], [order for _, order in kept]


def _days_alone(heard: Heard, kind: Any, pending: Pending) -> dict[str, Any]:
    """Days told in short under a form that has days: "no wait, 15 to 17"."""
    heard = unhedged(heard)
    found = heard.days(bare=True)
    if not found or first_and_last(kind.sayable())[0] is None or content_in(heard, [each.span for each in found]):
        return {}
    return values_in(heard, kind, awaiting="dates", pending=pending.values)


def _then(intent: Intent, heard: Heard, before: Mapping[str, Any]) -> Intent:
    """A question about the days that were said before, with those days."""
    days = {name: before[name] for name in ("start", "end") if before.get(name)}
    if intent.intent != "who_is_out" or "start" in intent.args or not days or not _THOSE_DAYS.search(heard.folded):
        return intent
    return Intent(intent.intent, {**intent.args, **days})


def _decided_while_away(intents: list[Intent]) -> Intent | None:
    """I'm on a plane tomorrow, let Elena decide: the days say when she stands in, and ask for no leave."""
    match intents:
        case [Intent(intent="time_off.submit", args=away), Intent(intent="approvals.delegate", args=stood)]:
            if "start" in stood or "leave_type" in away or "start" not in away:
                return None
            return Intent("approvals.delegate", {**stood, **{n: away[n] for n in ("start", "end") if n in away}})
        case _:
            return None


def _same_days(body: Heard, clauses: list[Heard], intents: list[Intent]) -> list[Intent]:
    """Days said for all parts of a message at once: "yesterday I paid 12 for parking and 30 for lunch"."""
    out = intents[:1]
    lead = bool(body.days(Lean.PAST)) and body.days(Lean.PAST)[0].span[0] == 0
    for clause, each in zip(clauses[1:], intents[1:], strict=True):
        before = out[-1]
        each = _then(each, clause, before.args)
        missing = {name: value for name, value in before.args.items() if name == "date" and name not in each.args}
        out.append(Intent(each.intent, {**each.args, **missing}) if lead and each.intent == before.intent else each)
    return out


_JOINT = re.compile(r"\s*(?:,|;|\+|&|\b(?:and|plus|y|e|et|und)\b)\s*(?:(?:also|tambien|tambem|aussi|auch|anche)\s+)?")


def _leave_and_thing(body: Heard) -> list[tuple[int, int]]:
    """Days off, and a thing with its price, under one verb: "I need friday off and two keyboards, 45 each"."""
    for joint in _JOINT.finditer(body.folded):
        before, after = body.clause(0, joint.start()), body.clause(joint.end(), len(body.text))
        priced = any(each.sure or each.currency for each in after.amounts)
        if before.days() and LEAVE.search(before.folded) and not before.amounts and priced and not after.days():
            return [(0, joint.start()), (joint.end(), len(body.text))]
    return []


def _leant(heard: Heard, scores: dict[str, float]) -> dict[str, float]:
    """A kind with only a few examples is helped by its own words: its title, and the answers to its choices."""
    common = {each.intent for each in classify.seeds()}
    for kind in heard.turn.kinds.values():
        if kind.intent in common or kind.intent not in scores:
            continue
        options = [each for blank in kind.sayable() for each in blank.options]
        named = any(re.search(rf"(?<!\w){re.escape(noun)}s?(?!\w)", heard.folded) for noun in nouns(kind))
        if scores[kind.intent] >= 0.05 and (named or (options and chosen(heard.folded, options, fuzzy=False))):
            scores = {name: value * (0.5 if name != kind.intent else 1) for name, value in scores.items()}
            scores[kind.intent] += 0.5 * (1 - scores[kind.intent])
    return scores


def _other_person(heard: Heard, pending: Pending) -> str | None:
    """Who is meant instead in a stand-in that is open: "sorry, Priya, not Tom"."""
    meant = unhedged(heard)
    before = pending.values.get("to")
    people = [each for each in names.names_in(meant.clean, meant.turn.colleagues) if each.value != before]
    if not before or len(people) != 1 or not isinstance(people[0].value, str) or QUESTION.match(meant.folded):
        return None
    spans = [each.span for each in names.names_in(meant.clean, meant.turn.colleagues)]
    said = [word for word in content_in(meant, spans) if word not in _SWAPS]
    return None if said else people[0].value


_SWAPS = frozenset({"nicht", "statt", "sondern", "pas", "mais", "sino", "pero", "ma", "instead", "rather"})


def _other_number(heard: Heard, pending: Pending) -> Intent | None:
    """The decision that is open, on other requests than it was about: "no wait, I mean 214"."""
    meant = unhedged(heard)
    about = [int(each) for each in pending.values.get("request_ids") or ()]
    refs = refs_in(meant.folded, prefixes=heard.prefixes, bare=True)
    numbers = [each.number for each in refs if each.number not in about]
    if not about or not numbers or pending.awaiting != "confirm" or not pending.intent.startswith("approval."):
        return None
    if (meant.amounts and any(each.sure for each in meant.amounts)) or content_in(meant, [each.span for each in refs]):
        return None
    return Intent(pending.intent, {"request_ids": numbers})


def _plain_act(act: Act | None, heard: Heard) -> Intent | None:
    """A message that is nothing but yes, no, thanks ... while a draft is open."""
    pending = heard.turn.pending
    awaiting = pending.awaiting if pending else None
    kind = heard.turn.kinds.by_intent(pending.intent) if pending else None
    blank = next((each for each in kind.sayable() if each.name == awaiting), None) if kind else None
    optional = awaiting in ("comment", "vendor", "needed_by", "reason", "merchant", "receipt") or (
        blank is not None and not blank.required
    )
    match act:
        case None:
            return None
        case Act.NONE:
            if optional and awaiting:
                return Intent("form.update", {awaiting: ""})
            return Intent("form.cancel") if awaiting == "confirm" else None
        case Act.NO:
            first, last = first_and_last(kind.sayable()) if kind else (None, None)
            if pending and first and last and awaiting == last.name and pending.values.get(first.name):
                return Intent("form.update", {last.name: pending.values[first.name]})  # no longer than that
            if optional and awaiting:
                return Intent(
                    "form.update", {awaiting: False if blank is not None and blank.widget is Widget.YES_NO else ""}
                )
            return Intent("form.cancel")
        case Act.CANCEL:
            return Intent("form.cancel")
        case Act.YES | Act.GOOD:
            if blank is not None and blank.widget is Widget.YES_NO and awaiting:
                return Intent("form.update", {awaiting: True})
            return Intent("form.confirm")
        case Act.HELP:
            return Intent("help")
        case _:
            return Intent("small_talk")


def _is_free(kind: Any, awaiting: str | None) -> bool:
    """Whether any words at all may be the answer that was asked for."""
    if awaiting in ("comment", "reason", "note", "choice", "until"):
        return True
    blank = next((each for each in kind.sayable() if each.name == awaiting), None) if kind else None
    return blank is not None and blank.widget in (Widget.LINE, Widget.LONG)


def _answered(intent: str, awaiting: str | None, heard: Heard) -> dict[str, Any]:
    """What a message answers while a decision, a withdrawal or a stand-in is open."""
    if awaiting in ("comment", "reason"):
        return {"comment": heard.text.strip(" .")} if not heard.folded.endswith("?") else {}
    if awaiting in ("choice", "request_id"):
        return _choice(heard)
    if awaiting == "until":
        said = moment_in(heard, bare=True)
        return {"until": said.at.isoformat()} if said else {}
    if awaiting == "amount":
        said = heard.amounts or amounts_in(heard.folded, bare=True)
        return {"amount": f"{said[0].value:f}"} if said else {}
    out: dict[str, Any] = {}
    if intent == "approvals.delegate":
        out = dict(asked(intent, heard).args)
        days = heard.days(bare=awaiting in ("dates", "start", "end"), after=_start_of(heard))
        if days:
            if days[0].start and (days[0].said_start or not _start_of(heard)) and awaiting != "end":
                out["start"] = days[0].start.isoformat()
            else:
                out.pop("start", None)
            if days[0].end:
                out["end"] = days[0].end.isoformat()
        if awaiting == "to" and "to" not in out:
            out |= _named(heard)
    elif awaiting == "to":
        out = _named(heard)
    elif intent == "balance.correct":
        out = leave_type(heard) if awaiting == "leave_type" else how_much(heard) if awaiting == "days" else {}
    elif intent.endswith(".cancel"):
        out = {
            name: value for name, value in asked(intent, heard).args.items() if name in ("request_id", "start", "end")
        }
    elif intent.startswith("approval.") and says_all(heard.text) and len(heard.folded.split()) <= 5:
        out = {"everything": True}
    elif intent.startswith("approval."):
        out = {
            name: value
            for name, value in asked(intent, heard).args.items()
            if name in ("request_ids", "person", "item")
        }
    return out


def _named(heard: Heard) -> dict[str, Any]:
    """The first person who is named, under "to"."""
    people = names.names_in(heard.clean, heard.turn.colleagues)
    return {"to": people[0].value} if people else {}


def _start_of(heard: Heard) -> Any:
    value = heard.turn.pending.values.get("start") if heard.turn.pending else None
    try:
        return datetime.fromisoformat(str(value)).date() if value else None
    except ValueError:
        return None


def _choice(heard: Heard) -> dict[str, Any]:
    """Which of several requests is meant: by number, or by words that only one of them has."""
    if (nth := nth_in(heard.folded)) is not None:
        return {"nth": nth}
    if says_all(heard.text) and len(heard.folded.split()) <= 5:
        return {"everything": True}
    numbers = re.findall(r"\d{1,7}", heard.folded)
    known = {each.number for each in heard.turn.known}
    for number in numbers:
        if not known or int(number) in known:
            return {"request_id": int(number)}
    if days := heard.days(bare=True):
        said = str(days[0].start or days[0].end)
        on = [
            each
            for each in heard.turn.known
            if str(each.values.get("start", "")) <= said <= str(each.values.get("end", ""))
        ]
        if len(on) == 1:
            return {"request_id": on[0].number}
    words = set(re.findall(r"[a-z]{3,}", heard.folded)) - {"the", "one", "from", "that", "request"}
    fits = [
        each
        for each in heard.turn.known
        if words
        & set(
            re.findall(
                r"[a-z]{3,}",
                clean(f"{each.summary} {each.kind} {each.by} {' '.join(map(str, each.values.values()))}").folded,
            )
        )
    ]
    return {"request_id": fits[0].number} if len(fits) == 1 else {"choice": heard.text.strip(" .")}


def _clauses(folded: str) -> list[tuple[int, int]]:
    """Where the parts of a message stand that could each be a request of their own; at most four."""
    cuts = [found.span() for found in _SPLIT.finditer(folded) if found.start() > 0][:3]
    bounds = [0, *[end for _, end in cuts]]
    ends = [*[start for start, _ in cuts], len(folded)]
    return [(start, end) for start, end in zip(bounds, ends, strict=True) if folded[start:end].strip(" ,;.")] or [
        (0, len(folded))
    ]


def _joined(body: Heard, one: Heard, other: Heard) -> Heard:
    start = body.text.find(one.text)
    end = body.text.find(other.text) + len(other.text)
    return body.clause(max(start, 0), end) if end > start >= 0 else body


def _merged(intents: list[Intent]) -> tuple[Intent, ...]:
    """The same decision about several requests is one."""
    out: list[Intent] = []
    for each in intents:
        last = out[-1] if out else None
        if (
            last is not None
            and last.intent == each.intent
            and "request_ids" in last.args
            and "request_ids" in each.args
        ):
            out[-1] = Intent(
                each.intent,
                {
                    **last.args,
                    **each.args,
                    "request_ids": list(dict.fromkeys([*last.args["request_ids"], *each.args["request_ids"]])),
                },
            )
        else:
            out.append(each)
    return tuple(out)


def _canonical(heard: Heard) -> str:
    """The sentence as the encoders read it: everybody is called Laura, so that names do not matter."""
    text, shift = heard.text, 0
    for each in heard.names:
        start, end = each.span[0] + shift, each.span[1] + shift
        said = "Laura's" if text[start:end].endswith(("'s", "s'", "'")) else "Laura"
        text = text[:start] + said + text[end:]
        shift += len(said) - (end - start)
    return spelled(_NO_WORD.sub(" ", text)[:_EMBEDDED])


def _signs(heard: Heard) -> Signs:
    """What rules see in a sentence, beside its vectors."""
    folded = heard.folded
    days = heard.days(Lean.PAST)
    back = any(each.start is not None and each.start < heard.today for each in days if "next" not in folded)
    money = heard.amounts
    return (
        float(any(each.currency or each.sure for each in money)),
        float(bool(money)),
        float(bool(days)),
        float(bool(days) and back),
        float(bool(heard.refs)),
        float(bool(heard.names)),
        float(folded.rstrip().endswith("?")),
        float(bool(QUESTION.match(folded))),
        float(bool(heard.counts)),
        float(heard.part is not None),
        min(len(folded.split()), 20) / 20,
        *signs_in(folded),
    )


@cache
def _no_kinds() -> Kinds:
    return Kinds()


def signs_of(text: str) -> Signs:
    """The signs of an example sentence, in which Laura, Peter, Pedro, Pietro and Pierre are colleagues."""
    cleaned = clean(text)
    turn = Turn(
        text=text, speaker="", now=_THEN, currency="EUR", day_first=True, colleagues=_PRETEND, kinds=_no_kinds()
    )
    return _signs(Heard(turn, cleaned, language_of(text, cleaned.folded)))
