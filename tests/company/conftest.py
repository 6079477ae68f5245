"""What these tests share: a company folder to write, and a Backdesk to load it into, on each database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend import company
from backend.clock import StillClock
from backend.company import Loaded
from bot.app import App, build
from bot.settings import Settings

COMPANY = """
name = "Acme"
timezone = "Europe/Madrid"
[[employer]]
name = "Acme SL"
[[place]]
name = "Madrid"
country = "ES"
[[place]]
name = "Berlin"
country = "Germany"
region = "BE"
timezone = "Europe/Berlin"
half_days = ["12-24"]
days = [{ day = "2027-05-07", name = "Bridge" }]
"""

PEOPLE = """handle,name,email,manager,place,roles,work_week,start,end,slack
boss,Bo Boss,bo@acme.example,,Madrid,admin;hr,mon-fri,2020-01-01,,U1
ann,Ann Able,ann@acme.example,boss,Madrid,,mon-fri,2021-01-01,,U2
cem,Cem Celik,cem@acme.example,boss,Berlin,finance,mon:8;tue:8;wed:4,2022-01-01,,U3
"""


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: StillClock) -> Iterator[App]:
    settings = Settings.at(tmp_path / "home").model_copy(update={"database_url": database_url})
    app = build(settings, clock=clock, migrate=False)
    yield app
    app.store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes a company folder: the small company above, with files replaced, added or (None) left out."""

    def write(**files: str | bytes | None) -> Path:
        path = tmp_path / "acme"
        path.mkdir(exist_ok=True)
        named = {"company_toml": COMPANY, "people_csv": PEOPLE, **files}
        for name, content in named.items():
            file = path / name.replace("_", ".")
            file.unlink(missing_ok=True)
            raw = content.encode() if isinstance(content, str) else content
            file.write_bytes(raw) if raw is not None else None
        return path

    return write


@pytest.fixture
def load(app: App) -> Callable[[Path], Loaded]:
    """Reads and loads a company folder, in one transaction."""

    def loaded(path: Path) -> Loaded:
        with app.store.writing() as session:
            return company.load(session, company.read(path, kinds=app.kinds), by=None)

    return loaded
