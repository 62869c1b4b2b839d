"""Numbers and dates: exact, or refused with a reason."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files.figures import parse_date, parse_number, parse_plain


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("12", ".", "12"),
        ("-3.50", ".", "-3.50"),
        (" 1,234.50 ", ".", "1234.50"),
        ("1,234,567", ".", "1234567"),
        ("1.234,50", ",", "1234.50"),
        ("0,5", ",", "0.5"),
        ("1.234", ".,", "1234"),
        ("1,234", ",.", "1234"),
        ("１２．５", ".", "12.5"),
        ("１，２３４．５０", ".", "1234.50"),
        ("−7", ".", "-7"),
        (".5", ".", "0.5"),
        ("12345678901234567890.123", ".", "12345678901234567890.123"),
    ],
)
def test_numbers_are_read_exactly(text, decimal, value):
    assert parse_number(text, decimal) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("1,234", "."),
        ("1.234", ","),
        ("1,5", "."),
        ("12,34.5", "."),
        ("1.234.5", "."),
        ("1,2,3", ","),
        ("", "."),
        ("ten", "."),
        ("1e3", "."),
        ("5²", "."),
        ("½", "."),
        ("١٢", "."),
        ("NaN", "."),
        ("Infinity", "."),
        ("0x10", "."),
        ("1_000", "."),
        ("12 000", "."),
        ("£5", "."),
        ("9" * 41, "."),
        ("1.5", " ,"),
    ],
)
def test_what_has_two_readings_or_none_is_refused(text, decimal):
    with pytest.raises(ValueError, match=r"."):
        parse_number(text, decimal)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12))
def test_a_number_written_either_way_comes_back(value):
    assert parse_number(format(value, "f")) == value
    assert parse_number(format(value, "f").replace(".", ","), ",") == value
    assert parse_number(f"{value:,f}") == value


@given(st.text())
def test_any_text_is_a_number_or_a_value_error(text):
    for decimal in (".", ",", ".,", ""):
        try:
            assert parse_number(text, decimal).is_finite()
        except ValueError:
            continue


def test_edi_numbers_take_either_mark():
    assert parse_plain("1,5", ".,") == parse_plain("1.5", ".,") == Decimal("1.5")


@pytest.mark.parametrize(
    ("text", "formats", "day"),
    [
        ("2026-11-23", (), date(2026, 11, 23)),
        ("2026-11-23 08:26:00", (), date(2026, 11, 23)),
        ("2026-11-23T23:30:00Z", (), date(2026, 11, 23)),
        ("20261123", (), date(2026, 11, 23)),
        ("23.11.2026", ("%d.%m.%Y",), date(2026, 11, 23)),
        ("2026年11月23日", ("%Y年%m月%d日",), date(2026, 11, 23)),
        ("２０２６-１１-２３", (), date(2026, 11, 23)),
        ("11/12/2026", ("%m/%d/%Y",), date(2026, 11, 12)),
    ],
)
def test_days_are_read_in_the_configured_formats_and_iso(text, formats, day):
    assert parse_date(text, formats) == day


@pytest.mark.parametrize("text", ["", "11/12/2026", "2026-02-30", "soon", "2026-W01-1", "26-11-23", "23.11.2026"])
def test_other_days_are_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_date(text)
