"""What kind of thing a question asks for, and whether a text holds such a thing."""

import calendar
import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import cast

from babel import Locale

NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    "hundred|thousand|half|once|twice|double|unlimited|none|zero"
)
_AMOUNT = re.compile(rf"\d|[$€£%]|\b(?:{NUMBER_WORDS})\b", re.IGNORECASE)
_TIME = re.compile(
    rf"\d|\b(?:{NUMBER_WORDS}|january|february|march|april|may|june|july|august|september|october|november|december|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|daily|weekly|monthly|yearly|annually|quarterly|biweekly|"
    r"immediately|before|after|until|within|by the end|end of|first|last|every|each|as soon as|prior|noon|midnight|"
    r"days?|weeks?|months?|years?|hours?|minutes?|quarter)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"@|\b(?i:managers?|supervisor|team|hr|human resources|people op\w*|office|department|owner|director|officer|lead|"
    r"admin\w*|finance|payroll|committee|company|employer|employees?|provider|insurer|it help\w*|"
    r"(?:help|front|travel|service) ?desk|reception\w*|contact|"
    r"ceo|cfo|cto|coo|founder|president|partner|buddy|legal|security|support|"
    r"leder\w*|n[æa]rmeste|chef\w*|leidinggevende|afdeling|avdeling\w*|baas)\b|"
    r"(?<=[a-z,:;] )[A-Z][a-z]+(?: [A-Z][a-z]+)?"
)
_NAME = re.compile(r"\S@\S|[A-ZÀ-Þ][a-zà-ÿ]+(?:[ -][A-ZÀ-Þ][a-zà-ÿ]+)+")
_RULE = re.compile(
    r"\b(?:yes|no|not|never|cannot|can|may|must|should|shall|will|allowed|permitted|prohibited|forbidden|required|"
    r"requires?|eligible|entitled|covered?|covers|reimbursed?|reimbursable|approved?|approval|pre-?approved|provided?|provides|"
    r"paid|pays?|free|only|unless|except|responsible|encouraged?|recommend\w*|acceptable|strictly|always|need|holidays?|"
    r"don't|doesn't|won't|can't|isn't|aren't|do not|does not|"
    r"pued[eo]n?|podr[aá]n?|deben?|tienen?|hay|nunca|prohibid\w+|permit\w+|obligator\w+|obrigat[oó]ri\w+|pagad\w+|gratis|"
    r"incluid\w+|cubr\w+|podem?|devem?|t[eê]m|n[aã]o|proibid\w+|pag[oa]s?|gratuit\w+|inclu[ií]d\w+|peut|peuvent|pouvez|"
    r"doit|doivent|devez|pas|jamais|interdit\w*|autoris\w+|obligatoires?|rembours\w+|pris en charge|avez droit|"
    r"kann|k[oö]nnen|darf|d[uü]rfen|muss|m[uü]ssen|soll\w*|nicht|kein\w*|nie|verboten|erlaubt|gestattet|bezahlt|erstattet|"
    r"[uü]bernimmt|[uü]bernommen|pu[oò]|possono|dev[eo]\w*|non|mai|vietat\w+|consentit\w+|rimborsat\w+|spetta\w*|"
    r"mag|mogen|kan|kunnen|moet\w*|niet|geen|nooit|verplicht|toegestaan|vergoed\w*|m[aå]|skal|ikke|aldri|ingen|"
    r"tillat\w*|dekke[srt]*|f[aå]r|ska|inte|aldrig|kun)\b",
    re.IGNORECASE,
)
_PROVIDES = re.compile(
    r"\b(?:have|has|there (?:is|are)|provid\w+|offer\w*|available|gets?|receives?|gives?|given|free|located|found|"
    r"includ\w+|eligible|entitled|can|may|cannot|no|not|never|none|pays?|paid for|covers?|covered|contribut\w+|"
    r"match\w*|reimburs\w+|runs?|holds?|use|sponsor\w*|subsid\w+|our|we|your?|"
    r"hay|tiene\w*|tenemos|ofrec\w+|dispon\w+|h[aá]|temos|t[eê]m|oferec\w+|il y a|avons|a droit|propos\w+|offr\w+|"
    r"dispos\w+|gibt|haben|hat|bietet|bieten|stehen|steht|kein\w*|c'[eè]|ci sono|abbiamo|is er|er is|er zijn|"
    r"hebben|biedt|har|finnes|tilbyr|gir|f[aå]r)\b|n't\b",
    re.IGNORECASE,
)
"""What a sentence holds that says of something whether it is there, or is given."""

_CONTACT = re.compile(r"\S@\S|(?:^|\s)[@#][a-z][\w-]+|https?://|\bwww\.", re.IGNORECASE)
_PLACE = re.compile(
    r"\S@\S|(?:^|\s)[@#][a-z][\w-]+|https?://|\b(?:channel|form|portal|board|page|dashboard|desk|inbox|calendar|slack|"
    r"e-?mail|app|tool|office|intranet|website|system|folder|drive|ticket|managers?|hr|human resources|finance|"
    r"canal|formulario|formul[aá]rio|formulaire|formular|modulo|portale?|correo|b[uü]ro|ufficio|oficina)\b",
    re.IGNORECASE,
)
_DO = re.compile(
    r"^(?:[^:.!?]{1,40}: )?(?:please |always |first,? |then,? |to \w+[^,]{0,60}, |if [^,]{0,80}, (?:please )?)?"
    r"(?:ask|add|apply|attach|"
    r"book|bring|call|check|choose|claim|click|complete|contact|create|do|don't|download|e-?mail|enter|fill|"
    r"find|follow|forward|get|give|go|head|"
    r"hand|inform|install|invite|keep|leave|let|log|look|make|message|move|notify|open|ping|post|put|read|record|register|"
    r"report|request|return|review|say|schedule|see|select|send|set|share|sign|speak|start|submit|switch|take|talk|tell|"
    r"turn|update|upload|use|visit|wait|write)\b|\byou (?:should|must|can|may|need to|have to|will)\b|"
    r"\b(?:needs? to be|has to be|have to|must be|should be|is to be|are responsible for)\b|"
    r"\b(?:by|via|through) (?:e-?mail|the|filling|a form)\b|\b(?:debes?|hay que|tienes que|env[ií]a|pide|escribe|deve|"
    r"envie|peça|il faut|vous devez|envoyez|demandez|m[uü]ssen|muss|schreib\w*|senden?|bitte|devi|"
    r"bisogna|invia|chiedi|moet\w*|stuur|vraag|meld\w*|dien|neem|m[åa]|skal|ska|sendes?|skicka|s[øo]k\w*|kontakt\w*|"
    r"be om|fyll\w*|registrer\w*|snakk|prata)\b",
    re.IGNORECASE,
)


class Asked(StrEnum):
    """What kind of thing a question wants to know."""

    AMOUNT = "amount"
    TIME = "time"
    WHO = "who"
    NAME = "name"
    WHERE = "where"
    HOW = "how"
    YES_NO = "yes or no"
    THERE = "whether there is"
    OTHER = "other"


_QUESTIONS: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    (
        Asked.TIME,
        re.compile(
            r"\bhow (?:long|often|soon|early|late|quickly|fast|frequent\w*|far (?:ahead|in advance))\b|"
            r"(?:^|[,.;:?!] *|\b(?:and|from|since|until|till|by) )when\b|"
            r"\bwhen(?:'s|s)?\b (?:is|are|was|do|does|did|can|will|should|must|would|the|my|our)\b|"
            r"\bwhat (?:time|day|date|month)s?\b|\bwhich (?:days?|dates?|months?)\b|\b(?:until|till) when\b|"
            r"\b(?:deadline|due date|by when|dates?|pay ?day|cut-?off|notice period)\b|\bhow much notice\b|"
            r"\b(?:cu[aá]ndo|quando|quand|wann|bis wann|cada cu[aá]nto|wie lange|wie oft|combien de temps|quanto tempo|"
            r"wanneer|hoe lang|hoe vaak|n[åa]r|hvorn[åa]r|n[äa]r|hvor (?:lenge|lang tid|ofte|l[æa]nge)|"
            r"hur (?:l[åa]nge|ofta)|kiedy|"
            r"cu[aá]nto tiempo|plazo|prazo|d[eé]lai|frist|scadenza|quel jour|welchem tag|qu[eé] d[ií]a|che giorno)\b"
        ),
    ),
    (
        Asked.AMOUNT,
        re.compile(
            r"\bhow (?:much|many|big|large|high|far|old)\b|"
            r"\b(?:percent|percentage|amount|maximum|minimum|max|(?<!\d )min|cap|limit|rate|allowance|"
            r"budget|size|score)\b|"
            r"\bnumber of\b|\bwhat(?:'s|s| is| are) the (?:costs?|prices?|fees?)\b|\bwhat do (?:i|we) get\b|"
            r"\b(?:cu[aá]nt[oa]s?|quant[oiae]s?|combien|wie ?viele?|l[ií]mite?|tope|teto|m[aá]xim[oa]|maximal|"
            r"plafond|obergrenze|massimale|montant|h[oö]he|"
            r"hoeveel|hoe hoog|hvor (?:mange|mye|meget|h[øo]yt?)|hur (?:m[åa]nga|mycket)|ile)\b"
        ),
    ),
    (
        Asked.WHO,
        re.compile(
            r"\b(?:who|whom|whos|who's|whose)\b|\bwhich (?:person|team|department|company|provider|vendor)\b|"
            r"\b(?:qui[eé]n(?:es)?|quem|[aà] qui|qui (?:est|doit|peut|paie|decide|d[eé]cide)|wer|wem|wen|chi|"
            r"wie (?:is|zijn|kan|mag|moet|wordt|keurt|betaalt|regelt|beslist)|hvem|vem|kto)\b"
        ),
    ),
    (
        Asked.NAME,
        re.compile(
            r"\b(?:who(?:'s|s| is)|qui[eé]n es|quem [eé]|qui est|wer ist|chi [eè]) "
            r"(?:the|our|my|el|la|o|a|l[ae']|der|die|il)\b"
        ),
    ),
    (
        Asked.WHERE,
        re.compile(
            r"\bwhere(?:'s|s)?\b|\bwhich (?:channel|form|address|site|page|board)\b|"
            r"\b(?:d[oó]nde|onde|o[uù] (?:est|dois|puis|peut|se|trouve)|wo|wohin|dove|waar|gdzie|"
            r"hvor (?!mange|mye|meget|lenge|lang|ofte|h[øo]y|l[æa]nge|stor)|var (?:finns|hittar|kan|ska|[äa]r))\b"
        ),
    ),
    (
        Asked.HOW,
        re.compile(
            r"\bhow (?:do|does|can|to|should|would|must|am|are|is|will)\b|\bhow'?s\b|"
            r"\b(?:steps?|process|procedure|instructions)\b|"
            r"\bwhat (?:do|should|must|can|shall) (?:i|we) do\b|\b(?:now what|what now|what next|what happens)\b|"
            r"\b(?:c[oó]mo|comment|wie (?:kann|muss|beantrage|melde|geht|mache|soll|bekomme)|"
            r"come (?:si|posso|devo|faccio)|hoe (?:kan|moet|vraag|meld|werkt|regel|dien|krijg)|hvordan|"
            r"hur (?:kan|ska|g[öo]r|ans[öo]ker|anm[äa]ler|fungerar)|"
            r"qu[eé] hago|o que fa[cç]o|que faire|was tun|cosa faccio)\b"
        ),
    ),
    (
        Asked.YES_NO,
        re.compile(
            r"(?:^|[,.;!?-] *|\b(?:so|and|but|or) )"
            r"(?:can|could|may|do|does|did|is|are|am|was|will|would|should|must|have|has|"
            r"ok(?:ay)? (?:to|if)|allowed|need|puedo|podemos|debo|posso|devo|puis-je|peut-on|dois-je|est-ce|kann|darf|"
            r"muss|gibt es|hay|h[aá]|c'[eè]|mag|kan|moet|krijg|krijgen|"
            r"wordt|worden|f[åa]r|m[åa]|skal|ska|er det|har|dekkes|czy)\b|"
            r"\b(?:ok|okay|allowed|covered|right|paid|included|possible)\?"
        ),
    ),
)
_THERE = re.compile(
    r"^(?:[^,.;!?]{0,20}[,.;!?] *)?(?:(?:is|are|was|were) there\b|"
    r"(?:do|does) (?:we|you|they|the \w+) (?:have|offer|provide)\b|"
    r"have (?:we|you) got\b|¿? ?hay\b|¿? ?tenemos\b|h[aá]\b|temos\b|(?:est-ce qu'il )?y a(?:-t-il)?\b|avons-nous\b|"
    r"gibt(?:'s| es)\b|haben wir\b|c'[eè]\b|ci sono\b|abbiamo\b|is er\b|zijn er\b|hebben we\b|finnes det\b|har vi\b)"
)
_DOES = (
    re.compile(
        r"\b(?:(?:can|could|may|might|must|should|shall|would|will|do|does|did) "
        r"(?:i|we|you|they|one|people|employees|staff|my \w+|the company)|"
        r"(?:allowed|okay?|fine|possible|permitted) (?:for \w+ )?to|(?:need|have) to)\b"
        r"(?: (?:have to|need to|get to|be able to|be allowed to|still|also|just|really|ever|always|even))* (\w+)"
    ),
    re.compile(
        r"\b(?:puedo|podemos|se puede|debo|hay que|ten(?:go|emos) que|posso|podemos|pode-se|devo|"
        r"ten(?:ho|mos) (?:que|de)|preciso(?: de)?|puis-je|peut-on|"
        r"(?:je|on) (?:peux?|dois)|dois-je|faut-il|possiamo|si pu[oò]|dobbiamo) "
        r"(?:me |m'|se |y |en |mi )?(\w+(?:[aeio]r|re|[aei]re|r[ms]i|rse|rme))\b"
    ),
    re.compile(r"\b(?:kann|darf|muss|k[oö]nnen|d[uü]rfen|m[uü]ssen|soll) (?:ich|man|wir)\b.* (\w+n)\W*$"),
)
_TOLD = re.compile(
    r"^(?:i|we|my|our|someone|somebody|a|an|the|just|lost|broke|clicked|got|need|want)\b|\b(?:got|lost|stolen|broken|broke)\b"
)
_CLAUSE = re.compile(r"[.!?;:,\n]+|\s[-–—]+\s")
_ASKS = re.compile(
    r"\b(?:how|what|whats|when|where|who|whom|which|why|can|could|do|does|did|is|are|am|may|must|should|will|would|"
    r"cu[aá]\w+|qu[eéiaà]\w*|c[oó]mo|d[oó]nde|combien|comment|o[uù]|est-ce|wie\w*|wann|wo|wer|was|welche\w*|gibt|kann|"
    r"darf|muss|quant\w+|chi|dove|come|posso|puis|onde|quem|qual|hay)\b"
)
_MANY = re.compile(
    r"\b(?:list|steps|process|procedure|options|examples|benefits|perks|requirements|conditions|documents|"
    r"which (?:\w+ )?(?:\w+s|ones)|what (?:are|\w+s are|kinds?|sorts?|types?|else)|everything|all the|lista|pasos|"
    r"qu[eé] \w+s|quels|quelles|liste|[eé]tapes|welche|schritte|elenco|quali|passi|quais|passos)\b"
)
_WH = re.compile(r"\b(?:what|which|why)(?:'s|s)?\b")


def asked(question: str) -> frozenset[Asked]:
    """What kinds of thing a question wants to know; OTHER where nothing tells."""
    low = question.lower().replace("’", "'")
    found = {kind for kind, pattern in _QUESTIONS if pattern.search(low)}
    if Asked.NAME in found:
        found.discard(Asked.WHO)
    if _THERE.match(low):
        found = (found - {Asked.YES_NO}) | {Asked.THERE}
    if not found and not _WH.search(low) and _TOLD.search(low):
        found = {Asked.HOW}  # something happened, or is wanted: what is to be done is asked
    return frozenset(found or {Asked.OTHER})


def asking_words(question: str) -> frozenset[str]:
    """The words of those clauses of a question that ask, in lower case; of all where none does so by its words."""
    clauses = [each for each in _CLAUSE.split(question.lower().replace("’", "'")) if each.strip()]
    asks = [each for each in clauses if _ASKS.search(each)] or clauses
    return frozenset(re.findall(r"\w+", " ".join(asks)))


def done(question: str) -> str | None:
    """The verb of what one may or must do ("can I bring my dog": bring); None where no such thing is asked."""
    low = question.lower().replace("’", "'")
    return next((match[1] for each in _DOES if (match := each.search(low))), None)


def many(question: str) -> bool:
    """True for a question that asks for steps or for a list."""
    return Asked.HOW in asked(question) or bool(_MANY.search(question.lower()))


def could_answer(text: str, kind: Asked) -> bool:
    """True if a text holds the kind of thing that is asked for: a figure for an amount, a name or role for who."""
    match kind:
        case Asked.AMOUNT:
            return bool(_AMOUNT.search(text))
        case Asked.TIME:
            return bool(_TIME.search(text))
        case Asked.WHO:
            return bool(_SOMEBODY.search(text))
        case Asked.NAME:
            return bool(_NAME.search(text))
        case Asked.WHERE:
            return bool(_PLACE.search(text))
        case Asked.HOW:
            return bool(_DO.search(text) or _CONTACT.search(text))
        case Asked.YES_NO:
            return bool(_RULE.search(text))
        case Asked.THERE:
            return bool(_PROVIDES.search(text))
        case Asked.OTHER:
            return True


def says_whom(text: str) -> bool:
    """True for a text that names an address, a channel or a page."""
    return bool(_CONTACT.search(text))


def past_day(question: str, *, today: date) -> date | None:
    """The last day of the month or year in the past that a question asks about ("what was the rule in March?").

    None where it asks about now, about no month or year, or about one that is not over.
    """
    low = question.lower()
    if not _WAS.search(low):
        return None
    year = re.search(r"\b(20\d\d)\b", low)
    month = next((number for name, number in month_names().items() if re.search(rf"\b{name}\b", low)), None)
    if month is not None:
        in_year = int(year.group(1)) if year else today.year - (month >= today.month)
        found = date(in_year, month, calendar.monthrange(in_year, month)[1])
    elif year or _LAST_YEAR.search(low):
        found = date(int(year.group(1)) if year else today.year - 1, 12, 31)
    else:
        return None
    return found if found < today else None


def without_day(question: str) -> str:
    """A question without the months and years that it names, which no passage need speak of."""
    names = "|".join(re.escape(name) for name in sorted(month_names(), key=len, reverse=True))
    return re.sub(rf"\b(?:(?:in|en|em|im|nel) )?(?:20\d\d|{names})\b", " ", question, flags=re.IGNORECASE)


def without_rule(question: str) -> str:
    """What a rule is asked for, without asking whether there is one: "do we have a pet policy?" is about pets.

    The question itself where it asks for no rule, or names nothing else.
    """
    if not _A_RULE.search(question):
        return question
    rest = " ".join(_A_RULE.sub(" ", _IS_THERE.sub(" ", question)).split()).strip(" ,;:?¿")
    return rest or question


_IS_THERE = re.compile(
    r"^\W*(?:(?:do|does) (?:we|you|they|the \w+) have|(?:is|are) there|(?:what|where)(?:'s| is| are)|have we got|"
    r"hay|tenemos|existe|cu[aá]l(?:es)? (?:es|son)|h[aá]|temos|qual [eé]|quais s[aã]o|(?:est-ce qu'il )?y a(?:-t-il)?|"
    r"(?:il )?existe(?:-t-il)?|avons-nous|est-ce qu'on a|quelles? (?:est|sont)|"
    r"gibt(?:'s| es)|haben wir|wie (?:ist|sind)|was (?:ist|sind)|"
    r"c'[eè]|ci sono|abbiamo|esiste|qual [eè]|quali sono)\b"
    r"(?: (?:an?|any|some|the|our|una?|alguna?|la|el|las|los|nuestra|uma|a|as|nossa|une|notre|les|l'|"
    r"eine?n?|die|der|unsere?|le|nostra))*\b",
    re.IGNORECASE,
)
_A_RULE = re.compile(
    r"\b(?:an?|the|any|our|una|la|uma|a|une|eine?) (?=polic|pol[ií]t|rule|regul|guideline|norma|regla|regra|r[eè]gle|"
    r"regel|richtlinie|regola)|"
    r"\b(?:polic(?:y|ies)|rules?|regulations?|guidelines?|pol[ií]ticas?|normas?|reglas?|regras?|politiques?|r[eè]gles?|"
    r"regel(?:n|ung|ungen)?|richtlinien?|regole|regola|politic(?:a|he))\b"
    r"(?: (?:on|about|for|around|regarding|concerning|covering|of|for|sobre|de|del|para|acerca de|"
    r"sur|concernant|pour|des?|du|zur?|zum|f[uü]r|[uü]ber|bei|su|sul|sulla|sulle|sui|per|di))?\b",
    re.IGNORECASE,
)
_WAS = re.compile(
    r"\b(?:was|were|used to|did|era|eran|hab[ií]a|eram|havia|[eé]tait|[eé]taient|avait|war|waren|galt|gab es|"
    r"erano|c'era|dec[ií]a|dizia|disait|diceva)\b"
)
_LAST_YEAR = re.compile(
    r"\b(?:last year|el a[nñ]o pasado|(?:n)?o ano passado|l'ann[eé]e derni[eè]re|letztes jahr|im letzten jahr|"
    r"l'anno scorso|l'anno passato)\b"
)


LANGUAGES = ("en", "es", "pt", "fr", "de", "it")
"""In which the names of months and weekdays are read."""


@cache
def month_names() -> dict[str, int]:
    """The names of the months in six languages; "may" and "march" count as months only after a past tense."""
    return {name.lower(): number for each in LANGUAGES for number, name in _months_in(each).items()}


def _months_in(language: str) -> Mapping[int, str]:
    return cast(Mapping[int, str], Locale(language).months["format"]["wide"])
