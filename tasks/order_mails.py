"""The documents' facts of an order from the book's: figures, what a change did to each line, questions, the thread."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from orderclerk.documents.facts import LineFacts, OrderFacts, QuestionFacts
from orderclerk.domain.reading import Address
from orderclerk.domain.references import sign_reference

ADDRESS = ("recipient", "street", "city", "region", "postal_code", "country")
Row = Mapping[str, Any]


def order_mail_facts(
    facts: Row, secret: bytes, revision: int, created_at: datetime | None = None, round_: int = 0
) -> OrderFacts:
    """One order at `revision`. `created_at` is the message's: what was written later is not answered yet; `round_` is
    that of the questions it puts."""
    chinese = facts["language"].startswith("zh")
    lines = _lines(facts, chinese) if revision == facts["revision"] else _plain_lines(facts, chinese)
    left = [line for line in lines if line.outcome != "rejected"]
    together, lines = _promised(lines)
    goods, charges = (_sum(line.amount for line in left if line.is_charge is is_charge) for is_charge in (False, True))
    own_ref = facts["customer_po"] or (facts["order_ref"] if facts["has_own_ref"] else "")
    changed = revision == facts["revision"] and facts["change"] == "asked"
    return OrderFacts(
        order_no=facts["order_no"], revision=revision, reference=sign_reference(facts["order_no"], revision, secret),
        currency=facts["currency"], lines=lines, goods_total=goods, charges_total=charges, total=goods + charges,
        language=facts["language"], their_ref=own_ref, customer_name=facts["customer_name"],
        contact_name=facts["contact_name"], order_date=facts["order_date"] or facts["received_date"],
        requested_date=facts["requested_date"], promised_date=together, payment_method=facts["payment_method"],
        delivery=Address(*(facts[name] for name in ADDRESS)),
        payment_terms_days=facts["payment_terms_days"], answer_by=facts["answer_by"], remarks=facts["remarks"],
        change=facts["change"] if revision == facts["revision"] else "", was_confirmed=facts["was_confirmed"],
        was_total=_sum(_amount(was) for was in facts["was"] if was["was_no"]) if changed else None,
        questions=tuple(
            _question(q) for q in facts["questions"] if (q["revision"], q["round"]) == (revision, round_)
        ),
        **_conversation(facts, created_at),
    )  # fmt: skip


def _promised(lines: tuple[LineFacts, ...]) -> tuple[date | None, tuple[LineFacts, ...]]:
    """When all of it is promised (None: not known), and the lines, which say it themselves only where they differ."""
    goods = [line for line in lines if not line.is_charge and line.outcome != "rejected"]
    days = [line.promised_date for line in goods]
    if len(set(days)) > 1:
        return None if None in days else max(day for day in days if day), lines
    return days[0] if days else None, tuple(replace(line, promised_date=None) for line in lines)


def _conversation(facts: Row, created_at: datetime | None) -> dict[str, Any]:
    """The customer's last mail before ours was written, their first and our first, and their subject."""
    derived = "" if facts["has_own_ref"] else facts["order_ref"]
    theirs = [one for one in facts["theirs"] if created_at is None or one["at"] <= created_at]
    ours = [one for one in facts["ours"] if created_at is None or one["at"] < created_at]
    last = theirs[-1]["message_ref"] if theirs else derived
    first = theirs[0]["message_ref"] if theirs else derived
    thread = (first, *(one["message_ref"] for one in ours[:1])) if first else ()
    return {"in_reply_to": last, "thread": thread, "their_subject": theirs[0]["subject"] if theirs else ""}


def _lines(facts: Row, chinese: bool) -> tuple[LineFacts, ...]:
    """The order's lines, each with what a change in words did to it; what it dropped stands where it stood."""
    if not facts["was"]:
        return _plain_lines(facts, chinese)
    now = {line["line_no"]: line for line in facts["lines"]}
    found = []
    for was in facts["was"]:
        line = now.get(was["line_no"], was)
        outcome = was["outcome"]
        if outcome == "accepted" and line["unit_price"] != was["unit_price"]:
            outcome = "changed"
        before = {"outcome": outcome, "was_quantity": was["quantity"], "was_amount": _amount(was)}
        found.append(_line(line, chinese, **before, no=was["line_no"]))
    return tuple(found)


def _plain_lines(facts: Row, chinese: bool) -> tuple[LineFacts, ...]:
    return tuple(_line(line, chinese, no=line["line_no"]) for line in facts["lines"])


def _line(line: Row, chinese: bool, *, no: int, **before: Any) -> LineFacts:
    stated = line["stated"] or {}
    return LineFacts(
        line_no=no, item_no=line["item_no"] or "", description=(line["name_zh"] if chinese else line["name"]) or "",
        quantity=line["quantity"], unit=line["unit"], unit_price=line["unit_price"], amount=_amount(line),
        their_item_ref=line["item_ref"] if line["item_ref"] != line["item_no"] else "", is_charge=line["is_charge"],
        stated_quantity=Decimal(stated["quantity"]) if stated else None, stated_unit=stated.get("unit", ""),
        promised_date=line.get("promised_date"), **before,
    )  # fmt: skip


def _amount(line: Row) -> Decimal | None:
    if line["quantity"] is None or line["unit_price"] is None:
        return None
    return Decimal(line["quantity"] * line["unit_price"]).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _sum(amounts: Any) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _question(asked: Row) -> QuestionFacts:
    """A question with its choices as labels. The rule LIN-008 has words for each field it may doubt."""
    rule = (
        f"{asked['rule']}-{asked['field']}"
        if asked["rule"] == "LIN-008" and asked["field"] != "line"
        else asked["rule"]
    )
    about = {name: str(value) for name, value in asked["about"].items() if not isinstance(value, list)}
    return QuestionFacts(
        asked["number"], rule, {"line": str(asked["line_no"] or ""), **about},
        tuple(_label(choice, asked["field"]) for choice in asked["choices"]),
    )  # fmt: skip


def _label(choice: Row, field: str) -> str:
    if field == "address":
        address = json.loads(choice["value"])
        return ", ".join(address[name] for name in ADDRESS if address[name])
    if field == "wait":
        return " ".join(choice["names"]) if choice["value"].startswith("item:") else str(choice["value"])
    names = [name for name in choice["names"] if name and name != choice["value"]]
    return f"{choice['value']} {', '.join(names)}".strip()
