"""One runner around Great Expectations: a frame and a suite in, plain findings out.

Its import costs seconds and 240 MB, so it happens inside `run_suite`, in the task that needs it. Its context is made
once a process: making one costs as much as checking a thousand rows.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

ROW = "row_id"
_ONE_AT_A_TIME = threading.Lock()  # flows of one process share the context, which does not expect threads


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
    """`row_ids` are the values of the column `row_id` of the rows that break `rule`, plain ints, ascending.

    A rule about the frame as a whole (how many rows it has) names none.
    """

    rule: str
    severity: str
    row_ids: tuple[int, ...]


def has_rows(at_least: int = 1) -> Expected:
    """The rule every suite starts with: an empty frame passes everything else."""
    return Expected("DQ-001", "ExpectTableRowCountToBeBetween", {"min_value": at_least})


def is_(value: bool, rule: str, column: str) -> Expected:
    """The rule that a column of truth values is `value` throughout."""
    return Expected(rule, "ExpectColumnValuesToBeInSet", {"column": column, "value_set": [value]})


def matches(rule: str, column: str, pattern: str) -> Expected:
    """The rule that a text column matches `pattern` from beginning to end."""
    return Expected(rule, "ExpectColumnValuesToMatchRegex", {"column": column, "regex": rf"\A(?:{pattern})\Z"})


def run_suite(name: str, frame: pd.DataFrame, expected: Sequence[Expected]) -> list[Finding]:
    """Validate `frame` (with an int column `row_id`) and return the rules that are broken, with every failing row.

    Raises SuiteError where a rule could not be evaluated, also on an empty frame.
    """
    results = validate(name, frame, expected).results
    in_order = sorted(results, key=lambda result: result.expectation_config.meta["place"])
    checked = [(rule, _evaluated(rule, result)) for rule, result in zip(expected, in_order, strict=True)]
    return [_finding(rule, result) for rule, result in checked if not result.success]


def validate(name: str, frame: pd.DataFrame, expected: Sequence[Expected]) -> Any:
    """Great Expectations' own result, with the row ids of everything that failed."""
    frame = frame.reset_index(drop=True)  # it finds rows by their label
    complete = {"result_format": "COMPLETE", "unexpected_index_column_names": [ROW]}
    with _ONE_AT_A_TIME:
        batch = _place(name).get_batch({"dataframe": frame})
        return batch.validate(suite_of(name, expected), result_format=complete)


def suite_of(name: str, expected: Sequence[Expected]) -> Any:
    """`expected` as a suite of Great Expectations."""
    import great_expectations as gx
    import great_expectations.expectations as gxe

    return gx.ExpectationSuite(
        name=name,
        expectations=[
            getattr(gxe, e.expectation)(**e.arguments, severity=e.severity, meta={"rule": e.rule, "place": place})
            for place, e in enumerate(expected)
        ],
    )


def fresh_context() -> Any:
    """A context that lives in memory, shows no progress bars and calls nobody."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context


@cache
def _context() -> Any:
    return fresh_context()


@cache
def _place(name: str) -> Any:
    """Where frames of suite `name` are handed over, made once a process."""
    return _context().data_sources.add_pandas(name).add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)


def _evaluated(rule: Expected, result: Any) -> Any:
    """`result`, where there is one: an exception stands inside a failed result, or beneath each metric's name."""
    trouble = result.exception_info or {}
    raised = [trouble, *(inner for inner in trouble.values() if isinstance(inner, dict))]
    words = [str(inner.get("exception_message", "")) for inner in raised if inner.get("raised_exception")]
    if words:
        raise SuiteError(f"{rule.rule} ({rule.expectation}) could not be evaluated: {words[0]}")
    return result


def _finding(rule: Expected, result: Any) -> Finding:
    if "unexpected_index_list" not in result.result and rule.expectation.startswith("ExpectColumn"):
        raise SuiteError(f"{rule.rule} ({rule.expectation}) names no rows: {result.result}")
    rows = result.result.get("unexpected_index_list") or []
    return Finding(rule.rule, rule.severity, tuple(sorted({int(row[ROW]) for row in rows})))
