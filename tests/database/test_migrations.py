"""Migrations bring a book in use forward and back without losing a row, and end in the schema that the code states."""

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database.audit import audit_book
from orderclerk.database.engine import make_engine
from orderclerk.database.migrate import CommandError, alembic_config, migrate_engine
from orderclerk.database.schema import metadata
from orderclerk.local.postgres import SharedServer

_numbers = count(1)
REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_config(None)).walk_revisions()][::-1]

# a book in use before this version: a row in every table of revision 0001
FIRST_ROWS = """
INSERT INTO batches (channel, opened_at) VALUES ('mail', now());
INSERT INTO channel_cursors VALUES ('mail', '{"uid": 7}', now());
INSERT INTO customers (customer_no, name, currency) VALUES ('C1', 'Rheintal KG', 'EUR');
INSERT INTO addresses (customer_id, street, city, country) VALUES (1, 'Am Markt 22', 'Leipzig', 'DE');
INSERT INTO contacts (customer_id, name, email) VALUES (1, 'Anna', 'anna@rheintal.example');
INSERT INTO customer_keys VALUES ('domain', 'rheintal.example', 1), ('number', 'C1', 1);
INSERT INTO items (item_no, name, name_zh) VALUES ('A-100', 'Flat washer', '平垫圈'), ('A-4', 'Four washers', '');
INSERT INTO item_keys (customer_id, value, item_id) VALUES (1, '4711', 1), (NULL, 'A100', 1);
INSERT INTO prices (price_list, currency, item_id, unit_price, valid_from) VALUES ('', 'EUR', 1, 2.5, '2026-01-01');
INSERT INTO stock_levels VALUES (1, 'W1', 50, 12);
INSERT INTO envelopes (channel, delivery_ref, sha256, content, received_at, state, batch_id)
    SELECT 'mail', n::text, encode(sha256(n::text::bytea), 'hex'), n::text::bytea, now(), 'read', 1
    FROM generate_series(1, 3) AS n;
INSERT INTO deliveries SELECT channel, delivery_ref, id, received_at FROM envelopes;
INSERT INTO orders (kind, channel, source, order_ref, has_own_ref, customer_id, customer_po, envelope_id, received_at,
                    commercial_state, fulfilment_state, answer_by)
    VALUES ('order', 'mail', 'mail:C1', 'PO-77/2026', true, 1, 'PO-77/2026', 1, now(), 'offered', 'reserved', now());
INSERT INTO order_lines (order_id, line_no, item_id, quantity, unit_price) VALUES (1, 1, 1, 12, 2.5);
INSERT INTO order_revisions VALUES (1, 1, 'hash', 1, now(), 'applied', 1, now());
INSERT INTO reservations VALUES (1, 1, 1, 'W1', 12);
INSERT INTO events (order_id, at, actor, kind, axis, from_state, to_state)
    VALUES (1, now(), 'desk', 'offered', 'commercial', 'received', 'offered');
INSERT INTO holds (order_id, revision, rule, opened_at, due_at, state, closed_at, closed_by)
    VALUES (1, 1, 'PRC-001', now(), now(), 'released', now(), 'Li');
INSERT INTO outbox (kind, idempotency_key, order_id, revision, created_at, next_try_at)
    VALUES ('offer', 'offer:1:1', 1, 1, now(), now());
INSERT INTO answers (envelope_id, order_id, revision, words) VALUES (2, 1, 1, 'yes');
INSERT INTO quarantine (envelope_id, ref, rule, opened_at) VALUES (3, '', 'ENV-001', now());
INSERT INTO findings (at, rule, severity) VALUES (now(), 'ENV-001', 'warning');
INSERT INTO runs (flow, as_of, ok) VALUES ('process-orders', now(), true);
"""
# and what this version writes beside it, where an older one has no place for it
NEW_ROWS = """
INSERT INTO letters (envelope_id, kind, order_id, customer_id, at, thread_ref) VALUES (2, 'reply', 1, 1, now(), '<t@x>');
INSERT INTO item_names VALUES (1, 'de', 'Unterlegscheibe');
INSERT INTO item_aliases (customer_id, wording, item_id, at) VALUES (1, 'scheibe m10', 1, now());
INSERT INTO customer_keys VALUES ('vat', 'DE811569869', 1);
INSERT INTO questions (order_id, revision, document_id, round, number, line_no, asked_at, remind_at, answer_by)
    VALUES (1, 1, 1, 1, 1, 1, now(), now(), now());
INSERT INTO quality_days VALUES ('2026-11-23', 'channel', 'orders', 'mail', 1, 1);
INSERT INTO repairs (envelope_id, statement, person, at) VALUES (3, '{"customer": "C1"}', 'Li', now());
INSERT INTO model_answers (envelope_id, answer, asked_at) VALUES (3, '{}', now());
UPDATE orders SET agreed_revision = 1, remind_at = now(), evidence = '{}', tax = 4.75, thread_ref = '<t@x>';
INSERT INTO supplies (kind, document_no, line_no, item_id, warehouse, quantity, expected_date, first_expected_date)
    VALUES ('purchase', 'PO100001', 1, 1, 'W1', 5, '2026-12-01', '2026-12-01');
INSERT INTO reservations (order_id, line_no, item_id, warehouse, quantity, state, made_at, closed_at)
    VALUES (1, 2, 1, 'W1', 3, 'released', now(), now());
INSERT INTO locations (kind, code, warehouse) VALUES ('warehouse', 'W1/', 'W1') ON CONFLICT DO NOTHING;
INSERT INTO counts (key, warehouse, method, planned_for, planned_at, sheet_at) VALUES ('k', 'W1', 'abc', '2026-11-23', now(), now());
INSERT INTO count_lines (count_id, line_no, item_id, location_id) SELECT 1, 1, 1, id FROM locations WHERE code = 'W1/';
INSERT INTO transit VALUES ('W1', 'DE', 2);
INSERT INTO promises (order_id, line_no, revision, quantity, ship_date, promised_date, made_at)
    VALUES (1, 1, 1, 12, '2026-12-01', '2026-12-02', now());
INSERT INTO kits VALUES (2, 1, 4);
INSERT INTO substitutes VALUES (1, 2);
INSERT INTO stock_rules VALUES (1, 'W1', 5, 0.95);
INSERT INTO suppliers (supplier_no, name, currency) VALUES ('S1', 'Bolts Ltd', 'EUR');
INSERT INTO supplier_items VALUES (1, 1, 'B-7');
INSERT INTO supplier_prices (supplier_id, item_id, currency, unit_price, valid_from) VALUES (1, 1, 'EUR', 1.25, '2026-01-01');
INSERT INTO purchase_orders (key, supplier_id, warehouse, currency, total, made_at) VALUES ('k', 1, 'W1', 'EUR', 5, now());
INSERT INTO purchase_lines (po_id, line_no, item_id, warehouse, quantity, unit_price, agreed_quantity) VALUES (1, 1, 1, 'W1', 4, 1.25, 4);
INSERT INTO purchase_events (po_id, at, kind, to_state) VALUES (1, now(), 'drafted', 'draft');
INSERT INTO purchase_holds (po_id, rule, opened_at, due_at) VALUES (1, 'PUR-004', now(), now());
INSERT INTO supplier_answers (envelope_id, po_no, po_id, is_signed, at) VALUES (3, 'PO100001', 1, true, now());
INSERT INTO goods_receipts (key, po_no, item_ref, quantity, at) VALUES ('r', 'PO100001', 'A-100', 2, now());
INSERT INTO warehouses (code) VALUES ('W2');
INSERT INTO transfers (key, from_warehouse, to_warehouse, made_at, expected_date) VALUES ('t', 'W1', 'W2', now(), '2026-12-01');
INSERT INTO transfer_lines (transfer_id, line_no, item_id, quantity) VALUES (1, 1, 1, 1);
UPDATE letters SET kind = 'supplier';
INSERT INTO forecasts (item_id, warehouse, made_on, period_days, horizon_days, daily_mean, daily_sd, per_period, error, demand_days)
    VALUES (1, 'W1', '2026-11-30', 7, 28, 1.5, 0.7, '[10.5, 10.5, 10.5, 10.5]', '{}', 3);
UPDATE order_lines SET match = '{}', stated = '{"quantity": "1", "unit": "dz"}';
"""

# every column, constraint and index as PostgreSQL itself understands it
SHAPE = """
SELECT c.relname, a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                                       a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT c.relname, con.conname, pg_get_constraintdef(con.oid)
FROM pg_constraint con JOIN pg_class c ON c.oid = con.conrelid WHERE con.connamespace = 'public'::regnamespace
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""
# what only SQL can say and the model therefore leaves to the migrations
ONLY_MIGRATED = {"ex_prices_one_at_a_time", "ex_supplier_prices_one_at_a_time"}


@pytest.fixture
def empty_database(postgres: SharedServer) -> Iterator[Engine]:
    name = f"unmigrated_{next(_numbers)}"
    postgres.ensure_database(name)
    engine = make_engine(postgres.url(name))
    yield engine
    engine.dispose()
    with psycopg.connect(postgres.cluster.conninfo(), autocommit=True) as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


def move(engine: Engine, direction, revision: str) -> None:
    with engine.connect() as conn:
        direction(alembic_config(conn), revision)
        conn.commit()


def tables(engine: Engine) -> list[str]:
    with engine.begin() as conn:
        names = conn.execute(sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).scalars()
        return [name for name in names if name != "alembic_version"]


def contents(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with engine.begin() as conn:
        return {
            table: sorted(conn.execute(sql(f"SELECT row_to_json(t)::text FROM {table} t")).scalars())
            for table in tables(engine)
        }


def fill(engine: Engine, script: str) -> None:
    with engine.begin() as conn:
        conn.exec_driver_sql(script)
    assert not [table for table, rows in contents(engine).items() if not rows], "a table without a row proves nothing"


def shape(engine: Engine) -> dict[tuple[str, str], str]:
    with engine.begin() as conn:
        found = {(table, name): stated for table, name, stated in conn.execute(sql(SHAPE))}
    return {key: stated for key, stated in found.items() if key[0] != "alembic_version" and key[1] not in ONLY_MIGRATED}


def test_a_book_in_use_goes_forward_and_back_step_by_step_without_losing_a_row(empty_database):
    move(empty_database, command.upgrade, REVISIONS[0])
    fill(empty_database, FIRST_ROWS)
    before = contents(empty_database)
    for revision in REVISIONS[1:]:
        move(empty_database, command.upgrade, revision)
    with empty_database.begin() as conn:
        assert conn.execute(sql("SELECT ref_digits, confidence FROM orders")).one() == ("772026", 1)
        kept = "SELECT order_id, line_no, item_id, warehouse, quantity, state, expires_at FROM reservations"
        assert conn.execute(sql(kept)).all() == [(1, 1, 1, "W1", 12, "hard", None)]
    assert [one.rule for one in audit_book(empty_database) if "STOCK" in one.rule or "RESERV" in one.rule] == []
    fill(empty_database, NEW_ROWS)
    for revision in REVISIONS[-2::-1]:
        move(empty_database, command.downgrade, revision)
    assert contents(empty_database) == before
    migrate_engine(empty_database)
    assert {table: len(rows) for table, rows in contents(empty_database).items() if table in before} == {
        table: len(rows) for table, rows in before.items()
    }


def test_a_book_taken_down_whole_can_be_made_again(empty_database):
    migrate_engine(empty_database)
    made = shape(empty_database)
    move(empty_database, command.downgrade, "base")
    assert tables(empty_database) == []
    migrate_engine(empty_database)
    assert shape(empty_database) == made


def test_the_migrations_end_in_the_schema_that_the_code_states(engine, empty_database):
    metadata.create_all(empty_database)
    assert shape(engine) == shape(empty_database)


def test_a_book_of_a_newer_version_is_left_alone(engine):
    with engine.begin() as conn:
        conn.execute(sql("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CommandError, match="9999"):
        migrate_engine(engine)
