"""Numbers of companies and people: a wrong check digit is found, another kind of number is believed."""

import pytest

from expectations.parties import phone_findings, vat_findings


@pytest.mark.parametrize(
    ("number", "country", "rules"),
    [
        ("GB980780684", "GB", []), ("VAT No: GB 980 7806 84", "GB", []), ("GB980780685", "GB", ["TAX-001"]),
        ("DE136695976", "DE", []), ("DE136695977", "DE", ["TAX-001"]), ("136695976", "DE", []), ("136695977", "DE", ["TAX-001"]),
        ("DE136695976", "FR", ["TAX-002"]), ("EL094259216", "GR", []), ("XI980780684", "GB", []), ("ATU13585627", "AT", []),
        ("91110000600037341L", "CN", []), ("91110000600037341M", "CN", ["TAX-001"]), ("CHE-107.787.577 IVA", "CH", []),
        ("CHE-107.787.578 IVA", "CH", ["TAX-001"]), ("01234567", "GB", []), ("SC123456", "GB", []), ("HRB 12345", "DE", []),
        ("12-3456789", "US", []), ("", "GB", []), ("NL004495445B01", "", []),
    ],
)  # fmt: skip
def test_numbers_of_companies(number: str, country: str, rules: list[str]) -> None:
    assert [rule for rule, _ in vat_findings(number, country)] == rules


@pytest.mark.parametrize(
    ("number", "country", "is_wrong"),
    [
        ("+44 20 7946 0123", "GB", False), ("020 7946 0123", "GB", False), ("13800138000", "CN", False), ("020 7946 0123", "", False),
        ("+1 555 0100 123", "US", False), ("12", "GB", True), ("call me", "GB", True), ("+49 30 1234567890123456", "DE", True),
        ("+86 10 5550 0123 ext 5", "", False), ("", "GB", False),
    ],
)  # fmt: skip
def test_phone_numbers(number: str, country: str, is_wrong: bool) -> None:
    assert bool(phone_findings(number, country)) == is_wrong
