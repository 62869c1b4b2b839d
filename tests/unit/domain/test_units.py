"""What customers count in becomes what the item is sold in, or a question."""

import json
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderclerk.domain.units import in_item_units, prices_per_item_unit, unit_factor, unit_holds


def lines(**changed: object) -> pd.DataFrame:
    given = {
        "order_id": 1, "line_no": 1, "item_id": 7, "item_ref": "MUG-1", "is_charge": False, "unit": "CT", "item_unit": "EA",
        "pack_size_e3": 12_000, "quantity_e3": 5_000, "unit_price_e4": pd.NA, "line_total_e4": pd.NA, "list_price_e4": 25_000,
    } | changed  # fmt: skip
    numbers = dict.fromkeys(("quantity_e3", "unit_price_e4", "line_total_e4", "list_price_e4"), "Int64")
    return pd.DataFrame([given]).astype(numbers)


@pytest.mark.parametrize(
    ("unit", "item_unit", "pack", "factor"),
    [
        ("", "EA", 12, 1), ("PCE", "EA", 12, 1), ("H87", "", 12, 1), ("RO", "EA", 12, 1), ("BX", "BX", 10, 1), ("XBX", "BX", 1, 1),
        ("CT", "EA", 12, 12), ("XCT", "EA", 12, 12), ("PK", "EA", 6, 6), ("DZN", "EA", 1, 12), ("GRO", "C62", 1, 144),
        ("CT", "BX", 10, 10), ("GRM", "KGM", 1, Fraction(1, 1000)), ("TNE", "KGM", 1, 1000), ("CMT", "MTR", 1, Fraction(1, 100)),
        ("CT", "EA", 1, None), ("EA", "BX", 10, None), ("PK", "BX", 10, None), ("PR", "EA", 12, None), ("PF", "EA", 12, None),
        ("KGM", "MTR", 1, None), ("CT", "KGM", 25, None), ("DZN", "PR", 1, None), ("??", "EA", 12, None),
    ],
)  # fmt: skip
def test_a_unit_means_so_many_of_the_items_own_or_nobody_knows(unit, item_unit, pack, factor):
    assert unit_factor(unit, item_unit, Fraction(pack)) == factor


def test_five_cartons_of_twelve_are_sixty_pieces_and_what_was_written_is_kept():
    counted = in_item_units(lines())
    assert (counted["quantity_e3"][0], counted["unit"][0]) == (60_000, "EA")
    assert counted["stated"][0] == {"quantity": "5", "unit": "CT"}
    assert unit_holds(counted).empty


@pytest.mark.parametrize(
    ("price", "total", "listed", "each"),
    [
        (300_000, pd.NA, 25_000, 25_000),  # 30.00 a carton, the list says 2.50 a piece
        (25_000, pd.NA, 25_000, 25_000),  # 2.50 beside cartons is the piece's
        (25_000, 125_000, 25_000, None),  # 5 x 2.50 = 12.50: the carton costs 2.50, a twelfth of which is no price
        (24_000, 120_000, 25_000, 2_000),  # 5 x 2.40 = 12.00: per carton, whatever the list says
        (24_000, 1_440_000, 25_000, 24_000),  # 60 x 2.40
        (300_000, pd.NA, pd.NA, 25_000),  # nothing to compare with: a price stands for the unit beside it
    ],
)
def test_a_price_beside_cartons_is_the_cartons_unless_total_or_list_say_otherwise(price, total, listed, each):
    counted = in_item_units(lines(unit_price_e4=price, line_total_e4=total, list_price_e4=listed))
    priced = prices_per_item_unit(counted)
    assert priced["unit_price_e4"][0] == (price if each is None else each)
    assert priced["stated"][0]["unit_price"] == f"{price / 10_000:g}"


def test_a_unit_that_does_not_follow_is_put_to_the_customer_with_the_figures():
    counted = in_item_units(lines(unit="PF"))
    assert counted["quantity_e3"][0] == 5_000
    [hold] = unit_holds(counted).to_dict("records")
    assert hold["rule"] == "QTY-004"
    assert hold["evidence"] == {"asked": "quantity", "quantity": "5", "unit": "PF", "item's unit": "EA", "pack": "12"}


def test_a_quantity_that_does_not_come_out_even_is_asked_about():
    counted = in_item_units(lines(unit="MGM", item_unit="KGM", quantity_e3=1))
    assert list(unit_holds(counted)["rule"]) == ["QTY-004"]


def test_charges_and_unknown_items_are_left_alone():
    both = pd.concat([lines(is_charge=True), lines(item_id=0)], ignore_index=True)
    counted = in_item_units(both)
    assert list(counted["quantity_e3"]) == [5_000, 5_000]
    assert unit_holds(counted).empty


@given(cartons=st.integers(1, 10_000), pack=st.integers(2, 144), each=st.integers(1, 10**6))
def test_the_value_of_a_line_is_the_same_in_either_unit(cartons, pack, each):
    line = lines(quantity_e3=cartons * 1000, pack_size_e3=pack * 1000, unit_price_e4=each * pack, list_price_e4=pd.NA)
    counted = prices_per_item_unit(in_item_units(line))
    assert int(counted["quantity_e3"][0]) * int(counted["unit_price_e4"][0]) == cartons * 1000 * each * pack


@given(unit=st.sampled_from(("CT", "DZN", "EA", "PF", "KGM", "")), own=st.sampled_from(("EA", "BX", "KGM")))
def test_counting_twice_counts_once(unit, own):
    once = in_item_units(lines(unit=unit, item_unit=own))
    again = in_item_units(once.drop(columns=["factor", "stated", "is_unit_unknown"]))
    assert list(again["quantity_e3"]) == list(once["quantity_e3"])
    assert again["stated"].isna().all()


@pytest.mark.parametrize(
    ("written", "name", "is_unknown"),
    [("boîtes", "boîte de rangement bleue 30 l", True), ("cartons", "nitrile gloves M", False), ("箱", "收纳箱 蓝色", True),
     ("cajas", "caja organizadora gris 10 l", True), ("Kart.", "Bilderrahmen braun", False)],
)  # fmt: skip
def test_a_pack_that_the_item_is_called_by_is_asked_about(written, name, is_unknown):
    evidence = json.dumps([{"field": "unit", "text": written}])
    counted = in_item_units(lines(evidence=evidence), {7: name})
    assert bool(counted["is_unit_unknown"][0]) is is_unknown


@pytest.mark.parametrize(("written", "is_unknown"), [("5 cajas", True), ("scatole", True), ("5 boxes", False)])
def test_a_word_for_boxes_and_cartons_of_boxes_alike_is_asked_about(written, is_unknown):
    evidence = json.dumps([{"field": "quantity", "text": written}])
    counted = in_item_units(lines(evidence=evidence, unit="BX", item_unit="BX"))
    assert bool(counted["is_unit_unknown"][0]) is is_unknown
