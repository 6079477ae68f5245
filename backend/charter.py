"""Reads company.toml: the company, its employers, and its places with their holidays."""

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator
from pydantic import Field as PydanticField

from backend import roster
from backend.calendars import Part, opening, public_holidays
from backend.people import HOURS
from backend.schedules import PostRow
from backend.words import LANGUAGES


class LocalDays(BaseModel):
    """A day that a place has off besides its public holidays: once (with a year) or every year (without)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    year: int | None = None
    month: int
    day: int
    part: Part = Part.FULL
    name: str = ""

    def on(self, year: int) -> date:
        """The day in a year; 29 February is 28 where there is none."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return date(year, self.month, 28)


class PlaceRow(BaseModel):
    """A [[place]]: its country (ISO 3166-1, or its English name) and region decide its public holidays.

    days       days off besides those: "2026-12-24", "12-24" (every year), or {day = "12-24", name = "Christmas Eve"}
    half_days  the same, with only the afternoon off (or part = "am")
    hours      when a working day begins and ends there: messages come, and reminders are counted, in these
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    name: str
    country: str = ""
    region: str | None = None
    timezone: str = ""
    days: tuple[LocalDays, ...] = ()
    half_days: tuple[LocalDays, ...] = ()
    hours: str = HOURS

    @field_validator("hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        return "-".join(f"{each:%H:%M}" for each in opening(value))

    @field_validator("days", "half_days", mode="before")
    @classmethod
    def _read_days(cls, value: Any, info: Any) -> Any:
        if not isinstance(value, list):
            raise ValueError("write it as a list of days")
        part = Part.PM if info.field_name == "half_days" else Part.FULL
        return tuple(_local_day(each, part=part) for each in value)  # pyright: ignore[reportUnknownVariableType]


class EmployerRow(BaseModel):
    """An [[employer]]: a legal entity; `place` names the one whose calendar counts for it.

    owner         the handle of the person with whom it ends what nobody has answered: who runs the business, not IT
    confidential  with whom its people can talk in confidence: a handle, or a name and how to reach them
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    name: str
    currency: str = ""
    tax_id: str = ""
    address: str = ""
    timezone: str = ""
    place: str | None = None
    owner: str = ""
    confidential: str = ""

    @field_validator("currency")
    @classmethod
    def _currency(cls, value: str) -> str:
        return _currency(value) if value else value


class CompanyRow(BaseModel):
    """company.toml as a whole. Employers and places may be left out where there is one of each."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    name: str = PydanticField(min_length=1)
    timezone: str = "UTC"
    currency: str = "EUR"
    date_order: str = "DMY"
    language: str = "en"
    handbook: str = "handbook"
    confidential: str = ""
    employer: tuple[EmployerRow, ...] = ()
    place: tuple[PlaceRow, ...] = ()
    post: tuple[PostRow, ...] = ()

    @field_validator("currency")
    @classmethod
    def _currency(cls, value: str) -> str:
        return _currency(value)

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, value: str) -> str:
        return _zone(value)

    @field_validator("date_order")
    @classmethod
    def _date_order(cls, value: str) -> str:
        words = {"DAYFIRST": "DMY", "MONTHFIRST": "MDY", "YEARFIRST": "YMD"}
        key = re.sub(r"[^A-Z]", "", value.upper())
        if (order := words.get(key, key)) not in ("DMY", "MDY", "YMD"):
            raise ValueError("it is one of DMY, MDY and YMD")
        return order

    @field_validator("language")
    @classmethod
    def _language(cls, value: str) -> str:
        if value.lower() not in LANGUAGES:
            raise ValueError(f"it is one of {', '.join(LANGUAGES)}")
        return value.lower()

    @model_validator(mode="after")
    def _different_names(self) -> "CompanyRow":
        for word, rows in (("employers", self.employer), ("places", self.place)):
            names = [each.name.lower() for each in rows]
            if len(set(names)) < len(names):
                raise ValueError(f"two {word} have the same name")
        return self


def read(file: Path, *, problems: list[str], notes: list[str]) -> CompanyRow:
    """A company.toml; what is wrong is added to `problems`, what is only worth knowing to `notes`."""
    nothing = CompanyRow(name="-")
    text, document = toml(file, problems=problems)
    if document is None:
        return nothing
    known = {"employer": EmployerRow.model_fields, "place": PlaceRow.model_fields, "post": PostRow.model_fields}
    notes += [
        f"company.toml: '{each}' is not read" for each in sorted(document.keys() - CompanyRow.model_fields.keys())
    ]
    for table, fields in known.items():
        for row in _tables(document.get(table)):
            extra = sorted(row.keys() - fields.keys())
            notes += [f"company.toml [[{table}]]: '{each}' is not read" for each in extra]
    try:
        return CompanyRow.model_validate(document)
    except ValidationError as error:
        for each in error.errors():
            place = [str(part) for part in each["loc"]]
            line = line_of(text, table=place[0], number=int(place[1]) + 1) if place[1:2] and place[1].isdigit() else 0
            where = f"company.toml line {line} [[{place[0]}]]" if line else "company.toml"
            what = ".".join(part for part in place[2 if line else 0 :] if not part.isdigit())
            message = each["msg"].removeprefix("Value error, ")
            problems.append(f"{where}: {what + ': ' if what else ''}{message[:1].lower() + message[1:]}")
        return nothing


def employers_of(company: CompanyRow) -> tuple[EmployerRow, ...]:
    """Its employers, with the company's currency and time zone where they name none; itself where there is none."""
    rows = company.employer or (EmployerRow(name=company.name),)
    filled = {"currency": company.currency, "timezone": company.timezone}
    return tuple(
        row.model_copy(update={name: value for name, value in filled.items() if not getattr(row, name)}) for row in rows
    )


def places_of(company: CompanyRow, *, problems: list[str]) -> tuple[PlaceRow, ...]:
    """Its places, each with a time zone and a country whose public holidays are known."""
    city = company.timezone.rsplit("/", maxsplit=1)[-1].replace("_", " ")
    out: list[PlaceRow] = []
    for row in company.place or (PlaceRow(name=city),):
        where = f"company.toml [[place]] {row.name}"
        zone = row.timezone or company.timezone
        try:
            _zone(zone)
        except ValueError as error:
            problems.append(f"{where}: timezone: {error}")
        country = _country(row.country or _country_of(zone))
        try:
            public_holidays(country, row.region, 2026)
        except (NotImplementedError, TypeError, KeyError):
            region = f", region '{row.region}'" if row.region else ""
            problems.append(
                f"{where}: no public holidays are known for country '{row.country}'{region}; "
                'write codes, such as country = "ES" and region = "MD"'
            )
        out.append(row.model_copy(update={"timezone": zone, "country": country}))
    names = {each.name.lower() for each in out}
    problems += [
        f"company.toml [[employer]] {each.name}: place '{each.place}' is not one of the places"
        for each in company.employer
        if each.place and each.place.lower() not in names
    ]
    return tuple(out)


def toml(file: Path, *, problems: list[str]) -> tuple[str, dict[str, Any] | None]:
    """A TOML file as text and as a document; None and a problem if it cannot be read."""
    if not file.is_file():
        problems.append(f"{file.name}: it is missing from {file.parent}")
        return "", None
    text = roster.text_of(file, problems=problems)
    if text is None:
        return "", None
    try:
        return text, tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{file.name}: {error}")
        return text, None


def line_of(text: str, *, table: str, number: int) -> int:
    """The line on which the so-manieth [table] or [[table]] begins; 0 if it is written another way."""
    heads = [
        line
        for line, content in enumerate(text.splitlines(), start=1)
        if re.match(rf"\s*\[\[?\s*{re.escape(table)}\s*\]", content)
    ]
    return heads[number - 1] if number <= len(heads) else 0


def _tables(value: Any) -> list[dict[str, Any]]:
    rows = cast(list[Any], value) if isinstance(value, list) else []
    return [cast(dict[str, Any], each) for each in rows if isinstance(each, dict)]


def _local_day(value: Any, *, part: Part) -> LocalDays:
    row: dict[str, Any] = dict(value) if isinstance(value, dict) else {"day": value}  # pyright: ignore[reportUnknownArgumentType]
    text = str(row.pop("day", row.pop("date", "")))
    found = re.fullmatch(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})", text)
    if found is None:
        raise ValueError(f'\'{text}\' is not a day; write "2026-12-24", or "12-24" for every year')
    year, month, day = (int(each) if each else None for each in found.groups())
    date(year or 2024, month or 0, day or 0)
    return LocalDays.model_validate({"part": part, **row, "year": year, "month": month, "day": day})


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"'{name}' is not a time zone; write it like Europe/Madrid") from error
    return name


def _currency(code: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", code):
        raise ValueError(f"'{code}' is not a currency; write its three letters, like EUR")
    return code.upper()


def _country(name: str) -> str:
    if len(name) == 2:
        return name.upper()
    from babel import Locale

    territories = cast(dict[str, str], Locale("en").territories)
    by_name = {title.lower(): code for code, title in territories.items()}
    return by_name.get(name.lower(), name)


def _country_of(zone: str) -> str:
    from babel.core import get_global

    return str(get_global("zone_territories").get(zone, ""))
