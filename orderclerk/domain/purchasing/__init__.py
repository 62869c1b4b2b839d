"""Buying: what suppliers mean by their answers, and what of it a person must decide."""

from orderclerk.domain.purchasing.answers import AnsweredLine, OrderedLine, SupplierAnswer
from orderclerk.domain.purchasing.judging import Judged, PurchaseLimits, judge_supplier
from orderclerk.domain.purchasing.policy import PurchasePolicy
from orderclerk.domain.purchasing.reading import read_supplier

__all__ = [
    "AnsweredLine",
    "Judged",
    "OrderedLine",
    "PurchaseLimits",
    "PurchasePolicy",
    "SupplierAnswer",
    "judge_supplier",
    "read_supplier",
]
