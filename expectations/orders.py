"""What the data of orders must satisfy before the desk decides anything; each rule as in docs/rules.md."""

from expectations.runner import Expected, has_rows


def line_rules(max_quantity: int) -> list[Expected]:
    """For lines that order goods; `named` says whether the line names an item at all."""
    same = ["order_id", "item_ref", "barcode", "description", "unit", "quantity_e3", "unit_price_e4"]
    return [
        has_rows(),
        Expected("LIN-001", "ExpectColumnValuesToNotBeNull", {"column": "quantity_e3"}),
        Expected(
            "LIN-004",  # beyond max_quantity a person confirms
            "ExpectColumnValuesToBeBetween",
            {"column": "quantity_e3", "min_value": 1, "max_value": max_quantity * 1000},
        ),
        Expected("LIN-003", "ExpectColumnValuesToBeInSet", {"column": "named", "value_set": [True]}),
        Expected("PRC-003", "ExpectColumnValuesToNotBeInSet", {"column": "unit_price_e4", "value_set": [0]}),
        Expected("LIN-005", "ExpectCompoundColumnsToBeUnique", {"column_list": same}),
    ]


def order_rules() -> list[Expected]:
    """For orders: row_id, line_count, currency."""
    return [
        has_rows(),
        Expected("ORD-001", "ExpectColumnValuesToBeBetween", {"column": "line_count", "min_value": 1}),
        Expected("ORD-004", "ExpectColumnValuesToMatchRegex", {"column": "currency", "regex": "^(?:[A-Z]{3})?$"}),
    ]
