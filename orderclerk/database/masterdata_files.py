"""The files of master data: their columns, and the statement that merges the staged rows of each into the book."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

Merge = Callable[[Collection[str]], str]


@dataclass(frozen=True, slots=True)
class File:
    """`columns` in brackets may be absent. `merge` gives the statement for the columns that are there.

    `first` runs before references are looked up. `refuse` finds what cannot be taken, as a sentence, before the merge.
    """

    columns: str
    merge: Merge
    first: str = ""
    refuse: str = ""


def _number(name: str, kind: str = "numeric", default: str = "") -> str:
    found = f"nullif({name}, '')"
    return f"coalesce({found}, '{default}')::{kind}" if default else f"{found}::{kind}"


def _yes(name: str, default: bool) -> str:
    return f"{name} <> '0'" if default else f"lower({name}) IN ('1', 'true', 'yes')"


def _upsert(table: str, key: str, columns: Mapping[str, str]) -> Merge:
    """Rows by their key; a column that the file does not have keeps what the book says."""

    def merge(present: Collection[str]) -> str:
        taken = {name: how for name, how in columns.items() if name in present}
        names = ", ".join(taken)
        return f"""INSERT INTO {table} ({key}, {names}) SELECT {key}, {", ".join(taken.values())} FROM staged
                   ON CONFLICT ({key}) DO UPDATE SET ({names}) = ROW ({", ".join("excluded." + name for name in taken)})"""

    return merge


def _always(statement: str) -> Merge:
    return lambda present: statement


_CUSTOMERS = {
    "name": "name",
    "language": "coalesce(nullif(language, ''), 'en')",
    "currency": "currency",
    "payment_terms_days": _number("payment_terms_days", "int", "30"),
    "credit_limit": _number("credit_limit"),
    "payment_methods": "string_to_array(payment_methods, '|')",
    "price_list": "price_list",
    "vat_number": "vat_number",
    "country": "upper(country)",
    "ship_rule": "coalesce(nullif(ship_rule, ''), 'complete')",
    "may_substitute": _yes("may_substitute", False),
    "priority": _number("priority", "int", "0"),
}
_ITEMS = {
    "name": "name",
    "name_zh": "name_zh",
    "unit": "coalesce(nullif(unit, ''), 'EA')",
    "pack_size": _number("pack_size", default="1"),
    "weight_g": _number("weight_g", "int"),
    "is_goods": _yes("is_goods", True),
    "is_active": _yes("is_active", True),
    "barcode": "barcode",
    "min_order_quantity": _number("min_order_quantity"),
    "order_multiple": _number("order_multiple"),
    "lead_time_days": _number("lead_time_days", "int"),
    "export_class": "export_class",
    "shelf_life_days": _number("shelf_life_days", "int"),
    "volume_cm3": _number("volume_cm3", "int"),
    "is_lot_kept": _yes("is_lot_kept", False),
    "abc_class": "upper(abc_class)",
}
_WAREHOUSES = {
    "name": "name",
    "country": "upper(country)",
    "region": "region",
    "city": "city",
    "postal_code": "postal_code",
    "street": "street",
    "timezone": "timezone",
    "cut_off": "coalesce(nullif(cut_off, ''), '15:00')",
    "handling_days": _number("handling_days", "int", "0"),
    "parcels_a_day": _number("parcels_a_day", "int"),
    "parcel_cost": _number("parcel_cost", default="0"),
    "priority": _number("priority", "int", "0"),
    "is_active": _yes("is_active", True),
}
_KITS_STATED = """(SELECT k.id AS kit_id, c.id AS component_id, coalesce(nullif(s.quantity, ''), '1')::numeric AS quantity
    FROM staged s JOIN items k ON k.item_no = s.kit_no JOIN items c ON c.item_no = s.component_no)"""
_KIT_REFUSED = f"""
WITH stated AS {_KITS_STATED}, named AS (SELECT DISTINCT kit_id FROM stated),
     changed AS (SELECT kit_id FROM named n WHERE EXISTS (
         (SELECT * FROM stated s WHERE s.kit_id = n.kit_id EXCEPT SELECT * FROM kits k WHERE k.kit_id = n.kit_id) UNION ALL
         (SELECT * FROM kits k WHERE k.kit_id = n.kit_id EXCEPT SELECT * FROM stated s WHERE s.kit_id = n.kit_id)))
SELECT i.item_no || ' is a component of ' || k.item_no || ' and a kit itself; list what is in it instead'
FROM (SELECT * FROM stated UNION SELECT * FROM kits WHERE kit_id NOT IN (SELECT kit_id FROM named)) a
JOIN (SELECT kit_id FROM named UNION SELECT kit_id FROM kits) b ON b.kit_id = a.component_id
JOIN items i ON i.id = a.component_id JOIN items k ON k.id = a.kit_id
UNION ALL SELECT i.item_no || ' is reserved for ' || o.order_no || ' as it was; release that order first, or sell the changed kit '
                 || 'under another number'
FROM changed JOIN order_lines l ON l.item_id = changed.kit_id JOIN orders o ON o.id = l.order_id
    AND o.fulfilment_state = 'reserved' JOIN items i ON i.id = changed.kit_id
LIMIT 1"""

FILES: dict[str, File] = {
    "customers": File(
        "customer_no name language currency payment_terms_days credit_limit payment_methods price_list [vat_number] [country] "
        "[ship_rule] [may_substitute] [priority]",
        _upsert("customers", "customer_no", _CUSTOMERS),
    ),
    "customer_keys": File(
        "kind value customer_no",
        _always(
            """INSERT INTO customer_keys (kind, value, customer_id)
               SELECT kind, lower(btrim(value)), c.id FROM staged JOIN customers c USING (customer_no)
               ON CONFLICT DO NOTHING"""
        ),
    ),
    "contacts": File(
        "customer_no name email phone",
        _always(
            """INSERT INTO contacts (customer_id, name, email, phone)
               SELECT c.id, s.name, lower(s.email), s.phone FROM staged s JOIN customers c USING (customer_no)
               ON CONFLICT (customer_id, name, email) DO UPDATE SET phone = excluded.phone"""
        ),
    ),
    "addresses": File(
        "customer_no kind recipient street city region postal_code country",
        _always(
            """INSERT INTO addresses (customer_id, kind, recipient, street, city, region, postal_code, country)
               SELECT c.id, s.kind, s.recipient, s.street, s.city, s.region, s.postal_code, s.country
               FROM staged s JOIN customers c USING (customer_no)
               WHERE NOT EXISTS (SELECT FROM addresses a WHERE (a.customer_id, a.kind, a.recipient, a.street, a.city,
                   a.region, a.postal_code, a.country) = (c.id, s.kind, s.recipient, s.street, s.city, s.region,
                   s.postal_code, s.country))"""
        ),
    ),
    "items": File(
        "item_no name name_zh unit pack_size weight_g is_goods is_active barcode [min_order_quantity] [order_multiple] "
        "[lead_time_days] [export_class] [shelf_life_days] [volume_cm3] [is_lot_kept] [abc_class]",
        _upsert("items", "item_no", _ITEMS),
    ),
    "item_keys": File(
        "customer_no value item_no",
        _always(
            """INSERT INTO item_keys (customer_id, value, item_id)
               SELECT c.id, value, i.id FROM staged JOIN items i USING (item_no)
               LEFT JOIN customers c ON c.customer_no = staged.customer_no ON CONFLICT DO NOTHING"""
        ),
    ),
    "item_names": File(
        "item_no language name",
        _always(
            """INSERT INTO item_names (item_id, language, name)
               SELECT i.id, language, s.name FROM staged s JOIN items i USING (item_no) WHERE s.name <> ''
               ON CONFLICT DO NOTHING"""
        ),
    ),
    "prices": File(
        "price_list currency item_no min_quantity unit_price valid_from valid_to",
        _always(
            """MERGE INTO prices p USING (SELECT s.price_list, s.currency, i.id AS item_id,
                   coalesce(nullif(s.min_quantity, ''), '1')::numeric AS min_quantity, s.unit_price::numeric AS unit_price,
                   s.valid_from::date AS valid_from, nullif(s.valid_to, '')::date AS valid_to
                 FROM staged s JOIN items i USING (item_no)) n
               ON (p.price_list, p.currency, p.item_id, p.min_quantity, p.valid_from)
                = (n.price_list, n.currency, n.item_id, n.min_quantity, n.valid_from)
               WHEN MATCHED THEN UPDATE SET unit_price = n.unit_price, valid_to = n.valid_to
               WHEN NOT MATCHED THEN INSERT (price_list, currency, item_id, min_quantity, unit_price, valid_from, valid_to)
                 VALUES (n.price_list, n.currency, n.item_id, n.min_quantity, n.unit_price, n.valid_from, n.valid_to)"""
        ),
    ),
    "warehouses": File(
        "code name [country] [region] [city] [postal_code] [street] [timezone] [cut_off] [handling_days] [parcels_a_day] "
        "[parcel_cost] [priority] [is_active]",
        _upsert("warehouses", "code", _WAREHOUSES),
        refuse="SELECT 'row ' || row_no || ': a warehouse''s code is a word without a slash' FROM staged WHERE code = '' OR code ~ '/'",
    ),
    "transit": File(
        "warehouse country days",
        _always(
            """INSERT INTO transit (warehouse, country, days) SELECT warehouse, upper(country), days::int FROM staged
               ON CONFLICT (warehouse, country) DO UPDATE SET days = excluded.days"""
        ),
    ),
    "kits": File(
        "kit_no component_no [quantity]",
        _always(
            f"""WITH stated AS {_KITS_STATED}, gone AS (DELETE FROM kits k WHERE kit_id IN (SELECT kit_id FROM stated)
                    AND NOT EXISTS (SELECT FROM stated s WHERE (s.kit_id, s.component_id) = (k.kit_id, k.component_id)))
                INSERT INTO kits SELECT * FROM stated ON CONFLICT (kit_id, component_id) DO UPDATE SET quantity = excluded.quantity"""
        ),
        refuse=_KIT_REFUSED,
    ),
    "substitutes": File(
        "item_no substitute_no [ratio] [rank] [needs_consent]",
        _always(
            f"""INSERT INTO substitutes (item_id, substitute_id, ratio, rank, needs_consent)
                SELECT i.id, b.id, {_number("ratio", default="1")}, {_number("rank", "int", "1")}, {_yes("needs_consent", True)}
                FROM staged s JOIN items i USING (item_no) JOIN items b ON b.item_no = s.substitute_no
                ON CONFLICT (item_id, substitute_id) DO UPDATE SET (ratio, rank, needs_consent)
                  = (excluded.ratio, excluded.rank, excluded.needs_consent)"""
        ),
    ),
    "stock_rules": File(
        "item_no warehouse safety_stock [service_level] [min_level] [max_level]",
        _always(
            f"""INSERT INTO stock_rules (item_id, warehouse, safety_stock, service_level, min_level, max_level)
                SELECT i.id, warehouse, {_number("safety_stock", default="0")}, {_number("service_level")},
                       {_number("min_level")}, {_number("max_level")} FROM staged JOIN items i USING (item_no)
                ON CONFLICT (item_id, warehouse) DO UPDATE SET (safety_stock, service_level, min_level, max_level)
                  = (excluded.safety_stock, excluded.service_level, excluded.min_level, excluded.max_level)"""
        ),
    ),
    "stock": File(
        "warehouse item_no on_hand",
        _always(
            """INSERT INTO stock_levels (item_id, warehouse, on_hand)
               SELECT i.id, warehouse, on_hand::numeric FROM staged JOIN items i USING (item_no)
               ON CONFLICT (item_id, warehouse) DO UPDATE SET on_hand = excluded.on_hand"""
        ),
        first="INSERT INTO warehouses (code) SELECT DISTINCT warehouse FROM staged ORDER BY 1 ON CONFLICT DO NOTHING",
    ),
}  # fmt: skip
"""In the sequence in which they are loaded: what others refer to comes first."""

REFERENCES = {
    "customer_no": "customers.customer_no",
    "item_no": "items.item_no",
    "kit_no": "items.item_no",
    "component_no": "items.item_no",
    "substitute_no": "items.item_no",
    "warehouse": "warehouses.code",
}
"""Where a column's values must be found; an empty one refers to nothing."""
