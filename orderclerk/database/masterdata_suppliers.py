"""The files of whom we buy from, what they sell us and at which prices."""

from orderclerk.database.masterdata_merging import File, always, number, upsert, yes

_SUPPLIERS = {
    "name": "name",
    "email": "lower(email)",
    "contact_name": "contact_name",
    "phone": "phone",
    "language": "coalesce(nullif(language, ''), 'en')",
    "currency": "upper(currency)",
    "our_customer_no": "our_customer_no",
    "gln": "gln",
    "street": "street",
    "city": "city",
    "region": "region",
    "postal_code": "postal_code",
    "country": "upper(country)",
    "payment_terms_days": number("payment_terms_days", "int"),
    "lead_time_days": number("lead_time_days", "int", "0"),
    "lead_time_sd_days": number("lead_time_sd_days", default="0"),
    "transit_days": number("transit_days", "int", "0"),
    "min_order_value": number("min_order_value"),
    "wants_ubl": yes("wants_ubl", False),
    "is_active": yes("is_active", True),
}

SUPPLIER_FILES: dict[str, File] = {
    "suppliers": File(
        "supplier_no name email language currency lead_time_days [contact_name] [phone] [our_customer_no] [gln] [street] [city] "
        "[region] [postal_code] [country] [payment_terms_days] [lead_time_sd_days] [transit_days] [min_order_value] [wants_ubl] [is_active]",
        upsert("suppliers", "supplier_no", _SUPPLIERS),
    ),
    "supplier_items": File(
        "supplier_no item_no [supplier_ref] [moq] [order_multiple] [lead_time_days] [is_preferred]",
        always(
            f"""INSERT INTO supplier_items (supplier_id, item_id, supplier_ref, moq, order_multiple, lead_time_days, is_preferred)
                SELECT p.id, i.id, s.supplier_ref, {number("moq")}, {number("s.order_multiple")}, {number("s.lead_time_days", "int")},
                       {yes("s.is_preferred", False)}
                FROM staged s JOIN suppliers p USING (supplier_no) JOIN items i USING (item_no)
                ON CONFLICT (supplier_id, item_id) DO UPDATE SET (supplier_ref, moq, order_multiple, lead_time_days, is_preferred)
                  = (excluded.supplier_ref, excluded.moq, excluded.order_multiple, excluded.lead_time_days, excluded.is_preferred)"""
        ),
        refuse=f"""SELECT 'row ' || max(row_no) || ': ' || item_no || ' has two preferred suppliers' FROM staged
                   WHERE {yes("is_preferred", False)} GROUP BY item_no HAVING count(DISTINCT supplier_no) > 1 ORDER BY 1 LIMIT 1""",
        first=f"""UPDATE supplier_items si SET is_preferred = false FROM staged s JOIN items i USING (item_no)
                  WHERE si.item_id = i.id AND {yes("s.is_preferred", False)}""",
    ),
    "supplier_prices": File(
        "supplier_no item_no unit_price valid_from [currency] [min_quantity] [valid_to]",
        always(
            f"""MERGE INTO supplier_prices p USING (SELECT u.id AS supplier_id, i.id AS item_id,
                    coalesce(nullif(upper(s.currency), ''), u.currency) AS currency, {number("s.min_quantity", default="1")} AS min_quantity,
                    s.unit_price::numeric AS unit_price, s.valid_from::date AS valid_from, nullif(s.valid_to, '')::date AS valid_to
                  FROM staged s JOIN suppliers u USING (supplier_no) JOIN items i USING (item_no)) n
                ON (p.supplier_id, p.item_id, p.currency, p.min_quantity, p.valid_from)
                 = (n.supplier_id, n.item_id, n.currency, n.min_quantity, n.valid_from)
                WHEN MATCHED THEN UPDATE SET unit_price = n.unit_price, valid_to = n.valid_to
                WHEN NOT MATCHED THEN INSERT (supplier_id, item_id, currency, min_quantity, unit_price, valid_from, valid_to)
                  VALUES (n.supplier_id, n.item_id, n.currency, n.min_quantity, n.unit_price, n.valid_from, n.valid_to)"""
        ),
    ),
}
"""In the sequence in which they are loaded."""
