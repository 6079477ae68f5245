"""The wheel and the editable install: each into a fresh environment, with no network and no pip of its own."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.rules.sources import ROOT, kept

CARRIED = (
    "backdesk/_app/knowledge/handbook/",
    "backdesk/_app/knowledge/models/",
    "backdesk/_app/backend/",
    "backdesk/_app/prompts/",
)
PRODUCT = ("backdesk", "bot", "tools", "backend", "knowledge", "prompts")

OUTSIDE_KIND = """
import backdesk
from backend.forms import Form, blank
from backend.kinds import Kind
from tools import all_kinds

class Parking(Form):
    plate: str = blank("Number plate")

class ParkingSpace(Kind[Parking]):
    name, prefix, title, form = "parking", "PK", "Parking space", Parking

kinds = all_kinds()
kinds.add(ParkingSpace())
print(backdesk.__file__, *sorted(kinds))
"""


def run(*words: str | Path, at: Path) -> str:
    """Runs a command in a folder that knows nothing of the repository; its output. Fails with what it said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
    done = subprocess.run([str(word) for word in words], cwd=at, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def fresh(at: Path) -> Path:
    """A new environment that sees the packages of this one, but not its editable Backdesk; its bin folder."""
    venv.EnvBuilder(symlinks=True, with_pip=False).create(at)
    bin_ = at / "bin"
    site = run(bin_ / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", at=at).strip()
    (Path(site) / "seen.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return bin_


def install(bin_: Path, *words: str | Path) -> None:
    """Installs without dependencies, from this machine alone."""
    uv = (sys.executable, "-m", "uv", "pip", "install", "--offline", "--no-index", "--no-deps", "--quiet", "--no-cache")
    run(*uv, "--python", bin_ / "python", *words, at=bin_)


def copied(to: Path) -> Path:
    """The files that git keeps, in another folder."""
    for path in kept():
        if not path.startswith(".venv/"):
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, to / path)
    return to


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from what git keeps."""
    tree = copied(tmp_path_factory.mktemp("tree"))
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tree / "dist", at=tree)
    (built,) = (tree / "dist").glob("backdesk-*.whl")
    return built


def test_the_wheel_puts_one_name_into_site_packages(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"backdesk"}


def test_the_wheel_carries_every_file_of_the_product(wheel: Path) -> None:
    wanted = {
        path if path.startswith("backdesk/") else f"backdesk/_app/{path}"
        for path in kept()
        if path.split("/")[0] in PRODUCT
    }
    names = set(zipfile.ZipFile(wheel).namelist())
    assert wanted - names == set()
    assert [folder for folder in CARRIED if not any(name.startswith(folder) for name in names)] == []


def test_the_wheel_runs_in_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    bin_ = fresh(tmp_path / "venv")
    install(bin_, wheel)
    assert "demo" in run(bin_ / "backdesk", "--help", at=tmp_path)
    (tmp_path / "parking.py").write_text(OUTSIDE_KIND, encoding="utf-8")
    where, *kinds = run(bin_ / "python", "parking.py", at=tmp_path).split()
    assert Path(where).is_relative_to(tmp_path)
    assert kinds == ["expense", "invoice", "parking", "purchase", "time_off"]


def test_an_editable_install_runs_from_the_folders(tmp_path: Path) -> None:
    tree = copied(tmp_path / "tree")
    bin_ = fresh(tmp_path / "venv")
    install(bin_, "--no-build-isolation", "--editable", tree)
    assert "demo" in run(bin_ / "backdesk", "--help", at=tmp_path)
    (tmp_path / "parking.py").write_text(OUTSIDE_KIND, encoding="utf-8")
    where, *kinds = run(bin_ / "python", "parking.py", at=tmp_path).split()
    assert Path(where) == tree / "backdesk" / "__init__.py"
    assert "parking" in kinds
