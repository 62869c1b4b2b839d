"""Suppliers as master data: loaded once, changed by a later file, and refused in one sentence."""

import pytest

from orderclerk.database.masterdata import MasterDataError, load_master_data
from orderclerk.database.purchasing import PurchaseError
from orderclerk.database.supplier_catalogue import offer_of, supplier_offers
from tests.database.buying import NOON
from tests.deskwork import rows, value

FILES = {
    "items": "item_no,name,name_zh,unit,pack_size,weight_g,is_goods,is_active,barcode\nA,bolt,,EA,1,,1,1,\nB,nut,,EA,1,,1,1,\n",
    "suppliers": "supplier_no,name,email,language,currency,lead_time_days,wants_ubl\nS1,Bolts,Sales@Bolts.example,,eur,7,1\nS2,Nuts,n@nuts.example,zh_CN,CNY,30,0\n",
    "supplier_items": "supplier_no,item_no,supplier_ref,moq,is_preferred\nS1,A,B-7,100,1\nS2,A,,,0\n",
    "supplier_prices": "supplier_no,item_no,unit_price,valid_from,min_quantity\nS1,A,1.25,2026-01-01,\nS1,A,1.10,2026-01-01,500\n",
}


def load(engine, tmp_path, **changes):
    for name, text in {**FILES, **changes}.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return load_master_data(engine, tmp_path)


def test_loading_twice_changes_nothing(engine, tmp_path):
    load(engine, tmp_path)
    first = (
        rows(engine, "SELECT * FROM suppliers ORDER BY id"),
        rows(engine, "SELECT * FROM supplier_prices ORDER BY id"),
    )
    load(engine, tmp_path)
    assert (
        rows(engine, "SELECT * FROM suppliers ORDER BY id"),
        rows(engine, "SELECT * FROM supplier_prices ORDER BY id"),
    ) == first
    assert rows(engine, "SELECT email, language, currency, wants_ubl FROM suppliers WHERE supplier_no = 'S1'") == [
        ("sales@bolts.example", "en", "EUR", True)
    ]


def test_another_file_may_prefer_another_supplier(engine, tmp_path):
    load(engine, tmp_path)
    load(engine, tmp_path, supplier_items="supplier_no,item_no,is_preferred\nS2,A,1\n")
    assert (
        value(
            engine,
            "SELECT supplier_no FROM supplier_items si JOIN suppliers s ON s.id = supplier_id WHERE is_preferred",
        )
        == "S2"
    )


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("supplier_items", "supplier_no,item_no,is_preferred\nS1,A,1\nS2,A,1\n", "two preferred suppliers"),
        ("supplier_items", "supplier_no,item_no\nS9,A\n", "'S9' is not in suppliers"),
        ("suppliers", "supplier_no,name\nS1,x\n", "lacks the column"),
        (
            "suppliers",
            "supplier_no,name,email,language,currency,lead_time_days\nS1,x,y,en,POUNDS,1\n",
            "correct the file",
        ),
    ],
)
def test_what_cannot_be_taken_is_one_sentence(engine, tmp_path, name, text, words):
    with pytest.raises(MasterDataError, match=words):
        load(engine, tmp_path, **{name: text})


def test_the_price_is_the_one_of_the_quantity_and_the_day(engine, tmp_path):
    load(engine, tmp_path)
    with engine.connect() as conn:
        assert [str(offer_of(conn, "A", "", count, NOON.date()).unit_price) for count in (100, 500)] == [
            "1.2500",
            "1.1000",
        ]
        assert len(supplier_offers(conn, NOON.date())) == 2
        for item, supplier, words in (
            ("A", "S2", "has no price"),
            ("B", "", "Nobody sells us B"),
            ("Z", "", "no item Z"),
        ):
            with pytest.raises(PurchaseError, match=words):
                offer_of(conn, item, supplier, 1, NOON.date())
