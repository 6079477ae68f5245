"""The brain that needs no model server: rules for acts, vectors for intents, typed slots for values."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from backend.forms import Widget
from backend.kinds import Kind, Kinds
from bot.brain import answers, several, trips
from bot.brain.absences import absences
from bot.brain.acts import Act, act_of, opening, without_interjections
from bot.brain.again import again
from bot.brain.agreeing import agrees, closes_with_sending
from bot.brain.asking import asked, decisions, given_back, how_it_stands, leave_type, names_of_absent
from bot.brain.both import balance_and_rule
from bot.brain.choices import chosen, meant, nouns
from bot.brain.classify import OUT_OF_SCOPE
from bot.brain.clauses import (
    by_their_looks,
    clauses_in,
    decided_otherwise,
    decided_while_away,
    joined,
    leave_and_thing,
    merged,
    on_those_days,
    pointing_back,
    same_days,
)
from bot.brain.clean import fold
from bot.brain.commands import (
    REJECT,
    about_that,
    all_but,
    command,
    ordered_by,
    plain_decision,
    verdicts,
)
from bot.brain.corrections import at_once, corrected, unhedged
from bot.brain.follow_up import follow_up
from bot.brain.handbook_words import about_the_handbook
from bot.brain.hearing import QUESTION, Heard, asks, hear
from bot.brain.lead_in import LEAD_IN
from bot.brain.lexicon import listed
from bot.brain.likelihoods import Likelihoods
from bot.brain.lines import another, lines_now, more
from bot.brain.log_words import about_the_log
from bot.brain.mails import handed_on, without_headers, without_quoted
from bot.brain.named_fields import named_field, reopened
from bot.brain.negations import DO_NOT, NOT, only_denies, without_denied
from bot.brain.others import about_others
from bot.brain.port import SURE, Turn, Understood
from bot.brain.purposes import purpose
from bot.brain.rules_asked import about_rules, asks_what_there_is
from bot.brain.slots import counted, first_and_last, priced, values_in
from bot.brain.spelling import spelled
from bot.brain.supposing import (
    LEAVE,
    WHETHER,
    about_oneself,
    approves_own,
    asks_of_own,
    minds_absence,
    no_longer,
    not_approved,
    not_to_be_done,
    not_yet_done,
    ponders,
    supposed,
    supposes,
    tells,
    without_asking,
    without_courtesies,
    without_refusal,
)
from bot.brain.things import content_in
from bot.brain.unrelated import sounds_elsewhere
from bot.brain.withdrawing import NO_LONGER, takes_back
from bot.message import Intent

WRITES = frozenset(
    {"time_off.cancel", "request.cancel", "request.change", "approval.approve", "approval.reject", "approvals.delegate"}
)
"""Intents beside the kinds' own that propose a change."""
PLAINLY = 0.95
"""How likely a message is about something else before its form no longer makes it a question to the handbook."""
_AWAY = re.compile(r"absen|ausen|assen|abwes")
_SMALL = listed("small")
"""Words beside which a name and a day say all."""
_PLEA = re.compile(
    r"^(?:can|could|would|will) you\b|^(?:puedes|podrias|podes|pode|peux-tu|pouvez-vous|kannst du|puoi)\b"
)
_SUBJECT = re.compile(
    r"^(?:we|it|they|he|she|there|that|this|those|i'm|i'll|i am|i will|i can|we're|it's|ya|hay|tenemos|esta|ja"
    r"|temos|ha|on|il|nous|c'est|wir"
    r"|es|das"
    r"|da|abbiamo|c'e|e gia)\b"
)
"""A clause that tells something, and asks for nothing: after a decision it is the reason."""
_OPPOSITE = {"approval.approve": "approval.reject", "approval.reject": "approval.approve"}
_DIGIT = re.compile(r"\d")
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
_COULD_IT = re.compile(
    r"^(?:and |also |then )*(?:could|can|might|may|would|will|shall) (?:it|they|that|those|these|this|we make it)\b"
    r"|^(?:y |e |et |und )?(?:podria[n]? ser|puede[n]? ser|poderia[m]? ser|podem ser|pourrai(?:t|ent)-(?:il|elle|ce)s?"
    r"|konnte[n]? (?:es|sie|das)|potrebbe(?:ro)? essere)\b"
)
"""A wish about what is open: "could they please be here by the 10th?"."""
_IN_MY_PLACE = re.compile(
    r"\b(?:approv\w*|valid\w*|decid\w*|sign\w*|aprueb\w*|aprob\w*|firm\w*|aprov\w*|assin\w*|genehmig\w*|entscheid\w*"
    r"|unterschreib\w*|autoris\w*|firma\w*|handle|look after)\b.{0,25}?\b(?:in my (?:place|stead)|on my behalf"
    r"|en mi lugar"
    r"|em meu lugar|a ma place|an meiner stelle|al (?:mio posto|posto mio))\b"
)
"""Somebody is asked to decide in the speaker's place."""
_FOR_ME = re.compile(
    r"\b(?:for me|on my behalf|in my (?:place|stead)|instead of me|por mi|en mi lugar|por mim|em meu lugar|pour moi"
    r"|a ma place|fur mich|an meiner stelle|per me|al (?:mio posto|posto mio))\W*$"
)
"""Somebody who approves "for me" stands in."""


class LocalBrain:
    """Understands without a model: some 20 ms a turn, two small sentence encoders in memory.

    home  the company's folder: weights trained for its kinds are kept in it
          and its own examples are read from it (`examples.toml`)
    """

    def __init__(self, *, home: Path | None = None) -> None:
        self._likely = Likelihoods(home=home)

    @property
    def ready(self) -> bool:
        """Whether the first answer waits for nothing more."""
        return self._likely.ready

    def load(self, kinds: Kinds) -> None:
        """Brings the encoders and weights into memory; trains them where these kinds are new."""
        for kind in kinds.values():
            if any(blank.widget is Widget.MONEY for blank in kind.sayable()):
                for blank in kind.sayable():
                    if blank.required and len(blank.options) > 2:
                        meant(["hello"], blank.options)
        self._likely.load(kinds)

    def understand(self, turn: Turn) -> Understood:
        heard = hear(turn)
        if not heard.folded:
            thumb = act_of("", thumbs=heard.clean.thumbs)
            if thumb is not None and turn.pending is not None:
                return Understood(
                    (Intent("form.confirm" if thumb is Act.YES else "form.cancel"),), language=heard.language
                )
            return Understood((Intent("small_talk"),), language=turn.language)
        mail = handed_on(heard) if turn.pending is None else None
        if mail is not None:
            found = self._with_mail(*mail)
        else:
            found = self._in_form(heard) if turn.pending is not None else self._fresh(heard)
        return replace(found, language=heard.language)

    # without a draft

    def _fresh(self, heard: Heard) -> Understood:
        act = act_of(heard.folded, thumbs=heard.clean.thumbs)
        if act is Act.HELP:
            return Understood((Intent("help"),))
        if act is not None and not (act is Act.NONE and heard.folded.endswith("?")):  # "anything?" is no "any"
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
        body = without_quoted(without_courtesies(without_headers(body)))
        body = without_refusal(body)
        rest = without_denied(body)
        body = body if re.search(rf"\b(?:{REJECT})\b", rest.folded) else rest  # "not this quarter: decline it"
        question = without_asking(body)
        if question is not body and len(clauses_in(question.folded)) == 1 and how_it_stands(body) is None:
            return self._asked(question)

        if (two := balance_and_rule(body)) is not None:
            return Understood(two)
        told = follow_up(heard) or about_the_handbook(body) or again(body) or about_others(body) or supposed(body)
        told = told or about_the_log(body) or self._about_rules(body)
        if told is not None:
            return Understood((told,))
        parts = leave_and_thing(body) or clauses_in(body.folded)
        clauses = [body.clause(start, end) for start, end in parts] if len(parts) > 1 else [body]
        ordered = [_ordered(each) for each in clauses]
        clauses, ordered = pointing_back(clauses, ordered)
        if len(clauses) > 1 and all(ordered):
            return Understood(merged([each for each in ordered if each is not None]))
        if len(clauses) == 1 and ordered[0] is not None:
            return Understood((ordered[0],))
        return self._classified(body, clauses, ordered)

    def _with_mail(self, own: Heard, whole: Heard) -> Understood:
        """What somebody wants who hands on a mail: told by their own words, with the values that the mail brings."""
        found, whole = self._fresh(own), without_headers(whole)
        said = found.intents[0]
        if found.confidence < 0.9 or said.intent in ("small_talk", OUT_OF_SCOPE):
            scores, beside = self._likely.of([own, whole])
            best = max(scores, key=lambda name: scores[name] * beside[name])
            if best != said.intent and scores[best] >= 0.1:
                said, found = Intent(best), Understood((Intent(best),), confidence=max(beside[best], SURE))
        if len(found.intents) > 1 or not (self._writes(said.intent, own) or said.intent == "who_is_out"):
            return found
        if said.intent.startswith("approval.") and whole.refs and not own.refs and not own.names:
            brought = (Intent(said.intent, {"request_ids": [each.number for each in whole.refs]}),)
        elif said.intent == "who_is_out" and not _OF_THEM.search(own.folded):
            return found
        else:
            args = [each.args for each in self._intents(whole, said.intent)]
            brought = tuple(Intent(said.intent, {**each, **said.args}) for each in args)
        return replace(found, intents=brought)

    def _asked(self, question: Heard) -> Understood:
        """A question that a sentence says is one ("I'd like to know who approves that"): it proposes nothing."""
        found = self._fresh(question)
        names = [each.intent for each in found.intents]
        strange = names == [OUT_OF_SCOPE] and WHETHER.match(question.folded) and not sounds_elsewhere(question.folded)
        if strange or any(self._writes(name, question) for name in names):
            return Understood((Intent("policy.ask"),), confidence=SURE)
        return found

    def _about_rules(self, body: Heard) -> Intent | None:
        """A question told by its form to be one to the handbook, unless it is plainly about something else."""
        told = about_rules(body)
        return told if told is not None and self._likely.of([body])[0][OUT_OF_SCOPE] < PLAINLY else None

    def _classified(self, body: Heard, clauses: list[Heard], ordered: list[Intent | None]) -> Understood:
        everything = [body, *(clauses if len(clauses) > 1 else [])]
        rows = self._likely.of(everything)
        several = self._several(body, clauses, ordered, rows[1:], rows[0]) if len(clauses) > 1 else None
        if several is None and len(clauses) == 1 and (parts := by_their_looks(body)):
            several = self._two(body, [body.clause(*each) for each in parts])
        if several is not None:
            return several
        if (whole := _ordered(body)) is not None:
            return Understood((whole,))
        return self._single(body, rows[0])

    def _two(self, body: Heard, clauses: list[Heard]) -> Understood | None:
        """Two requests that no word leads in, where each is sure and they are not the same."""
        rows = self._likely.of(clauses)
        names = [max(row, key=lambda name: row[name]) for row in rows]
        sure = min(row[name] for row, name in zip(rows, names, strict=True))
        if len(set(names)) < 2 or sure < 0.9 or set(names) & {"small_talk", OUT_OF_SCOPE, "help", "policy.ask"}:
            return None
        intents = [each for clause, name in zip(clauses, names, strict=True) for each in self._intents(clause, name)]
        away = decided_while_away(intents)
        return Understood((away,) if away is not None else merged(intents), confidence=sure)

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
        reasoned: Intent | None = None
        for clause, rule, scores in zip(clauses, ordered, rows, strict=True):
            best = max(scores, key=lambda name: scores[name])
            name, sure = (rule.intent, 1.0) if rule else (best, scores[best])
            if rule is None and sure < 0.8 and (short := _in_short(clause)) is not None:
                name, sure = short, 0.8
            if rule is None:
                asked_too = any(asks(each.folded) for each in clauses if each is not clause)
                told = self._stands_alone(clause, name, sure, whole[name], [each[1] for each in found], asked_too)
                sure = sure if told else 0.0
            if name == "policy.ask" and rule is None and (_PLEA.match(clause.folded) or not asks(clause.folded)):
                sure = 0.0  # "can you log half a day?" asks for no rule
            bare = found and rule is None and not asks(clause.folded) and not content_in(clause, clause.spans())
            decided = found and found[-1][1].startswith(("approval.", "time_off.cancel", "request.cancel"))
            why = decided and rule is None and _SUBJECT.match(clause.folded) and not clause.days()
            if (
                bare
                or why
                or name in ("small_talk", OUT_OF_SCOPE, "help")
                or act_of(clause.folded) is not None
                or sure < 0.6
            ):
                if found and name not in ("small_talk",) and rule is None:
                    found[-1] = (joined(body, found[-1][0], clause), *found[-1][1:])
                continue
            trailing = (
                found and rule is None and not clause.names and not clause.days() and _TRAILING.search(clause.folded)
            )
            if trailing:
                found[-1] = (joined(body, found[-1][0], clause), *found[-1][1:])
                continue
            if (
                found
                and found[-1][1] == name
                and rule is None
                and not self._both_priced(body, name, found[-1][0], clause)
            ):
                found[-1] = (joined(body, found[-1][0], clause), name, max(sure, found[-1][2]), found[-1][3])
                continue
            if found and found[-1][1] == name and found[-1][3] is None and not self._intent(found[-1][0], name).args:
                found[-1] = (clause, name, sure, rule)  # "no budget left, reject 31"
                reasoned = rule
                continue
            found.append((clause, name, sure, rule))
        if len(found) == 1 and reasoned is not None:
            return Understood((reasoned,))
        if len(found) < 2 or len(found) > 3:
            return None
        said = [
            (clause, each)
            for clause, name, _, rule in found
            for each in ((rule,) if rule else self._intents(clause, name))
        ]
        intents = [each for _, each in said]
        if (away := decided_while_away(intents)) is not None:
            return Understood((away,), confidence=min(each[2] for each in found))
        return Understood(
            merged(same_days(body, [clause for clause, _ in said], intents)),
            confidence=min(each[2] for each in found),
        )

    def _stands_alone(
        self, clause: Heard, name: str, sure: float, likely: float, after: list[str], asked_too: bool
    ) -> bool:
        """Whether a part of a message is a request of its own, and no reason or detail of another.

        What brings its own values, or is a question, needs less to be one.

        likely     how likely the whole message is this request
        after      what the parts before it are
        asked_too  whether another part is a question
        """
        valued = bool(clause.days() or clause.amounts)
        instead = valued and after[-1:] == ["time_off.cancel"] and name == "time_off.submit"
        if likely < 0.02 and sure < (0.6 if instead else 0.7 if valued or asks(clause.folded) else 0.9):
            return False
        if not self._writes(name, clause):
            return (asks(clause.folded) or sure >= 0.8) and not (
                name in ("request.status", "who_is_out") and tells(clause)
            )
        if (
            after
            and name in WRITES
            and sure < 0.9
            and not (clause.names or clause.days() or _DIGIT.search(clause.folded))
        ):
            return False  # "let it come out of my vacation allowance" withdraws nothing
        reason = likely < 0.02 and tells(clause) and not clause.amounts and (asked_too or not clause.days())
        needless = NO_LONGER.search(clause.folded) and not name.endswith(".cancel")
        if (
            ponders(clause)
            or (asked_too and supposes(clause))
            or reason
            or needless
            or not_to_be_done(clause)
            or only_denies(clause)
        ):
            return False  # "I lost the receipt for a dinner. Do the rules let me claim it anyway?"
        return not after or bool(self._intent(clause, name).args)  # not "I'd hate to leave anyone out"

    @staticmethod
    def _both_priced(body: Heard, name: str, one: Heard, other: Heard) -> bool:
        kind = body.turn.kinds.by_intent(name)
        return (
            kind is not None
            and priced(kind)
            and all(any(amount.sure or amount.currency for amount in each.amounts) for each in (one, other))
        )

    def _single(self, body: Heard, scores: dict[str, float]) -> Understood:
        if _IN_MY_PLACE.search(body.folded) and body.names and not body.refs and not sounds_elsewhere(body.folded):
            return Understood(self._intents(body, "approvals.delegate"), confidence=0.9)
        stands_in = scores["approval.approve"] + scores["approvals.delegate"]
        if body.names and not body.refs and stands_in >= SURE and _FOR_ME.search(body.folded):
            return Understood(self._intents(body, "approvals.delegate"), confidence=stands_in)
        if (short := _headed(body) or _in_short(body) or absences(body) or trips.claimed(body)) is not None:
            return Understood(self._intents(body, short), confidence=max(scores[short], 0.8))
        withdraws = sum(value for name, value in scores.items() if name.endswith(".cancel"))
        says_so = withdraws < 0.05 or bool(body.refs) or takes_back(fold(spelled(body.text)))
        if not says_so and withdraws < 0.8:  # who withdraws something says so
            kept = 1 - withdraws
            scores = {name: 0.0 if name.endswith(".cancel") else value / kept for name, value in scores.items()}
        ranked = sorted(scores, key=lambda name: -scores[name])
        best, sure = ranked[0], scores[ranked[0]]
        if best.endswith(".cancel"):  # which kind is withdrawn is told by what it is about
            sure = withdraws if says_so else 0.0
        if minds_absence(body) and best in ("policy.ask", "who_is_out", OUT_OF_SCOPE, "time_off.submit"):
            return Understood(self._intents(body, "time_off.submit"), confidence=max(scores["time_off.submit"], SURE))
        unsure = best in (OUT_OF_SCOPE, "request.status") or (self._writes(best, body) and sure < 0.8)
        if unsure and asks_what_there_is(body, elsewhere=scores[OUT_OF_SCOPE]):
            return Understood((Intent("policy.ask"),), confidence=SURE)
        if self._writes(best, body) and ((sure < 0.97 and about_oneself(body)) or asks_of_own(body)):
            read = next(name for name in ranked if not self._writes(name, body))
            best, sure = (read, SURE) if scores[read] >= 0.03 else (best, 0.0)
        elif best in _OPPOSITE and scores[_OPPOSITE[best]] >= 0.25:
            sure = 0.0  # of two opposite decisions none is guessed
        elif self._writes(best, body) and (
            not_to_be_done(body) or only_denies(body) or (ponders(body) and not asks(body.folded))
        ):
            sure = 0.0  # what shall not be done is not proposed
        verb = ordered_by(body) if sure < 0.9 and not _ASKS.match(body.folded) and not about_oneself(body) else None
        if verb is not None and scores[OUT_OF_SCOPE] < 0.4 and (said := self._intents(body, verb))[0].args:
            return Understood(said, confidence=max(scores.get(said[0].intent, 0.0), 0.8))
        writes = self._writes(best, body)
        if writes and sure < 0.8 and _ASKS.match(body.folded):
            # Who asks what, when or how wants to know something: nothing is proposed on a likelihood.
            read = next(name for name in ranked if not self._writes(name, body))
            if scores[read] >= 0.1:
                return Understood(
                    (self._intent(body, read),), confidence=SURE, alternatives=(self._intent(body, best),)
                )
        if (
            best == OUT_OF_SCOPE
            and sure < 0.75
            and (told := self._told(body, ranked[1], scores[ranked[1]])) is not None
        ):
            return told
        if best == "request.status" and (waiting := _waits_for(body, scores)):
            return Understood((waiting,), confidence=SURE)
        if sure >= SURE or (not writes and sure >= 0.35):
            return Understood(self._intents(body, best), confidence=max(sure, SURE) if not writes else sure)
        offered = [name for name in ranked[:4] if scores[name] >= 0.12 and name not in (OUT_OF_SCOPE, "small_talk")][:3]
        return Understood(
            (Intent(OUT_OF_SCOPE),), confidence=sure, alternatives=tuple(self._intent(body, name) for name in offered)
        )

    def _told(self, body: Heard, name: str, likely: float) -> Understood | None:
        """A request that is told with all that makes one, though its words sound like no office: it is proposed."""
        kind = body.turn.kinds.by_intent(name)
        if (
            kind is None
            or likely < 0.15
            or sounds_elsewhere(body.folded)
            or (QUESTION.match(body.folded) and not _PLEA.match(body.folded))
        ):
            return None
        said = self._intents(body, name)
        money = {each.name for each in kind.sayable() if each.widget is Widget.MONEY}
        own = {each.name for each in kind.sayable() if each.required and each.widget is not Widget.DATE} - money
        args = said[0].args
        whole = (
            bool(args.keys() & money and args.keys() & own) if money else "start" in args and LEAVE.search(body.folded)
        )
        return Understood(said, confidence=SURE) if whole else None

    @staticmethod
    def _writes(name: str, heard: Heard) -> bool:
        return name in WRITES or heard.turn.kinds.by_intent(name) is not None

    def _intents(self, heard: Heard, name: str) -> tuple[Intent, ...]:
        """The intent with what the message says for it; several of it where that is about several things."""
        kind = heard.turn.kinds.by_intent(name)
        if kind is not None:
            return tuple(Intent(name, values) for values in several.requests_in(heard, kind))
        if name in ("approval.approve", "approval.reject"):
            return tuple(decisions(name, heard))
        return (asked(name, heard),)

    def _intent(self, heard: Heard, name: str) -> Intent:
        return self._intents(heard, name)[0]

    # with a draft open

    def _in_form(self, heard: Heard) -> Understood:
        pending = heard.turn.pending
        assert pending is not None
        awaiting = pending.awaiting
        withdrawing = pending.intent.endswith(".cancel") and awaiting == "confirm"
        act = act_of(heard.folded, thumbs=heard.clean.thumbs, withdrawing=withdrawing)
        kind = heard.turn.kinds.by_intent(pending.intent)
        if act is Act.HELLO and kind is not None and awaiting is not None:  # "morning" may be the answer
            values = values_in(heard, kind, awaiting=awaiting, pending=pending.values)
            if awaiting in values:
                return Understood((Intent("form.update", {awaiting: values[awaiting]}),))
        if act is Act.HELLO and kind is not None and heard.part and answers.THE_PART.search(heard.folded):
            return Understood((Intent("form.update", values_in(heard, kind, pending=pending.values)),))
        asked_to = "withdraw" if withdrawing else pending.intent.removeprefix("approval.")
        if awaiting == "confirm" and agrees(heard.folded, to=asked_to):
            return Understood((Intent("form.confirm"),))
        if plain := answers.plain_act(act, heard):
            return Understood((plain,))
        if kind is not None and (cut := closes_with_sending(heard.folded)):
            before = self._in_form(heard.clause(0, cut))
            told = [each for each in before.intents if each.intent == "form.update"]
            if (
                before.intents
                and len(told) == len(before.intents)
                and all(value for each in told for value in each.args.values())
            ):
                return Understood((*told, Intent("form.confirm")))
            if awaiting == "confirm" and not told and not _DOUBTS.search(heard.folded[:cut]):
                return Understood((Intent("form.confirm"),))
        if kind is None and (otherwise := decided_otherwise(heard)):
            return Understood((Intent("form.cancel"), *otherwise))
        if kind is not None and kind.line is not None and (added := another(heard, kind) or more(heard, kind, pending)):
            return Understood((Intent("form.update", {"another": added}),))
        if kind is not None and (lines := lines_now(heard, kind, pending)):
            return Understood((Intent("form.update", {"lines": lines}),))
        if awaiting in ("comment", "reason") and opening(unhedged(heard).folded)[0] is Act.CANCEL:
            return Understood((Intent("form.cancel"),))
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
        if kind is not None and (anew := reopened(body, kind, pending.values)):
            return Understood((Intent("form.update", anew),))
        if (person := answers.other_person(body, pending)) is not None:
            return Understood((Intent("form.update", {"to": person}),))
        aside = body.clause(without_interjections(body.folded), len(body.text))
        ordered = None if bare else about_the_handbook(body) or _ordered(aside) or about_others(body)
        if kind is None and (other := answers.other_number(heard, pending) or answers.other_number(body, pending)):
            return Understood((Intent("form.cancel"), other))
        if kind is not None and (about_that(body) == "cancel" or _drops(ordered, kind)):
            return Understood((Intent("form.cancel"),))
        if ordered is not None and awaiting not in ("choice", "request_id", "comment"):
            return Understood((ordered,))
        if kind is not None:
            values = values_in(body, kind, awaiting=awaiting, pending=pending.values)
        else:
            values = answers.answered(pending.intent, awaiting, heard if awaiting in ("comment", "reason") else body)
        free = answers.is_free(kind, awaiting)
        if kind is not None and not (values and awaiting not in (None, "confirm")):
            if told := corrected(body, kind, pending.values):
                return Understood((Intent("form.update", counted(told, kind, pending.values)),))
            values = values or answers.days_alone(body, kind, pending)
            if not values and awaiting in (None, "confirm") and (why := purpose(body, kind)):
                return Understood((Intent("form.update", why),))
        if begun is Act.CANCEL and not (values and _only_values(heard.clause(begin, len(heard.text)))):
            return Understood((Intent("form.cancel"),))
        plain = unhedged(body)
        wished = bool(values) and any(_COULD_IT.match(each.folded) for each in (plain, body))
        why = awaiting in ("comment", "reason")  # "no hay presupuesto" is a reason, and asks nothing
        short = len(body.folded.split()) <= 3 and bool(values)  # "was yesterday"
        asks = (QUESTION.match(body.folded) is not None and not (why or short)) or heard.folded.rstrip().endswith("?")
        question = asks and not wished
        spans = [each.span for each in [*plain.days(bare=True), *plain.amounts, *plain.counts]]
        if values and not question and (free or len(body.folded.split()) <= 3 or not content_in(plain, spans)):
            return Understood((Intent("form.update", values),))
        scores = self._likely.of([body])[0]
        best = max(scores, key=lambda name: scores[name])
        sure = scores[best]
        other = best != pending.intent and best not in ("small_talk", OUT_OF_SCOPE)
        if values and pending.intent == "approvals.delegate" and best == "time_off.submit":
            other = LEAVE.search(body.folded) is not None  # "monday to wednesday" are the days of the stand-in
        needed = 0.5 if not values else 0.6 if question else 0.97 if wished or _ALTERS.match(body.folded) else 0.85
        if kind is not None and not priced(kind) and any(each.currency for each in body.amounts):
            needed = 0.5  # money is nothing that this form holds
        dateless = kind is not None and first_and_last(kind.sayable())[0] is None
        if dateless and best == "time_off.submit" and (LEAVE.search(body.folded) or leave_type(body)):
            needed = min(needed, 0.6)  # nor are days off
        writes = best in WRITES or heard.turn.kinds.by_intent(best) is not None
        if other and sure >= (max(needed, 0.7) if writes else needed):
            return Understood((on_those_days(self._intent(body, best), body, pending.values),), confidence=sure)
        if values and (question or sounds_elsewhere(body.folded)) and best == OUT_OF_SCOPE and sure >= 0.4:
            return Understood(
                (Intent(best),), confidence=max(sure, SURE)
            )  # "what's the weather today?" answers nothing
        if values:
            return Understood((Intent("form.update", values),))
        if begun in (Act.NO, Act.CANCEL):
            return Understood((Intent("form.cancel"),))
        if best in ("small_talk", OUT_OF_SCOPE) and sure >= 0.4:
            return Understood((Intent(best),), confidence=max(sure, SURE))
        found = self._single(body, scores)
        if kind is not None and [each.intent for each in found.intents] == [pending.intent]:
            words = {word for value in pending.values.values() for word in fold(str(value)).split()}
            if words & {word for value in found.intents[0].args.values() for word in fold(str(value)).split()}:
                return Understood((Intent("small_talk"),))  # "let's carry on with the webcam": it is open
        return found

    def _instead(self, rest: Heard) -> Understood | None:
        """Another request in place of the open one: "forget that, I need friday off"."""
        if not rest.folded or rest.turn.pending is None:
            return None
        fresh = self._fresh(Heard(replace(rest.turn, pending=None), rest.clean, rest.language))
        vague = ("small_talk", OUT_OF_SCOPE, "approval.approve", "approval.reject", "time_off.cancel", "request.cancel")
        leads = re.match(LEAD_IN, rest.folded)
        reason = (tells(rest) or not leads or not leads.end()) and not (
            rest.days() or rest.amounts or rest.refs
        )  # "the company card paid after all"
        if fresh.confidence < SURE or reason or all(each.intent in vague and not each.args for each in fresh.intents):
            return None
        return replace(fresh, intents=(Intent("form.cancel"), *fresh.intents))


_DOUBTS = re.compile(rf"\b(?:{NOT}|{DO_NOT}|but|pero|mas|mais|aber|ma|before|until|if)\b|n't\b|\?")
"""What stands before "send it" and keeps it from being a plain yes."""


_OF_THEM = re.compile(
    r"\b(?:he|she|they|him|her|them|he's|she's|they're|el|ella|ellos|ellas|ele|ela|eles|elas|il|elle|ils|elles|er|sie|lui"
    r"|lei|loro)\b"
)
"""Somebody who is named in the mail that is handed on."""
_ALTERS = re.compile(
    r"(?:please |can you |could you )?(?:change|update|switch|correct|edit|cambi\w+|actualiz\w+|corrig\w+|modif\w+"
    r"|mud\w+"
    r"|alter\w+|changer?|changez|ander\w*|korrigier\w*|correggi)\b"
)
"""A message that says that it alters what is open."""


def _waits_for(body: Heard, scores: Mapping[str, float]) -> Intent | None:
    """What waits for a decision, where somebody who decides and has asked for nothing asks what is open: "pending?"."""
    decides = any(each.waiting_for_me for each in body.turn.known)
    own = any(each.by == body.turn.speaker for each in body.turn.known)
    if not decides or own or scores["approvals.list"] < 0.05 or asked("request.status", body).args:
        return None
    return Intent("approvals.list")


def _drops(ordered: Intent | None, kind: Kind[Any]) -> bool:
    """Whether a withdrawal names no request, and the open form is of its kind: "cancel my order"."""
    return ordered is not None and ordered.intent == kind.cancel_intent and not ordered.args.keys() - {"kind"}


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


def _headed(heard: Heard) -> str | None:
    """The kind whose name stands in front of the rest with a colon: "exp: exam fee 150, 10/11"."""
    for kind in heard.turn.kinds.values():
        if any(re.match(rf"(?:new )?{re.escape(noun)}s?(?: request)?\s*:\s*\w", heard.folded) for noun in nouns(kind)):
            return kind.intent
    return None


def _only_values(rest: Heard) -> bool:
    """Whether nothing but values is told: "never mind, the 12th", and not "leave it, the company card was used"."""
    spans = [*rest.spans(), *(each.span for each in [*rest.names, *rest.counts])]
    return not content_in(rest, spans)


def _ordered(heard: Heard) -> Intent | None:
    """What a message asks for by its verb or its first words alone."""
    return (
        not_approved(heard)
        or approves_own(heard)
        or no_longer(heard)
        or command(heard)
        or given_back(heard)
        or how_it_stands(heard)
        or not_yet_done(heard)
        or names_of_absent(heard)
    )
