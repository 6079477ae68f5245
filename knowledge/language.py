"""Tells which language a text is written in, by its most common words: one of our six, or one of some others."""

import re

_COMMON = {
    "en": "the of and to a in is it you that for on are with as i be at have this from or by not but what all were "
    "we when your can there use how if will do my me does get who which where why about long many much day "
    "days work am was has had an any our they their would should could may must need want than then also into "
    "per no die i'm it's don't",
    "es": "de la que el en y los se del las un por con una su para es al lo como más pero sus le ya este sí porque "
    "esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante cuántos cuántas "
    "cuánto qué quién dónde cuándo cómo puedo tengo días día mi trabajo son está si unos tiene hacer cuál "
    "necesito vacaciones gastos permiso baja nómina",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu "
    "sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos "
    "ter seus quem quantos quantas quanto qual posso tenho dias dia meu minha onde são você preciso férias "
    "fazer despesas despesa licença reembolso salário",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec on "
    "mais comme ou si leur y dont aux elle cette ces ses je nous vous mon ma mes combien jours jour puis ai "
    "quel quelle quels où quand comment peut dois être avoir faire sans été ça c'est qu'il d'un l'on j'ai "
    "congé congés frais salaire maladie télétravail",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er "
    "hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor "
    "zur bis mehr durch man ich wir kann wann wo wer was wieviel wieviele viel viele tage tag mein meine bekomme "
    "darf muss habe gibt welche meinen meiner meinem unser unsere urlaub krank gehalt spesen vom beim",
    "it": "di e il la che in a un per è del non una con si da le i sono al come della dei più ma nel ha gli alla lo "
    "se delle anche su mi ci o quanto quanti quante quale chi dove quando posso devo ho giorni giorno mio mia "
    "lavoro essere fare questo questa cosa perché dal dalla degli nella hanno ferie permesso malattia "
    "stipendio rimborso spese",
}
_OTHERS = {
    "nl": "ben lang de het een en van ik te dat die niet zijn voor met op aan er hoe hoeveel welke welk ook als bij "
    "door naar om over uit wat waar wanneer heb hebben heeft mijn ons onze wij we je jij jouw u uw mag mogen "
    "kan kunnen moet moeten word wordt worden krijg krijgt krijgen dagen dag jaar per maand werk werken thuis "
    "vrij verlof ziek nog naar tot zich dan deze dit geen wel binnen tijdens iedereen",
    "no": "ta kommer bruke og i jeg det at en et den til er som på de med han av ikke der så var meg seg men ett har "
    "om vi min mitt ha hva hvor hvordan hvem hvilke hvilken når hvis kan må skal får du deg din ditt dine oss "
    "vår våre mange mye dager dag uker år måned ferie jobb jobbe hjemmefra syk sykemelding lønn etter før ved "
    "fra eller også alle ansatte bli blir ut",
    "sv": "ta kommer och att det som en på är av för med den till inte har de ett om han men var jag vi så kan när "
    "hur många mycket vad vem vilka får ska måste du dig din ditt oss vår våra dagar dag år månad semester "
    "jobb jobba hemifrån sjuk lön efter innan vid från eller också alla anställda blir",
    "da": "tage kommer bruge og i jeg det at en et den til er som på de med han af ikke der var mig men har om vi "
    "min mit hvad hvor hvordan hvem hvilke hvornår hvis kan må skal får du dig din dit os vores mange meget "
    "dage dag uger år måned ferie arbejde hjemmefra syg løn efter før ved fra eller også alle ansatte bliver",
    "pl": "w i z na się nie do że jest to za o po jak czy ile dni dnia ma mam mogę można może muszę musi kiedy gdzie "
    "kto ktoś jaki jaka jakie od dla przez przed przy oraz lub albo są być moje mój moja mnie mi nas nasze "
    "który która które pracy praca pracować urlop urlopu rok roku miesiąc zwolnienie firma firmy pracownik "
    "pracownicy tylko już także",
}
"""Languages that nobody is answered in, by which a text in one of them is known to be in none of ours."""

_ABOUT_WORK = (
    "werk werken thuis vrij verlof ziek ferie jobb jobbe hjemmefra syk sykemelding lønn semester jobba hemifrån sjuk "
    "lön arbejde syg løn pracy praca pracować urlop urlopu zwolnienie"
)
_TOPICS = frozenset(_ABOUT_WORK.split())
"""Words among those that are common at work, but tell what is asked."""

OURS = tuple(_COMMON)
_WORDS = {language: frozenset(words.split()) for language, words in (_COMMON | _OTHERS).items()}
_SIGNS = {
    "ą": "pl",
    "ę": "pl",
    "ł": "pl",
    "ś": "pl",
    "ż": "pl",
    "æ": "no",
    "ø": "no",
    "å": "no",
    "ñ": "es",
    "¿": "es",
    "¡": "es",
    "ã": "pt",
    "õ": "pt",
    "ß": "de",
    "œ": "fr",
    "ù": "fr",
    "ì": "it",
    "ò": "it",
}
FAR = 1.4
"""How many times as much as for any of our languages has to speak for another one."""

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def common(language: str) -> frozenset[str]:
    """The most common words of a language."""
    return _WORDS.get(language, frozenset()) - _TOPICS


def language_of(text: str, *, otherwise: str = "en") -> str:
    """The language of a text: "en", "es", "pt", "fr", "de" or "it"; where nothing tells, the other one given.

    Also "nl", "no", "sv", "da" or "pl", but only where ours are far behind: a word or two prove nothing.
    """
    words = _TOKEN.findall(text[:4000].lower())
    score = {language: float(sum(word in known for word in words)) for language, known in _WORDS.items()}
    for sign, language in _SIGNS.items():
        score[language] += 1.5 * min(2, text[:4000].lower().count(sign))
    best = max(OURS, key=lambda language: score[language])
    other = max(_OTHERS, key=lambda language: score[language])
    if score[other] >= max(2.0, 0.25 * len(words)) and score[other] > FAR * score[best]:
        return other
    if score[best] > score["en"] and score[best] >= 0.15 * len(words):
        return best
    return "en" if score["en"] else otherwise
