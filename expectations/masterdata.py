"""The suites of master data by table, and one call that runs them all."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from expectations import catalogue, customers, price_lists, stock, suppliers
from expectations.runner import ROW, Expected, run_suite
from orderclerk.domain.rules import RULES

SUITES = customers.SUITES | catalogue.SUITES | price_lists.SUITES | stock.SUITES | suppliers.SUITES


@dataclass(frozen=True, slots=True)
class DataFinding:
    """Rows of `table` (their keys) that break `rule`; a rule about the table as a whole has no keys."""

    rule: str
    severity: str
    table: str
    keys: tuple[str, ...]


def check_master_data(frames: Mapping[str, pd.DataFrame]) -> list[DataFinding]:
    """What is wrong with the tables in `frames`, table by table. Raises SuiteError for a missing column."""
    return [
        DataFinding(found.rule, found.severity, table, tuple(keys.loc[list(found.row_ids)]))
        for table, frame in frames.items()
        for keys in [frame.set_index(ROW)["key"]]
        for found in run_suite(table, *prepared(table, frame))
    ]


def prepared(table: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Expected]]:
    """The frame with what its suite derives, and the suite, severities from the rules."""
    derive, suite = SUITES[table]
    rules = [Expected(e.rule, e.expectation, e.arguments, RULES[e.rule].severity) for e in suite]
    return derive(frame), rules
