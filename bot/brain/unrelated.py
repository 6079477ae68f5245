"""Words of what no back office does, in six languages: texts, tables, the weather. Signs, not rules."""

import re

from bot.brain.lead_in import LEAD_IN

_MAKE = (
    r"(?:write|translate|summari[sz]e|draft|compose|proofread|explain|sing|play|draw|paint|generate|code|debug|deploy"
    r"|fix|repair|google|remind|call|phone|ring|text|email|schedule|convert|calculate|compute|spell|define|recommend"
    r"|suggest|teach|wake|tell me a|plan|print|escrib\w*|redact\w*|traduc\w*|resum\w*|cuent\w*|explic\w*|recuerd\w*"
    r"|llam\w*|corrig\w*|corregir|arregl\w*|busca\w*|agenda|hazme|escrev\w*|redig\w*|traduz\w*|conta(?:-me)?|lembr\w*"
    r"|arranja|faz|ecri\w*|tradui\w*|racont\w*|relire|corriger|expliqu\w*|rappell\w*|appell\w*|trouve-moi|fais"
    r"|schreib\w*|verfass\w*|ubersetz\w*|erklar\w*|erinner\w*|ruf|reparier\w*|erzahl\w*|korrigier\w*|such|mach"
    r"|scriv\w*|traduci\w*|riassum\w*|raccont\w*|spieg\w*|ricord\w*|chiam\w*|corregg\w*|trovami|fammi)"
)
_BOOK = (
    r"(?:book|reserve|order|get|find|hail|need|prenot\w*|reserv\w*|buch\w*|reservier\w*|pide\w*|chama|commande\w*|ruf)"
)
_THERE = (
    r"(?:table|flights?|(?:meeting |conference |hotel )?room|hotel|taxi|cab|uber|ride|restaurant|court|pizza|burger"
    r"|sandwich|mesa"
    r"|vuelos?|sala|habitacion|pista|voos?|quarto|vols?|salle|chambre|tisch|fluge?|zimmer|raum|besprechungsraum|tavolo|vol[oi]"
    r"|camera|albergo)"
)
_WORLD = (
    r"(?:weather|forecast|rain|snow|sunny|joke|recipe|football|match|score|scored|goal|president|capital of|population|"
    r"bitcoin|stock price|share price|shares|movie|film|song|music|poem|horoscope|tiempo (?:hace|hara|va)|temperatura"
    r"|clima|llov\w+|llueve|chiste|receta|partido|presidente|capital d\w+|cancion|pelicula|poema|chover|piada|receita"
    r"|jogo|filme|musica|meteo|quel temps|pleu\w+|blague|recette|chanson|poeme|capitale|wetter|regne\w*|witz|rezept"
    r"|fussball|lied|gedicht|hauptstadt|che tempo|piov\w*|barzelletta|ricetta|partita|canzone|poesia)"
)
_AT_HOME = (
    r"\b(?:(?:work(?:ing)?|wfh) (?:from|at) home|wfh|work(?:ing)? remot\w+|(?:be|i'm|am) remote|home ?office"
    r"|teletrab\w+"
    r"|(?:trabaj\w+|trabalh\w+) (?:desde|de|em) casa|teletravail\w*|travail\w* (?:de|a) (?:chez|la maison|domicile)"
    r"|von zu ?hause|smart ?working|lavor\w+ da casa|running late|llego tarde|en retard|spater komme|in ritardo)\b"
)
ELSEWHERE = (
    rf"{LEAD_IN}{_MAKE}\b",
    rf"\b{_BOOK}\b(?:\s[\w']+){{0,4}}?\s{_THERE}\b",
    rf"\b{_WORLD}\b",
    rf"{_AT_HOME}",
)
"""Patterns for the classifier; what they weigh it learns from the examples."""


def sounds_elsewhere(folded: str) -> bool:
    """Whether a folded text has words of what no back office does."""
    return any(re.search(each, folded) for each in ELSEWHERE)
