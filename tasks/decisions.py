"""What people decide in forms: releasing a hold, calling an order off, filing a letter, sending a message again."""

from datetime import datetime

from prefect import task

from orderclerk.database import inbox, outbox, reference_data, releasing
from orderclerk.database.amendments import cancel_orders
from orderclerk.database.engine import Connection
from orderclerk.database.intake import apply_pending
from orderclerk.database.letters import file_letter
from orderclerk.database.repairs import repairs_of
from orderclerk.domain.intake import Known, incoming_orders
from orderclerk.domain.lineframe import line_frame
from tasks.answers import settle_answer
from tasks.desk import Desk, current_desk
from tasks.intake import placed


@task(task_run_name="release-hold-{hold_id}")
def release_one(hold_id: int, person: str, decision: str, note: str, as_of: datetime) -> str:
    """Release a hold or call its order off; one sentence that says what happened. Raises ReleaseError."""
    desk = current_desk()
    with desk.engine.begin() as conn:
        if decision == "cancel the order":
            return _cancel(conn, hold_id, person, note, as_of)
        order_id, rule, envelope_id = releasing.release(conn, hold_id, person, note, as_of)
        if envelope_id:
            _apply(desk, conn, order_id, envelope_id, person, as_of)
        if rule.startswith("ANS-") and decision in ("confirm for the customer", "decline for the customer"):
            settle_answer(conn, order_id, decision.partition(" ")[0], person, as_of)
        return f"hold {hold_id} ({rule}) released by {person}"


@task(task_run_name="file-letter-{letter}")
def file_one(letter: int, kind: str, person: str, note: str, as_of: datetime) -> str:
    """File a letter as `kind` ("" leaves it), dealt with; one sentence that says what follows. Raises LetterError."""
    with current_desk().engine.begin() as conn:
        return file_letter(conn, letter, kind, person, note, as_of)


@task(task_run_name="resend")
def resend_messages(message_ids: list[int], recipient: str, as_of: datetime) -> int:
    """Make failed messages due again; how many."""
    with current_desk().engine.begin() as conn:
        return outbox.resend(conn, message_ids, recipient, as_of)


def _cancel(conn: Connection, hold_id: int, person: str, note: str, as_of: datetime) -> str:
    order_id = releasing.order_of_hold(conn, hold_id, person)
    cancel_orders(conn, [order_id], at=as_of, actor=person, why=note or "called off by the desk")
    return f"the order of hold {hold_id} was called off by {person}"


def _apply(desk: Desk, conn: Connection, order_id: int, envelope_id: int, person: str, as_of: datetime) -> None:
    """Read the pending version anew from its envelope and let it take the order's place."""
    stored = inbox.one_envelope(conn, envelope_id)
    reading = desk.read(stored.envelope, repair=repairs_of(conn, [envelope_id]).get(envelope_id))
    frame = placed(reading.frame if reading.frame is not None else line_frame(reading.orders), stored)
    known = Known(reference_data.customer_keys(conn), reference_data.item_keys(conn), reference_data.items(conn))
    apply_pending(conn, incoming_orders(frame, known), order_id, person, as_of)
