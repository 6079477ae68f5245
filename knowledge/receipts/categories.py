"""What was bought, by the words on the paper: the category of an expense."""

import re
from collections.abc import Sequence
from functools import cache

from knowledge.receipts.days import plain

WORDS = {
    "lodging": """hotel hostel hostal airbnb booking.com gasthof albergo pousada motel lodging ubernachtung nuitee
        nights? alojamiento alojamento hospedaje suites marriott hilton ibis novotel accor zimmer habitacion""",
    "transport": """taxi cab uber bolt cabify freenow lyft train tren comboio zug bahn sncf renfe trenitalia italo
        flight
        airlines? airways lufthansa iberia ryanair easyjet vueling fahrkarte billete bilhete biglietto metro tram bus
        parking parkhaus parkplatz estacionamiento estacionamento parcheggio aparcamiento toll peaje portagem peage
        pedaggio maut fuel petrol diesel gasolina gasoleo benzin benzina tankstelle shell repsol galp cepsa esso
        totalenergies aral mietwagen sixt hertz avis europcar ferry fahrt fahrpreis grundpreis taxiunternehmen
        stadtfahrt carburante carburant""",
    "meals": """restaurant restaurante ristorante restoran trattoria pizzeria pizza cafe caffe coffee kaffee cafeteria
        bistro brasserie taberna taverna gasthaus wirtshaus bakery bakeries backerei panaderia pastelaria padaria
        boulangerie panificio kitchen burger sushi grill deli lunch dinner breakfast mesa tisch kellner
        starbucks mcdonalds? comida cena almoco jantar dejeuner diner pranzo fruhstuck bebidas getranke bier beer wine
        wein vino vinho cerveza cerveja gourmet noodles? rice chicken salad sandwich latte espresso cappuccino coperto
        menu bar pax""",
    "software": """software subscription subscripcion suscripcion abonnement licen[cs]es? lizenz licenza licencia
        licenca
        saas hosting domain github workspace adobe slack zoom aws amazon openai atlassian api digitalocean figma""",
    "hardware": """laptop notebook monitor keyboard tastatur teclado clavier tastiera headset usb charger ladegerat
        cargador carregador chargeur cables? kabel adapter ipad iphone tablet ssd router printer drucker impresora
        impressora imprimante elektronik electronics mediamarkt fnac tools? hardware baumarkt ferreteria electrical""",
    "office_supplies": """stationery papeleria papelaria papeterie schreibwaren cartoleria burobedarf staples paper
        papel papier pens? stift boligrafo caneta stylo penna ordner toner ink envelopes? umschlag kuvert a4 books?""",
    "training": """courses? curso kurs corso training seminar workshop conference congreso konferenz tagung udemy
        coursera schulung fortbildung tuition""",
    "entertainment": """cinema kino cine theatre theater teatro concert konzert concierto museum museo museu musee
        entradas eintritt bowling karaoke""",
}
"""Words of each category, as they are matched after `plain`."""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rf"(?<![a-z])(?:{'|'.join(words.split())})(?![a-z])") for name, words in WORDS.items()}


def category_of(merchant: str | None, lines: Sequence[str]) -> tuple[str | None, float, tuple[str, ...]]:
    """The category, how likely it is right, and all that are possible, likeliest first; None if no word tells.

    The merchant's name tells most; a word that stands in many lines counts three times at most.
    """
    points: dict[str, float] = {}
    name, text = plain(merchant or ""), plain("\n".join(lines[:80]))
    for category, pattern in _patterns().items():
        told = 3.0 * len(set(pattern.findall(name))) + min(3, len(set(pattern.findall(text))))
        if told:
            points[category] = told
    if not points:
        return None, 0.0, ()
    ranked = sorted(points, key=lambda each: -points[each])
    share = points[ranked[0]] / sum(points.values())
    likely = min(0.9, 0.35 + 0.45 * share + 0.03 * points[ranked[0]])
    return ranked[0], round(likely, 2), tuple(ranked[:3])
