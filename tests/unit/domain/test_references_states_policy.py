"""Small tables and signatures: references nobody can forge, states that can be reached, channels that bind."""

import re

import pytest

from orderclerk.domain.policy import Policy
from orderclerk.domain.references import Reference, find_reference, has_reference, parse_reference, sign_reference
from orderclerk.domain.states import (
    COMMERCIAL,
    FULFILMENT,
    PURCHASE,
    TRANSFER,
    TRANSITIONS,
    Standing,
    display_label,
    is_allowed,
)

SECRET = b"harbour"
SIGNED = sign_reference("SO100042", 3, SECRET)


def test_a_reference_looks_as_documented() -> None:
    assert re.fullmatch(r"SO100042-3-[a-z2-7]{8}", SIGNED)


@pytest.mark.parametrize(
    "text", ["Re: [{}] your order", "AW: [{}", "{}", "see SO100042-3-aaaaaaaa and {}.", "<{}.7@desk>"]
)
@pytest.mark.parametrize("case", [str.upper, str.lower, str])
def test_a_signed_reference_is_found_in_any_case_and_place(text: str, case: type[str]) -> None:
    assert find_reference(text.format(case(SIGNED)), SECRET) == Reference("SO100042", 3)


@pytest.mark.parametrize(
    "text",
    [
        SIGNED.replace("42-", "43-"),
        SIGNED.replace("-3-", "-4-"),
        SIGNED[:-1] + ("a" if SIGNED[-1] != "a" else "b"),
        SIGNED + "x",
    ],
)
def test_a_reference_with_one_character_changed_is_nobodys(text: str) -> None:
    assert find_reference(text, SECRET) is None


def test_another_secret_signs_nothing_of_ours() -> None:
    assert find_reference(SIGNED, b"other") is None
    assert has_reference(SIGNED)
    assert parse_reference(f"[{SIGNED}]") == Reference("SO100042", 3)


def test_text_without_a_reference_has_none() -> None:
    assert not has_reference("SO100042, thanks")
    assert parse_reference("") is None
    assert find_reference("", SECRET) is None


@pytest.mark.parametrize(
    ("axis", "states", "first"),
    [
        ("commercial", COMMERCIAL, ""),
        ("fulfilment", FULFILMENT, "open"),
        ("purchase", PURCHASE, ""),
        ("transfer", TRANSFER, ""),
    ],
)
def test_every_state_can_be_reached_and_no_other_is_named(axis: str, states: tuple[str, ...], first: str) -> None:
    reached = {first}
    for _ in states:
        reached |= {after for before, after in TRANSITIONS[axis] if before in reached}
    assert reached - {""} == set(states)
    assert {state for pair in TRANSITIONS[axis] for state in pair} - {""} == set(states)
    assert not any(is_allowed(axis, state, state) for state in states)


@pytest.mark.parametrize(
    ("standing", "label"),
    [
        (Standing("order", "received"), "being checked"),
        (Standing("order", "offered"), "waiting for the customer"),
        (Standing("order", "confirmed"), "confirmed"),
        (Standing("return", "confirmed"), "return accepted"),
        (Standing("order", "received", ("STK-001", "DUP-001", "STK-001")), "held: DUP-001, STK-001"),
        (Standing("order", "cancelled", ("CAN-001",)), "cancelled"),
    ],
)
def test_the_label_says_what_matters_most(standing: Standing, label: str) -> None:
    assert display_label(standing) == label


def test_a_channel_binds_only_where_the_house_says_so() -> None:
    assert Policy().binding == frozenset()
    assert Policy(answers={"shop": "confirm", "mail": "offer"}).binding == {"shop"}
