"""Expenses: money that somebody spent for the company and wants back."""

from datetime import date as Day
from decimal import Decimal
from enum import StrEnum
from typing import Any

from backend.desk import Desk
from backend.kinds import FileId, Form, Kind, Objection, Option, Widget, blank
from backend.words import Count, Money, say


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
}


class ExpenseForm(Form):
    """What is asked of somebody who spent money."""

    amount: Decimal = blank(
        "Amount", question="How much was it?", widget=Widget.MONEY, gt=0, max_digits=12, decimal_places=2
    )
    currency: str = blank("Currency", default="EUR", pattern="^[A-Z]{3}$")
    category: Category = blank("Category", question="What was it for?")
    date: Day = blank("Date", question="When was it?")
    merchant: str = blank("Merchant", free_text=True, default="", max_length=200)
    reason: str = blank("Reason", widget=Widget.LONG, free_text=True, default="")
    receipt: FileId | None = blank("Receipt", free_text=True, default=None)


class ExpenseLimits(Form):
    """Limits on expenses; what misses them is said on the card and does not block.

    receipt_over  amount above which a receipt is wanted
    oldest_days   how many days back an expense may lie
    """

    receipt_over: Decimal = Decimal(25)
    oldest_days: int = 90


class Expense(Kind[ExpenseForm]):
    """Asks for money back."""

    name = "expense"
    prefix = "EX"
    title = "Expense"
    form = ExpenseForm
    policy = ExpenseLimits
    done_word = "paid"
    examples = (
        "I paid 34 euros for a taxi yesterday",
        "expense: lunch with a client, 56.20",
        "please reimburse my train ticket of 80 euros on Monday",
        "claim back 120 for the hotel in Lisbon last week",
        "I want to submit an expense",
        "spent 15 on printer paper",
        "he pagado 20 euros de taxi ayer",
        "gastei 12 euros no almoço",
        "ich habe gestern 30 Euro für ein Taxi bezahlt",
        "j'ai payé 45 euros de train hier",
        "ho speso 18 euro per il pranzo",
    )

    def options(self, name: str, desk: Desk | None) -> tuple[Option, ...]:
        if name != "category":
            return ()
        return tuple(Option(each.value, each.value.replace("_", " ").capitalize(), WORDS[each]) for each in Category)

    def fill(self, values: dict[str, Any], desk: Desk) -> dict[str, Any]:
        return {"currency": desk.currency, **values}

    def summary(self, form: ExpenseForm, lines: list[Any], language: str) -> str:
        title = say(language, form.category.value.replace("_", " ").capitalize())
        return f"{title}, {Money(form.amount, form.currency).said_in(language)}"

    def amount(self, form: ExpenseForm, lines: list[Any]) -> Decimal | None:
        return form.amount

    def category(self, form: ExpenseForm) -> str | None:
        return form.category.value

    def check(self, form: ExpenseForm, lines: list[Any], desk: Desk) -> list[Objection]:
        limits: ExpenseLimits = desk.limits
        out: list[Objection] = []
        if form.date > desk.today:
            out.append(Objection("{day} is in the future: is the date right?", {"day": form.date}, "date"))
        elif (desk.today - form.date).days > limits.oldest_days:
            out.append(Objection("That is more than {days} ago.", {"days": Count(Decimal(limits.oldest_days))}, "date"))
        if form.receipt is None and form.amount > limits.receipt_over:
            limit = Money(limits.receipt_over, desk.currency)
            out.append(Objection("A receipt is wanted above {limit}.", {"limit": limit}, "receipt"))
        return out


KIND = Expense()
