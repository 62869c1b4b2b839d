"""What matching and checking look up, as frames: customers and what they are known by, items, prices.

Values are in the form `orderclerk.domain.matching.normal_ref` gives, so that frames can be joined on them.
"""

from collections.abc import Collection

import pandas as pd
from sqlalchemy import Connection

from orderclerk.database.engine import read_frame
from orderclerk.domain.matching import normal_numbers, normal_refs


def customer_keys(conn: Connection, threads: Collection[str] = ()) -> pd.DataFrame:
    """kind, value, customer_id: the keys on file, customer and VAT numbers, names, the contacts' mail addresses, and the
    customers whose orders belong to one of the conversations `threads`."""
    keys = read_frame(
        conn,
        """SELECT kind, value, customer_id FROM customer_keys
           UNION SELECT 'number', customer_no, id FROM customers
           UNION SELECT 'name', name, id FROM customers WHERE name <> ''
           UNION SELECT 'vat', vat_number, id FROM customers WHERE vat_number <> ''
           UNION SELECT 'email', email, customer_id FROM contacts WHERE email <> ''
           UNION SELECT 'thread', thread_ref, customer_id FROM orders
             WHERE thread_ref = ANY(%(threads)s) AND thread_ref <> '' AND customer_id IS NOT NULL""",
        {"threads": sorted(set(threads) - {""})},
        dtypes={"kind": "str", "value": "str", "customer_id": "int64"},
    )
    is_vat = keys["kind"] == "vat"
    value = normal_refs(keys["value"])
    return keys.assign(value=value.where(~is_vat, normal_numbers(value))).drop_duplicates()


def customers(conn: Connection, ids: Collection[int]) -> pd.DataFrame:
    """One row a customer of `ids`, indexed by id: customer_no, home_language, home_currency, price_list, contact (first mail
    address on file), has_home_address (exactly one delivery address on file), home_vat_number, home_country (its own, else
    that of an address), allowed_methods ("|" between)."""
    frame = read_frame(
        conn,
        """SELECT id, customer_no, language, currency, price_list,
                  coalesce((SELECT email FROM contacts c WHERE c.customer_id = k.id AND email <> '' ORDER BY id LIMIT 1), ''),
                  (SELECT count(*) FROM addresses a WHERE a.customer_id = k.id AND a.kind = 'delivery') = 1,
                  vat_number, coalesce(nullif(country, ''), (SELECT country FROM addresses a WHERE a.customer_id = k.id
                      AND country <> '' ORDER BY kind DESC, id LIMIT 1), ''), array_to_string(payment_methods, '|')
           FROM customers k WHERE id = ANY(%(ids)s)""",
        {"ids": list(ids)},
        dtypes={"customer_id": "int64", "customer_no": "str", "home_language": "str", "home_currency": "str",
                "price_list": "str", "contact": "str", "has_home_address": "bool", "home_vat_number": "str",
                "home_country": "str", "allowed_methods": "str"},
    )  # fmt: skip
    return frame.set_index("customer_id")


def customer_names(conn: Connection) -> pd.DataFrame:
    """customer_no, name of every customer."""
    return read_frame(
        conn, "SELECT customer_no, name FROM customers WHERE name <> ''", dtypes={"customer_no": "str", "name": "str"}
    )


def item_keys(conn: Connection) -> pd.DataFrame:
    """customer_id (0: anyone), value, item_id: other people's numbers for our items."""
    keys = read_frame(
        conn,
        "SELECT coalesce(customer_id, 0), value, item_id FROM item_keys",
        dtypes={"customer_id": "int64", "value": "str", "item_id": "int64"},
    )
    return keys.assign(value=normal_refs(keys["value"]))


def items(conn: Connection) -> pd.DataFrame:
    """item_id, item_no, barcode, is_goods, is_active, item_unit, pack_size_e3, minimum_e3, multiple_e3, lead_days (<NA>: not known),
    export_class of the whole catalogue."""
    frame = read_frame(
        conn,
        """SELECT id, item_no, barcode, is_goods, is_active, unit, (pack_size * 1000)::bigint, (min_order_quantity * 1000)::bigint,
                  (order_multiple * 1000)::bigint, lead_time_days, export_class FROM items""",
        dtypes={"item_id": "int64", "item_no": "str", "barcode": "str", "is_goods": "bool", "is_active": "bool",
                "item_unit": "str", "pack_size_e3": "int64", "minimum_e3": "Int64", "multiple_e3": "Int64", "lead_days": "Int64", "export_class": "str"},
    )  # fmt: skip
    return frame.assign(item_no=normal_refs(frame["item_no"]), barcode=normal_refs(frame["barcode"]))


def prices(conn: Connection, item_ids: Collection[int]) -> pd.DataFrame:
    """price_list, currency, item_id, min_quantity_e3, list_price_e4, valid_from, valid_to (ISO text, "" open)."""
    return read_frame(
        conn,
        """SELECT price_list, currency, item_id, (min_quantity * 1000)::bigint, (unit_price * 10000)::bigint,
                  valid_from, valid_to FROM prices WHERE item_id = ANY(%(ids)s)""",
        {"ids": [int(i) for i in item_ids]},
        dtypes={"price_list": "str", "currency": "str", "item_id": "int64", "min_quantity_e3": "int64",
                "list_price_e4": "int64", "valid_from": "str", "valid_to": "str"},
    )  # fmt: skip
