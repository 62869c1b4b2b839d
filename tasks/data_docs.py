"""Data Docs of a day: the suites' own pages in `var/data-docs/<day>`, kept a month, an extra beside the report."""

import shutil
from datetime import date, timedelta

from expectations.data_docs import Suite, write_data_docs
from expectations.masterdata import prepared
from expectations.orders import line_rules, order_rules
from orderclerk.database.day_frames import day_lines, day_orders
from orderclerk.database.engine import Connection
from orderclerk.database.masterdata_frames import master_data
from orderclerk.settings import Settings

KEPT_DAYS = 30


def keep_data_docs(conn: Connection, settings: Settings, day: date) -> str:
    """Build the pages of `day` and forget those older than KEPT_DAYS; the first page, beneath the home."""
    folder = settings.var / "data-docs"
    zone = settings.desk.timezone
    suites = [
        Suite("orders", day_orders(conn, day, zone), order_rules()),
        Suite("order lines", day_lines(conn, day, zone), line_rules(settings.policy.max_quantity)),
        *(Suite(name, *prepared(name, frame)) for name, frame in master_data(conn, day).items()),
    ]
    page = write_data_docs(folder / str(day), suites)
    for old in folder.iterdir():
        if old.name < str(day - timedelta(days=KEPT_DAYS)):
            shutil.rmtree(old, ignore_errors=True)
    return str(page.relative_to(settings.home))
