"""One line of an expense report: what was spent on what, by whom, and what finance wants to know of it."""

import re
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, time
from decimal import Decimal
from enum import StrEnum

from pydantic import Field as PydanticField
from pydantic import field_validator, model_validator

from backend.forms import MOST_FILES, Files, Form, Widget, blank
from backend.rates import exact


class Category(StrEnum):
    """What money is spent on."""

    MEALS = "meals"
    TRANSPORT = "transport"
    LODGING = "lodging"
    SOFTWARE = "software"
    OFFICE_SUPPLIES = "office_supplies"
    TRAINING = "training"
    ENTERTAINMENT = "entertainment"
    HARDWARE = "hardware"
    OTHER = "other"
    MILEAGE = "mileage"
    PER_DIEM = "per_diem"

    @property
    def named(self) -> str:
        """How it is called: "Office supplies"."""
        return self.value.replace("_", " ").capitalize()


WITHOUT_RECEIPT = frozenset({Category.MILEAGE, Category.PER_DIEM})
"""What is paid by table, so that there is no receipt."""

WORDS: dict[Category, tuple[str, ...]] = {
    Category.MEALS: (
        "lunch",
        "dinner",
        "breakfast",
        "meal",
        "restaurant",
        "coffee",
        "food",
        "comida",
        "cena",
        "almoço",
        "repas",
        "essen",
        "pranzo",
    ),
    Category.TRANSPORT: (
        "taxi",
        "cab",
        "uber",
        "train",
        "bus",
        "flight",
        "metro",
        "parking",
        "fuel",
        "tren",
        "comboio",
        "zug",
        "treno",
        "vuelo",
    ),
    Category.LODGING: (
        "hotel",
        "hostel",
        "airbnb",
        "accommodation",
        "alojamiento",
        "alojamento",
        "hébergement",
        "unterkunft",
        "albergo",
    ),
    Category.SOFTWARE: (
        "subscription",
        "licence",
        "license",
        "app",
        "saas",
        "licencia",
        "licença",
        "lizenz",
        "licenza",
    ),
    Category.OFFICE_SUPPLIES: (
        "stationery",
        "paper",
        "pens",
        "office supplies",
        "notebook",
        "papelería",
        "papelaria",
        "papeterie",
        "bürobedarf",
        "cancelleria",
    ),
    Category.TRAINING: (
        "course",
        "book",
        "conference",
        "workshop",
        "curso",
        "livro",
        "formation",
        "kurs",
        "corso",
        "seminar",
    ),
    Category.ENTERTAINMENT: ("client dinner", "client entertainment", "team event", "tickets"),
    Category.HARDWARE: ("cable", "adapter", "mouse", "keyboard", "monitor", "charger", "headset", "usb"),
    Category.OTHER: ("other", "otro", "outro", "autre", "sonstiges", "altro"),
    Category.MILEAGE: ("mileage", "kilometraje", "quilometragem", "kilometergeld", "rimborso chilometrico"),
    Category.PER_DIEM: (
        "per diem",
        "daily allowance",
        "dietas",
        "tagegeld",
        "verpflegungspauschale",
        "verpflegungsmehraufwand",
        "ajudas de custo",
        "ajuda de custo",
        "indemnité journalière",
        "indemnités journalières",
        "diaria",
        "indennità di trasferta",
    ),
}
"""How else people say it."""


class PaidBy(StrEnum):
    """Whose money it was; only one's own is paid back."""

    OWN = "own_money"
    CARD = "company_card"
    ADVANCE = "cash_advance"


PAID_BY: dict[PaidBy, tuple[str, tuple[str, ...]]] = {
    PaidBy.OWN: ("Own money", ("my own money", "out of my pocket", "my own card")),
    PaidBy.CARD: ("Company card", ("corporate card", "tarjeta de empresa", "cartão da empresa", "firmenkarte")),
    PaidBy.ADVANCE: ("Cash advance", ("from my advance", "from the advance", "anticipo de caja", "vorschuss")),
}
"""How each is called, and how else people say it."""


class Vehicle(StrEnum):
    """What somebody drove; the table of mileage has a rate for each."""

    CAR = "car"
    MOTORCYCLE = "motorcycle"
    BICYCLE = "bicycle"


CLOCK = r"^(([01]?\d|2[0-3]):[0-5]\d)?$"


@dataclass(frozen=True)
class TaxOfRate:
    """What of a receipt is taxed at one rate, and the tax on it."""

    rate: Decimal
    base: Decimal
    tax: Decimal

    def written(self) -> str:
        """As it stands in a line: "10 %: 45.00 + 4.50"."""
        return f"{self.rate.normalize():f} %: {self.base:.2f} + {self.tax:.2f}"


_TAX = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?)\s*%\s*:?\s*(\d{1,9}(?:[.,]\d{1,2})?)\s*\+\s*(\d{1,9}(?:[.,]\d{1,2})?)")


def taxes_in(text: str) -> list[TaxOfRate]:
    """Tax by rate, as people write it: "10 %: 45.00 + 4.50; 21 %: 10.00 + 2.10". A ValueError if it is not that."""
    out: list[TaxOfRate] = []
    for each in filter(None, (part.strip() for part in text.split(";"))):
        found = _TAX.fullmatch(each)
        if found is None:
            raise ValueError("Write each rate as 10 %: 45.00 + 4.50, with a semicolon between them.")
        out.append(TaxOfRate(*(Decimal(number.replace(",", ".")) for number in found.groups())))
    return out


class ExpenseForm(Form):
    """What is said once of a whole report."""

    title: str = blank("Title", free_text=True, default="", max_length=100)
    trip: str = blank("Trip", free_text=True, default="", max_length=100)
    reason: str = blank("Reason", widget=Widget.LONG, free_text=True, default="")


class ExpenseLine(Form):
    """One thing that money was spent on."""

    amount: Decimal = blank(
        "Amount", question="How much was it?", widget=Widget.MONEY, gt=0, max_digits=12, decimal_places=3
    )
    currency: str = blank("Currency", default="EUR", pattern="^[A-Z]{3}$")
    category: Category = blank("Category", question="What was it for?")
    date: Day = blank("Date", question="When was it?")
    merchant: str = blank("Merchant", free_text=True, default="", max_length=200)
    receipt: Files = blank("Receipt", free_text=True, default=(), max_length=MOST_FILES)
    not_twice: str = blank("No duplicate, because", free_text=True, default="", max_length=500)
    paid_by: PaidBy = blank("Paid with", free_text=True, default=PaidBy.OWN)
    note: str = blank("Note", free_text=True, default="", max_length=500)
    participants: str = blank("Participants", free_text=True, default="", max_length=500)
    occasion: str = blank("Occasion", free_text=True, default="", max_length=200)
    tip: Decimal | None = blank("Tip", widget=Widget.MONEY, free_text=True, default=None, ge=0, decimal_places=3)
    tax_rate: Decimal | None = blank("Tax in %", free_text=True, default=None, ge=0, le=100, decimal_places=2)
    tax_base: Decimal | None = blank(
        "Amount without tax", widget=Widget.MONEY, free_text=True, default=None, ge=0, max_digits=12, decimal_places=3
    )
    tax: Decimal | None = blank(
        "Tax", widget=Widget.MONEY, free_text=True, default=None, ge=0, max_digits=12, decimal_places=3
    )
    tax_lines: str = blank("Tax by rate (10 %: 45.00 + 4.50; …)", free_text=True, default="", max_length=300)
    tax_id: str = blank("Tax number", free_text=True, default="", max_length=40)
    document_number: str = blank("Document number", free_text=True, default="", max_length=60)
    distance: Decimal | None = blank(
        "Distance (km)",
        question="How many kilometres was it?",
        free_text=True,
        default=None,
        gt=0,
        le=100_000,
        max_digits=8,
        decimal_places=1,
    )
    vehicle: Vehicle = blank("Vehicle", free_text=True, default=Vehicle.CAR)
    country: str = blank(
        "Country (DE, ES, ...)",
        question="Which country was it in?",
        free_text=True,
        default="",
        pattern="^([A-Za-z]{2})?$",
    )
    city: str = blank("City", free_text=True, default="", max_length=80)
    start: Day | None = blank("Left on", question="Which day did you leave?", free_text=True, default=None)
    start_time: str = blank("Left at (08:30)", free_text=True, default="", pattern=CLOCK)
    end: Day | None = blank("Came back on", question="Which day did you come back?", free_text=True, default=None)
    end_time: str = blank("Came back at (18:00)", free_text=True, default="", pattern=CLOCK)
    nights: int | None = blank("Nights without a bill", free_text=True, default=None, ge=0, le=400)
    breakfasts: int | None = blank("Breakfasts provided", free_text=True, default=None, ge=0, le=400)
    lunches: int | None = blank("Lunches provided", free_text=True, default=None, ge=0, le=400)
    dinners: int | None = blank("Dinners provided", free_text=True, default=None, ge=0, le=400)
    rate: Decimal = blank("Exchange rate", free_text=True, told=False, default=Decimal(1), ge=0, decimal_places=6)
    into: str = blank("Converted into", free_text=True, told=False, default="", pattern="^([A-Z]{3})?$")
    granted: Decimal | None = blank("Granted", free_text=True, told=False, default=None, gt=0, decimal_places=3)

    @field_validator("country", mode="after")
    @classmethod
    def _large(cls, value: str) -> str:
        return value.upper()

    @field_validator("tax_lines", mode="after")
    @classmethod
    def _readable(cls, value: str) -> str:
        return "; ".join(each.written() for each in taxes_in(value))

    @model_validator(mode="after")
    def _adds_up(self) -> "ExpenseLine":
        if not all(exact(each, self.currency) for each in (self.amount, self.tip, self.tax_base, self.tax)):
            raise ValueError("Amounts in this currency have fewer decimals: write what was paid.")
        if self.start is not None and self.end is not None:
            away = (self.end - self.start).days
            if away < 0 or (away == 0 and self.left is not None and self.back is not None and self.back < self.left):
                raise ValueError("The trip ends before it begins: change one of them.")
            if away > MOST_DAYS:
                raise ValueError("That trip is too long for one line: split it.")
        return self

    @property
    def taxes(self) -> list["TaxOfRate"]:
        """Its tax by rate, where it has several."""
        return taxes_in(self.tax_lines)

    @property
    def left(self) -> datetime | None:
        """When the trip began; at midnight where no time is said."""
        return moment(self.start, self.start_time, time.min)

    @property
    def back(self) -> datetime | None:
        """When the trip ended; at the end of the day where no time is said."""
        return moment(self.end, self.end_time, time(23, 59))

    @property
    def heads(self) -> int:
        """How many people it was for: the person and those who are named."""
        return 1 + len([each for each in re.split(r"[,;\n]", self.participants) if each.strip()])


MOST_DAYS = 366
"""Days of one trip."""

ASKED_FOR = ("merchant", "note", "participants", "occasion", "tax_id", "document_number", "tax")
"""What a category may ask for."""


class CategoryLimits(Form):
    """Limits of one category; [[expense.category]] in policies.toml. Amounts in the employer's currency.

    name          which category
    per_item      the most for one line
    per_person    the most for each person it was for
    per_day       the most that one person may spend a day; requests that wait count
    per_month     the same a month
    receipt_over  amount above which a receipt is wanted, where it is another than in [expense]
    weekend       whether it may be spent on a Saturday or Sunday
    tip           the most that a tip may be, in % of the amount
    asks_for      what has to be said of it: merchant, note, participants, occasion, tax_id, document_number, tax
    """

    name: Category
    per_item: Decimal | None = None
    per_person: Decimal | None = None
    per_day: Decimal | None = None
    per_month: Decimal | None = None
    receipt_over: Decimal | None = None
    weekend: bool = True
    tip: Decimal | None = None
    asks_for: tuple[str, ...] = ()

    @field_validator("asks_for", mode="after")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            if each not in ASKED_FOR:
                raise ValueError(f"asks_for: '{each}' is not one of {', '.join(ASKED_FOR)}")
        return value


class ExpenseLimits(Form):
    """Limits on expenses; what misses them is said on the card and does not block.

    receipt_over  amount above which a receipt is wanted
    most_pages    how many files one receipt may be of, its pages
    oldest_days   how many days back an expense may lie
    not_paid      words of what is never paid: alcohol, minibar, fine
    wanted_on_receipts  what has to stand on a receipt: tax_id, the company's own
    kept_days     how long a file is kept that is part of a request, once that is closed
    unsent_days   how long a file is kept that became part of none
    """

    receipt_over: Decimal = Decimal(25)
    most_pages: int = PydanticField(default=MOST_FILES, ge=1, le=MOST_FILES)
    oldest_days: int = 90
    not_paid: tuple[str, ...] = ()
    wanted_on_receipts: tuple[str, ...] = ()
    kept_days: int = PydanticField(default=3650, ge=1, le=36_500)
    unsent_days: int = PydanticField(default=30, ge=1, le=36_500)

    def unpaid_in(self, text: str) -> list[str]:
        """The words of what is never paid that stand in a text."""
        return [each for each in self.not_paid if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text, re.IGNORECASE)]


def moment(day: Day | None, clock: str, otherwise: time) -> datetime | None:
    """A day with a time such as 08:30, or another time where none is said."""
    if day is None:
        return None
    hour, _, minute = clock.partition(":")
    return datetime.combine(day, time(int(hour), int(minute)) if clock else otherwise)
