"""The header of an order from its labelled values and sentences: who, where, when, how it is paid, what it comes to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from connectors.mail.addresses import read_address
from connectors.mail.amounts import CURRENCY, NUMBER, currency_code, read_number
from connectors.mail.dates import read_day
from connectors.mail.evidence import LABELLED, TOLD, field_evidence
from connectors.mail.normal import folded, plain_line
from connectors.mail.parts import BodyRead
from connectors.mail.speech import Speech
from orderclerk.domain.reading import Address, CustomerRef, Evidence, Problem

_MONEY = re.compile(rf"(?:(?P<c1>{CURRENCY})\s*)?(?P<s>-?)\s*(?P<n>{NUMBER})\s*(?P<c2>{CURRENCY})?", re.IGNORECASE)
_BLANK_GROUP = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")  # 2 979,24
_PAYMENT = {
    "prepaid": r"pre-?pa(?:id|yment)|in advance|advance payment|vorkasse|vorauskasse|vorauszahlung|prépaiement|paiement anticipé|d'avance|"
    r"anticipad[oa]|pago anticipado|adelantad[oa]|pagamento anticipato|预付|款到发货|先款后货",
    "cod": r"\bcod\b|cash on delivery|nachnahme|contre[- ]remboursement|contra re+mbolso|contrassegno|货到付款",
    "invoice": r"invoice|rechnung|facture|factura|fattura|\bnet\b|\bdays\b|tage|jours|días|giorni|on account|月结|账期|发票|后付|赊账",
}
_CUSTOMER_TOLD = re.compile(
    r"(?:customer|account|client|kunden?|cliente|客户)[ -]?(?:number|nummer|nr|no|id|code|n°|nº|#|编号|号)\.?\s*(?:is|ist|est|es|:|：|#|为|是)?\s*"
    r"(?P<no>[A-Za-z]{0,4}[-/]?\d[A-Za-z0-9/-]{1,20})",
    re.IGNORECASE,
)
_VAT_TOLD = re.compile(
    r"(?:\bvat|ust-?id(?:-?nr)?|\btva|\bp(?:artita)?\.? ?iva|\bcif|\bnif|tax id|税号)[^A-Za-z0-9\n]{0,12}(?P<no>[A-Z]{2}\s?[A-Z0-9]{2,12}(?:\s?\d{2,4}){0,3}|[A-Z]\d{8}|\d{11}|[0-9A-Z]{18})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_PHONE_TOLD = re.compile(
    r"(?:^|\s)(?:tel(?:efon|ephone|éfono)?|phone|mobile?|mob|cell|fon|tél|电话|手机|[tm](?=[.: ]\s*(?:\+|\(?0)))\.?\s*[:：]?\s*(?P<no>\+?\(?\d[\d ()/.-]{6,22}\d)",
    re.IGNORECASE,
)
_PAYMENT_TOLD = re.compile(
    r"\bpay(?:ment|ing|able)?\b|\bterms\b|zahl|bezahl|vorkasse|nachnahme|auf rechnung|paiement|règlement|réglé|facture à|\bpago|pagar|factura a|pagament|付款|支付|月结|货到付款|款到|"
    r"cash on delivery|in advance|on account|\bcod\b",
    re.IGNORECASE,
)
_DELIVER_TOLD = re.compile(
    r"(?:(?:deliver|ship|send|dispatch)(?:ed|y)?(?: (?:it|them|this|these|everything|all|the goods|the order))?(?: directly)? to|delivery address (?:is|this time is)|"
    r"(?:liefer|send|schick)\w*(?: sie)?(?: (?:es|alles|die ware|bitte|diesmal))* (?:an|nach)|lieferadresse ist|"
    r"(?:livr|expédi|envo)\w*(?: (?:le tout|la commande|les articles))? (?:à l'adresse(?: suivante)?|à)|"
    r"(?:entreg|envi)\w*(?: (?:todo|el pedido|la mercancía))? (?:en|a)|(?:consegn|spedi)\w*(?: tutto)? (?:a|presso)|(?:送到|送至|发到|发至|寄到|寄至|收货地址(?:是|为)))\s*[:：]?\s*(?P<where>.{8,200})",
    re.IGNORECASE,
)
_POSTAL = re.compile(r"(?<!\d)\d{4,6}(?!\d)|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|[市区县镇路街号]")


@dataclass(slots=True)
class Fact:
    """A value with its field, where it was read, and how sure that is."""

    name: str
    value: str
    read: BodyRead
    row: int
    confidence: float = LABELLED

    def evidence(self, name: str = "") -> Evidence:
        """The place of the value, as the evidence of the field `name`."""
        return field_evidence(self.read, name or self.name, self.value, self.row, self.confidence)


@dataclass(slots=True)
class Facts:
    """What is known of an order's header, with the evidence used and the problems met."""

    found: list[Fact]
    speech: Speech
    evidence: list[Evidence] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def of(self, name: str) -> Iterator[Fact]:
        """All facts of one field, the surest and first before the others."""
        yield from sorted((fact for fact in self.found if fact.name == name), key=lambda fact: -fact.confidence)

    def first(self, name: str, shown_as: str = "") -> str:
        """The first value of a field, its evidence noted; "" for none."""
        fact = next(self.of(name), None)
        if fact is None:
            return ""
        self.evidence.append(fact.evidence(shown_as))
        return fact.value

    @property
    def confidence(self) -> float:
        """That of the least sure field."""
        return min((one.confidence for one in self.evidence), default=1.0)


def told_facts(read: BodyRead) -> list[Fact]:
    """Facts in sentences and signatures: customer and VAT numbers, telephone, days, the place of delivery."""
    found: list[Fact] = []
    for row, one in enumerate(read.rows):
        text = one.raw if len(one.raw) < 400 else ""
        for name, pattern in (("customer_number", _CUSTOMER_TOLD), ("vat_number", _VAT_TOLD), ("phone", _PHONE_TOLD)):
            if row not in read.fields.used and (match := pattern.search(text)):
                found.append(Fact(name, match["no"], read, row, TOLD))
    for row, sentence in read.left:
        if (match := _DELIVER_TOLD.search(sentence)) and _POSTAL.search(match["where"]):
            found.append(Fact("deliver_to", match["where"].strip(" ."), read, row, 0.9))
    for row, sentence in read.left:
        if _PAYMENT_TOLD.search(sentence) and len(sentence) < 160:
            found.append(Fact("payment_told", sentence, read, row, TOLD))
    found += [Fact("day", day, read, row, TOLD) for row, day in read.days]
    return found


def read_customer(facts: Facts, sender: str) -> CustomerRef:
    """Who orders, as far as the words say."""
    return CustomerRef(
        number=facts.first("customer_number", "customer.number")[:60],
        email=sender,
        name=plain_name(facts.first("customer_name", "customer.name"))[:120],
        phone=facts.first("phone", "customer.phone")[:40],
        vat_number=plain_line(facts.first("vat_number", "customer.vat_number")).replace(" ", "").upper()[:20],
    )


def plain_name(text: str) -> str:
    """A name on one line."""
    return " ".join(text.split())


def read_currency(facts: Facts, stated: Sequence[str]) -> str:
    """The one currency that lines and amounts name; ORD-004 for several."""
    codes = [code for code in stated if code]
    codes.append(currency_code(facts.first("currency")))
    for name in ("total", "subtotal"):
        for fact in facts.of(name):
            if found := _MONEY.fullmatch(plain_line(fact.value)):
                codes.append(currency_code(found["c1"] or found["c2"] or ""))
    distinct = list(dict.fromkeys(code for code in codes if code))
    if len(distinct) > 1:
        reason = f"The mail names several currencies: {', '.join(distinct)}"
        facts.problems.append(Problem("ORD-004", "currency", " ".join(distinct), reason))
        return ""
    return distinct[0] if distinct else ""


def read_order_date(facts: Facts) -> date | None:
    """The day the order bears; nothing hangs on it."""
    stated = facts.first("order_date")
    try:
        return read_day(stated, facts.speech.sent_on, facts.speech.language) if stated else None
    except ValueError:
        return None


def read_requested_date(facts: Facts) -> date | None:
    """The day asked for, by label, else in a sentence; ORD-002 where it cannot be told or there are two."""
    for fact in facts.of("requested_date"):
        return _day(facts, fact, is_asked=True)
    for fact in facts.of("maybe_date"):
        if (day := _day(facts, fact, is_asked=False)) is not None:
            return day
    days = {day: fact for fact in facts.of("day") if (day := _day(facts, fact, is_asked=True)) is not None}
    if len(days) > 1:
        named = ", ".join(str(day) for day in sorted(days))
        facts.problems.append(Problem("ORD-002", "requested_date", named, f"The mail names several days: {named}"))
        return None
    return next(iter(days), None)


def _day(facts: Facts, fact: Fact, is_asked: bool) -> date | None:
    try:
        day = read_day(fact.value, facts.speech.sent_on, facts.speech.language)
    except ValueError as error:
        if is_asked and not any(one.field == "requested_date" for one in facts.problems):
            facts.problems.append(Problem("ORD-002", "requested_date", fact.value[:60], str(error)))
        elif not is_asked:
            facts.remarks.append(fact.value)
        return None
    facts.evidence.append(fact.evidence("requested_date"))
    return day


def read_delivery(facts: Facts) -> Address:
    """Where to deliver: a labelled address, else one in a sentence."""
    recipient = plain_name(facts.first("recipient", "delivery.recipient"))[:120]
    fact = next(facts.of("deliver_to"), None)
    if fact is None:
        return Address(recipient=recipient)
    facts.evidence.append(fact.evidence("delivery"))
    return read_address(fact.value, recipient)


def read_payment(facts: Facts) -> str:
    """The desk's word for the payment method; what has none goes to the remarks."""
    stated = facts.first("payment_method")
    found = [name for name, pattern in _PAYMENT.items() if re.search(pattern, folded(stated))] if stated else []
    if stated and not found:
        facts.remarks.append(f"Payment: {stated}")
    for fact in facts.of("payment_told") if not stated else ():
        named = [name for name, pattern in _PAYMENT.items() if re.search(pattern, folded(fact.value))]
        if named:
            facts.evidence.append(fact.evidence("payment_method"))
            return named[0]
    return found[0] if found else ""


def read_amount(facts: Facts, name: str) -> Decimal | None:
    """An amount of the whole order, without its sign; ORD-003 where a total cannot be read."""
    values: list[Decimal] = []
    for fact in facts.of(name):
        stated = _BLANK_GROUP.sub("'", plain_line(fact.value))
        found = _MONEY.fullmatch(stated)
        if not found:
            if name in ("discount", "tax", "freight") and stated:
                facts.remarks.append(f"{name}: {stated}")
            continue  # "Total: 10 pcs" and the like
        try:
            values.append(read_number(found["n"], fact.read.speech.decimal))
            facts.evidence.append(fact.evidence())
        except ValueError as error:
            facts.problems.append(Problem("ORD-003", name, stated[:40], str(error)))
    distinct = list(dict.fromkeys(values))
    if name == "subtotal" and len(distinct) > 1:
        return None  # of groups of goods
    if name == "total" and len(distinct) > 1:
        return max(distinct)  # with tax and freight; without them it is a subtotal under another name
    return distinct[0] if distinct else None
