"""Files are kept but for the place they were taken at, checked at every download, and removed in time."""

import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pi_heif
import pytest
from PIL import Image
from sqlalchemy import select

from backend import files, people, readings, retention, workers
from backend.files import File
from backend.refusals import Refusal
from backend.whereabouts import without_location
from bot import receiving
from bot.message import Attachment
from tests.office import Office
from tests.papers import taxi

PLACE = {1: "N", 2: (40.0, 25.0, 1.5), 3: "W", 4: (3.0, 42.0, 2.5)}


def photo(sort: str, **more: Any) -> bytes:
    """A photo that says which camera took it, how to turn it, and where."""
    exif = Image.Exif()
    exif[0x0110], exif[0x0112] = "Camera", 6
    exif.get_ifd(0x8825).update(PLACE)
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(out, sort, exif=exif, **more)
    return out.getvalue()


@pytest.mark.parametrize("sort", ["JPEG", "PNG", "WEBP"])
def test_only_the_place_is_taken_out_of_a_photo(sort: str) -> None:
    came = photo(sort)
    kept = without_location(came)
    before, after = Image.open(io.BytesIO(came)), Image.open(io.BytesIO(kept))
    assert dict(before.getexif().get_ifd(0x8825)) == PLACE
    assert dict(after.getexif().get_ifd(0x8825)) == {}
    assert dict(after.getexif()) == {0x0110: "Camera", 0x0112: 6}
    assert after.tobytes() == before.tobytes()
    assert len(kept) == len(came)


TELEPHONE = Path(__file__).parents[1] / "receipts" / "files" / "photo.heic"


def test_only_the_place_is_taken_out_of_a_photo_of_a_telephone() -> None:
    came = TELEPHONE.read_bytes()
    kept = without_location(came)
    pi_heif.register_heif_opener()
    before, after = Image.open(io.BytesIO(came)), Image.open(io.BytesIO(kept))
    assert before.getexif().get_ifd(0x8825)[2] == (40.0, 25.0, 1.2)
    assert dict(after.getexif().get_ifd(0x8825)) == {}
    assert dict(after.getexif()) == {0x010F: "Lumen", 0x0110: "Camera", 0x0112: 1}
    assert after.info["original_orientation"] == 6
    assert after.tobytes() == before.tobytes()
    assert len(kept) == len(came)


def test_a_place_is_found_in_a_telephones_photo_without_the_word_before_it() -> None:
    came = TELEPHONE.read_bytes()
    kept = without_location(came.replace(b"Exif\0\0", bytes(6)))
    assert kept == without_location(came).replace(b"Exif\0\0", bytes(6)) != came


@pytest.mark.parametrize("content", [TELEPHONE.read_bytes(), photo("PNG"), photo("WEBP")])
def test_a_picture_of_another_sort_than_its_name_says_is_kept(office: Office, content: bytes) -> None:
    office.says("ana", "help", meant=[("balance.look", {})], files=(Attachment("IMG_1.JPG", content, "image/jpeg"),))
    with office.store.looking() as session:
        assert session.scalars(select(File.name)).all() == ["IMG_1.JPG"]


def test_a_place_in_xmp_goes_too() -> None:
    xmp = b'<x xmlns:exif="e" exif:GPSLatitude="40,25.02N" exif:ExposureTime="1/60"/>'
    kept = without_location(photo("JPEG", xmp=xmp))
    assert b"40,25.02N" not in kept
    assert b"1/60" in kept


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 Exif\x00\x00II*\x00",
        b"\xff\xd8\xffExif\x00\x00II*\x00\xff\xff\xff\xff",
        b"\xff\xd8\xffExif\x00\x00MM\x00*",
        b"text",
        b"",
    ],
)
def test_what_cannot_be_made_out_stays_as_it_is(content: bytes) -> None:
    assert without_location(content) == content


def sent(office: Office) -> tuple[File, Path]:
    """Ana sends a photo with a place; its row, and where it lies."""
    office.says("ana", "help", meant=[("balance.look", {})], files=(Attachment("p.jpg", photo("JPEG"), "image/jpeg"),))
    with office.store.looking() as session:
        row = session.scalars(select(File)).one()
    return row, office.app.home / "files" / row.id


def test_both_hashes_are_noted_and_the_second_is_checked(office: Office) -> None:
    row, path = sent(office)
    assert row.original == hashlib.sha256(photo("JPEG")).hexdigest()
    assert row.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() != row.original
    assert path.stat().st_mode & 0o077 == 0
    with office.store.looking() as session:
        office.app.furnish(session)
        ana = people.find(session, "ana")
        assert files.fetch(session, row.id, folder=path.parent, reader=ana)[1] == path.read_bytes()
        path.write_bytes(b"something else")
        with pytest.raises(Refusal, match="was changed where it is kept"):
            files.fetch(session, row.id, folder=path.parent, reader=ana)


@pytest.mark.parametrize(
    ("who", "may"), [("ana", True), ("maria", True), ("olga", True), ("tom", False), ("carmen", False)]
)
def test_requester_approver_and_finance_read_a_receipt_and_nobody_else(office: Office, who: str, may: bool) -> None:
    office.says("ana", "", files=(taxi(),))
    office.presses("ana", "submit")
    with office.store.looking() as session:
        office.app.furnish(session)
        row = session.scalars(select(File)).one()
        assert files.may_read(session, row, people.find(session, who)) is may
        small = files.fetch_small(session, row.id, folder=office.app.home / "files", reader=people.find(session, who))
        assert (small is not None) is may


def test_what_was_never_sent_goes_after_its_time_and_what_was_stays(office: Office) -> None:
    office.says("ana", "", files=(taxi(),))
    office.presses("ana", "submit")
    office.says("ana", "", files=(taxi(total="9.00"),))
    office.presses("ana", "discard")
    office.clock.advance(timedelta(days=31))
    folder = office.app.home / "files"
    with office.store.writing() as session:
        assert retention.mark_due(session) == 1
    office.clock.advance(timedelta(days=1))
    with office.store.writing() as session:
        retention.remove_marked(session, folder=folder)
        rows = session.scalars(select(File).order_by(File.at, File.id)).all()
        assert sorted(each.removed_at is None for each in rows) == [False, True]
        left = {each.name for each in folder.iterdir()}
        assert left == {name for each in rows if each.removed_at is None for name in (each.id, f"{each.id}-small")}


@pytest.fixture
def waiting(office: Office) -> Office:
    """Twenty receipts in one message, none of them read yet."""
    from bot.message import Address, Said

    sent = tuple(taxi(total=f"{nth}.00", day=f"2026-11-{nth:02}") for nth in range(1, 21))
    office.app.hear(Said("twenty", Address("memory", "ana"), "ana", "", sent))
    return office


def test_twenty_at_once_are_read_in_order_with_progress(waiting: Office) -> None:
    waiting.app.settle()
    said = [post.text for post in waiting.shown("ana")]
    assert said[:20] == [f"Reading your receipts: {done} of 20 done..." for done in range(20)]
    lines = [{each.name: each.value for each in line} for line in waiting.card("ana").lines]
    assert [each["amount"] for each in lines] == [f"{nth}.00" for nth in range(1, 21)]


def test_what_a_dead_worker_was_reading_is_read_by_another_and_nothing_is_lost(waiting: Office) -> None:
    with waiting.store.writing() as session:
        first = readings.claim(session, holder="dead:1")
        assert first is not None
    assert receiving.read_next(waiting.app, holder="alive:1")
    with waiting.store.writing() as session:
        assert session.get_one(readings.Reading, first.id).state == readings.WAITING
        workers.bury(session, "dead:1")
    while receiving.read_next(waiting.app, holder="alive:1"):
        pass
    waiting.app.settle()
    assert len(waiting.card("ana").lines) == 20
