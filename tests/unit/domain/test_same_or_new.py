"""When two documents are the same, look the same, or are versions of one another."""

from datetime import date
from itertools import product

import pandas as pd
import pytest

from orderclerk.domain.identity import content_hashes, fingerprints
from orderclerk.domain.lineframe import HEADER_TEXT
from orderclerk.domain.versions import Outcome, Version, judge_version

HEADER = {**dict.fromkeys(HEADER_TEXT, ""), "source": "s", "order_ref": "1", "order_date": date(2026, 1, 2),
          "requested_date": None, "total_e4": pd.NA, "version_at": 1, "customer_id": 7}  # fmt: skip
LINE = {"line_ref": "1", "item_ref": "IT-1", "barcode": "", "description": "", "unit": "EA", "row": "2", "order": 0,
        "quantity_e3": 5000, "unit_price_e4": pd.NA, "is_charge": False, "item_id": 3}  # fmt: skip
OTHER = {**LINE, "line_ref": "2", "item_ref": "IT-2", "item_id": 4, "row": "3"}
FREIGHT = {**LINE, "line_ref": "3", "item_ref": "", "item_id": 0, "is_charge": True}


def _frames(lines: list[dict[str, object]], header: dict[str, object]) -> tuple[pd.DataFrame, pd.DataFrame]:
    figures = {"quantity_e3": "Int64", "unit_price_e4": "Int64"}
    return pd.DataFrame([{**HEADER, **header}]).astype({"total_e4": "Int64"}), pd.DataFrame(
        lines, columns=list(LINE)
    ).astype({**figures, "is_charge": "bool"})


def content(*lines: dict[str, object], **header: object) -> str:
    return str(content_hashes(*_frames(list(lines), header)).iloc[0])


def print_(*lines: dict[str, object], **header: object) -> str:
    return str(fingerprints(*_frames(list(lines), header)).iloc[0])


def test_where_it_stood_and_when_it_came_is_not_content() -> None:
    assert content(LINE) == content({**LINE, "row": "99"}) == content(LINE, version_at=2)


@pytest.mark.parametrize(
    "change", [{"quantity_e3": 5001}, {"quantity_e3": pd.NA}, {"unit_price_e4": 0}, {"unit": "BX"}]
)
def test_every_figure_is_content(change: dict[str, object]) -> None:
    assert content(LINE) != content({**LINE, **change})


@pytest.mark.parametrize(
    "change", [{"order_ref": "2"}, {"remarks": "soon"}, {"total_e4": 1}, {"requested_date": date(2026, 1, 2)}]
)
def test_every_word_of_the_header_is_content(change: dict[str, object]) -> None:
    assert content(LINE) != content(LINE, **change)


def test_an_order_without_lines_has_a_content() -> None:
    assert len(content()) == 64


def test_a_fingerprint_sees_goods_and_quantities_in_any_sequence_and_no_charges() -> None:
    assert print_(LINE, OTHER) == print_(OTHER, LINE) == print_(LINE, FREIGHT, OTHER) != ""
    assert print_(LINE, OTHER) != print_({**LINE, "quantity_e3": 6000}, OTHER)
    assert print_(LINE) != print_(LINE, customer_id=8)


@pytest.mark.parametrize(
    ("lines", "header"),
    [([FREIGHT], {}), ([], {}), ([LINE], {"customer_id": 0}), ([LINE, {**LINE, "item_id": 0}], {}),
     ([{**LINE, "quantity_e3": pd.NA}], {})],
)  # fmt: skip
def test_what_is_not_known_has_no_fingerprint(lines: list[dict[str, object]], header: dict[str, object]) -> None:
    assert print_(*lines, **header) == ""


STATES = ("received", "offered", "confirmed", "declined", "expired", "cancelled")
EVERY = [
    Version(*flags, state)
    for *flags, state in product(*[(False, True)] * 8, STATES)
    if not (flags[2] and flags[3])  # older and newer at once
]


def test_no_version_does_what_it_must_not() -> None:
    for version in EVERY:
        outcome = judge_version(version)
        known = version.is_known and not (version.is_newer and version.is_binding)
        assert (outcome is Outcome.REPEAT) == (version.is_current or known), version
        if outcome is Outcome.REPEAT:
            continue
        assert not version.is_older or outcome is Outcome.STALE, version
        if outcome is Outcome.AMENDED:
            open_states = {"received", "offered", "confirmed"} if version.is_binding else {"received", "offered"}
            assert version.state in open_states, version
            assert not any((version.is_partial, version.has_returns, version.is_cancellation)), version
        assert (outcome is not Outcome.CANCELLED) or version.is_cancellation, version
        assert not version.is_cancellation or outcome in (Outcome.CANCELLED, Outcome.STALE), version
