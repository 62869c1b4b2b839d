"""Languages are complete, units are words, figures lose no digit."""

import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import orderclerk.documents.words as words_module
from orderclerk.documents.addresses import address_lines
from orderclerk.documents.kinds import MailKind
from orderclerk.documents.words import language_of, words_for
from orderclerk.domain.reading import Address

EN, ZH = words_for("en"), words_for("zh_CN")
FILES = sorted((Path(words_module.__file__).parent / "phrases").glob("*.toml"))


def phrases(path: Path) -> dict[str, set[str]]:
    with path.open("rb") as file:
        return {section: set(names) for section, names in tomllib.load(file).items() if isinstance(names, dict)}


def test_every_language_says_the_same_things() -> None:
    first, *others = map(phrases, FILES)
    assert others
    assert all(other == first for other in others)
    assert {str(kind) for kind in MailKind} <= set(first)


@pytest.mark.parametrize(
    ("quantity", "unit", "english", "chinese"),
    [
        ("200", "EA", "200 pcs", "200 件"),
        ("1", "EA", "1 pc", "1 件"),
        ("1.0", "BX", "1 box", "1 箱"),
        ("2", "bx ", "2 boxes", "2 箱"),
        ("0.5", "KGM", "0.5 kg", "0.5 千克"),
        ("12.125", "MTR", "12.125 m", "12.125 米"),
        ("3", "LTR", "3 l", "3 升"),
        ("2", "PR", "2 pairs", "2 双"),
        ("4", "SET", "4 sets", "4 套"),
        ("12", "DZN", "12 dozen", "12 打"),
        ("5", "CT", "5 cartons", "5 箱"),
        ("1234", "XPK", "1,234 packs", "1,234 包"),
        ("7", "Q7", "7 Q7", "7 Q7"),
        ("7", "", "7", "7"),
    ],
)
def test_units_are_words_and_an_unknown_one_is_its_code(quantity: str, unit: str, english: str, chinese: str) -> None:
    assert EN.quantity(Decimal(quantity), unit) == english
    assert ZH.quantity(Decimal(quantity), unit) == chinese


@pytest.mark.parametrize(
    ("amount", "currency", "english", "chinese"),
    [
        ("12.5", "GBP", "£12.50", "£12.50"),
        ("0.1234", "EUR", "€0.1234", "€0.1234"),
        ("12.5000", "CNY", "CN¥12.50", "¥12.50"),
        ("1234567.8", "USD", "US$1,234,567.80", "US$1,234,567.80"),
        ("500", "JPY", "JP¥500", "JP¥500"),
        ("-3", "GBP", "-£3.00", "-£3.00"),
        ("3", "", "3", "3"),
        ("3.5", "nonsense", "3.5 nonsense", "3.5 nonsense"),
        ("NaN", "GBP", "–", "–"),
    ],
)
def test_money_has_its_sign_and_all_its_digits(amount: str, currency: str, english: str, chinese: str) -> None:
    assert EN.money(Decimal(amount), currency) == english
    assert ZH.money(Decimal(amount), currency) == chinese


def test_equal_instants_in_two_zones_are_written_each_in_its_own() -> None:
    at = datetime(2026, 7, 1, 22, 30, 59, tzinfo=UTC)
    assert EN.moment(at, "UTC") == "Wednesday, 1 July 2026 at 22:30 (Coordinated Universal Time)"
    assert EN.moment(at, "Europe/London") == "Wednesday, 1 July 2026 at 23:30 (British Summer Time)"
    assert ZH.moment(at, "Asia/Shanghai") == "2026年7月2日星期四 06:30（中国标准时间）"


@pytest.mark.parametrize("code", ["zh", "zh_CN", "zh-cn", "ZH_Hans", "zh-Hans-SG"])
def test_simplified_chinese_has_many_names(code: str) -> None:
    assert language_of(code) == "zh_CN"


def test_an_address_is_written_as_its_country_does() -> None:
    german = Address("Muster GmbH", "Beispielweg 3", "Köln", "", "50667", "DE")
    american = Address("Acme", "1 Main St\nSuite 5", "Springfield", "IL", "62701", "US")
    assert address_lines(german, EN.locale) == ("Muster GmbH", "Beispielweg 3", "50667 Köln", "Germany")
    assert address_lines(german, ZH.locale)[-1] == "德国"
    assert address_lines(american, EN.locale) == (
        "Acme",
        "1 Main St",
        "Suite 5",
        "Springfield, IL 62701",
        "United States",
    )


def test_a_chinese_address_goes_from_large_to_small_in_chinese_and_the_other_way_in_latin() -> None:
    chinese = Address("李明", "样本路 88 号", "苏州市", "江苏省", "215000", "CN")
    latin = Address("Li Ming", "88 Yangben Lu", "Suzhou", "Jiangsu", "215000", "CN")
    assert address_lines(chinese, ZH.locale) == ("中国", "215000", "江苏省苏州市", "样本路 88 号", "李明")
    assert address_lines(latin, EN.locale) == ("Li Ming", "88 Yangben Lu", "Suzhou", "Jiangsu, 215000", "China")


@pytest.mark.parametrize("country", ["", "Atlantis", "ZZ", "../cn", "U"])
def test_an_address_in_no_known_country_is_still_written(country: str) -> None:
    lines = address_lines(Address("A", "Street 1", "Town", "", "123", country), EN.locale)
    assert lines[:2] == ("A", "Street 1")
    assert " ".join(lines[2:4]).startswith("Town 123")


def test_a_county_is_written_though_the_royal_mail_needs_none() -> None:
    kent = Address("A", "7 Mill Lane", "Margate", "Kent", "CT9 1XX", "GB")
    assert address_lines(kent, EN.locale) == ("A", "7 Mill Lane", "Margate", "CT9 1XX", "Kent", "United Kingdom")


@pytest.mark.parametrize("country", [*words_module.words_for("en").locale.territories][::7])
def test_no_part_of_an_address_is_dropped_in_any_country(country: str) -> None:
    for street in ("Street", "样本路"):
        written = "\n".join(address_lines(Address("Who", street, "Town", "Region", "12345", country), EN.locale))
        assert all(part in written for part in ("Who", street, "Town", "Region", "12345"))


def test_no_address_is_no_lines() -> None:
    assert address_lines(Address(recipient="Only a name"), EN.locale) == ()
