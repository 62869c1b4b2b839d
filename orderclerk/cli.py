"""The command `orderclerk`. Together with `cli_*` and `local/day*` it is the composition root: it may reach every room.

Every command imports what it needs when it runs, so that `orderclerk --help` does not wait for Prefect and pandas.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="The whole job of a trading company's order clerk. ORDERCLERK_HOME is the folder it works in.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Orders = Annotated[int, typer.Option(min=1, help="How many orders the sandbox's day brings")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same day")]
Faults = Annotated[str, typer.Option(help='Faults of the outside world as rates: {"status_500": 0.05}')]
Folder = Annotated[Path, typer.Argument(help="The folder with customers.csv, items.csv, prices.csv ...")]
Item = Annotated[str, typer.Argument(help="Our number, or its barcode")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables")]


@app.callback()
def options(
    home: Annotated[
        Path | None, typer.Option(help="The folder with orderclerk.toml and var/; default: ORDERCLERK_HOME, else here")
    ] = None,
    debug: Annotated[bool, typer.Option(help="Show where an error came from")] = False,
) -> None:
    """Options of every command."""
    if home is not None:
        os.environ["ORDERCLERK_HOME"] = str(home.resolve())
    if debug:
        os.environ["ORDERCLERK_DEBUG"] = "1"


@app.command()
def init() -> None:
    """Write a commented orderclerk.toml into the home."""
    from orderclerk.settings import home_folder, write_default

    path = write_default(home_folder())
    typer.echo(
        f"Wrote {path}. Fill in [desk] and the channels you have and put secrets into secrets.env; "
        "then run: orderclerk migrate"
    )


@app.command()
def migrate() -> None:
    """Bring the order book's schema to this version."""
    from orderclerk.database.migrate import migrate as bring_up_to_date
    from orderclerk.settings import load_settings

    bring_up_to_date(load_settings(needs_secrets=False).database_url())
    typer.echo("The order book is up to date.")


@app.command()
def load(
    folder: Folder,
    strict: Annotated[bool, typer.Option(help="Refuse data in which a critical rule is broken")] = False,
) -> None:
    """Load master data, and say what is wrong with it; loading it twice changes nothing."""
    from orderclerk.cli_book import book_engine
    from orderclerk.cli_quality import Judge
    from orderclerk.database.masterdata import load_master_data

    judge = Judge(strict)
    for name, rows in load_master_data(book_engine(), folder, judge).items():
        typer.echo(f"{name}: {rows}")
    judge.print_findings()


@app.command()
def run(
    flow: Annotated[str, typer.Argument(help="The flow, for example pull_orders")],
    values: Annotated[list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="Its parameters")] = None,
) -> None:
    """Run any flow here and now and print its result."""
    from orderclerk.cli_flows import run_flow

    typer.echo(run_flow(flow, values or []))


@app.command()
def status(
    order: Annotated[str, typer.Argument(help="Our number, or the customer's reference")], as_json: AsJson = False
) -> None:
    """Show an order with its lines, holds, messages and history."""
    from orderclerk.cli_book import UnknownOrder, book_engine, print_status
    from orderclerk.database.status import order_status

    found = order_status(book_engine(), order)
    if found is None:
        raise UnknownOrder(f"There is no order {order}; give our number (SO100001) or the customer's exact reference")
    print_status(found, as_json=as_json)


@app.command()
def stock(item: Item, as_json: AsJson = False) -> None:
    """Show how much of an item each warehouse has, reserved and free, and what is coming when."""
    from orderclerk.cli_book import book_engine
    from orderclerk.cli_stock import print_item
    from orderclerk.database.stock_view import item_stock

    print_item(item, item_stock(book_engine(), item), as_json=as_json)


@app.command()
def moves(
    item: Item, count: Annotated[int, typer.Option(help="How many, the newest first")] = 50, as_json: AsJson = False
) -> None:
    """Show how an item moved: from where to where, why, and for which document."""
    from orderclerk.cli_book import book_engine
    from orderclerk.cli_stock import print_item
    from orderclerk.database.stock_view import item_moves

    print_item(item, item_moves(book_engine(), item, count), as_json=as_json)


@app.command()
def purchases(
    order: Annotated[str, typer.Argument(help="A purchase order's number: shows it with its history")] = "",
    every: Annotated[bool, typer.Option("--all", help="Also those that are received or cancelled")] = False,
    supplier: Annotated[str, typer.Option(help="Of one supplier only, by number")] = "",
    as_json: AsJson = False,
) -> None:
    """List purchase orders with their states, or show one with its lines, answers, receipts and history."""
    from orderclerk.cli_purchases import print_purchases

    print_purchases(order, supplier, is_open=not every, as_json=as_json)


@app.command()
def read(
    kind: Annotated[str, typer.Argument(help="mail, document, file, shopify, woocommerce or phone")],
    files: Annotated[list[Path], typer.Argument(help="The files to read")],
    sender: Annotated[str, typer.Option(help="Whose files these are; default: the name of their folder")] = "",
) -> None:
    """Print as JSON what the desk would make of files, touching nothing."""
    from orderclerk.cli_reading import print_readings

    print_readings(kind, files, sender)


@app.command("try-rule")
def try_rule(
    rule: Annotated[str, typer.Argument(help="The rule as in docs/rules.md, for example PRC-001")],
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="As in orderclerk.toml: tolerance_percent=2")
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="How far back")] = 90,
    customer: Annotated[str, typer.Option(help="Try it for one customer only, by number")] = "",
    as_json: AsJson = False,
) -> None:
    """Try a rule, changed or switched on, on past orders: which it would have held or spared. Nothing is changed."""
    from orderclerk.cli_trial import print_trial

    print_trial(rule, changes or [], days, customer, as_json=as_json)


@app.command()
def quality(
    day: Annotated[str, typer.Option(help="The day, as 2026-11-23; default: the last that was reported")] = "",
) -> None:
    """Print the quality report of a day, as the team gets it by mail."""
    from orderclerk.cli_quality import print_report

    print_report(day)


@app.command()
def audit(as_json: AsJson = False) -> None:
    """Re-check the whole book from its rows alone; exit code 1 with findings."""
    from orderclerk.cli_book import book_engine, print_findings
    from orderclerk.database.audit import audit_book

    findings = audit_book(book_engine())
    print_findings(findings, as_json=as_json)
    raise typer.Exit(1 if findings else 0)


@app.command()
def day(orders: Orders = 200, seed: Seed = 1, faults: Faults = "{}") -> None:
    """Work one business day in the sandbox and sum it up (what `make run` does)."""
    from orderclerk.local.day import work_one_day

    work_one_day(orders, seed, faults)


@app.command()
def up(orders: Orders = 200, seed: Seed = 1, faults: Faults = "{}") -> None:
    """Work a day in the sandbox and stay: Prefect UI, schedules, worker; Ctrl-C ends it (what `make up` does)."""
    from orderclerk.local.up import stay_up

    stay_up(orders, seed, faults)


@app.command()
def serve() -> None:
    """Run the desk of this home until Ctrl-C: database, Prefect server, schedules and a worker."""
    from orderclerk.local.up import serve as run_desk

    run_desk()


@app.command()
def deploy() -> None:
    """Deploy every flow to the Prefect server of this home (or PREFECT_API_URL), without questions."""
    from orderclerk.cli_flows import reachable_api
    from orderclerk.local.deploying import deploy_all
    from orderclerk.settings import load_settings

    settings = load_settings()
    for name in deploy_all(settings.home, reachable_api(settings), settings.channels, settings.desk.timezone):
        typer.echo(name)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line. An expected error is one sentence and exit code 2; any other names --debug and gives 3."""
    try:
        app(arguments)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("ORDERCLERK_DEBUG"):
            raise
        from orderclerk.cli_errors import exit_code, sentence

        typer.echo(sentence(error), err=True)
        sys.exit(exit_code(error))
