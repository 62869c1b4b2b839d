"""The runner: every failing row by its id, nothing for nothing, and a fault of ours is never a finding."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from expectations import runner
from expectations.runner import ROW, Expected, Finding, SuiteError, has_rows, run_suite

POSITIVE = Expected("R-1", "ExpectColumnValuesToBeBetween", {"column": "n", "min_value": 1}, "warning")
THERE = Expected("R-2", "ExpectColumnValuesToNotBeNull", {"column": "n"})


def test_importing_the_runner_does_not_import_great_expectations() -> None:
    code = "import sys, expectations.runner, expectations.orders; sys.exit('great_expectations' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_empty_frame_breaks_the_first_rule_of_every_suite_and_no_other() -> None:
    empty = pd.DataFrame({ROW: pd.Series(dtype="int64"), "n": pd.Series(dtype="int64")})
    assert run_suite("empty", empty, [has_rows(), POSITIVE, THERE]) == [Finding("DQ-001", "critical", ())]


def test_an_empty_frame_without_its_columns_is_an_error() -> None:
    with pytest.raises(SuiteError, match="R-1"):
        run_suite("nothing", pd.DataFrame({ROW: pd.Series(dtype="int64")}), [has_rows(), POSITIVE])


def test_the_context_is_made_once_a_process_whatever_the_thread() -> None:
    frame = pd.DataFrame({ROW: [1, 2, 3], "n": [0, 1, 2]})
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda place: run_suite(f"suite-{place % 2}", frame, [POSITIVE]), range(8)))
    assert found == [[Finding("R-1", "warning", (1,))]] * 8
    assert runner._context.cache_info().misses <= 1


def test_a_missing_column_is_an_error_and_no_finding() -> None:
    with pytest.raises(SuiteError, match="R-1"):
        run_suite("missing", pd.DataFrame({ROW: [1], "m": [0]}), [POSITIVE])


def test_a_column_of_the_wrong_type_is_an_error_and_no_finding() -> None:
    with pytest.raises(SuiteError, match="R-1"):
        run_suite("text", pd.DataFrame({ROW: [1], "n": ["many"]}), [POSITIVE])


@pytest.mark.parametrize("index", [None, [7, 7, 7, 7]])
def test_rows_are_named_by_their_id_whatever_the_index(index: list[int] | None) -> None:
    frame = pd.DataFrame({ROW: np.array([44, 11, 33, 22], dtype="int64"), "n": [0, 5, -1, 1]}, index=index)
    found = run_suite("ids", frame, [THERE, POSITIVE])
    assert found == [Finding("R-1", "warning", (33, 44))]
    assert {type(row) for row in found[0].row_ids} == {int}


def test_all_of_a_hundred_thousand_rows_are_named() -> None:
    n = pd.array(np.tile([0, 1], 50_000), dtype="Int64")
    n[:20_000:2] = pd.NA
    found = run_suite("many", pd.DataFrame({ROW: range(100_000), "n": n}), [THERE, POSITIVE])
    assert {finding.rule: len(finding.row_ids) for finding in found} == {"R-1": 40_000, "R-2": 10_000}
    assert [finding.row_ids[0] for finding in found] == [0, 20_000]
