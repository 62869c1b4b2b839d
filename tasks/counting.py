"""Stocktaking: counts planned, sheets sent, what was counted judged, recounts by somebody else, posted by a person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from email.message import EmailMessage
from typing import Any

from orderclerk.database import counting
from orderclerk.database.counting import Counted
from orderclerk.database.engine import Connection, Engine
from orderclerk.database.outbox import Message, enqueue_team_mail
from orderclerk.database.stock_moves import StockError
from orderclerk.documents.count_sheet import CountFacts, CountLineFacts, render_count_mail
from orderclerk.documents.facts import DeskFacts
from orderclerk.domain.counting import CAUSES, CountPolicy
from orderclerk.domain.reading import CountRead, Unreadable

COUNT_SHEET = "count-sheet"
DAILY = ("zero", "abc")
_AFTER = {
    "right": "it agrees with the book",
    "differs": "it differs from the book; say why, then the count can be posted",
    "recount": "it differs from the book; somebody else must count it again",
    "disputed": "two counts agree with nothing; say what is to be posted",
}


def plan_day(
    engine: Engine,
    day: date,
    policy: CountPolicy,
    as_of: datetime,
    mail_to: Mapping[str, str],
    methods: Sequence[str] = DAILY,
) -> Counter[str]:
    """Plan what is due in every active warehouse and send the sheets; planned twice, it is planned once."""
    counts: Counter[str] = Counter()
    with engine.begin() as conn:
        for warehouse in counting.counted_warehouses(conn):
            for method in methods:
                number = counting.plan_count(conn, warehouse, method, day, policy, as_of)
                if number and send_sheet(conn, number, mail_to.get(warehouse, ""), as_of):
                    counts["planned"] += 1
    return counts


def send_sheet(conn: Connection, count_no: str, to: str, as_of: datetime, recount: Sequence[int] = ()) -> bool:
    """Send a count's sheet, or that of the lines to `recount`; False where it was sent before."""
    key = f"count:{count_no}" + (f":recount:{','.join(map(str, recount))}" if recount else "")
    payload = {"count_no": count_no, "recount": list(recount)}
    return enqueue_team_mail(conn, "", "", key, as_of, to, kind=COUNT_SHEET, payload=payload)


def judge_open(engine: Engine, policy: CountPolicy, as_of: datetime, mail_to: Mapping[str, str]) -> Counter[str]:
    """Judge what was told of open counts, and have recounted what differs; counts by state of the lines."""
    with engine.begin() as conn:
        open_ids = counting.open_count_ids(conn)
        counting.judge(conn, open_ids, policy)
        states: Counter[str] = Counter()
        for count in counting.open_counts(conn):
            lines = counting.sheet_lines(conn, count["count_no"])
            states.update(line["state"] for line in lines)
            recount = [line["line_no"] for line in lines if line["state"] == "recount"]
            if recount and not count["open"]:
                states["recounts asked"] += send_sheet(
                    conn, count["count_no"], mail_to.get(count["warehouse"], ""), as_of, recount
                )
    return +states


def keep_read_counts(
    conn: Connection, found: Iterable[tuple[int, Sequence[CountRead], datetime]]
) -> tuple[int, list[tuple[int, Unreadable]]]:
    """Write down the counts of files (envelope, lines, when it came); how many, and what could not be taken."""
    kept, refused = 0, []
    for envelope, lines, at in found:
        told = [Counted(one.count_no, one.line_no, one.quantity, one.by, one.at or at) for one in lines]
        sentences = counting.keep_counted(conn, told)
        refused += [(envelope, Unreadable(said.partition(":")[0], said, "ROW-002", said)) for said in sentences]
        kept += len(told) - len(sentences)
    return kept, refused


def count_mail(house: DeskFacts, conn: Connection, message: Message, to: str, language: str) -> EmailMessage:
    """The mail of an outbox row; the sheet says what is to be counted and not what is expected."""
    number, recount = str(message.payload["count_no"]), set(message.payload.get("recount", ()))
    head = counting.count_head(conn, number)
    lines = [
        CountLineFacts(
            line["line_no"], line["bin"], line["item_no"],
            (line["name_zh"] if language == "zh_CN" else "") or line["name"], line["unit"], line["lot"],
        )
        for line in counting.sheet_lines(conn, number) if not recount or line["line_no"] in recount
    ]  # fmt: skip
    facts = CountFacts(
        number, head["warehouse_name"] or head["warehouse"], head["method"], head["planned_for"], lines, language,
        head["counted_by"] if recount else "",
    )  # fmt: skip
    return render_count_mail(house, facts, to, message.idempotency_key, message.created_at)


def enter_one(
    conn: Connection, count_no: str, line: str, quantity: str, person: str, as_of: datetime, policy: CountPolicy
) -> str:
    """One line told in a form; what became of it. Raises StockError in one sentence."""
    told = Counted(count_no.strip().upper(), _line(line), _figure(quantity), person, as_of)
    if refused := counting.keep_counted(conn, [told], policy):
        raise StockError(refused[0])
    state = next(x["state"] for x in counting.sheet_lines(conn, told.count_no) if x["line_no"] == told.line_no)
    return f"{told.count_no} line {told.line_no}: {_AFTER.get(state, f'it is {state}')}"


def decide_one(
    conn: Connection,
    count_no: str,
    decision: str,
    line: str,
    cause: str,
    difference: str,
    person: str,
    note: str,
    as_of: datetime,
) -> str:
    """A person's word on a count: why a line differs, or that all of it is posted. Raises StockError."""
    number = count_no.strip().upper()
    if decision == "post":
        moves = counting.post_count(conn, number, person, as_of)
        return f"{number} is posted by {person.strip()}: {moves} differences are in the ledger"
    if cause not in CAUSES:
        raise StockError(f"{cause!r} is no cause; there are {', '.join(CAUSES)}")
    gap = _figure(difference) if difference.strip() else None
    if sentence := counting.settle_line(conn, number, _line(line), cause, difference=gap, note=note):
        raise StockError(sentence)
    return f"{number} line {_line(line)}: {cause}"


def _line(text: str) -> int:
    if not text.strip().isdecimal():
        raise StockError(f"{text!r} is no line of a sheet; write its number, for example 7")
    return int(text)


def _figure(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise StockError(f"{text!r} is no figure; write it like 120 or 2.5") from error


def shown_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Rows for an artifact's table."""
    return [{name: str(value) for name, value in row.items()} for row in rows] or [{"open counts": "none"}]
