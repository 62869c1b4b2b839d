"""A document's amounts against each other: what is consistent is never held, a cent beyond rounding always is."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.domain.lineframe import scaled
from orderclerk.domain.totals import amount_holds, line_total_holds

CENT = Decimal("0.01")
AMOUNTS = ("total", "tax", "freight", "discount")


def e4(value: Decimal | str | None) -> object:
    return pd.NA if value is None else scaled(Decimal(value), 4)


def book(
    lines: list[tuple[str, str, str | None]], charges: tuple[str, ...] = (), currency: str = "GBP", **stated: object
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames of one order: lines (quantity, price, line total), charge lines, and its stated amounts."""
    rows = [(1, n, scaled(Decimal(q), 3), e4(p), e4(t), False) for n, (q, p, t) in enumerate(lines, 1)]
    rows += [(1, n, 1000, e4(amount), pd.NA, True) for n, amount in enumerate(charges, len(lines) + 1)]
    columns = ["order_id", "line_no", "quantity_e3", "unit_price_e4", "line_total_e4", "is_charge"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:5], "Int64")).assign(currency=currency)
    country = {name: stated.pop(name, "GB") for name in ("country", "home_country")}
    head = {f"{name}_e4": [e4(stated.get(name))] for name in AMOUNTS}  # type: ignore[arg-type]
    order = pd.DataFrame({"order_id": [1], "currency": currency, **head, **country})
    return order.astype({f"{name}_e4": "Int64" for name in AMOUNTS}), frame


def rules(*given: object, **stated: object) -> list[str]:
    orders, lines = book(*given, **stated)  # type: ignore[arg-type]
    return [*line_total_holds(lines)["rule"], *amount_holds(orders, lines)["rule"]]


TWO = [("2", "10.00", None), ("3", "5.50", "16.50")]  # 36.50


@pytest.mark.parametrize(
    ("given", "stated", "found"),
    [
        ((TWO,), {}, []),
        ((TWO,), {"total": "36.50"}, []),
        ((TWO,), {"total": "36.51"}, ["ORD-003"]),
        ((TWO,), {"total": "43.80"}, []),  # with 20 % that nobody mentions
        ((TWO,), {"total": "43.80", "tax": "7.30"}, []),
        ((TWO,), {"total": "36.50", "tax": "7.30"}, []),  # the total without tax
        ((TWO,), {"total": "43.81", "tax": "7.30"}, ["ORD-003"]),
        ((TWO,), {"tax": "7.90"}, ["ORD-010"]),
        ((TWO,), {"tax": "-7.30"}, ["ORD-010"]),
        ((TWO,), {"tax": "4.83"}, []),  # 20 % of the first, 5 % of the second
        ((TWO,), {"tax": "7.90", "country": "US", "home_country": "US"}, []),  # sales tax of nobody knows where
        ((TWO,), {"total": "41.50", "freight": "5.00"}, []),
        ((TWO,), {"total": "36.50", "freight": "5.00"}, ["ORD-012"]),
        ((TWO,), {"total": "31.50", "discount": "5.00"}, []),
        ((TWO,), {"total": "36.50", "discount": "5.00"}, ["ORD-011"]),
        ((TWO,), {"discount": "50.00"}, ["ORD-011"]),
        ((TWO,), {"freight": "-1.00"}, ["ORD-012"]),
        ((TWO, ("5.00",)), {"total": "41.50", "freight": "5.00"}, []),  # the freight is among the lines already
        ((TWO, ("5.00", "-2.00")), {"total": "39.50"}, []),
        ((TWO, ("7.30",)), {"total": "43.80", "tax": "7.30"}, []),
        (([("3", "0.333", "1.00")],), {}, []),
        (([("3", "0.33", "1.00")],), {}, ["ORD-009"]),
        (([("3", "0.33", "0.99")],), {}, []),
        (([("3", "33", "99")], (), "JPY"), {"total": "99", "country": "JP", "home_country": "JP"}, []),
        (([("1.5", "33", "50")], (), "JPY"), {}, []),  # 49.5 yen
        (([("2", None, None)],), {"total": "99.00"}, []),  # a price that nobody knows
    ],
)
def test_only_what_contradicts_is_held(given: tuple[object, ...], stated: dict[str, object], found: list[str]) -> None:
    assert rules(*given, **stated) == found


def test_the_reason_names_the_figures() -> None:
    orders, lines = book(TWO, total="40.00", tax="7.30")
    hold = amount_holds(orders, lines).iloc[0]
    assert "40.00" in hold["reason"]
    assert "36.50" in hold["reason"]
    assert hold["evidence"] == {"goods": "36.50", "tax": "7.30", "total": "40.00"}


prices = st.decimals("0.01", "900", places=2)
documents = st.fixed_dictionaries(
    {
        "lines": st.lists(st.tuples(st.integers(1, 500), prices), min_size=1, max_size=8),
        "freight": st.none() | st.decimals("0.5", "80", places=2),
        "share": st.none() | st.sampled_from(["0.02", "0.05", "0.1"]),
        "rate": st.none() | st.sampled_from(["0.2", "0.05", "0"]),
        "with_line_totals": st.booleans(),
    }
)


def consistent(made: dict[str, object]) -> tuple[list[tuple[str, str, str | None]], dict[str, Decimal]]:
    """The lines and stated amounts of a document that adds up, rounded to cents as people do."""
    lines = [(str(q), str(p), str(q * p) if made["with_line_totals"] else None) for q, p in made["lines"]]  # type: ignore[attr-defined]
    goods = sum((q * p for q, p in made["lines"]), Decimal(0))  # type: ignore[attr-defined]
    stated = {"freight": made["freight"]} if made["freight"] else {}
    if made["share"]:
        stated["discount"] = (goods * Decimal(str(made["share"]))).quantize(CENT, ROUND_HALF_UP)
    net = goods + Decimal(str(stated.get("freight", 0))) - Decimal(str(stated.get("discount", 0)))
    if made["rate"]:
        stated["tax"] = (net * Decimal(str(made["rate"]))).quantize(CENT, ROUND_HALF_UP)
    return lines, {**stated, "total": net + Decimal(str(stated.get("tax", 0)))}  # type: ignore[dict-item]


@given(documents)
@settings(max_examples=60, deadline=None)
def test_a_document_that_adds_up_is_never_held(made: dict[str, object]) -> None:
    lines, stated = consistent(made)
    assert rules(lines, **stated) == []


@given(documents, st.sampled_from(["total", "line"]), st.sampled_from([CENT, -CENT, Decimal("7.77")]))
@settings(max_examples=60, deadline=None)
def test_a_cent_too_much_or_too_little_is_always_held(made: dict[str, object], where: str, off: Decimal) -> None:
    lines, stated = consistent({**made, "with_line_totals": True, "rate": made["rate"] or "0"})
    if where == "line":
        quantity, price, line_total = lines[0]
        lines[0] = (quantity, price, str(Decimal(str(line_total)) + off))
    else:
        stated["total"] += off
    stated.setdefault("tax", Decimal(0))
    without_tax = stated["total"] + (off if where == "line" else 0) == stated["total"] - stated["tax"]
    assert rules(lines, **stated) != [] or without_tax
