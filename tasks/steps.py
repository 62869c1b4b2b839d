"""The steps of the clerk's jobs as Prefect sees them: each can be seen, retried and timed alone.

Between steps travel names, ids, times and counts; the work itself is in the modules beside this one.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from prefect import get_run_logger, task
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.events import emit_event
from prefect.tasks import exponential_backoff

from connectors.errors import TransientError
from orderclerk.database import inbox
from orderclerk.database.engine import UNREACHABLE
from tasks.answers import apply_answers, expire, remind
from tasks.consulting import consult
from tasks.delivery import deliver_chunk
from tasks.desk import current_desk
from tasks.intake import read_chunk
from tasks.pulling import pull
from tasks.questions import ask_customers
from tasks.verification import check_chunk

BATCH_STORED = "orderclerk.batch.stored"
T = TypeVar("T")


def is_transient(task: Any, task_run: Any, state: Any) -> bool:
    """Whether waiting can help: retrying a wrong password only locks the account."""
    try:
        state.result()
    except TransientError:
        return True
    except Exception:
        return False
    return False


@task(
    task_run_name="fetch-{channel}",
    retries=3,
    retry_delay_seconds=exponential_backoff(2),
    retry_condition_fn=is_transient,
    persist_result=True,
)
def fetch_orders(channel: str, as_of: datetime) -> int:
    """Store what `channel` changed; how many envelopes were new. Safe to repeat."""
    desk, log = current_desk(), get_run_logger()
    told = _progress(f"Pulling {channel}")
    first = desk.first_cursor(channel)
    new = in_words(lambda: pull(desk.engine, desk.channel(channel), as_of, told, first))
    log.info("pulled %s: %s new envelopes", channel, new)
    return new


@task(task_run_name="open-batch-{channel}", persist_result=True)
def open_batch(channel: str, as_of: datetime) -> int | None:
    """Gather the envelopes of `channel` that are in no batch, also what a dead run left; None if there are none."""
    with current_desk().engine.begin() as conn:
        return inbox.open_batch(conn, channel, as_of)


@task(task_run_name="announce-{batch_id}")
def announce(batch_id: int, channel: str) -> None:
    """Tell Prefect that a batch is stored: process-orders starts on it."""
    emit_event(
        event=BATCH_STORED,
        resource={"prefect.resource.id": f"orderclerk.batch.{batch_id}", "orderclerk.channel": channel},
        payload={"batch_id": batch_id},
    )


@task(task_run_name="read-envelopes", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def read_envelopes(batch_id: int | None, as_of: datetime) -> dict[str, int]:
    """Read every stored envelope (of the batch, if one is given) into the book; counts by outcome."""
    desk = current_desk()
    if model := desk.model():
        get_run_logger().info("language model: %s", dict(consult(desk.engine, desk.read, model, as_of)))
    return until_done("read", lambda: read_chunk(desk.engine, desk.read, desk.policy.binding, as_of, batch_id))


@task(task_run_name="check-orders", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def check_orders(as_of: datetime) -> dict[str, int]:
    """Check every order that is due: accept and answer it, or hold it with reasons; counts by outcome."""
    desk = current_desk()
    return until_done("checked", lambda: check_chunk(desk.engine, desk.policy, as_of))


@task(task_run_name="ask-customers")
def put_questions(as_of: datetime) -> dict[str, int]:
    """Ask about orders that only their customers can complete; counts."""
    desk = current_desk()
    return dict(in_words(lambda: ask_customers(desk.engine, desk.policy, as_of)))


@task(task_run_name="apply-answers")
def hear_customers(as_of: datetime) -> dict[str, int]:
    """Apply customers' answers to their orders; counts by verdict."""
    desk = current_desk()
    return until_done("answers", lambda: apply_answers(desk.engine, as_of, desk.policy))


@task(task_run_name="remind-and-expire")
def remind_and_expire(as_of: datetime) -> dict[str, int]:
    """Close offers whose time is over, remind customers of the others; counts."""
    desk = current_desk()
    return {"expired": expire(desk.engine, as_of, desk.policy), "reminded": remind(desk.engine, as_of)}


@task(task_run_name="deliver", retries=2, retry_delay_seconds=exponential_backoff(5), retry_condition_fn=is_transient)
def deliver(as_of: datetime) -> dict[str, int]:
    """Deliver every message of the outbox that is due; counts by outcome."""
    desk = current_desk()
    return until_done("outbox", lambda: deliver_chunk(desk, as_of))


def in_words(work: Callable[[], T]) -> T:
    """`work`, an unreachable order book said in one sentence that may be tried again."""
    try:
        return work()
    except UNREACHABLE as error:
        words = str(getattr(error, "orig", None) or error).splitlines()[0]
        hint = "nothing is lost: start PostgreSQL or mend ORDERCLERK_DATABASE_URL, and the next run goes on"
        raise TransientError("order book", f"the database does not answer: {words}", hint) from error


def until_done(what: str, chunk: Callable[[], Counter[str] | None]) -> dict[str, int]:
    """Repeat a chunk of work until none is left; one log line a chunk."""
    log, total = get_run_logger(), Counter[str]()
    while (done := in_words(chunk)) is not None:
        log.info("%s: %s", what, ", ".join(f"{count} {name}" for name, count in sorted(done.items())) or "nothing")
        total += done
    return dict(total)


def _progress(description: str) -> Callable[[int], None]:
    """Shows how far a long pull is: an artifact from the second portion on (the end is unknown, so 99 % at most)."""
    made: list[Any] = []

    def told(seen: int) -> None:
        share = 100.0 * seen / (seen + 200)
        if made:
            update_progress_artifact(made[0], progress=share, description=f"{description}: {seen} envelopes so far")
        elif seen > 100:
            made.append(create_progress_artifact(progress=share, description=f"{description}: {seen} envelopes so far"))

    return told
