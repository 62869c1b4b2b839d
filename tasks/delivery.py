"""The outbox delivered: taken in committed portions, sent one by one, each found out about before it is sent twice."""

from collections import Counter
from datetime import datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pandas as pd

from connectors.errors import AccessError, ConnectorError, RejectedError, TransientError
from connectors.mail.sending import MailSender, PostponedError, UncertainError
from orderclerk.database import moves, order_facts, outbox
from orderclerk.database.engine import Connection
from orderclerk.database.outbox import Message
from orderclerk.database.purchase_views import purchase_facts
from orderclerk.database.purchasing import hold_purchases
from orderclerk.documents.facts import DeskFacts
from orderclerk.documents.mails import mail_kind, render_mail, render_team_mail
from orderclerk.domain.checks import HOLD
from orderclerk.domain.rulebook import RuleBook
from tasks.counting import COUNT_SHEET, count_mail
from tasks.order_mails import order_mail_facts
from tasks.purchase_mails import is_purchase, outdated_purchase_mail, purchase_mail
from tasks.purchasing import mark_ordered
from tasks.quality_mail import QUALITY, quality_mail

if TYPE_CHECKING:
    from tasks.desk import Desk

PORTION = 20  # what a killed sender leaves to be looked up, one search each
_SAYS = {"offer": "offered", "reminder": "offered", "confirmation": "confirmed"}


def deliver_chunk(desk: "Desk", as_of: datetime) -> Counter[str] | None:
    """Deliver some due messages; counts by outcome, or None when none is due.

    Raises AccessError or TransientError where the server cannot be used at all: what was not tried stays due.
    """
    with desk.engine.begin() as conn:
        ids = outbox.take_due(conn, as_of, PORTION, customers=desk.policy.may_mail(as_of))
    if not ids:
        return None
    with desk.engine.begin() as conn:
        messages = outbox.hold_messages(conn, ids)
        counts, trouble = _deliver(desk, conn, messages, as_of)
    if trouble is not None:
        raise trouble
    return counts


def _deliver(
    desk: "Desk", conn: Connection, messages: list[Message], as_of: datetime
) -> tuple[Counter[str], ConnectorError | None]:
    counts: Counter[str] = Counter()
    facts = order_facts.order_facts(conn, {m.order_id for m in messages if m.order_id is not None})
    bought = purchase_facts(conn, {int(m.payload["po_id"]) for m in messages if is_purchase(m.kind)})
    with desk.mail_sender() as sender:
        for place, message in enumerate(messages):
            try:
                counts[_deliver_one(desk, conn, sender, message, facts, bought, as_of)] += 1
            except UncertainError as error:
                counts[_uncertain(conn, message, str(error), as_of)] += 1
            except PostponedError as error:  # this mail alone: the others must not wait for it
                counts[_not_sent(conn, message, str(error), as_of, final=False)] += 1
            except (AccessError, TransientError) as error:
                outbox.give_back(conn, messages[place:], str(error))
                return counts, error
    return counts, None


def _deliver_one(
    desk: "Desk",
    conn: Connection,
    sender: MailSender,
    message: Message,
    facts: dict[int, dict[str, Any]],
    bought: dict[int, dict[str, Any]],
    as_of: datetime,
) -> str:
    """Send one message unless it went out already; what became of it."""
    try:
        mail = compose(desk, message, facts, bought)
    except Exception as error:  # one message that cannot be written never stops the others
        return _not_sent(conn, message, f"the mail could not be written: {error}", as_of, final=True)
    if message.was_sending:
        if desk.was_sent(mail["Message-ID"]):
            _sent(desk, conn, message, mail, as_of)
            return "found sent"
        if _is_outdated(message, facts, bought):
            outbox.mark_superseded(conn, message.id)
            return "superseded"
    try:
        sender.send(mail)
    except RejectedError as error:
        return _not_sent(conn, message, str(error), as_of, final=True)
    _sent(desk, conn, message, mail, as_of)
    return "sent"


def _sent(desk: "Desk", conn: Connection, message: Message, mail: EmailMessage, as_of: datetime) -> None:
    """It went out; a purchase order is ordered from this moment on."""
    outbox.mark_sent(conn, message.id, mail["Message-ID"], as_of)
    if message.kind == "purchase":
        mark_ordered(conn, [int(message.payload["po_id"])], as_of, desk.policy, desk.buying.answer_hours)


def _is_outdated(message: Message, facts: dict[int, dict[str, Any]], bought: dict[int, dict[str, Any]]) -> bool:
    """Whether the order went on while the message lay in a dead sender's hands: nobody could withdraw it then."""
    if is_purchase(message.kind):
        return outdated_purchase_mail(message.kind, bought[int(message.payload["po_id"])]["state"])
    if message.order_id is None:
        return False
    order = facts[message.order_id]
    if message.kind.startswith("question"):
        return all(question["state"] != "open" for question in order["questions"])
    if message.kind not in _SAYS:
        return False
    return (order["commercial_state"], order["revision"]) != (_SAYS[message.kind], message.revision)


def _not_sent(conn: Connection, message: Message, why: str, as_of: datetime, *, final: bool) -> str:
    if not outbox.mark_not_sent(conn, message, why, as_of, final=final):
        return "postponed"
    _hold(conn, message, why, as_of)
    return "undeliverable"


def _uncertain(conn: Connection, message: Message, why: str, as_of: datetime) -> str:
    if outbox.mark_uncertain(conn, message, why, as_of):
        _hold(conn, message, why, as_of)
    return "uncertain"


def _hold(conn: Connection, message: Message, why: str, as_of: datetime) -> None:
    if is_purchase(message.kind):
        evidence = {"message": message.id, "kind": message.kind}
        hold_purchases(conn, [(int(message.payload["po_id"]), 0, "OUT-001", why[:300], evidence)], RuleBook(), as_of)
    if message.order_id is not None:
        evidence = {"message": message.id, "kind": message.kind}
        moves.open_holds(
            conn, pd.DataFrame([(message.order_id, 0, "OUT-001", why[:300], evidence)], columns=HOLD), as_of
        )


def compose(
    desk: "Desk",
    message: Message,
    facts: dict[int, dict[str, Any]],
    bought: dict[int, dict[str, Any]] | None = None,
) -> EmailMessage:
    """The mail for an outbox row, the same bytes each time. Raises ValueError where it cannot be written."""
    house = desk_facts(desk)
    if is_purchase(message.kind):
        row = (bought or {})[int(message.payload["po_id"])]
        return purchase_mail(house, message, row, desk.secret)
    if message.kind == COUNT_SHEET:
        with desk.engine.connect() as conn:
            to = message.recipient or desk.settings.desk.team
            return count_mail(house, conn, message, to, desk.settings.desk.language)
    if message.order_id is None:
        to = message.recipient or desk.settings.desk.team
        if message.kind == QUALITY:
            return quality_mail(house, message.payload, to, message.idempotency_key, message.created_at)
        paragraphs = str(message.payload["body"]).split("\n\n")
        return render_team_mail(
            house, str(message.payload["subject"]), paragraphs, to, message.idempotency_key, message.created_at
        )
    round_ = int(message.payload.get("round", 0))
    order = order_mail_facts(facts[message.order_id], desk.secret, message.revision or 1, message.created_at, round_)
    kind = mail_kind(message.kind, order)
    if kind.asks_questions and not order.questions:
        raise ValueError("it has no question to ask")
    return render_mail(kind, house, order, message.recipient, message.created_at, round_=str(round_ or ""))


def desk_facts(desk: "Desk") -> DeskFacts:
    """Who we are, for the documents."""
    own = desk.settings.desk
    return DeskFacts(own.name, own.address, own.reply_to, own.postal_address, own.phone, own.timezone)
