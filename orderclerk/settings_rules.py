"""The tables [rules.*], [customers.*.rules.*], [exports] and [stock] of orderclerk.toml, for the domain."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from orderclerk.domain.lineframe import PRICE_SCALE
from orderclerk.domain.rulebook import RuleBook, RuleChange, change_from, known_settings
from orderclerk.domain.rules import RULES
from orderclerk.domain.stock_policy import Rate, StockPolicy
from orderclerk.domain.terms import ExportRules
from orderclerk.settings_sections import CustomerSettings, ExportSettings, StockSettings

_OUTSIDE = ("ENV-", "ROW-", "OUT-", "DQ-", "ANS-", "ASK-", "AMD-", "CAN-")
RuleTables = Mapping[str, Mapping[str, Any]]


def rule_book(rules: RuleTables, customers: Mapping[str, CustomerSettings]) -> RuleBook:
    """What the house and its customers have decided; what `wrong_rules` complains of is left out."""
    own = {no: _changes(kept.rules, f"customers.{no}.rules", _ignore) for no, kept in customers.items() if kept.rules}
    return RuleBook(_changes(rules, "rules", _ignore), own)


def export_rules(exports: ExportSettings) -> ExportRules:
    """Where goods do not go."""
    classes = {name: frozenset(countries) for name, countries in exports.classes.items()}
    return ExportRules(frozenset(exports.countries), classes)


def stock_policy(stock: StockSettings) -> StockPolicy:
    """Where orders come from."""
    rates = {
        country: {
            code: Rate(*(round(cost * 10**PRICE_SCALE) for cost in (one.parcel_cost, one.unit_cost, one.kg_cost)))
            for code, one in by_code.items()
        }
        for country, by_code in stock.rates.items()
    }
    return StockPolicy(stock.shortage, stock.use_safety_stock, stock.wait_days, stock.transit_days, rates)


def wrong_rules(rules: RuleTables, customers: Mapping[str, CustomerSettings], exports: ExportSettings) -> Iterator[str]:
    """Every rule, parameter and country that is none, in words that say what to write."""
    found: list[str] = []
    _changes(rules, "rules", found.append)
    for no, kept in customers.items():
        _changes(kept.rules, f"customers.{no}.rules", found.append)
    yield from found
    for table, countries in (
        ("[exports] countries", exports.countries),
        *((f"[exports.classes] {n}", c) for n, c in exports.classes.items()),
    ):
        for code in countries:
            if not re.fullmatch("[A-Z]{2}", code):
                yield f'{table}: {code!r} is no ISO code of a country; write for example "KP"'


def change_or_error(rule: str, given: Mapping[str, Any]) -> RuleChange:
    """The change that `given` makes to one rule. Raises ValueError saying all that is wrong with it."""
    wrong: list[str] = []
    changes = _changes({rule: given}, "rules", wrong.append)
    if wrong:
        raise ValueError("; ".join(wrong))
    return changes[rule]


def _changes(tables: RuleTables, place: str, complain: Callable[[str], None]) -> dict[str, RuleChange]:
    changes = {}
    for rule, given in tables.items():
        where = f"[{place}.{rule}]"
        if rule not in RULES:
            complain(f"[{place}] {rule} is no rule{_near(rule, list(RULES))}; docs/rules.md lists them")
            continue
        if rule.startswith(_OUTSIDE):
            complain(f"{where} {rule} is not found by checking an order; it has no settings")
            continue
        if not isinstance(given, Mapping):
            complain(f"{where} is a table: write its settings beneath, for example: enabled = true")
            continue
        for name in set(given) - set(known_settings(RULES[rule])):
            complain(f"{where} {name} is no setting of this rule{_near(name, known_settings(RULES[rule]))}")
        known = {name: value for name, value in given.items() if name in known_settings(RULES[rule])}
        changes[rule] = change_from(rule, known, lambda words, where=where: complain(f"{where} {words}"))  # type: ignore[misc]
    return changes


def _near(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {near[0]}?" if near else ""


def _ignore(words: str) -> None:
    return None
