"""The desk's side of stocktaking: sheets go out once, filled ones come back, recounts are asked for, forms decide."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from connectors.files.folder import DropFolder
from orderclerk.database.engine import Connection
from orderclerk.database.outbox import hold_messages, take_due
from orderclerk.database.stock_moves import StockError, post_moves
from orderclerk.settings import load_settings
from tasks import counting
from tasks.delivery import compose
from tasks.desk import Desk
from tasks.intake import read_chunk
from tasks.pulling import pull
from tests.deskwork import NOON, furnish, rows, value

DAY = NOON.date()


@pytest.fixture
def desk(desk_home: Path) -> Iterator[Desk]:
    with (desk_home / "orderclerk.toml").open("a") as file:
        file.write(
            '[counting]\nsheets = ["counts"]\n[counting.mail_to]\nW1 = "w1@harbour.example"\n[files]\nsettle_seconds = 0\n'
        )
    desk = Desk(load_settings(desk_home))
    furnish(desk.engine, on_hand=0)
    come = [(f"m{item}", item, item * 10_000, "supplier", "", "warehouse", f"W1/B{item}") for item in (1, 2, 3)]
    columns = ["key", "item_id", "quantity_e3", "from_kind", "from_code", "to_kind", "to_code"]
    with desk.engine.begin() as conn:
        post_moves(conn, pd.DataFrame(come, columns=columns), at=NOON - timedelta(days=2), actor="test")
    yield desk
    desk.engine.dispose()


@contextmanager
def mails(desk: Desk) -> Iterator[list[object]]:
    with desk.engine.begin() as conn:
        ids = take_due(conn, NOON + timedelta(days=1), 10, customers=True)
    with desk.engine.begin() as conn:
        yield [compose(desk, message, {}) for message in hold_messages(conn, ids)]


def plan(desk: Desk) -> str:
    assert counting.plan_day(desk.engine, DAY, desk.counting, NOON, desk.settings.counting.mail_to) == {"planned": 1}
    return str(value(desk.engine, "SELECT max(count_no) FROM counts"))


def sheet(mail: object) -> list[list[object]]:
    """The rows of the spreadsheet in a mail."""
    (file,) = [part for part in mail.walk() if (part.get_filename() or "").endswith(".xlsx")]  # type: ignore[attr-defined]
    page = load_workbook(BytesIO(file.get_payload(decode=True))).active
    return [list(row) for row in page.iter_rows(min_row=2, values_only=True)]


def test_the_day_s_sheet_goes_out_once_to_who_counts_and_is_blind(desk: Desk) -> None:
    number = plan(desk)
    assert counting.plan_day(desk.engine, DAY, desk.counting, NOON, {}) == {}
    with mails(desk) as (mail,):
        assert mail["To"] == "w1@harbour.example"
        assert number in mail["Subject"]
        names = [part.get_filename() for part in mail.walk() if part.get_filename()]
        assert names == [f"{number}.pdf", f"{number}.xlsx"]
        assert [row[:5] for row in sheet(mail)] == [[number, n, f"B{n}", f"IT-{n}", f"thing {n}"] for n in (1, 2, 3)]
        assert not any("10" in str(cell) or "20" in str(cell) for row in sheet(mail) for cell in row[5:])


def test_a_filled_sheet_comes_back_through_the_drop_folder_and_what_differs_is_recounted(desk: Desk) -> None:
    number = plan(desk)
    folder = desk.settings.home / desk.settings.files.folder / "counts"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text(
        "Count no.,No.,Counted,Counted by,Date and time\n"
        f"{number},1,10,Ann,2026-11-23 13:00\n{number},2,17,,\n{number},3,30,,\nCT999999,1,5,,\n"
    )
    files = desk.channel("files")
    assert isinstance(files, DropFolder)
    pull(desk.engine, files, NOON + timedelta(hours=2))
    done = read_chunk(desk.engine, desk.read, desk.policy.binding, NOON + timedelta(hours=2))
    assert (done["counted"], done["quarantined"]) == (3, 1)
    assert "there is no such count" in str(value(desk.engine, "SELECT reason FROM quarantine"))

    judged = counting.judge_open(desk.engine, desk.counting, NOON, {})
    assert judged == {"right": 2, "recount": 1, "recounts asked": 1}
    assert counting.judge_open(desk.engine, desk.counting, NOON, {}) == {"right": 2, "recount": 1}
    with mails(desk) as (_, mail):
        assert "Ann" in mail.get_body(("plain",)).get_content()
        assert [row[1] for row in sheet(mail)] == [2]


def test_forms_tell_decide_and_post_and_refuse_in_one_sentence(desk: Desk) -> None:
    number = plan(desk)

    def told(line: str, quantity: str, who: str) -> str:
        with desk.engine.begin() as conn:
            return counting.enter_one(conn, number.lower(), line, quantity, who, NOON, desk.counting)

    def decided(conn: Connection, decision: str, line: str = "", cause: str = "unknown") -> str:
        return counting.decide_one(conn, number, decision, line, cause, "", "Mei", "", NOON)

    assert told("1", "10", "Ann").endswith("it agrees with the book")
    assert "somebody else" in told("2", "17", "Ann")
    assert "it differs from the book; say why" in told("2", "17", "Bo")
    told("3", "30", "Ann")
    for words, wrong in (("'x' is no figure", ("3", "x", "Ann")), ("'x' is no line", ("x", "3", "Ann"))):
        with pytest.raises(StockError, match=words):
            told(*wrong)
    with desk.engine.begin() as conn, pytest.raises(StockError, match="line 2 is without a cause"):
        decided(conn, "post")
    with desk.engine.begin() as conn:
        assert decided(conn, "say why a line differs", "2", "damage") == f"{number} line 2: damage"
        assert decided(conn, "post") == f"{number} is posted by Mei: 1 differences are in the ledger"
    assert rows(desk.engine, "SELECT on_hand::int FROM stock_levels WHERE item_id < 4 ORDER BY item_id") == [
        (10,),
        (17,),
        (30,),
    ]
