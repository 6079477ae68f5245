"""Tells words that ask for what nobody should write in a chat (a password, a PIN, bank details), or that lead away."""

import re
import unicodedata

from bot.brain.clean import fold

_SECRET = re.compile(
    r"\b(?:pins?|p\.i\.n|puk|otps?|mfa|2fa|totp|cvv2?|cvc2?|ibans?|bic|swift|ssn|nif|dni|bsn"
    r"|pass ?-?(?:words?|codes?|phrases?|keys?)|passwd|pwd|log ?-?ins?|sign ?-?ins?|usernames?|credentials?|secrets?"
    r"|(?:access|private|secret|api|security|recovery|backup) (?:keys?|tokens?|codes?)|tokens?"
    r"|(?:verification|confirmation|security|one ?-?time|sms|texted|activation|authentication|unlock|entry|alarm|door)"
    r" ?-?(?:codes?|numbers?)|codes? (?:that |which )?(?:we|you|i|was|just|from|by|on|in)\b"
    r"|bank(?! holidays?)|routing number|sort code"
    r"|(?:account|card|passport|licen[cs]e|social security|insurance|identity|id) (?:numbers?|nos?\b|details|data|id)"
    r"|(?:credit|debit|bank|identity|id) cards?|mother'?s maiden|security question|fingerprint"
    # Spanish and Portuguese
    r"|contrasenas?|claves?|pines|senhas?|palavras?[- ]?(?:passe|chave)"
    r"|codigos? (?:de|del|da|secret|pin|sms|que)\w*|credencia(?:l|les|is)"
    r"|bancari[oa]s?|cuenta (?:corriente|bancaria|de)|conta (?:corrente|bancaria|de)"
    r"|(?:numero|datos|dados) d[aeo]s? (?:l[ao]s? |su |tu |sua )?"
    r"(?:cuenta|tarjeta|conta|cartao|pasaporte|passaporte|seguridad|seguranca|identi\w+)"
    r"|tarjetas?|cartao|cartoes|niss?"
    # French
    r"|mots? de passe|identifiants?|codes? (?:secret|pin|d'acces|d'access|de|par|recu|sms|confidentiel)\w*|rib"
    r"|banque|bancaires?|coordonnees"
    r"|numero de (?:la |votre |ta )?(?:compte|carte|securite|passeport)"
    r"|cartes? (?:bancaires?|bleue|de credit|d'identite)"
    # German
    r"|pass ?-?wort\w*|passworter\w*|kenn ?-?wort\w*|losungswort\w*|zugangs\w*|anmelde(?:daten|name\w*)|geheim\w*"
    r"|tans?|bank(?:verbindung|leitzahl|daten|konto)\w*|konto\w*|kredit ?-?karte\w*"
    r"|(?:sicherheits|bestatigungs|verifizierungs|sms|freischalt|zugriffs)-?(?:code|nummer|zahl|schlussel)\w*"
    r"|(?:karten|ausweis|reisepass|pass|sozialversicherungs|steuer)-?nummer\w*|steuer-?id"
    # Italian
    r"|parol[ae] (?:d'ordine|chiave)|codic[ei] (?:segret|fiscal|pin|di|del|sms|che|ricevut|d'accesso)\w*"
    r"|credenziali|banc[ah]\w*|conto (?:corrente|bancario)"
    r"|(?:numero|dati|estremi|coordinate) (?:del|della|di|bancar)\w*|cart[ae] (?:di credito|d'identita|di debito))\b"
)
_RUN_TOGETHER = re.compile(
    r"password|passwort|passcode|kennwort|contrasen|palavrapasse|motdepasse|parolachiave|credential|bankaccount"
    r"|accountnumber|cardnumber"
    r"|kreditkarte|creditcard|pincode"
)
_AWAY = re.compile(
    r"\b(?:links?|urls?|qr|click\w*|tap (?:on|here)|web ?-?(?:sites?|pages?|address)|browsers?|download\w*"
    r"|log (?:in|on)|sign (?:in|on)|whatsapp|telegram|signal|anydesk|teamviewer|gift ?-?cards?|bitcoins?|crypto\w*"
    r"|enlaces?|pulsa\w*|pincha\w*|haz clic|clic|sitio web|pagina web|descarga\w*|inicia\w* sesion"
    r"|ligacao|ligacoes|clica\w*|clique\w*|baixa\w*|descarreg\w*|transfira|inicie? sessao|iniciar sessao"
    r"|liens?|cliqu\w+|telecharg\w*|site (?:web|internet)|connectez|connecter"
    r"|klick\w*|verknupfung\w*|herunter\w*|webseite\w*|internetseite\w*|einlogg\w*"
    r"|collegament\w*|clicc\w+|fai clic|scarica\w*|sito|accedi|accedere)\b"
)
_ADDRESS = re.compile(
    r"h(?:tt|xx)ps?\b|//|\bwww\b|\w\s?@\s?\w|@\w|\[dot\]|\(dot\)"
    r"|\b(?:dot|punto|ponto|point|punkt) (?:com|net|org|io|info|eu|co|me)\b"
    r"|\b[\w-]{2,}\.[^\W\d_]{2,}\b|\bt\.me\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|[<>\[\]{}|`\\]"
)
_FILE = re.compile(r"\b[\w-]+\.(?:pdf|png|jpe?g|docx|xlsx|csv|txt|md|heic|webp)\b")


def pries(text: str, *, said: str = "") -> bool:
    """True where a text asks for a secret, leads to another place, or hides its letters so that nobody sees that.

    said  what the person wrote: the name of a file that stands in it may come back
    """
    plain = unicodedata.normalize("NFKC", text)
    if any(_hides(each) for each in plain if each not in said):
        return True
    folded = fold(plain)
    files = set(_FILE.findall(fold(said)))
    without = _FILE.sub(lambda found: " " if found.group() in files else found.group(), folded)
    together = re.sub(r"(?<=\b\w)[\s.\-_*]+(?=\w\b)", "", without)
    tight = re.sub(r"[^a-z]", "", without.translate(_LOOKS))
    spelled = without.translate(_LOOKS)
    return any(_SECRET.search(each) or _AWAY.search(each) for each in (without, together, spelled)) or bool(
        _ADDRESS.search(without) or _RUN_TOGETHER.search(tight)
    )


_LOOKS = str.maketrans("013457@$", "oleastas")


def _hides(character: str) -> bool:
    """True for letters of another script, and for what takes no room."""
    kind = unicodedata.category(character)
    if kind in ("Cf", "Co", "Cn", "Cc"):
        return character not in "\n\t\r"
    return kind.startswith("L") and not unicodedata.name(character, "").startswith(("LATIN", "MASCULINE", "FEMININE"))
