"""The suites of master data: each rule names exactly its rows, and a sound house breaks none."""

from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from expectations.masterdata import SUITES, DataFinding, check_master_data
from expectations.runner import SuiteError
from orderclerk.database.masterdata_frames import master_data
from orderclerk.domain.rules import RULES
from orderclerk.domain.rules_quality import QUALITY_RULES
from tests.deskwork import furnish

DAY = date(2026, 11, 23)
SOUND: dict[str, dict[str, Any]] = {
    "customers": {"name": "Acme", "language": "en", "payment_methods": "invoice|cod", "has_prices": True, "has_mail": True},
    "customer keys": {"kind": "domain", "value": "acme.example", "customers": 1},
    "contacts": {"email": "anna@acme.example", "phone": "+44 117 496 0100", "country": "GB"},
    "addresses": {"street": "7 Mill Lane", "city": "Leeds", "postal_code": "LS1 4XX", "country": "GB"},
    "items": {"name": "Bolt", "unit": "EA", "barcode": "4006381333931", "weight_g": 12, "is_goods": True, "has_price": True,
              "has_stock": True, "is_active": True, "spoils": True, "is_lot_kept": True},
    "item keys": {"items": 1, "is_our_other": False},
    "prices": {"currency": "GBP", "unit_price": 2.5, "tier_before": None, "usual": 2.4},
    "stock levels": {"on_hand": 12.0, "unit": "EA", "is_sold": True},
    "warehouses": {"city": "Leeds", "country": "GB", "timezone": "Europe/London"},
    "kits": {"has_stock": False, "is_sold": True, "component_is_sold": True},
    "substitutes": {"is_sold": True, "has_its_unit": True},
    "stock rules": {"safety_stock": 5.0, "max_level": None},
    "suppliers": {"email": "sales@bolts.example", "lead_time_days": 7, "transit_days": 2},
    "supplier items": {"has_price": True, "moq": 100.0, "order_multiple": 25.0},
}  # fmt: skip
FAULTS = [
    ("customers", "DQ-010", {"name": "  "}),
    ("customers", "DQ-011", {"language": "de"}),
    ("customers", "DQ-012", {"has_prices": False}),
    ("customers", "DQ-013", {"has_mail": False}),
    ("customers", "DQ-014", {"payment_methods": "invoice;cod"}),
    ("customer keys", "DQ-015", {"customers": 2}),
    ("customer keys", "DQ-016", {"value": "qq.com"}),
    ("customer keys", "DQ-017", {"value": "@acme.example"}),
    ("customer keys", "DQ-017", {"kind": "gln", "value": "4012345000001"}),
    ("customer keys", "DQ-017", {"kind": "email", "value": "acme.example"}),
    ("contacts", "DQ-018", {"email": "anna@acme"}),
    ("contacts", "DQ-018", {"email": "anna@acme.example, bob@acme.example"}),
    ("contacts", "DQ-019", {"phone": "12"}),
    ("addresses", "DQ-020", {"city": ""}),
    ("addresses", "DQ-021", {"postal_code": "12345"}),
    ("items", "DQ-030", {"name": ""}),
    ("items", "DQ-031", {"barcode": "4006381333932"}),
    ("items", "DQ-032", {"weight_g": None}),
    ("items", "DQ-033", {"unit": "pieces"}),
    ("items", "DQ-036", {"has_price": False}),
    ("items", "DQ-062", {"has_stock": False}),
    ("items", "DQ-037", {"is_lot_kept": False}),
    ("item keys", "DQ-034", {"items": 2}),
    ("item keys", "DQ-035", {"is_our_other": True}),
    ("prices", "DQ-050", {"unit_price": 0.0}),
    ("prices", "DQ-051", {"tier_before": 2.4}),
    ("prices", "DQ-052", {"unit_price": 25.0}),
    ("prices", "DQ-053", {"currency": "GPB"}),
    ("stock levels", "DQ-060", {"is_sold": False}),
    ("stock levels", "DQ-061", {"on_hand": 1.5}),
    ("warehouses", "DQ-070", {"city": ""}),
    ("warehouses", "DQ-071", {"timezone": "Leeds"}),
    ("kits", "DQ-072", {"has_stock": True}),
    ("kits", "DQ-073", {"component_is_sold": False}),
    ("substitutes", "DQ-074", {"is_sold": False}),
    ("substitutes", "DQ-074", {"has_its_unit": False}),
    ("stock rules", "DQ-075", {"max_level": 4.0}),
    ("suppliers", "DQ-080", {"email": "nobody"}),
    ("suppliers", "DQ-081", {"email": "bolts@gmail.com"}),
    ("suppliers", "DQ-082", {"transit_days": 8}),
    ("supplier items", "DQ-083", {"has_price": False}),
    ("supplier items", "DQ-084", {"order_multiple": 30.0}),
]


def frame(table: str, *changes: dict[str, Any]) -> pd.DataFrame:
    made = pd.DataFrame([SOUND[table] | change for change in changes])
    if "weight_g" in made:
        made["weight_g"] = made["weight_g"].astype("Int64")
    return made.assign(row_id=range(len(made)), key=[f"row {place}" for place in range(len(made))])


@pytest.mark.parametrize("table", SOUND)
def test_each_rule_names_exactly_its_rows(table: str) -> None:
    faults = [(rule, change) for where, rule, change in FAULTS if where == table]
    found = check_master_data({table: frame(table, {}, *(change for _, change in faults), {})})
    broken = [(one.rule, key) for one in found for key in one.keys]
    assert sorted(broken) == sorted((rule, f"row {place}") for place, (rule, _) in enumerate(faults, start=1))
    assert all(one.severity == RULES[one.rule].severity for one in found)


def test_every_rule_of_the_suites_has_a_fault_above_and_every_suite_begins_with_the_row_count() -> None:
    checked = {one.rule for _, suite in SUITES.values() for one in suite} - {"DQ-001"}
    assert checked == {rule for _, rule, _ in FAULTS}
    assert {suite[0].rule for _, suite in SUITES.values()} == {"DQ-001"}
    assert set(SUITES) == set(SOUND)
    assert checked <= {rule.id for rule in QUALITY_RULES}


def test_an_absent_table_is_a_finding_and_an_absent_column_an_error() -> None:
    nothing = frame("stock levels", {}).iloc[:0]
    assert check_master_data({"stock levels": nothing}) == [DataFinding("DQ-001", "critical", "stock levels", ())]
    with pytest.raises(SuiteError, match="DQ-011"):
        check_master_data({"customers": frame("customers", {}).drop(columns="language")})


def test_the_book_s_own_rows_are_judged(engine: Engine) -> None:
    furnish(engine)
    with engine.begin() as conn:
        for statement in (
            "INSERT INTO customer_keys (kind, value, customer_id) VALUES ('domain', 'gmail.com', 1), ('email', 'a@x.example', 1), ('email', 'a@x.example', 2)",
            "UPDATE prices SET currency = 'USD' WHERE item_id = 1",
            "INSERT INTO prices (price_list, currency, item_id, min_quantity, unit_price, valid_from) SELECT 'std', 'GBP', id, 10, 2.75, '2020-01-01' FROM items WHERE item_no = 'IT-2'",
            "UPDATE items SET weight_g = 5, is_active = item_no <> 'IT-5'",
            "DELETE FROM stock_levels WHERE item_id = (SELECT id FROM items WHERE item_no = 'IT-3')",
            "UPDATE addresses SET postal_code = 'LS1 4XX'",
        ):
            conn.execute(sql(statement))
        found = check_master_data(master_data(conn, DAY))
    keys = {one.rule: one.keys for one in found}
    assert keys == {
        "DQ-015": ("C1 email", "C2 email"), "DQ-016": ("C1 domain",), "DQ-051": ("std GBP IT-2 from 10",),
        "DQ-060": ("W1 IT-5",), "DQ-062": ("IT-3",), "DQ-070": ("W1",),
    }  # fmt: skip
