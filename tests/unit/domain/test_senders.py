"""Look-alike domains, one place written in many ways, and senders judged over a batch."""

import string

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from orderclerk.domain.addressees import is_same_place, names_place
from orderclerk.domain.lookalikes import FREE, KnownDomains
from orderclerk.domain.senders import Senders, sender_holds

LETTERS = string.ascii_lowercase + string.digits
NAMES = st.text(alphabet=LETTERS, min_size=5, max_size=14).filter(lambda name: name not in FREE)
CHANNELS = {"SND-006": ("mail",), "SND-008": ("mail", "phone")}


@given(NAMES, st.data())
def test_any_one_character_look_alike_of_a_known_domain_is_seen(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name)))
    letter = data.draw(st.sampled_from(LETTERS))
    forms = [
        name[:place] + letter + name[place:],
        name[:place] + letter + name[place + 1 :],
        name[:place] + name[place + 1 :],
    ]
    other = data.draw(st.sampled_from(forms))
    assume(other and other != name and other not in FREE)
    assert KnownDomains(frozenset({f"{name}.com"})).like(f"{other}.com")[0] == f"{name}.com"


@given(st.sets(NAMES, min_size=1, max_size=20))
def test_a_known_domain_is_never_a_look_alike(names: set[str]) -> None:
    known = KnownDomains(frozenset(f"{name}.com" for name in names))
    assert all(known.like(f"{name}.com") == ("", "") for name in names)


@pytest.mark.parametrize(
    "domain",
    ["acrne-tools.com", "acme-too1s.com", "аcme-tools.com", "acme-tools.co", "acme-tools-payments.com", "amce-tools.com",
     "acmetools.com", "acme-tooIs.com".lower().replace("tools", "toois")],
)  # fmt: skip
def test_what_frauds_register_looks_alike(domain: str) -> None:
    assert KnownDomains(frozenset({"acme-tools.com"})).like(domain)[0] == "acme-tools.com"


def test_a_known_domain_in_front_of_anothers_is_seen() -> None:
    assert KnownDomains(frozenset({"acme.com"})).like("evil.example", "acme.com.evil.example")[0] == "acme.com"


@pytest.mark.parametrize("domain", ["hotmail.fr", "ymail.com", "metal.com", "sunshine.de", "other.example"])
def test_others_are_others(domain: str) -> None:
    assert KnownDomains(frozenset({"gmail.com", "hotmail.com", "acme.com", "sun.de"})).like(domain) == ("", "")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("12 High Street", "Leeds", "LS1 4AB"), ("12, High St.", "LEEDS", "ls14ab"), True),
        (("Hauptstraße 5", "Köln", "50667"), ("Hauptstr. 5", "Koeln", "50667"), True),
        (("Unit 4, 12 High Street", "Leeds", ""), ("12 High Street Unit 4", "Leeds", ""), True),
        (("科技路1号", "深圳市", "518000"), ("科技路１号", "深圳", ""), True),
        (("12 High Street", "Leeds", "LS1 4AB"), ("14 High Street", "Leeds", "LS1 4AB"), False),
        (("12 High Street", "Leeds", "LS1 4AB"), ("12 High Street", "York", "YO1 9AA"), False),
        (("Hauptstraße 5", "Köln", "50667"), ("Bahnhofstraße 5", "Köln", "50667"), False),
        (("科技路1号", "深圳市", ""), ("人民路1号", "广州市", ""), False),
    ],
)
def test_one_place_is_known_however_it_is_written(one: tuple[str, ...], other: tuple[str, ...], same: bool) -> None:
    assert is_same_place(one, other) is same  # type: ignore[arg-type]
    assert is_same_place(other, one) is same  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stated", "place", "named"),
    [
        ("LS1 4AB Leeds, 12 High Street Acme Ltd United Kingdom", ("12 High St.", "Leeds", "LS1 4AB"), True),
        ("Acme GmbH, Hauptstr. 5, D-50667, Köln", ("Hauptstraße 5", "Köln", "50667"), True),
        ("四川省成都市香港中路61号 成都永昌办公用品有限公司 邮编 610041", ("香港中路61号", "成都市", "610041"), True),
        ("Unit 1, 7 High Street Leeds LS1 4AB", ("1 High Street", "Leeds", "LS1 4AB"), False),
        ("Warehouse 71, Dock Road, Dublin", ("Dock Road", "Dublin", ""), False),
        ("High Street Leeds LS1 4AB", ("12 High Street", "Leeds", "LS1 4AB"), False),
        ("四川省成都市香港中路161号 邮编 610041", ("香港中路61号", "成都市", "610041"), False),
        ("12 High Street Leeds", ("", "Leeds", ""), False),
    ],
)
def test_an_address_on_file_is_named_in_any_order_and_no_other_is(
    stated: str, place: tuple[str, str, str], named: bool
) -> None:
    assert names_place(stated, place) is named


KEYS = pd.DataFrame(
    [
        ("email", "BUYER@ACME.COM", 1), ("domain", "ACME.COM", 1), ("name", "ACME LTD", 1),
        ("email", "BOB@GMAIL.COM", 2), ("domain", "GMAIL.COM", 2),
    ],
    columns=["kind", "value", "customer_id"],
)  # fmt: skip
PLACES = pd.DataFrame(
    [(1, "12 High Street", "Leeds", "LS1 4AB", False)],
    columns=["customer_id", "street", "city", "postal_code", "is_order"],
)
USED = pd.DataFrame([(1, "regular@acme.com")], columns=["customer_id", "email"])
ORDER = {
    "order_id": 7, "channel": "mail", "kind": "order", "customer_id": 1, "email": "buyer@acme.com", "display_name": "A Buyer",
    "reply_to": "", "authentication": "", "organisation": "acme.com", "reply_organisation": "", "street": "12 High St",
    "city": "Leeds", "postal_code": "LS1 4AB",
}  # fmt: skip


def held(places: pd.DataFrame = PLACES, **stated: object) -> list[str]:
    row = ORDER | stated
    if "email" in stated:
        row["organisation"] = str(stated["email"]).rpartition("@")[2]
    known = Senders(KEYS, USED, places, KnownDomains(frozenset({"acme.com", "gmail.com", "house.example"})),
                    frozenset({"house.example"}), frozenset({"HARBOUR TRADING"}))  # fmt: skip
    return sorted(sender_holds(pd.DataFrame([row]), known, CHANNELS)["rule"])


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"display_name": "Acme Ltd"},
        {"reply_to": "buyer@acme.com", "reply_organisation": "acme.com"},
        {"email": "new@acme.com"},
        {"email": "new@acme.com", "authentication": "spf=pass dmarc=pass"},
        {"email": "regular@acme.com", "authentication": "dmarc=none"},
        {"street": ""},
        {"channel": "shop", "street": "99 Elsewhere"},
        {"customer_id": 2, "email": "bob@gmail.com"},
    ],
)
def test_a_customers_ordinary_order_is_not_held(stated: dict[str, object]) -> None:
    assert held(**stated) == []


@pytest.mark.parametrize(
    ("stated", "rule"),
    [
        ({"display_name": "Acme Ltd", "email": "x@else.example", "customer_id": 0}, "SND-003"),
        ({"display_name": "Harbour Trading", "email": "x@else.example", "customer_id": 0}, "SND-003"),
        ({"reply_to": "x@else.example", "reply_organisation": "else.example"}, "SND-004"),
        ({"email": "buyer@acrne.com", "customer_id": 0}, "SND-005"),
        ({"email": "desk@h0use.example", "customer_id": 0}, "SND-005"),
        ({"email": "new@acme.com", "authentication": "spf=none dmarc=none"}, "SND-006"),
        ({"customer_id": 2, "email": "eve@gmail.com"}, "SND-006"),
        ({"street": "99 Elsewhere", "city": "York", "postal_code": "YO1 9AA"}, "SND-008"),
        ({"channel": "phone", "email": "", "street": "99 Elsewhere", "city": "York", "postal_code": ""}, "SND-008"),
    ],
)
def test_what_a_fraud_would_do_is_held(stated: dict[str, object], rule: str) -> None:
    assert held(**stated) == [rule]


def test_who_delivers_to_ever_new_places_may_and_so_may_whose_places_nobody_knows() -> None:
    many = [(1, f"{n} Road {n}", "Leeds", f"LS{n}", True) for n in range(6)]
    elsewhere = {"street": "99 Elsewhere", "city": "York", "postal_code": "YO1 9AA"}
    assert held(pd.DataFrame(many, columns=PLACES.columns), **elsewhere) == []
    assert held(PLACES.iloc[:0], **elsewhere) == []
