"""Who ordered and what: each evidence, their priority, and never a record nobody named."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.domain.customer_names import suggest_customers
from orderclerk.domain.matching import match_customers, match_items, normal_ref

KEYS = [
    ("number", "C1", 1), ("number", "C2", 2), ("gln", "4000001", 1), ("shopify", "77", 2), ("email", "a@one.example", 1),
    ("email", "b@two.example", 2), ("name", "ACME", 1), ("domain", "one.example", 1), ("partner", "p", 2),
    ("name", "TWINS", 1), ("name", "TWINS", 2), ("email", "agent@x.example", 1), ("email", "agent@x.example", 2),
]  # fmt: skip
FIELDS = ("source", "customer_number", "customer_key", "customer_email", "customer_name")


def keys(rows: list[tuple[str, str, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["kind", "value", "customer_id"]).astype({"kind": "str", "customer_id": "int64"})
    return frame.assign(value=frame["value"].map(normal_ref).astype("str"))


def who(**stated: str) -> tuple[int, str]:
    header = pd.DataFrame([{**dict.fromkeys(FIELDS, ""), "source": "files:q", **stated}]).astype("str")
    found = match_customers(header, keys(KEYS)).iloc[0]
    return int(found["customer_id"]), str(found["rule"])


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ({"customer_number": " c1 "}, (1, "")),
        ({"customer_number": "Ｃ２"}, (2, "")),  # full-width
        ({"customer_key": "gln:4000001"}, (1, "")),
        ({"customer_key": "Shopify:77"}, (2, "")),
        ({"customer_key": "shopify:4000001"}, (0, "CUS-001")),  # a number of another system
        ({"customer_email": "A@One.example"}, (1, "")),
        ({"customer_name": "acme"}, (1, "")),
        ({"customer_email": "new@one.example"}, (1, "")),
        ({"source": "files:p"}, (2, "")),
        ({}, (0, "CUS-001")),
        ({"customer_name": "Twins"}, (0, "CUS-002")),
        ({"customer_number": "C2", "customer_name": "Twins"}, (2, "")),
        ({"customer_name": "Twins", "source": "files:p"}, (0, "CUS-002")),  # the weaker evidence does not decide
        ({"customer_number": "C2", "customer_key": "gln:4000001", "customer_name": "acme"}, (2, "")),
        ({"customer_number": "unknown", "customer_email": "a@one.example"}, (1, "")),
    ],
)
def test_what_is_stated_finds_the_customer(stated: dict[str, str], found: tuple[int, str]) -> None:
    assert who(**stated) == found


@pytest.mark.parametrize(
    ("sender", "rule"),
    [
        ("a@one.example", ""), ("new@one.example", ""), ("b@two.example", "CUS-004"), ("x@nowhere.example", "CUS-004"),
        ("agent@x.example", ""),
    ],
)  # fmt: skip
def test_a_mail_counts_for_a_customer_only_from_an_address_of_theirs(sender: str, rule: str) -> None:
    assert who(source=f"mail:{sender}", customer_email=sender, customer_number="C1") == (1, rule)


texts = st.sampled_from(["", "c1", "C2", "x", "acme", "one.example", "a@one.example", "gln:c1", "number:c1", "p"])
known_keys = st.tuples(
    st.sampled_from(["number", "gln", "email", "name", "domain", "partner"]),
    st.sampled_from(["", "c1", "c2", "x", "acme", "one.example", "a@one.example", "p"]),
    st.integers(1, 3),
)


@settings(deadline=None, max_examples=50)
@given(st.lists(known_keys, max_size=8), st.tuples(*[texts] * 5))
def test_nobody_is_found_whose_key_was_not_stated(rows: list[tuple[str, str, int]], stated: tuple[str, ...]) -> None:
    header = pd.DataFrame([dict(zip(FIELDS, stated, strict=True))]).astype("str")
    found = int(match_customers(header, keys(rows))["customer_id"].iloc[0])
    said = normal_ref(" ".join(stated))
    assert found == 0 or any(value and normal_ref(value) in said for _, value, owner in rows if owner == found)


ITEMS = [(1, "A1", "111"), (2, "A2", "222"), (3, "A3", "")]
ITEM_KEYS = [(7, "A1", 2), (7, "MY-3", 3), (0, "OLD-1", 1), (0, "TWO", 1), (0, "TWO", 2)]


def what(ref: str = "", barcode: str = "", customer: int = 0) -> tuple[int, str]:
    lines = pd.DataFrame([(customer, ref, barcode)], columns=["customer_id", "item_ref", "barcode"])
    items = pd.DataFrame(ITEMS, columns=["item_id", "item_no", "barcode"])
    others = pd.DataFrame(ITEM_KEYS, columns=["customer_id", "value", "item_id"])
    found = match_items(lines.astype({"item_ref": "str", "barcode": "str"}), others, items).iloc[0]
    return int(found["item_id"]), str(found["rule"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("a1", "", 0), (1, "")),
        (("a1", "", 7), (2, "")),  # the customer's own number comes before ours
        (("my-3", "", 7), (3, "")),
        (("my-3", "", 8), (0, "ITM-001")),  # another customer's number is none
        (("old-1", "", 8), (1, "")),
        (("Ａ１", "", 0), (1, "")),
        (("222", "", 0), (2, "")),
        (("", "222", 0), (2, "")),
        (("a1", "111", 0), (1, "")),
        (("a1", "222", 0), (0, "ITM-002")),
        (("a1", "999", 0), (1, "")),
        (("two", "", 0), (0, "ITM-002")),
        (("", "", 7), (0, "ITM-001")),
    ],
)
def test_a_reference_finds_the_item(asked: tuple[str, str, int], found: tuple[int, str]) -> None:
    assert what(*asked) == found


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ({"vat_number": "DE 123.456.789"}, (1, "")),
        ({"vat_number": "de123456789", "customer_name": "twins"}, (1, "")),
        ({"thread_ref": "<first@x>"}, (2, "")),
        ({"customer_email": "somebody@gmail.com"}, (0, "CUS-001")),  # anybody may have an address there
        ({"source": "mail:somebody@gmail.com", "customer_email": "somebody@gmail.com", "customer_number": "C1"}, (1, "CUS-004")),
        ({"source": "mail:x@y.example", "customer_email": "x@y.example", "thread_ref": "<first@x>"}, (2, "CUS-004")),
    ],
)  # fmt: skip
def test_numbers_and_conversations_tell_the_customer_and_free_mail_does_not(
    stated: dict[str, str], found: tuple[int, str]
) -> None:
    more = [("vat", "DE123456789", 1), ("thread", "<first@x>", 2), ("domain", "gmail.com", 1)]
    header = pd.DataFrame(
        [{**dict.fromkeys(FIELDS, ""), "vat_number": "", "thread_ref": "", "source": "files:q", **stated}]
    )
    row = match_customers(header.astype("str"), keys(KEYS + more)).iloc[0]
    assert (int(row["customer_id"]), str(row["rule"])) == found


@pytest.mark.parametrize(
    ("stated", "numbers"),
    [
        ("Müller Werkzeuge GmbH & Co. KG", ["C7"]), ("Mueller Werkzeug", ["C7"]), ("ACME Tools Limited", ["C8"]),
        ("上海宏达贸易公司", ["C9"]), ("Somebody else", []), ("Ltd", []),
    ],
)  # fmt: skip
def test_a_name_like_a_customers_is_suggested(stated: str, numbers: list[str]) -> None:
    rows = [
        ("C7", "Muller Werkzeuge AG"),
        ("C8", "Acme Tools Ltd."),
        ("C9", "上海宏达贸易有限公司"),
        ("C10", "Limited Edition Ltd"),
    ]
    customers = pd.DataFrame(rows, columns=["customer_no", "name"])
    assert [one["customer_no"] for one in suggest_customers([stated], customers)[0]] == numbers
