"""Whether somebody asks what there is at work, what one may do there, or of its things: that is for the handbook."""

import re

from bot.brain.clean import clean
from bot.brain.unrelated import sounds_elsewhere

_HELLO = r"^(?:(?:hi|hello|hey|hola|ola|salut|bonjour|hallo|ciao|so|and|y|e|et|und|sorry|excuse me)\b[\s,!]*)*"
_WE = r"(?:we|you|the (?:company|office|building|firm))"
_THERE_IS = re.compile(
    _HELLO + rf"(?:(?:is|are) there\b(?! (?:going to|\w+one\b|\w+body\b))|(?:do|does) {_WE} (?:have|offer|provide)\b"
    rf"|have {_WE} got\b|hay\b|tenemos\b|tiene la (?:empresa|oficina)\b|ha (?!\d)|temos\b|a empresa tem\b"
    r"|(?:est-ce qu'il y a|il y a|y a-t-il|y a t il|avons-nous|est-ce qu'on a|on a)\b"
    r"|gibt(?:'s| es)\b|haben wir\b|hat die firma\b|c'e\b|ci sono\b|abbiamo\b)"
)
_MAY_I = re.compile(
    _HELLO
    + r"(?:(?:can|may|could) (?:i|we|one|my|our)\b|(?:am i|are we|is it) (?:allowed|ok|okay|permitted|possible)\b"
    r"|where (?:is|are|do|does|can|could|should|must) (?:the|our|i|we|one)\b|(?:se )?pued[eo]\b|podemos\b|donde\b"
    r"|posso\b|pode-se\b|onde\b|puis-je\b|peut-on\b|est-ce (?:que je|qu'on) peu\w+|ou (?:est|sont|puis|peut|dois)\b"
    r"|(?:kann|darf) (?:ich|man)\b|(?:konnen|durfen) wir\b|wo\b|si puo\b|possiamo\b|dove\b)"
)
BRIEF = 6
"""How many words a question has at most that begins with none of those that ask."""
_IN_TOWN = re.compile(
    r"\b(?:near(?:by|est)?|closest|plus proche|mas cercan\w*|mais proxim\w*|piu vicin\w*|around here|in town|cerca"
    r"|perto|pres d\w*|in der nahe|vicino)\b"
)
_ASKS = re.compile(
    _HELLO + r"(?!(?:can|could|will|would) you\b|puedes\b|podrias\b|podes\b|(?:peux|pourrais)-tu\b|kannst du\b"
    r"|puoi\b)(?:what|which|who|whom|whose|when|where|how|can|may|could|do|does|is|are|am|must|should|what's|where's"
    r"|who's"
    r"|que|cual(?:es)?|quien|cuando|donde|como|cuant[oa]s?|a que|en que|puedo|se puede|podemos|hay|esta[n]?|es"
    r"|qual|quais|quem|quando|onde|quant[oa]s?|posso|pode-se|em que|ha|o que"
    r"|quel(?:le)?s?|qui|quand|ou|comment|combien|c'est quoi|peut-on|puis-je|je peux|est-ce|y a-t-il|a quel(?:le)?"
    r"|was|welche[rsnm]?|wer|wem|wann|wo|wie|darf|kann|in welche[mr]|gibt|ist|sind"
    r"|che|cosa|chi|dove|come|dov'e|qual'?\s?e|quant[oaie]|a che|si puo|c'e|ci sono)\b"
)
_OURS = re.compile(
    r"\b(?:(?:in|at|to|of|for|into|near|from) (?:the|our) (?:office|building|company|firm|workplace)|(?:the"
    r"|our) office"
    r"|at work|our (?!\w+ (?:cat|dog|kids?|house|flat|garden)\b)\w+|(?:cost|costs|work|works|get|have|keep|buy|done"
    r"|pays?|run|runs|plants|allowed) here"
    r"|here(?=\W*$)|aqui|ici|qui(?= (?:il|la|lo|le|i|gli|l'))|(?:kost\w*|giesst|gibt|arbeit\w*|macht|bekomm\w*"
    r"|bezahlt) .*hier"
    r"|(?:la|nuestra) oficina|al trabajo|en el trabajo|nuestr[oa]s?|de la empresa"
    r"|o escritorio|ao escritorio|no escritorio|do escritorio|no trabalho|noss[oa]s?|da empresa"
    r"|(?:au|du|le|notre) bureau|au travail|notre|de l'entreprise|chez nous"
    r"|(?:im|ins|am|das|unser\w*) buro|bei der arbeit|zur arbeit|unser\w*|bei uns|in der firma"
    r"|in ufficio|l'ufficio|dell'ufficio|al lavoro|nostr[oaie]|da noi|dell'azienda)\b"
)
_THINGS = re.compile(
    r"\b(?:festivos?|feriados?|jours? ferie?s?|\w*feiertage?|festivita|wi-?fi|wlan|w-?lan"
    r"|vpn|intranet|printers?|toner|photocopier|badges?|lockers?|canteen|kitchenette"
    r"|coffee machine|meeting rooms?"
    r"|bike (?:room|rack|shed|store)|reception|it support|help ?desk|first aid\w*|first aider|assembly point"
    r"|fire drill|mail ?room|post ?room"
    r"|stationery|business cards?|parking (?:space|spot|permit)s?|lost property|quiet room|shower rooms?|hr"
    r"|car ?park|lift|noticeboard|showers?|terrace|(?:my|our|your) desk|(?:which|what|our) floor|visitors?|building"
    r"|work laptop|alarm code"
    r"|impresora|taquillas?|comedor|sala de reuniones|cuarto de (?:las )?bic\w+|botiquin|recepcion"
    r"|punto de encuentro|tarjeta de acceso|recursos humanos|ascensor|duchas|terraza|que planta|edificio|visita"
    r"|soporte informatico|tarjetas de visita|sala (?:para|de) descans\w+"
    r"|impressora|cacifos?|cantina|sala de reunioes|sala das bicicletas|recepcao|ponto de encontro"
    r"|cartao de acesso|elevador|apoio informatico|duches|terraco|que andar|edificio|arrecadacao|primeiros socorros"
    r"|sala de descanso|secretaria"
    r"|imprimante|casiers?|cantine|salle de reunion|local (?:a )?velos?|trousse de secours|accueil"
    r"|point de rassemblement|ascenseur|support informatique|douches|terrasse|quel etage|immeuble|visiteur"
    r"|salle de repos"
    r"|drucker\w*|spinde?|kantine|besprechungsraum|fahrradraum|fahrradkeller|verbandskasten|empfang|sammelplatz"
    r"|aufzug|visitenkarten|it-support|personalabteilung|kaffeemaschine|duschen?|terrasse|in welche[mr] stock\w*"
    r"|gebaude|besucher|ruheraum|schreibtisch|ausweis"
    r"|stampante|armadietti|mensa|sala riunioni|(?:stanza|locale) (?:delle )?bici\w*|pronto soccorso|reception"
    r"|punto di raccolta|ascensore|assistenza informatica|risorse umane|docce|terrazza|che piano|edificio|visitatore"
    r"|sala relax|scrivania)\b"
)
_BRING = re.compile(
    r"\b(?:bring|take) (?:in )?(?:my|our|a) \w+(?: (?:in|along|to work|with me))?\W*$"
    r"|\b(?:traer|llevar) (?:a )?(?:mi|el|un)\b|\b(?:trazer|levar) (?:o |a )?(?:meu|minha|um)\b"
    r"|\b(?:amener|apporter|emmener) (?:mon|ma|mes|un)\b|\bmein\w* .*\bmitbringen\b|\bportare (?:il mio|la mia"
    r"|i miei|un)\b"
)


def asks_what_there_is(text: str) -> bool:
    """True for a question of what there is at work ("are there lockers?"), but for what no office has to do with."""
    folded = clean(text).folded
    return _THERE_IS.match(folded) is not None and not sounds_elsewhere(folded) and not _IN_TOWN.search(folded)


def asks_what_one_may(text: str) -> bool:
    """True for a question of what one may do, or where something is."""
    folded = clean(text).folded
    return _MAY_I.match(folded) is not None and not sounds_elsewhere(folded)


def asks_of_the_office(text: str) -> bool:
    """True for a question about the place, the things and the people of work: "what do coffee beans cost here?"."""
    folded = clean(text).folded
    if not (_ASKS.match(folded) or (folded.endswith("?") and len(folded.split()) <= BRIEF)) or _IN_TOWN.search(folded):
        return False
    ours = _OURS.search(folded) or _BRING.search(folded)
    return bool(_THINGS.search(folded) or (ours and not sounds_elsewhere(folded)))
