import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from fake_web import DROP, HALF, HTML
from fake_woocommerce import FakeWoo
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_payloads import woo_order, woo_refund

from connectors.channels import Channel
from connectors.errors import AccessError, ContractError, TransientError
from connectors.http import Http
from connectors.shops.woocommerce import WooShop, open_woocommerce, without_php_notices
from connectors.shops.woocommerce_orders import read_woocommerce
from connectors.shops.woocommerce_paging import MAX_EXCLUDED, Page, Pull
from orderclerk.domain.reading import EnvelopeKind


@contextmanager
def shop(fake, per_page=3, **options):
    with fake.running() as address:
        options = {"sleep": lambda _: None, "clean": without_php_notices, **options}
        yield WooShop("cup-shop", Http("cup-shop", address, auth=(fake.key, fake.secret), **options), per_page)


def stamp(minute, second=0):
    return f"2026-11-20T10:{minute:02d}:{second:02d}"


def orders(count, first=700):
    return [woo_order(first + i, stamp(i)) for i in range(count)]


def refs(pulled):
    return [envelope.delivery_ref for envelope, _ in pulled]


def test_it_is_a_channel():
    channel: Channel = open_woocommerce("cup-shop", "https://cups.test", "ck_1", "cs_2")
    channel.settle(["1@t"])
    assert channel.name == "cup-shop"


def test_plain_http_is_refused_with_a_sentence():
    with pytest.raises(AccessError, match="https"):
        open_woocommerce("cup-shop", "http://cups.example.com", "ck_1", "cs_2")


def test_orders_come_oldest_change_first_with_their_cursor():
    fake = FakeWoo(reversed(orders(8)))
    with shop(fake) as channel:
        pulled = list(channel.arrivals({}))
    assert refs(pulled) == [f"{700 + i}@{stamp(i)}" for i in range(8)]
    assert pulled[-1][1] == {"modified_gmt": stamp(7)}
    envelope = pulled[0][0]
    assert (envelope.channel, envelope.sender_ref) == ("cup-shop", "127.0.0.1")
    assert envelope.sent_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert read_woocommerce(envelope).orders[0].problems == ()


def test_the_boundary_comes_again_whatever_the_sites_time_zone():
    fake = FakeWoo(orders(8))
    with shop(fake) as channel:
        again = refs(channel.arrivals({"modified_gmt": stamp(7)}))
    assert again == [f"{700 + i}@{stamp(i)}" for i in (5, 6, 7)]  # two minutes of overlap


def test_resumed_after_every_envelope_nothing_is_missed():
    fake = FakeWoo(orders(9))
    with shop(fake) as channel:
        whole = list(channel.arrivals({}))
        for stopped, (_, cursor) in enumerate(whole):
            assert set(refs(whole[stopped + 1 :])) <= set(refs(channel.arrivals(cursor)))


def test_pulled_twice_gives_the_same_bytes():
    fake = FakeWoo(orders(5))
    with shop(fake) as channel:
        first, second = ([envelope.sha256 for envelope, _ in channel.arrivals({})] for _ in range(2))
    assert first == second


def test_an_order_edited_during_the_pull_hides_no_other():
    fake = FakeWoo(orders(12))

    def edit(query, calls=[]):  # noqa: B006 - counts its own calls
        calls.append(1)
        if len(calls) == 2:  # with page numbers alone, 703 would now be skipped
            fake.orders[700]["date_modified_gmt"] = fake.orders[701]["date_modified_gmt"] = stamp(30)

    fake.before = edit
    with shop(fake) as channel:
        pulled = refs(channel.arrivals({}))
    assert {ref.partition("@")[0] for ref in pulled} == {str(700 + i) for i in range(12)}
    assert f"700@{stamp(30)}" in pulled


@pytest.mark.parametrize("knows_exclude", [True, False])
def test_more_orders_in_one_second_than_fit_a_page(knows_exclude):
    same = [woo_order(800 + i, stamp(20)) for i in range(20)]
    fake = FakeWoo([*orders(5), *same, woo_order(900, stamp(40))])
    fake.knows_exclude = knows_exclude
    with shop(fake) as channel:
        pulled = refs(channel.arrivals({}))
    assert sorted(pulled) == sorted(
        [
            *(f"{700 + i}@{stamp(i)}" for i in range(5)),
            *(f"{800 + i}@{stamp(20)}" for i in range(20)),
            f"900@{stamp(40)}",
        ]
    )


@pytest.mark.parametrize(("headers", "link"), [(True, False), (False, True), (False, False)])
def test_the_last_page_is_known_with_and_without_headers(headers, link):
    fake = FakeWoo(orders(7))
    fake.sends_headers, fake.link = headers, link
    with shop(fake) as channel:
        assert len(list(channel.arrivals({}))) == 7


def test_a_full_last_page_ends_the_pull():
    fake = FakeWoo(orders(3))
    fake.sends_headers = False
    with shop(fake) as channel:
        assert len(list(channel.arrivals({}))) == 3


def test_no_orders_is_an_empty_pull():
    with shop(FakeWoo()) as channel:
        assert list(channel.arrivals({})) == []


def test_refunds_are_brought_along_line_by_line():
    order = woo_order(727, refunds=[{"id": 900, "reason": "", "total": "-10.00"}])
    fake = FakeWoo([order], {727: [woo_refund(900, "10.00", units=[(315, 1, "10.00")])]})
    with shop(fake) as channel:
        ((envelope, _),) = channel.arrivals({})
    (found,) = read_woocommerce(envelope).orders
    assert [line.quantity for line in found.lines if not line.is_charge] == [1]
    assert found.problems == ()


def test_refunds_that_cannot_be_had_hold_the_order_and_keep_the_batch():
    order = woo_order(727, refunds=[{"id": 900, "reason": "", "total": "-10.00"}])
    with shop(FakeWoo([order, woo_order(728)])) as channel:
        first, second = (envelope for envelope, _ in channel.arrivals({}))
    assert read_woocommerce(first).orders[0].problems[0].field == "refunds"
    assert read_woocommerce(second).orders[0].problems == ()


def test_broken_rows_are_envelopes_too():
    broken = [{"id": 5, "date_modified_gmt": None}, {"id": 6, "date_modified_gmt": "soon", "line_items": None}]
    fake = FakeWoo([*orders(4), *broken])
    with shop(fake) as channel:
        pulled = list(channel.arrivals({}))
    assert len(pulled) == 6
    for envelope, _ in pulled:
        assert read_woocommerce(envelope).kind in EnvelopeKind


# --- faults


@pytest.mark.parametrize(
    "notices",
    [
        b"<br />\n<b>Warning</b>:  Undefined array key 1 in <b>/srv/wp/x.php</b> on line <b>7</b><br />\n",
        b"\nDeprecated: Function x() is deprecated in /srv/wp/x.php on line 12\n" * 5,
        b"\xef\xbb\xbf",
        b"\n \n",
    ],
)
def test_what_php_prints_before_the_json_is_taken_off(notices):
    fake = FakeWoo(orders(2))
    fake.notices = notices
    with shop(fake) as channel:
        assert len(list(channel.arrivals({}))) == 2


def test_no_fault_of_the_wire_loses_or_doubles_an_order():
    fake = FakeWoo(orders(9))
    busy = (429, {"Retry-After": "1"}, {"code": "too_many", "message": "Slow down", "data": {"status": 429}})
    down = (500, {}, b"<html>Error establishing a database connection</html>")
    # None: a good answer. Two in a row, for a connection that was cut may cost an attempt of its own
    fake.faults = [HALF, DROP, None, HTML, busy, None, down]
    with shop(fake) as channel:
        assert refs(channel.arrivals({})) == [f"{700 + i}@{stamp(i)}" for i in range(9)]


def test_a_login_page_that_stays_is_transient_with_a_hint():
    fake = FakeWoo(orders(2))
    fake.faults = [HTML] * 9
    with shop(fake) as channel, pytest.raises(TransientError, match="We will be back soon"):
        list(channel.arrivals({}))


def test_a_wrong_key_is_an_access_error_that_does_not_tell_it():
    with FakeWoo().running() as address:
        channel = open_woocommerce("cup-shop", address, "ck_" + "9" * 40, "cs_" + "8" * 40)
        with pytest.raises(AccessError, match="REST key with read permission") as caught:
            list(channel.arrivals({}))
    assert "888" not in str(caught.value)


def test_a_shop_without_the_api_says_what_to_look_at():
    with FakeWoo().running() as address:
        channel = open_woocommerce("cup-shop", f"{address}/shop", FakeWoo.key, FakeWoo.secret)
        with pytest.raises(Exception, match="permalinks"):
            list(channel.arrivals({}))


def test_an_object_instead_of_the_list_is_a_breach_of_contract():
    fake = FakeWoo()
    fake.faults = [(200, {}, {"code": "x", "message": "y"})]
    with shop(fake) as channel, pytest.raises(ContractError, match="no list"):
        list(channel.arrivals({}))


def test_a_shop_too_old_to_filter_is_noticed_before_it_is_trusted():
    fake = FakeWoo(orders(9))
    fake.filters = False
    with shop(fake) as channel, pytest.raises(ContractError, match=r"5\.8"):
        list(channel.arrivals({"modified_gmt": stamp(8)}))


def test_a_proxy_that_repeats_a_page_is_noticed():
    fake = FakeWoo()
    same = [woo_order(800 + i, stamp(20)) for i in range(3)]
    fake.faults = [(200, {"X-WP-TotalPages": "9"}, same)] * 20
    with shop(fake) as channel, pytest.raises(ContractError, match="same"):
        list(channel.arrivals({}))


# --- paging as a property: whatever is edited while it is read, the last state of every order is seen

START = datetime(2026, 11, 20, 10, tzinfo=UTC)


class Table:
    """The shop's table: what WooCommerce would answer, while edits happen between the questions."""

    def __init__(self, seconds, knows_exclude):
        self.rows = {str(number): START + timedelta(seconds=second) for number, second in enumerate(seconds)}
        self.now, self.knows_exclude = START + timedelta(seconds=60), knows_exclude

    def edit(self, number):
        self.now += timedelta(seconds=number % 2)  # some edits fall into the same second
        if str(number) in self.rows:
            self.rows[str(number)] = self.now

    def answer(self, pull, size):
        rows = [(moment, id_) for id_, moment in self.rows.items()]
        rows = sorted(row for row in rows if pull.anchor is None or row[0] >= pull.anchor)
        hidden = pull.excluded if self.knows_exclude else []
        rows = [row for row in rows if row[1] not in hidden]
        cut = rows[(pull.page - 1) * size : pull.page * size]
        keys = [(id_, moment) for moment, id_ in cut]
        return Page(keys, keys, pull.page * size < len(rows))


def pull_all(table, size, edits, start):
    """Every ((id, time), cursor) of a pull during which `edits` happen, one list of them before each question."""
    pull, found = Pull("cup-shop", start), []
    edits = iter(edits)
    while True:
        page = table.answer(pull, size)
        found += pull.take(page)
        for number in next(edits, []):
            table.edit(number)
        if not pull.goes_on(page):
            return found


SECONDS = st.lists(st.integers(0, 4), min_size=1, max_size=30)
EDITS = st.lists(st.lists(st.integers(0, 29), max_size=4), max_size=8)


@settings(max_examples=400, deadline=None)
@given(SECONDS, EDITS, st.integers(1, 7), st.booleans())
def test_whatever_is_edited_while_it_is_read_no_order_is_missed(seconds, edits, size, knows_exclude):
    table = Table(seconds, knows_exclude)
    found = pull_all(table, size, edits, None)
    last = found[-1][1]
    again = pull_all(table, size, [], last)  # the next pull, from the cursor that was kept
    assert {row for row, _ in [*found, *again]} >= set(table.rows.items())


def test_thousands_changed_in_one_second_are_all_read():
    table = Table([1] * (MAX_EXCLUDED * 5) + [2] * 7, knows_exclude=True)
    found = pull_all(table, 100, [], None)
    assert sorted(row for row, _ in found) == sorted(table.rows.items())


def test_the_cursor_never_runs_ahead_of_a_row_still_to_come():
    rows = [START, START + timedelta(seconds=90), START + timedelta(seconds=2), START + timedelta(seconds=3)]
    page = Page(list("abcd"), list(zip("abcd", rows, strict=True)), False)  # b was edited between sorting and showing
    points = [point for _, point in Pull("s", None).take(page)]
    assert points == [START, START + timedelta(seconds=2), START + timedelta(seconds=2), START + timedelta(seconds=3)]


def test_json_stays_json_without_notices():
    body = json.dumps([{"note": "Warning: hot in here on line 3"}]).encode()
    assert without_php_notices(body) == body
