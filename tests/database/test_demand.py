"""The demand history says what was wanted, not what was shipped, and forecasts come back from the book as they went in."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import text as sql

from orderclerk.database.demand import demand_history
from orderclerk.database.forecasts import keep_forecasts, latest_forecasts
from orderclerk.planning.forecasting import forecast_all
from tests.deskwork import furnish

AS_OF = date(2026, 12, 1)


def line(conn, number, item, quantity, day, *, returned=0, state="confirmed", kind="order", received=None):
    """An order of one line, dated `day` and received then unless said otherwise."""
    content = f"'n{number}'::bytea"
    conn.execute(
        sql(
            f"""INSERT INTO envelopes (channel, delivery_ref, sha256, content, received_at, state, batch_id)
                SELECT 'files', 'n{number}', encode(sha256({content}), 'hex'), {content}, :at, 'read', min(id) FROM batches"""
        ),
        {"at": f"{received or day} 12:00+00"},
    )
    conn.execute(
        sql(
            """INSERT INTO orders (id, kind, channel, source, order_ref, has_own_ref, customer_id, envelope_id, received_at,
                                   order_date, commercial_state)
               SELECT :id, :kind, 'files', 'files:p', :ref, true, 1, max(e.id), :at, :day, :state FROM envelopes e"""
        ),
        {
            "id": number,
            "kind": kind,
            "ref": f"n{number}",
            "at": f"{received or day} 12:00+00",
            "day": day,
            "state": state,
        },
    )
    conn.execute(
        sql(
            "INSERT INTO order_lines (order_id, line_no, item_id, quantity, unit_price, returned_quantity) VALUES (:o, 1, :i, :q, 1, :r)"
        ),
        {"o": number, "i": item, "q": quantity, "r": returned},
    )


@pytest.fixture
def book(engine):
    furnish(engine)
    with engine.begin() as conn:
        conn.execute(sql("INSERT INTO batches (channel, opened_at) VALUES ('files', now())"))
        conn.execute(sql("INSERT INTO warehouses (code, priority) VALUES ('W0', -1)"))
    return engine


def rows(engine, days=90):
    history = demand_history(engine, AS_OF, days)
    return [
        (r.item_id, r.warehouse, str(r.day.date()), r.quantity_e3, r.is_stockout, r.is_bulk)
        for r in history.itertuples()
    ]


def test_demand_is_what_was_confirmed_less_what_came_back_on_the_day_it_was_ordered(book):
    with book.begin() as conn:
        line(conn, 1, 1, 10, "2026-11-02", returned=4)
        line(conn, 2, 1, 5, "2026-11-02")
        line(conn, 3, 1, 7, "2026-11-03", state="cancelled")
        line(conn, 4, 1, 3, "2026-11-04", kind="return")
        line(conn, 5, 1, 2, "2026-11-05", returned=2)
        line(conn, 6, 2, 1, "2026-12-01")  # not over yet
    assert rows(book) == [(1, "W1", "2026-11-02", 11_000, False, False)]


def test_an_order_dated_after_it_came_counts_on_the_day_it_came(book):
    with book.begin() as conn:
        line(conn, 1, 1, 1, "2027-05-01", received="2026-11-09")
        line(conn, 2, 1, 2, "2026-11-01", received="2026-11-09")
    assert [(day, quantity) for _, _, day, quantity, *_ in rows(book)] == [("2026-11-01", 2_000), ("2026-11-09", 1_000)]


def test_a_line_counts_at_the_warehouses_that_hold_it_and_a_kit_as_its_components(book):
    with book.begin() as conn:
        line(conn, 1, 1, 10, "2026-11-02")
        line(conn, 2, 3, 2, "2026-11-02")
        conn.execute(sql("INSERT INTO kits VALUES (3, 4, 6)"))
        conn.execute(sql("INSERT INTO stock_levels (item_id, warehouse, on_hand) VALUES (1, 'W0', 100)"))
        conn.execute(
            sql(
                """INSERT INTO reservations (order_id, line_no, item_id, warehouse, quantity, state, made_at, closed_at)
                   VALUES (1, 1, 1, 'W0', 4, 'hard', now(), null), (1, 1, 1, 'W1', 6, 'consumed', now(), now()),
                          (1, 1, 1, 'W0', 9, 'released', now(), now())"""
            )
        )
    assert [(item, house, quantity) for item, house, _, quantity, *_ in rows(book)] == [
        (1, "W0", 4_000),
        (1, "W1", 6_000),
        (4, "W1", 12_000),
    ]


def test_days_without_stock_are_told_from_days_without_demand(book):
    with book.begin() as conn:
        conn.execute(sql("INSERT INTO items (id, item_no) VALUES (6, 'IT-6')"))  # one without opening stock
        line(conn, 1, 6, 1, "2026-11-02")
        conn.execute(
            sql(
                """INSERT INTO locations (kind, code, warehouse) VALUES ('supplier', 'S', null), ('customer', 'C', null),
                          ('warehouse', 'W1/', 'W1'), ('warehouse', 'W0/', 'W0') ON CONFLICT DO NOTHING"""
            )
        )
        place = "(SELECT id FROM locations WHERE code = '{}' AND kind = '{}')"
        supplier, customer = place.format("S", "supplier"), place.format("C", "customer")
        here, there = place.format("W1/", "warehouse"), place.format("W0/", "warehouse")
        conn.execute(
            sql(
                f"""INSERT INTO stock_moves (key, item_id, quantity, from_id, to_id, at) VALUES
                    ('a', 6, 5, {supplier}, {here}, '2026-11-01 09:00+00'),
                    ('b', 6, 3, {here}, {customer}, '2026-11-04 09:00+00'),
                    ('c', 6, 2, {here}, {there}, '2026-11-05 09:00+00'),
                    ('d', 6, 8, {supplier}, {here}, '2026-11-08 09:00+00'),
                    ('e', 6, 8, {here}, {customer}, '2026-11-29 09:00+00')"""
            )
        )
    assert [(day, out) for _, _, day, _, out, _ in rows(book)] == [
        ("2026-11-02", False), ("2026-11-06", True), ("2026-11-07", True), ("2026-11-30", True),
    ]  # fmt: skip


def test_a_forecast_is_kept_once_a_day_and_read_back_as_it_was(book):
    days = pd.date_range("2026-08-03", "2026-11-29").as_unit("s")
    history = pd.DataFrame(
        {
            "item_id": 1,
            "warehouse": "W1",
            "day": days[::3],
            "quantity_e3": 7_000,
            "is_stockout": False,
            "is_bulk": False,
        }
    )
    history.loc[len(history)] = [2, "W1", days[-1], 0, True, False]
    made = forecast_all(history, AS_OF, fitted=False)
    with book.begin() as conn:
        keep_forecasts(conn, made.assign(daily_mean=99.0))
        keep_forecasts(conn, made)
        keep_forecasts(conn, made.assign(made_on=pd.Timestamp("2026-12-02")))
        found = latest_forecasts(conn, AS_OF)
        assert conn.execute(sql("SELECT count(*) FROM forecasts")).scalar_one() == 4
    assert len(made) == 2
    pd.testing.assert_frame_equal(found, made, check_exact=False, atol=1e-6, check_dtype=False)


def test_a_history_of_no_days_is_refused(book):
    with pytest.raises(ValueError, match="at least 1 day"):
        demand_history(book, AS_OF, 0)
