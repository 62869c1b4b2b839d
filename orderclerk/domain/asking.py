"""Which holds a customer can end with one short answer, and what they are asked for."""

from collections.abc import Mapping
from typing import Any

ASKED: dict[str, str] = {
    "LIN-001": "quantity",
    "LIN-002": "price",
    "LIN-003": "item",
    "LIN-004": "quantity",
    "LIN-005": "twice",
    "LIN-006": "quantity",
    "LIN-008": "line",
    "ORD-002": "date",
    "ADR-001": "address",
    "ITM-001": "item",
    "ITM-002": "item",
    "ITM-004": "item",
    "ITM-005": "item",
    "PRC-001": "price",
    "PRC-004": "price",
    "ADR-002": "address",
    "DAT-001": "date",
    "DAT-002": "date",
    "QTY-001": "quantity",
    "QTY-002": "quantity",
    "QTY-004": "quantity",
}
"""Rule -> the field that is asked for. A rule that is not here is for people: identity, fraud, credit ..."""

FIELDS = ("quantity", "price", "item", "twice", "line", "date", "address", "change", "wait")
ROUNDS = 2
"""How often the questions that one document leaves open are put to its sender."""
_DOUBTED = {"item": "item", "quantity": "quantity", "unit": "quantity", "price": "price", "line": "line"}


def asked_field(rule: str, evidence: Mapping[str, Any], *, prices: bool) -> str:
    """What to ask for to end a hold of `rule`; "" where the customer cannot end it. `prices`: also about prices."""
    if rule in ("PRC-001", "PRC-004") and not prices:
        return ""
    if rule == "LIN-006" and evidence.get("field") != "quantity":
        return ""
    if rule == "ORD-002" and evidence.get("field") == "order_date":
        return ""
    if rule == "LIN-008":
        return _DOUBTED.get(str(evidence.get("asked", "")), "")
    return ASKED.get(rule, "")
