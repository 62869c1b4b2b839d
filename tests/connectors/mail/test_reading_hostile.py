"""Mails nobody here wrote, and broken variants of these and of good orders: no crash, no order invented."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from reading_world import REFERENCE, letter, read

from orderclerk.domain.lineframe import line_frame
from orderclerk.domain.reading import EnvelopeKind, Reading

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
FOLDERS = ("mail-ruby-mail", "mail-cpython", "mail-courier-notifications")
MAILS = sorted(path for folder in FOLDERS for path in (SHARED / folder).rglob("*") if path.is_file())

real = [pytest.mark.real_data, pytest.mark.skipif(not MAILS, reason="../shared/data is not here")]


def check(reading: Reading) -> None:
    """What holds of every reading."""
    assert reading.kind is not EnvelopeKind.ORDERS or reading.orders or reading.frame is not None
    assert reading.kind is not EnvelopeKind.UNREADABLE or reading.unreadable
    assert reading.kind is not EnvelopeKind.OTHER or reading.reason
    assert "report this" not in reading.reason
    line_frame(reading.orders)


class TestRealMails:
    pytestmark = real

    @pytest.mark.parametrize("path", MAILS, ids=lambda path: path.name)
    def test_none_of_them_is_an_order(self, path: Path) -> None:
        reading = read(path.read_bytes())
        check(reading)
        assert reading.kind is EnvelopeKind.OTHER

    @given(st.sampled_from(MAILS or [Path()]), st.data())
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    def test_broken_they_are_none_either(self, path: Path, data: st.DataObject) -> None:
        reading = read(mutated(path.read_bytes(), data))
        check(reading)
        assert reading.kind in (EnvelopeKind.OTHER, EnvelopeKind.UNREADABLE)


def mutated(content: bytes, data: st.DataObject) -> bytes:
    """`content` with a few places overwritten, cut out or repeated."""
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, max(0, len(content) - 1)))
        length = data.draw(st.integers(0, 40))
        new = data.draw(st.one_of(st.binary(max_size=12), st.just(b""), st.just(content[start : start + 200])))
        content = content[:start] + new + content[start + length :]
    return content


def table_mail() -> bytes:
    message = letter("Order:\nItem\tQty\nAB-1234\t10\n")
    message.add_alternative("<table><tr><th>Item<th>Qty<tr><td>AB-1234<td>10</table>", subtype="html")
    message.add_attachment(
        b"order number;item no;quantity\n4711;AB-1234;10\n", maintype="text", subtype="csv", filename="o.csv"
    )
    return message.as_bytes()


GOOD = (
    letter("PO number: 4711\nRequested date: 2026-12-01\nplease supply\n10 x AB-1234 @ 1.50 EUR\nDeliver to:\nA\nB\nC 1\n").as_bytes(),
    letter("采购订单号：4711\n货号 AB-1234 12 箱\n送货地址：广东省深圳市科技路1号\n", "采购订单").as_bytes(),
    letter("Yes\n\nOn Mon at 10:00 Desk wrote:\n> x\n", f"Re: [{REFERENCE}]").as_bytes(),
    table_mail(),
)  # fmt: skip


@given(st.sampled_from(GOOD), st.data())
@settings(max_examples=100, deadline=None)
def test_broken_orders_are_survived(content: bytes, data: st.DataObject) -> None:
    check(read(mutated(content, data)))


@given(st.binary(max_size=400))
@example(b"")
@example(b"\r\n\r\n")
@example(b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n')
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_survived(content: bytes) -> None:
    reading = read(content)
    check(reading)
    assert reading.kind is not EnvelopeKind.ORDERS


@given(st.text(max_size=300), st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs")), max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_words_are_survived(body: str, subject: str) -> None:
    message = letter("", "order")
    message.set_content(f"we order\n{body}".encode("utf-8", "replace").decode())
    raw = message.as_bytes().replace(b"Subject: order", b"Subject: " + subject.encode("utf-8", "replace"))
    check(read(raw))


def test_the_same_mail_reads_the_same() -> None:
    for content in GOOD[:3]:
        assert read(content) == read(content)
