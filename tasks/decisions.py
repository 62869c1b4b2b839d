"""What people decide in forms: releasing a hold, calling an order off, filing a letter, sending a message again."""

from datetime import datetime

from prefect import task

from orderclerk.database import inbox, outbox, questions, reference_data, releasing, revisions
from orderclerk.database.amendments import cancel_orders
from orderclerk.database.engine import Connection
from orderclerk.database.intake import apply_pending
from orderclerk.database.letters import file_letter
from orderclerk.database.repairs import repairs_of
from orderclerk.domain.intake import Known, incoming_orders
from orderclerk.domain.lineframe import line_frame
from orderclerk.domain.policy import Policy
from tasks.answers import bring_back, settle_answer
from tasks.desk import Desk, current_desk
from tasks.intake import placed
from tasks.questions import ask_about


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
            settle_answer(conn, order_id, decision.partition(" ")[0], person, as_of, desk.policy)
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


@task(task_run_name="ask-about-{order_no}")
def ask_about_order(order_no: str, person: str, as_of: datetime) -> str:
    """Put the open questions of a held order to its customer; one sentence. Raises ReleaseError."""
    desk = current_desk()
    with desk.engine.begin() as conn:
        order_id = releasing.order_named(conn, order_no, person)
        count = ask_about(conn, order_id, desk.policy, person, as_of)
    if not count:
        raise releasing.ReleaseError(
            f"There is nothing to ask about {order_no}: no open hold of it is one the customer can end, it has been "
            "asked already, or who ordered is not known to act for the customer"
        )
    return f"{count} questions about {order_no} go to the customer for {person}"


@task(task_run_name="undo-{order_no}")
def undo_change_of(order_no: str, person: str, as_of: datetime) -> str:
    """Undo the last change or cancellation of an order; one sentence. Raises ReleaseError."""
    desk = current_desk()
    with desk.engine.begin() as conn:
        order_id = releasing.order_named(conn, order_no, person)
        state = undo_last(conn, order_id, person, desk.policy, as_of)
    return f"the last change of {order_no} was undone by {person}; it is {state} now"


def undo_last(conn: Connection, order_id: int, person: str, policy: Policy, as_of: datetime) -> str:
    """Undo the last change or cancellation that was not undone; the order's state. Raises ReleaseError for none."""
    events = revisions.undoable(conn, [order_id], to_agreed=False)
    if not events:
        raise releasing.ReleaseError("There is no change and no cancellation of this order to undo")
    bring_back(conn, events, policy, as_of, person, "undone by a person")
    return questions.state_of(conn, order_id)


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
