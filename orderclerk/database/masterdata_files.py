"""The files of master data: their columns, and the statement that merges the staged rows of each into the book."""

from orderclerk.database.masterdata_merging import File, always, number, upsert, yes
from orderclerk.database.masterdata_suppliers import SUPPLIER_FILES

_CUSTOMERS = {
    "name": "name",
    "language": "coalesce(nullif(language, ''), 'en')",
    "currency": "currency",
    "payment_terms_days": number("payment_terms_days", "int", "30"),
    "credit_limit": number("credit_limit"),
    "payment_methods": "string_to_array(payment_methods, '|')",
    "price_list": "price_list",
    "vat_number": "vat_number",
    "country": "upper(country)",
    "ship_rule": "coalesce(nullif(ship_rule, ''), 'complete')",
    "may_substitute": yes("may_substitute", False),
    "priority": number("priority", "int", "0"),
}
_ITEMS = {
    "name": "name",
    "name_zh": "name_zh",
    "unit": "coalesce(nullif(unit, ''), 'EA')",
    "pack_size": number("pack_size", default="1"),
    "weight_g": number("weight_g", "int"),
    "is_goods": yes("is_goods", True),
    "is_active": yes("is_active", True),
    "barcode": "barcode",
    "min_order_quantity": number("min_order_quantity"),
    "order_multiple": number("order_multiple"),
    "lead_time_days": number("lead_time_days", "int"),
    "export_class": "export_class",
    "shelf_life_days": number("shelf_life_days", "int"),
    "volume_cm3": number("volume_cm3", "int"),
    "is_lot_kept": yes("is_lot_kept", False),
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
    "handling_days": number("handling_days", "int", "0"),
    "parcels_a_day": number("parcels_a_day", "int"),
    "parcel_cost": number("parcel_cost", default="0"),
    "priority": number("priority", "int", "0"),
    "is_active": yes("is_active", True),
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
        upsert("customers", "customer_no", _CUSTOMERS),
    ),
    "customer_keys": File(
        "kind value customer_no",
        always(
            """INSERT INTO customer_keys (kind, value, customer_id)
               SELECT kind, lower(btrim(value)), c.id FROM staged JOIN customers c USING (customer_no)
               ON CONFLICT DO NOTHING"""
        ),
    ),
    "contacts": File(
        "customer_no name email phone",
        always(
            """INSERT INTO contacts (customer_id, name, email, phone)
               SELECT c.id, s.name, lower(s.email), s.phone FROM staged s JOIN customers c USING (customer_no)
               ON CONFLICT (customer_id, name, email) DO UPDATE SET phone = excluded.phone"""
        ),
    ),
    "addresses": File(
        "customer_no kind recipient street city region postal_code country",
        always(
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
        upsert("items", "item_no", _ITEMS),
    ),
    "item_keys": File(
        "customer_no value item_no",
        always(
            """INSERT INTO item_keys (customer_id, value, item_id)
               SELECT c.id, value, i.id FROM staged JOIN items i USING (item_no)
               LEFT JOIN customers c ON c.customer_no = staged.customer_no ON CONFLICT DO NOTHING"""
        ),
    ),
    "item_names": File(
        "item_no language name",
        always(
            """INSERT INTO item_names (item_id, language, name)
               SELECT i.id, language, s.name FROM staged s JOIN items i USING (item_no) WHERE s.name <> ''
               ON CONFLICT DO NOTHING"""
        ),
    ),
    "prices": File(
        "price_list currency item_no min_quantity unit_price valid_from valid_to",
        always(
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
        upsert("warehouses", "code", _WAREHOUSES),
        refuse="SELECT 'row ' || row_no || ': a warehouse''s code is a word without a slash' FROM staged WHERE code = '' OR code ~ '/'",
    ),
    "transit": File(
        "warehouse country days",
        always(
            """INSERT INTO transit (warehouse, country, days) SELECT warehouse, upper(country), days::int FROM staged
               ON CONFLICT (warehouse, country) DO UPDATE SET days = excluded.days"""
        ),
    ),
    "kits": File(
        "kit_no component_no [quantity]",
        always(
            f"""WITH stated AS {_KITS_STATED}, gone AS (DELETE FROM kits k WHERE kit_id IN (SELECT kit_id FROM stated)
                    AND NOT EXISTS (SELECT FROM stated s WHERE (s.kit_id, s.component_id) = (k.kit_id, k.component_id)))
                INSERT INTO kits SELECT * FROM stated ON CONFLICT (kit_id, component_id) DO UPDATE SET quantity = excluded.quantity"""
        ),
        refuse=_KIT_REFUSED,
    ),
    "substitutes": File(
        "item_no substitute_no [ratio] [rank] [needs_consent]",
        always(
            f"""INSERT INTO substitutes (item_id, substitute_id, ratio, rank, needs_consent)
                SELECT i.id, b.id, {number("ratio", default="1")}, {number("rank", "int", "1")}, {yes("needs_consent", True)}
                FROM staged s JOIN items i USING (item_no) JOIN items b ON b.item_no = s.substitute_no
                ON CONFLICT (item_id, substitute_id) DO UPDATE SET (ratio, rank, needs_consent)
                  = (excluded.ratio, excluded.rank, excluded.needs_consent)"""
        ),
    ),
    "stock_rules": File(
        "item_no warehouse safety_stock [service_level] [min_level] [max_level]",
        always(
            f"""INSERT INTO stock_rules (item_id, warehouse, safety_stock, service_level, min_level, max_level)
                SELECT i.id, warehouse, {number("safety_stock", default="0")}, {number("service_level")},
                       {number("min_level")}, {number("max_level")} FROM staged JOIN items i USING (item_no)
                ON CONFLICT (item_id, warehouse) DO UPDATE SET (safety_stock, service_level, min_level, max_level)
                  = (excluded.safety_stock, excluded.service_level, excluded.min_level, excluded.max_level)"""
        ),
    ),
    **SUPPLIER_FILES,
    "stock": File(
        "warehouse item_no on_hand [lot]",
        always(
            """SELECT i.id, warehouse, lot, (round(on_hand::numeric, 3) * 1000)::bigint FROM staged JOIN items i USING (item_no)
               ORDER BY 1, 2, 3"""
        ),  # levels, which the ledger follows by moves
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
    "supplier_no": "suppliers.supplier_no",
    "warehouse": "warehouses.code",
}
"""Where a column's values must be found; an empty one refers to nothing."""
