"""A rule tried on the orders of the last months before it is switched on: which it would have held, which spared.

Each order is checked again with the rule as it is and as it would be, in a read-only transaction: prices and lists are
those of its day, and its day is the "today" of the check. What people released since counts as held.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pandas as pd

from orderclerk.database import checking, comparing
from orderclerk.database.engine import Connection, Engine
from orderclerk.database.trial import orders_between, reading_only
from orderclerk.domain.policy import Policy
from orderclerk.domain.rulebook import RuleChange
from orderclerk.domain.rules import ONLY_BY_HAND, RULES
from orderclerk.domain.terms import credit_holds
from orderclerk.settings_rules import change_or_error
from tasks.acceptance import duplicates, with_credit
from tasks.completing import Known, complete
from tasks.objections import objections, ruled

PORTION = 1000
EXAMPLES = 20
_DUPLICATES = ("DUP-001", "DUP-002")
_NEVER = ("ENV-", "ROW-", "OUT-", "DQ-", "ASK-")


class TrialError(Exception):
    """This rule cannot be tried; the message says why."""


@dataclass
class Trial:
    """`held` and `spared`: orders that the changed rule holds, and holds no more, by customer and channel.

    `before` and `after` count the orders it holds as it is and as it would be; examples have order_no, order_ref,
    customer_no, channel, day, reason.
    """

    rule: str
    orders: int = 0
    before: int = 0
    after: int = 0
    held: Counter[tuple[str, str]] = field(default_factory=Counter)
    spared: Counter[tuple[str, str]] = field(default_factory=Counter)
    held_examples: list[dict[str, str]] = field(default_factory=list)
    spared_examples: list[dict[str, str]] = field(default_factory=list)


def try_rule(
    engine: Engine, policy: Policy, rule: str, change: RuleChange, as_of: datetime, days: int, customer_no: str = ""
) -> Trial:
    """Try `change` to `rule`, for all or one customer, on the orders of `days` before `as_of`. Raises TrialError."""
    if rule not in RULES:
        raise TrialError(f"{rule} is no rule; docs/rules.md lists them")
    if rule in ONLY_BY_HAND or rule.startswith(_NEVER) or rule in ("STK-001", "RET-001"):
        raise TrialError(f"{rule} is not about what an order says: past orders cannot be checked for it again")
    trial = Trial(rule)
    changed = replace(policy, rules=policy.book.changed(rule, change, customer_no))
    with reading_only(engine) as conn:
        for ids in orders_between(conn, as_of - timedelta(days=days), as_of, PORTION):
            known = complete(conn, checking.read_orders(conn, ids))
            known = replace(known, waived=known.waived.iloc[:0])
            _compare(trial, known, *(_held(conn, known, p, rule) for p in (policy, changed)))
    return trial


def _held(conn: Connection, known: Known, policy: Policy, rule: str) -> pd.DataFrame:
    """The objections of `rule` that hold, one an order."""
    if rule in _DUPLICATES:
        found = ruled(duplicates(conn, known.orders, policy, earlier_only=True), known, policy)
    elif rule == "CRD-001":
        customers = [int(i) for i in known.orders["customer_id"].unique()]
        owed = comparing.open_credit(conn, customers, before_id=int(known.orders["order_id"].min()))
        found = ruled(credit_holds(with_credit(known.orders, known.lines, owed)), known, policy)
    else:
        found = objections(known, policy)
    return found[(found["rule"] == rule) & (found["severity"] == "critical")].drop_duplicates("order_id")


def _compare(trial: Trial, known: Known, now: pd.DataFrame, then: pd.DataFrame) -> None:
    trial.orders += len(known.orders)
    trial.before += len(now)
    trial.after += len(then)
    orders = known.orders.set_index("order_id")
    for counts, examples, found, other in (
        (trial.held, trial.held_examples, then, now), (trial.spared, trial.spared_examples, now, then),
    ):  # fmt: skip
        different = found[~found["order_id"].isin(other["order_id"])]
        own = orders.loc[different["order_id"]]
        counts.update(zip(own["customer_no"], own["channel"], strict=True))
        for reason, (order_id, row) in zip(
            different["reason"], own.head(EXAMPLES - len(examples)).iterrows(), strict=False
        ):
            examples.append(_example(int(str(order_id)), row, reason))


def _example(order_id: int, row: Mapping[str, object], reason: str) -> dict[str, str]:
    shown = {name: str(row[name]) for name in ("order_ref", "customer_no", "channel", "day")}
    return {"order": f"SO{100000 + order_id}", **shown, "reason": reason}


def change_of(rule: str, given: Sequence[str]) -> RuleChange:
    """The change that texts like tolerance_percent=2 or enabled=true write. Raises TrialError."""
    values = dict(text.partition("=")[::2] for text in given)
    try:
        return change_or_error(rule, {name.strip(): _typed(value.strip()) for name, value in values.items()})
    except ValueError as error:
        raise TrialError(str(error)) from None


def summary(trial: Trial, days: int) -> str:
    """One sentence that says what the trial found."""
    held, spared = sum(trial.held.values()), sum(trial.spared.values())
    return (
        f"{trial.rule} on the {trial.orders:,} orders of the last {days} days: holds {trial.before:,} as it is, "
        f"{trial.after:,} as it would be; {held:,} more would have been held, {spared:,} spared. Nothing was changed."
    )


def _typed(text: str) -> bool | int | float | str:
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
