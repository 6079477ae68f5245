"""What the fiscal codes of Portuguese, German and Spanish receipts, and the codes of bank transfers, say."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

Facts = dict[str, str]
"""tax_id, document_number, date (ISO), total, currency, merchant, country, tax (rate:base:tax, by `;`), as text."""

_PORTUGUESE_RATES = {"PT": ("6", "13", "23"), "PT-AC": ("4", "9", "16"), "PT-MA": ("5", "12", "22")}
_GERMAN_RATES = ("19", "7", "10.7", "5.5", "0")


def facts(codes: Sequence[str]) -> Facts:
    """What the first code that is understood says; empty if none is. An address in a code is only taken apart."""
    for code in codes:
        for reader in (_portuguese, _german, _spanish, _transfer):
            try:
                found = reader(code)
            except (ValueError, KeyError, IndexError, InvalidOperation):
                continue
            if found:
                return found
    return {}


def _portuguese(code: str) -> Facts:
    """A:issuer*B:buyer*C:country*D:kind*F:20260315*G:FS 1/123*H:ATCUD*I7:base*I8:tax*N:tax*O:total*..."""
    parts = dict(each.split(":", 1) for each in code.split("*") if ":" in each)
    if not re.fullmatch(r"\d{9}", parts.get("A", "")) or "O" not in parts or "F" not in parts:
        return {}
    day = datetime.strptime(parts["F"], "%Y%m%d").date()  # noqa: DTZ007 a day has no zone
    taxes: list[str] = []
    for letter in "IJK":
        rates = _PORTUGUESE_RATES.get(parts.get(f"{letter}1", ""))
        for rate, (base, tax) in zip(rates or (), (("3", "4"), ("5", "6"), ("7", "8")), strict=False):
            if letter + tax in parts:
                taxes.append(f"{rate}:{parts[letter + base]}:{parts[letter + tax]}")
    return {
        "country": "PT",
        "tax_id": parts["A"],
        "buyer": parts.get("B", ""),
        "document_number": parts.get("G", ""),
        "date": day.isoformat(),
        "total": str(Decimal(parts["O"])),
        "currency": "EUR",
        "tax": ";".join(taxes),
    }


def _german(code: str) -> Facts:
    """V0;client;Kassenbeleg-V1;Beleg^19.00_0.00_...^23.80:Bar;transaction;signature;start;end;..."""
    parts = code.split(";")
    if parts[0] != "V0" or len(parts) < 8 or not parts[2].startswith("Kassenbeleg"):
        return {}
    kind, gross, _ = parts[3].split("^", 2)
    if kind not in ("Beleg", "AVBeleg", "AVBestellung", "AVRechnung", "AVTraining") or kind == "AVTraining":
        return {}
    amounts = [Decimal(each) for each in gross.split("_")]
    ended = datetime.fromisoformat(parts[7].replace("Z", "+00:00")).astimezone(ZoneInfo("Europe/Berlin"))
    taxes: list[str] = []
    for rate, amount in zip(_GERMAN_RATES, amounts, strict=False):
        if amount:
            tax = (amount * Decimal(rate) / (100 + Decimal(rate))).quantize(Decimal("0.01"))
            taxes.append(f"{rate}:{amount - tax}:{tax}")
    return {
        "country": "DE",
        "document_number": f"{parts[1]}/{parts[4]}",
        "date": ended.date().isoformat(),
        "total": str(sum(amounts, Decimal(0))),
        "currency": "EUR",
        "tax": ";".join(taxes),
    }


def _spanish(code: str) -> Facts:
    """The addresses of VERI*FACTU (nif, numserie, fecha, importe) and of TicketBAI (id, s, nf, i)."""
    if not code.startswith("https://"):
        return {}
    asked = {name: values[0] for name, values in parse_qs(urlsplit(code).query).items()}
    if {"nif", "numserie", "fecha", "importe"} <= asked.keys():
        return {
            "country": "ES",
            "tax_id": asked["nif"],
            "document_number": asked["numserie"],
            "date": datetime.strptime(asked["fecha"], "%d-%m-%Y").date().isoformat(),  # noqa: DTZ007 a day has no zone
            "total": str(Decimal(asked["importe"].replace(",", "."))),
            "currency": "EUR",
        }
    if found := re.fullmatch(r"TBAI-(\w{9})-(\d{6})-.+", asked.get("id", "")):
        return {
            "country": "ES",
            "tax_id": found[1],
            "document_number": "-".join(each for each in (asked.get("s"), asked.get("nf")) if each),
            "date": datetime.strptime(found[2], "%d%m%y").date().isoformat(),  # noqa: DTZ007 a day has no zone
            **({"total": str(Decimal(asked["i"].replace(",", ".")))} if "i" in asked else {}),
            "currency": "EUR",
        }
    return {}


def _transfer(code: str) -> Facts:
    """The code of a bank transfer on an invoice: BCD, version, character set, SCT, BIC, payee, IBAN, amount."""
    lines = code.splitlines()
    if len(lines) < 7 or lines[0].strip() != "BCD" or lines[3].strip() != "SCT":
        return {}
    amount = lines[7].strip() if len(lines) > 7 else ""
    return {
        "merchant": lines[5].strip(),
        **(
            {"total": str(Decimal(amount[3:])), "currency": amount[:3]}
            if re.fullmatch(r"[A-Z]{3}\d+(\.\d+)?", amount)
            else {}
        ),
    }


def day_of(held: Mapping[str, str]) -> date | None:
    return date.fromisoformat(held["date"]) if held.get("date") else None
