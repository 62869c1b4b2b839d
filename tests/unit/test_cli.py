"""The command line: one sentence for what goes wrong, and nothing loaded that is not needed."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from orderclerk.cli import main
from orderclerk.cli_errors import exit_code, sentence
from orderclerk.domain.rules import RULES
from orderclerk.settings_checks import SettingsError

CSV = "order_ref,item_ref,quantity,unit_price\nPO-1,AB-1,3,2.50\nPO-1,AB-2,1,4.00\nPO-2,AB-1,x,2.50\n"
MAIL = b"From: Ann <ann@example.com>\r\nTo: o@example.com\r\nSubject: Hello\r\nMessage-ID: <1@example.com>\r\n\r\nHow are you?\r\n"


@pytest.fixture
def empty_home(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("ORDERCLERK_HOME", str(home))
    return home


def call(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def test_help_waits_for_no_heavy_library():
    script = (
        "import sys\n"
        "from orderclerk.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(*{'pandas', 'prefect', 'sqlalchemy', 'numpy', 'pydantic'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stderr.strip() == ""
    assert all(f" {name} " in done.stdout for name in ("init", "load", "run", "status", "read", "audit", "day", "up"))


def test_without_a_configuration_the_remedy_is_named(empty_home, capsys):
    assert call("audit") == 2
    assert "orderclerk init" in capsys.readouterr().err


def test_init_writes_a_configuration_and_does_not_do_it_twice(empty_home, capsys):
    assert call("init") == 0
    assert (empty_home / "orderclerk.toml").exists()
    assert call("init") == 2
    assert "exists already" in capsys.readouterr().err


def test_home_can_be_given_as_an_option(tmp_path, empty_home, capsys):
    assert call("--home", tmp_path / "other", "init") == 0
    assert (tmp_path / "other" / "orderclerk.toml").exists()


def test_audit_of_a_clean_book_gives_0_and_of_a_damaged_one_1(desk_home, engine, capsys):
    assert call("audit") == 0
    with engine.begin() as conn:
        conn.execute(sql("INSERT INTO items (item_no, name, unit, pack_size) VALUES ('A', 'a', 'EA', 1)"))
        conn.execute(sql("INSERT INTO warehouses (code) VALUES ('M')"))
        conn.execute(
            sql("INSERT INTO stock_levels (item_id, warehouse, on_hand, reserved) SELECT id, 'M', 5, 2 FROM items")
        )
    assert call("audit", "--json") == 1
    assert json.loads(capsys.readouterr().out.partition("\n")[2])[0]["rule"] == "AUD-STOCK-SUM"


def test_an_unknown_order_is_one_sentence(desk_home, capsys):
    assert call("status", "SO999999") == 2
    assert "There is no order SO999999" in capsys.readouterr().err


def test_master_data_loads_and_a_wrong_folder_is_said(desk_home, tmp_path, capsys):
    folder = tmp_path / "masterdata"
    folder.mkdir()
    assert call("load", folder) == 2
    (folder / "items.csv").write_text(
        "item_no,name,name_zh,unit,pack_size,weight_g,is_goods,is_active,barcode\nA,a,,EA,1,,1,1,\n"
    )
    assert call("load", folder) == 0
    assert "items: 1" in capsys.readouterr().out


def read(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, object]]:
    assert call("read", *arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_a_table_is_read_without_any_configuration_and_nothing_is_touched(empty_home, tmp_path, capsys):
    path = tmp_path / "orders.csv"
    path.write_text(CSV)
    found = read(capsys, "file", path)[0]
    assert [order["order_ref"] for order in found["orders"]] == ["PO-1", "PO-2"]
    assert found["orders"][0]["lines"][0]["quantity"] == "3"
    assert found["orders"][1]["lines"][0]["problems"][0]["rule"] in RULES
    assert not list(empty_home.iterdir())


def test_a_mapping_of_the_home_is_used(empty_home, tmp_path, capsys):
    (empty_home / "orderclerk.toml").write_text(
        '[desk]\nname = "x"\naddress = "a@b.example"\nteam = "t@b.example"\n[files.senders.acme.columns]\n'
        'order_ref = "Nr"\nitem_ref = "What"\nquantity = "Many"\n'
    )
    path = tmp_path / "orders.csv"
    path.write_text("Nr,What,Many,Who\nPO-1,AB-1,3,me\n")
    assert read(capsys, "file", path)[0]["unreadable"][0]["rule"] == "ENV-004"
    assert read(capsys, "file", path, "--sender", "acme")[0]["orders"][0]["source"] == "files:acme"


def test_every_kind_reads_what_is_none_without_inventing_an_order(empty_home, tmp_path, capsys):
    path = tmp_path / "thing"
    path.write_bytes(MAIL)
    for kind in ("mail", "file", "shopify", "woocommerce", "phone"):
        found = read(capsys, kind, path, path)
        assert [len(one.get("orders", [])) for one in found] == [0, 0], kind


def test_what_was_seen_in_a_mail_and_in_a_document_is_shown(empty_home, tmp_path, capsys):
    (tmp_path / "list.csv").write_text("Our list\nitem;quantity\nAB-1;3\n")
    (document,) = read(capsys, "document", tmp_path / "list.csv")
    assert document["sources"][0]["seen"] == ["row 1: Our list", ["row 2: item | quantity", "row 3: AB-1 | 3"]]
    (tmp_path / "order.eml").write_bytes(b"From: a@b.example\nSubject: x\n\nWe order\n10 x AB-1234\n")
    (mail,) = read(capsys, "mail", tmp_path / "order.eml")
    assert "line 2: 10 x AB-1234" in mail["sources"][0]["seen"]


@pytest.mark.parametrize("arguments", [("fax", "x"), ("file", "nowhere.csv")])
def test_what_cannot_be_read_at_all_is_said(empty_home, capsys, arguments):
    assert call("read", *arguments) == 2
    assert ("there are mail" in (said := capsys.readouterr().err)) or "no such file" in said


class Unforeseen(Exception):
    """Nobody expected this."""


def test_expected_errors_are_their_own_sentence_and_others_name_debug():
    assert (sentence(SettingsError("Do this.")), exit_code(SettingsError("Do this."))) == ("Do this.", 2)
    assert "--debug" in sentence(ZeroDivisionError("by zero"))
    assert exit_code(ZeroDivisionError()) == 3
    assert "disk is full" in sentence(OSError(28, "No space left on device"))


def test_a_database_that_is_away_is_one_sentence(desk_home, monkeypatch, capsys):
    monkeypatch.setenv("ORDERCLERK_DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/x")
    assert call("audit") == 2
    said = capsys.readouterr().err
    assert "order book does not answer" in said
    assert "secret" not in said
    assert "Traceback" not in said


def test_the_module_can_be_started(tmp_path: Path):
    done = subprocess.run([sys.executable, "-m", "orderclerk", "--help"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0


def test_load_says_what_is_wrong_with_the_data_and_refuses_it_if_told_to(desk_home, engine, tmp_path, capsys):
    folder = tmp_path / "masterdata"
    folder.mkdir()
    head = "customer_no,name,language,currency,payment_terms_days,credit_limit,payment_methods,price_list\n"
    (folder / "customers.csv").write_text(f"{head}C9,Acme,en,GBP,30,,invoice,none\n")
    assert call("load", folder, "--strict") == 2
    said = capsys.readouterr()
    assert "DQ-012" in said.out
    assert "nothing was loaded" in said.err
    with engine.connect() as conn:
        assert conn.execute(sql("SELECT count(*) FROM customers")).scalar() == 0
    assert call("load", folder) == 0
    assert "C9" in capsys.readouterr().out
    with engine.connect() as conn:
        assert conn.execute(sql("SELECT count(*) FROM customers")).scalar() == 1


def test_quality_prints_a_day_and_changes_nothing(desk_home, engine, capsys):
    from tests.deskwork import bring, check, furnish, order

    furnish(engine)
    monday = datetime(2024, 3, 4, 12, tzinfo=UTC)
    bring(engine, order("1", ("IT-1", "5", "9.99")), at=monday)
    check(engine, monday)
    assert call("quality", "--day", "2024-03-04") == 0
    said = capsys.readouterr().out
    assert "PRC-001" in said
    assert "Monday, 4 March 2024" in said
    with engine.connect() as conn:
        assert conn.execute(sql("SELECT count(*) FROM quality_days")).scalar() == 0
    assert call("quality", "--day", "yesterday") == 2
    assert "2026-11-23" in capsys.readouterr().err
