import csv
import io
from datetime import date
from email import message_from_bytes
from email.policy import default

import pytest
from defusedxml import ElementTree
from openpyxl import load_workbook
from pydifact.segmentcollection import Interchange

from sandbox.world.day import Day, make_day
from sandbox.world.events import FileDrops, MailArrives
from sandbox.world.orders import Order
from sandbox.world.senders import SENDERS

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"


@pytest.fixture(scope="module")
def day() -> Day:
    return make_day(3, date(2026, 11, 23), 600, "orders@desk.example")


def _files(day: Day, sender: str) -> dict[str, bytes]:
    broken = {order.extra["file"] for order in day.orders if order.case == "unreadable_document"}
    drops = [e for e in day.events if isinstance(e, FileDrops) and e.sender == sender and e.name not in broken]
    return {drop.name: drop.make() for drop in drops if not drop.name.startswith("copy-of-")}


def _orders(day: Day, sender: str) -> dict[str, Order]:
    return {o.order_ref: o for o in day.orders if o.sender == sender and o.case != "unreadable_document"}


def test_ubl_says_what_the_truth_says(day):
    files, orders = _files(day, "peppol"), _orders(day, "peppol")
    for content in files.values():
        root = ElementTree.fromstring(content)
        order = orders.pop(root.findtext(f"{CBC}ID"))
        lines = root.findall(f"{CAC}OrderLine/{CAC}LineItem")
        assert [line.findtext(f"{CBC}Quantity") for line in lines] == [str(line.quantity) for line in order.lines]
        assert root.findtext(f"{CBC}DocumentCurrencyCode") == order.currency
    assert not orders


def test_edifact_counts_its_segments_and_keeps_its_letters(day):
    orders = _orders(day, "edifabrik")
    found = []
    for content in _files(day, "edifabrik").values():
        interchange = Interchange.from_str(content.decode("iso-8859-1"))
        for message in interchange.get_messages():
            found.append(message.get_segment("BGM").elements[1])
        _check_unt(content.decode("iso-8859-1"))
    assert sorted(found) == sorted(orders)


def _check_unt(text: str) -> None:
    segments = [segment.strip() for segment in text.split("'\n")]
    start = 0
    for place, segment in enumerate(segments):
        if segment.startswith("UNH+"):
            start = place
        if segment.startswith("UNT+"):
            assert int(segment.split("+")[1]) == place - start + 1


def test_x12_has_fixed_header_and_right_counts(day):
    refs = []
    for content in _files(day, "prairie").values():
        text = content.decode("ascii")
        assert text.index("~") == 105  # ISA is 106 characters with its terminator
        start = 0
        for place, segment in enumerate(text.split("~\n")):
            parts = segment.split("*")
            refs += [parts[3]] if parts[0] == "BEG" else []
            start = place if parts[0] == "ST" else start
            assert parts[0] != "SE" or int(parts[1]) == place - start + 1
    assert sorted(refs) == sorted(_orders(day, "prairie"))


@pytest.mark.parametrize("name", ["nordlager", "huadong", "thameside", "northgate"])
def test_tables_have_the_columns_the_desk_is_told_and_all_lines(day, name):
    sender = next(sender for sender in SENDERS if sender.name == name)
    lines = 0
    for content in _files(day, name).values():
        rows = _rows(sender.format, content, sender.encoding, sender.delimiter)
        assert list(rows[0]) == list(sender.settings["columns"].values())
        lines += len(rows) - 1
    assert lines == sum(len(order.lines) for order in _orders(day, name).values())


def _rows(kind: str, content: bytes, encoding: str, delimiter: str) -> list[tuple[object, ...]]:
    if kind == "xlsx":
        return list(load_workbook(io.BytesIO(content)).active.values)
    return [tuple(row) for row in csv.reader(io.StringIO(content.decode(encoding)), delimiter=delimiter)]


def test_encodings_are_what_partners_really_send(day):
    german = b"".join(_files(day, "nordlager").values())
    assert "Straße".encode("cp1252") in german
    with pytest.raises(UnicodeDecodeError):
        german.decode("utf-8")
    assert "订单号".encode("gb18030") in next(iter(_files(day, "huadong").values()))


def test_mails_are_well_formed_and_in_every_shape(day):
    shapes, charsets = set(), set()
    for event in (event for event in day.events if isinstance(event, MailArrives)):
        mail = message_from_bytes(event.make(), policy=default)
        assert not mail.defects
        assert mail["From"].addresses
        shapes.add(mail.get_content_type())
        charsets |= {part.get_content_charset() for part in mail.walk()}
        shapes |= {part.get_filename("").rpartition(".")[2] for part in mail.iter_attachments()}
        assert mail.get_body(("plain",)).get_content()
    assert shapes >= {"text/plain", "multipart/alternative", "multipart/mixed", "csv", "xlsx", "xml", "tif"}
    assert {"utf-8", "gb18030"} <= charsets


def test_typed_orders_name_every_line(day):
    plain = {order.extra["message_id"]: order for order in day.orders if order.format == "text"}
    for event in (event for event in day.events if isinstance(event, MailArrives)):
        mail = message_from_bytes(event.make(), policy=default)
        order = plain.get(str(mail["Message-ID"]))
        if order and order.case not in ("amended", "unknown_document"):
            text = mail.get_content()
            assert all(line.ref in text and str(line.quantity) in text for line in order.lines)
