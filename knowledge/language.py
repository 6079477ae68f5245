"""Tells which of six languages a text is written in, by its most common words."""

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
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_SIGNS = {"ñ": "es", "¿": "es", "¡": "es", "ã": "pt", "õ": "pt", "ß": "de", "œ": "fr", "ù": "fr", "ì": "it", "ò": "it"}
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def common(language: str) -> frozenset[str]:
    """The most common words of a language."""
    return _WORDS.get(language, frozenset())


def language_of(text: str, *, otherwise: str = "en") -> str:
    """The language of a text: "en", "es", "pt", "fr", "de" or "it"; where nothing tells, the other one given."""
    words = _TOKEN.findall(text[:4000].lower())
    score = {language: float(sum(word in known for word in words)) for language, known in _WORDS.items()}
    for sign, language in _SIGNS.items():
        score[language] += 1.5 * min(2, text[:4000].lower().count(sign))
    best = max(score, key=lambda language: score[language])
    if score[best] > score["en"] and score[best] >= 0.15 * len(words):
        return best
    return "en" if score["en"] else otherwise
