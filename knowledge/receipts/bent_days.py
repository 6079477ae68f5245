"""Days as the reading of letters bends them: a letter for a digit, a separator lost, a blank too many."""

import re

_NAMES = (
    (
        "jan january januar janvier gennaio enero ene janeiro gen janv januari tammikuuta ledna stycznia"
        " sty januarie ocak januarii",
        1,
    ),
    (
        "feb february februar fevrier fevr fev febbraio febrero fevereiro februari helmikuuta unora"
        " lutego lut februarie subat",
        2,
    ),
    ("mar march marz maerz mrz mars marzo marco maart mrt maaliskuuta brezna marca martie mart", 3),
    ("apr april avril avr aprile abril abr huhtikuuta dubna kwietnia kwi aprilie nisan", 4),
    ("may mai maggio mag mayo maio mei maj toukokuuta kvetna maja mayis", 5),
    ("jun june juni juin giugno giu junio junho kesakuuta cervna czerwca cze iunie haziran", 6),
    ("jul july juli juillet juil luglio lug julio julho heinakuuta cervence lipca lip iulie temmuz", 7),
    ("aug august aout agosto ago augustus augusti elokuuta srpna sierpnia sie agustos ogos", 8),
    (
        "sep sept september septembre settembre set septiembre setiembre setembro syyskuuta zari wrzesnia"
        " wrz septembrie eylul",
        9,
    ),
    (
        "oct october okt oktober octobre ottobre ott octubre outubro out lokakuuta rijna pazdziernika paz"
        " octombrie ekim",
        10,
    ),
    ("nov november novembre noviembre novembro marraskuuta listopadu listopada lis noiembrie kasim", 11),
    (
        "dec december dez dezember decembre dicembre dic diciembre dezembro desember joulukuuta prosince"
        " grudnia gru decembrie aralik disember",
        12,
    ),
)
MONTHS = {name: number for names, number in _NAMES for name in names.split()}
"""The names of the months, in many languages."""

_LETTERS = str.maketrans("oliszb|", "0115281")
_FIGURES = str.maketrans("0158", "olsb")
_MIXED = re.compile(
    r"(?<![a-z0-9])[\doliszb|]{1,2}(?P<s>[-/.])[\doliszb|]{1,2}(?P=s)(?:[2z][0o][\doliszb|]{2}|[\doliszb|]{2})(?![a-z])"
)
_NAMED = re.compile(
    r"(?<![a-z0-9])(?P<d>[\doli]{1,2})(?P<s>[-/ .]?)(?P<n>[a-z015]{3})(?P=s)"
    r"(?P<y>[2z][0o][\dolisb]{2}|[\dolisb]{2})(?![a-z0-9])"
)


def mended(text: str) -> str:
    """With letters read for digits in a day put right, and digits in the name of a month. As long as before."""
    text = _APART.sub(lambda found: f" {found['t']}{found['o']}" if found["t"] else f"{found['b']}{found['y']} ", text)
    text = _MIXED.sub(lambda found: _figures(found[0]), text)
    return _NAMED.sub(lambda found: _month(found), text)


def _figures(text: str) -> str:
    return text.translate(_LETTERS) if sum(each.isdigit() for each in text) >= 4 else text


def _month(found: re.Match[str]) -> str:
    name = found["n"].translate(_FIGURES)
    name = next((each for each in (name, name.replace("l", "i")) if each in MONTHS), "")
    if not name or not any(each.isdigit() for each in found["y"] + found["d"]):
        return found[0]
    return f"{found['d'].translate(_LETTERS)}{found['s']}{name}{found['s']}{found['y'].translate(_LETTERS)}"


_APART = re.compile(
    r"(?<![\d/.-])(?P<t>[0-3]) (?P<o>\d[-/.][01]\d[-/.](?:20)?\d\d)(?!\d)"
    r"|(?P<b>\d\d[-/.][01]\d[-/.]20\d) (?P<y>\d)(?![\d:.])"
)
_BETWEEN = r" ?(?:[-/.]{2}|[-/.,:;~|'17l ]?) ?"
_LOOSE = (
    re.compile(rf"(?<!\d)(?P<d>[0-3]\d){_BETWEEN}(?P<m>[01]\d){_BETWEEN}(?P<y>20[0-4]\d)(?=\D|[0-2]?\d:\d\d|$)"),
    re.compile(r"(?<!\d)(?P<y>20[0-4]\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?!\d)"),
    re.compile(
        r"(?<!\d)(?P<d>[0-3]\d)(?:[-/.]{1,2}(?P<m>[01]\d)[-/.]{0,2}|(?P<n>[01]\d)[-/.]{1,2})(?P<y>[0-4]\d)(?=\D|$)"
    ),
)


def loosened(text: str) -> str:
    """With what may be a day whose separators were lost or misread written as one: "2510312018", "15/01 2018"."""
    for pattern in _LOOSE:
        found = pattern.search(text)
        if found:
            held = found.groupdict()
            return f"{text[: found.start()]} {held['d']}/{held['m'] or held['n']}/{held['y']} {text[found.end() :]}"
    return text
