"""Which rules are in force for whom: the rules as written, changed by what the house and its customers have agreed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from orderclerk.domain.rule import SEVERITIES, Rule
from orderclerk.domain.rules import NOT_SETTABLE, RULES


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What is decided otherwise than the rule says; None leaves it as it is. `parameters` by their names."""

    enabled: bool | None = None
    severity: str | None = None
    owner: str | None = None
    due_hours: int | None = None
    parameters: Mapping[str, float] = field(default_factory=dict)

    def over(self, earlier: "RuleChange") -> "RuleChange":
        """This change on top of `earlier`."""
        mine = {name: value for name in _PLAIN if (value := getattr(self, name)) is not None}
        return replace(earlier, **mine, parameters={**earlier.parameters, **self.parameters})


_PLAIN = ("enabled", "severity", "owner", "due_hours")
Changes = Mapping[str, RuleChange]


@dataclass(frozen=True)
class Ruling:
    """A rule as it stands for one customer."""

    enabled: bool
    severity: str
    owner: str
    due_hours: int


@dataclass(frozen=True)
class RuleBook:
    """`house`: rule -> change; `customers`: customer number -> rule -> change, which goes before the house's."""

    house: Changes = field(default_factory=dict)
    customers: Mapping[str, Changes] = field(default_factory=dict)

    def changed(self, rule: str, change: RuleChange, customer_no: str = "") -> "RuleBook":
        """This book with `change` to `rule`, for one customer or for the whole house."""
        if not customer_no:
            return replace(self, house=_with(self.house, rule, change))
        own = _with(self.customers.get(customer_no, {}), rule, change)
        return replace(self, customers={**self.customers, customer_no: own})

    def ruling(self, rule: str, customer_no: str = "") -> Ruling:
        """How `rule` stands for a customer ("" for everybody else). Raises KeyError for an unknown rule."""
        written, change = RULES[rule], self._change(rule, customer_no)
        given = {name: getattr(change, name) for name in _PLAIN}
        severity = given["severity"] or written.severity
        enabled = given["enabled"] is not False
        if rule in NOT_SETTABLE:
            severity, enabled = "critical", True
        due_hours = written.due_hours if given["due_hours"] is None else given["due_hours"]
        return Ruling(enabled, severity, given["owner"] or written.owner, due_hours)

    def parameter(self, rule: str, name: str, customer_nos: "pd.Series[str]") -> "pd.Series[float]":
        """The figure `name` of `rule` for each customer, in the index of `customer_nos`."""
        default = self._figure(rule, name, "")
        own = {no: self._figure(rule, name, no) for no, changes in self.customers.items() if rule in changes}
        if not own:
            return pd.Series(default, index=customer_nos.index, dtype="float64")
        return customer_nos.map(own).astype("float64").fillna(default)

    def figure(self, rule: str, name: str) -> float:
        """The figure `name` of `rule` for customers without one of their own."""
        return self._figure(rule, name, "")

    def widest(self, rule: str, name: str) -> float:
        """The largest figure that any customer has: how far to look."""
        return max(self._figure(rule, name, no) for no in ("", *self.customers))

    def ruled(self, objections: pd.DataFrame) -> pd.DataFrame:
        """`objections` (with customer_no) less those switched off, with severity, owner and due_hours."""
        pairs = objections[["rule", "customer_no"]].drop_duplicates()
        rulings = [self.ruling(row.rule, row.customer_no) for row in pairs.itertuples()]
        columns = ["enabled", "severity", "owner", "due_hours"]
        known = pd.DataFrame([[getattr(r, c) for c in columns] for r in rulings], columns=columns, index=pairs.index)
        merged = objections.drop(columns=columns[1:], errors="ignore").merge(
            pairs.join(known), on=["rule", "customer_no"]
        )
        return merged[merged["enabled"].astype(bool)].drop(columns="enabled")

    def _change(self, rule: str, customer_no: str) -> RuleChange:
        house = self.house.get(rule, RuleChange())
        own = self.customers.get(customer_no, {}).get(rule)
        return own.over(house) if own else house

    def _figure(self, rule: str, name: str, customer_no: str) -> float:
        written = RULES[rule].parameters[name].default
        return float(self._change(rule, customer_no).parameters.get(name, written))


def _with(changes: Changes, rule: str, change: RuleChange) -> Changes:
    return {**changes, rule: change.over(changes.get(rule, RuleChange()))}


def change_from(rule_id: str, given: Mapping[str, Any], complain: Callable[[str], None]) -> RuleChange:
    """The change that a table of orderclerk.toml (or of a trial) writes; what is wrong goes to `complain`."""
    rule = RULES[rule_id]
    figures: dict[str, float] = {}
    plain: dict[str, Any] = {}
    for name, value in given.items():
        wrong = _wrong(rule, name, value)
        if wrong:
            complain(wrong)
        elif name in _PLAIN:
            plain[name] = value
        else:
            figures[name] = float(value)
    return RuleChange(**plain, parameters=figures)


def known_settings(rule: Rule) -> tuple[str, ...]:
    """The names that may stand under a rule."""
    return (*_PLAIN, *rule.parameters)


def _wrong(rule: Rule, name: str, value: Any) -> str:
    if name in rule.parameters:
        return _wrong_figure(rule, name, value)
    if name == "enabled":
        if not isinstance(value, bool):
            return f"enabled = {value!r}: write true or false"
        return "" if value or rule.id not in NOT_SETTABLE else f"{rule.id} cannot be switched off: {rule.next_step}"
    if name == "severity":
        if value not in SEVERITIES:
            return f"severity = {value!r}: write one of {', '.join(SEVERITIES)}"
        held = value == "critical" or rule.id not in NOT_SETTABLE
        return "" if held else f"{rule.id} cannot be a warning: {rule.next_step}"
    if name == "owner":
        return (
            "" if isinstance(value, str) and value.strip() else f'owner = {value!r}: write a role, for example "sales"'
        )
    if name == "due_hours":
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= 1
        return "" if whole else f"due_hours = {value!r}: write whole hours, 1 or more"
    return f"{name} is no setting of {rule.id}"


def _wrong_figure(rule: Rule, name: str, value: Any) -> str:
    parameter = rule.parameters[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{name} = {value!r}: write a number ({parameter.meaning})"
    if not parameter.least <= value <= parameter.most:
        return (
            f"{name} = {value!r}: write a number from {parameter.least:g} to {parameter.most:g} ({parameter.meaning})"
        )
    return ""
