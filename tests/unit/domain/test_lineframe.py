"""Exact figures through the line frame: what goes in comes out, and what does not fit says so."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.domain.intake import Known, incoming_orders
from orderclerk.domain.lineframe import COLUMNS, DTYPES, decimal_texts, line_frame, scaled, unscaled
from orderclerk.domain.reading import LineRead, OrderRead, Problem

E3 = st.integers(-(10**14), 10**14)


@settings(deadline=None, max_examples=50)
@given(E3)
def test_a_figure_survives_the_scale(number: int) -> None:
    assert scaled(unscaled(number, 3), 3) == number


@settings(deadline=None, max_examples=50)
@given(st.lists(st.none() | E3, max_size=8))
def test_decimal_texts_are_the_same_figures_and_absent_stays_absent(numbers: list[int | None]) -> None:
    texts = decimal_texts(pd.Series(numbers, dtype="Int64"), 3)
    back = [None if pd.isna(text) else scaled(Decimal(text), 3) for text in texts]
    assert back == numbers


@pytest.mark.parametrize(("number", "text"), [(5, "0.005"), (-5, "-0.005"), (12500, "12.500"), (0, "0.000")])
def test_decimal_texts_write_leading_noughts(number: int, text: str) -> None:
    assert list(decimal_texts(pd.Series([number], dtype="Int64"), 3)) == [text]


@pytest.mark.parametrize(
    "text", ["1.0001", "1E+30", "-1E+13", "NaN", "sNaN", "Infinity", "1." + "0" * 35 + "1", "1E-999999"]
)
def test_a_figure_that_does_not_fit_is_absent_with_a_problem(text: str) -> None:
    frame = line_frame([OrderRead("files:p", "1", lines=(LineRead("1", "IT-1", Decimal(text)),))])
    assert frame["quantity_e3"].isna().all()
    assert [(p.rule, p.field, p.value) for p in frame["problems"][0]] == [("LIN-006", "quantity", str(Decimal(text)))]


def test_noughts_behind_the_point_are_no_decimals() -> None:
    assert scaled(Decimal("1.5" + "0" * 40), 3) == 1500


def test_every_frame_has_the_same_types() -> None:
    full = line_frame([OrderRead("files:p", "1", lines=(LineRead("1", "IT-1", Decimal(1)),))])
    for frame in (full, line_frame(()), pd.concat([line_frame(()), full])):
        assert list(frame.columns) == list(COLUMNS)
        assert all(frame[name].dtype == dtype for name, dtype in DTYPES.items())


def _incoming(*lines: LineRead) -> pd.DataFrame:
    nothing = {"value": pd.Series(dtype="str"), "item_id": pd.Series(dtype="int64")}
    known = Known(
        pd.DataFrame({"kind": pd.Series(dtype="str"), "value": nothing["value"], "customer_id": nothing["item_id"]}),
        pd.DataFrame({**nothing, "customer_id": nothing["item_id"]}),
        pd.DataFrame({"item_id": nothing["item_id"], "item_no": nothing["value"], "barcode": nothing["value"]}),
    )
    frame = line_frame([OrderRead("files:p", "1", lines=lines)]).assign(envelope_id=1, channel="files")
    incoming = incoming_orders(frame, known)
    assert len(incoming.headers) == 1
    return incoming.lines


def test_an_order_without_lines_is_an_order_without_lines() -> None:
    assert _incoming().empty


@pytest.mark.parametrize(
    "line",
    [
        LineRead("", "", None, description="blue widgets"),
        LineRead("", "", None, unit_price=Decimal(1)),
        LineRead("", "", None, problems=(Problem("LIN-001", "quantity", "some", "no figure"),)),
    ],
)
def test_a_line_that_names_neither_item_nor_quantity_is_still_a_line(line: LineRead) -> None:
    assert len(_incoming(LineRead("1", "IT-1", Decimal(1)), line)) == 2
