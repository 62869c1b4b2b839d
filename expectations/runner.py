"""One runner around Great Expectations: a frame and a suite in, plain findings out.

Its import costs seconds and 240 MB, so it happens inside `run_suite`, in the task that needs it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

ROW = "row_id"


class SuiteError(Exception):
    """A rule could not be evaluated (a column is missing, a type is wrong): a fault of ours, never a finding."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation: Great Expectations' class name, its arguments, and the rule that a failing row breaks."""

    rule: str
    expectation: str
    arguments: dict[str, Any]
    severity: str = "critical"


@dataclass(frozen=True, slots=True)
class Finding:
    """`row_ids` are the values of the column `row_id` of the rows that break `rule`, plain ints, ascending."""

    rule: str
    severity: str
    row_ids: tuple[int, ...]


def run_suite(name: str, frame: pd.DataFrame, expected: Sequence[Expected]) -> list[Finding]:
    """Validate `frame` (with an int column `row_id`) and return the rules that are broken, with every failing row.

    An empty frame gives nothing. Raises SuiteError where a rule could not be evaluated.
    """
    if frame.empty:
        return []
    results = _validate(name, frame.reset_index(drop=True), expected)  # it finds rows by their label
    return [_finding(rule, result) for rule, result in zip(expected, results, strict=True) if not result.success]


def _validate(name: str, frame: pd.DataFrame, expected: Sequence[Expected]) -> list[Any]:
    import great_expectations as gx
    import great_expectations.expectations as gxe

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    source = context.data_sources.add_pandas(name)
    batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)
    suite = gx.ExpectationSuite(
        name=name,
        expectations=[
            getattr(gxe, e.expectation)(**e.arguments, severity=e.severity, meta={"rule": e.rule, "place": place})
            for place, e in enumerate(expected)
        ],
    )
    outcome = batch.get_batch({"dataframe": frame}).validate(
        suite, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [ROW]}
    )
    return sorted(outcome.results, key=lambda result: result.expectation_config.meta["place"])


def _finding(rule: Expected, result: Any) -> Finding:
    if result.exception_info.get("raised_exception") or "unexpected_index_list" not in result.result:
        raise SuiteError(f"{rule.rule} ({rule.expectation}) could not be evaluated: {result.exception_info}")
    rows = result.result["unexpected_index_list"] or []
    return Finding(rule.rule, rule.severity, tuple(sorted({int(row[ROW]) for row in rows})))
