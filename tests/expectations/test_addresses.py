"""Addresses as people write them: what contradicts the data is found, what it does not know is believed."""

import pytest

from expectations.addresses import address_findings

GOOD = [
    ("Bob", "1 Mill Lane", "Leeds", "", "LS1 4AP", "GB"), ("Bob", "1 Mill Lane", "Leeds", "", "ls14ap", "GB"),
    ("", "1 Mill Lane, Leeds, LS1 4AP", "", "", "", "GB"), ("B", "Foundry Street 1", "Columbus", "OH", "43215", "US"),
    ("B", "Foundry Street 1", "Columbus", "Ohio", "43215-1234", "US"), ("B", "Elm 2", "Columbus", "", "43215", "US"),
    ("B", "Linden 1", "Berlin", "", "D-10115", "DE"), ("B", "1 rue A", "Paris", "", "75 010", "FR"),
    ("B", "Calle 3", "Madrid", "Madrid", "28013", "ES"), ("B", "Calle 3", "Girona", "Catalunya", "17001", "ES"),
    ("B", "Keizersgracht 1", "Amsterdam", "", "1015CJ", "NL"), ("B", "12 Harbour Rd", "Hong Kong", "", "", "HK"),
    ("3M Deutschland", "Ringweg 4", "Neuss", "", "41460", "DE"), ("B", "somewhere", "", "", "", ""),
    ("张伟", "人民路3号", "杭州市", "浙江省", "310000", "CN"), ("张伟", "人民路3号", "杭州", "浙江", "", "CN"),
    ("张伟", "浙江省杭州市西湖区人民路3号", "", "", "", "CN"), ("张伟", "朝阳区建国路88号", "北京市", "", "100022", "CN"),
    ("张伟", "科技园8号", "深圳市南山区", "广东省", "518057", "CN"), ("张伟", "萧山区工业园路8号", "杭州市", "浙江省", "311200", "CN"),
    ("张伟", "工业园路8号", "昆山市", "江苏省", "215300", "CN"), ("Z", "Nanshan Ave 8", "Shenzhen", "Guangdong", "518000", "CN"),
]  # fmt: skip


@pytest.mark.parametrize("address", GOOD, ids=str)
def test_a_good_address_is_believed(address: tuple[str, ...]) -> None:
    assert list(address_findings(*address)) == []


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        (("B", "1 Mill Lane", "", "", "LS1 4AP", "GB"), "ADR-002"), (("B", "", "Leeds", "", "LS1 4AP", "GB"), "ADR-002"),
        (("B", "1 Mill Lane", "Leeds", "", "", "GB"), "ADR-002"), (("B", "人民路3号", "", "", "", "CN"), "ADR-002"),
        (("B", "1 Mill Lane", "Leeds", "", "LS1 4A", "GB"), "ADR-003"), (("B", "Linden 1", "Berlin", "", "1011", "DE"), "ADR-003"),
        (("B", "Elm 2", "Columbus", "OH", "97204", "US"), "ADR-004"), (("B", "Calle 3", "Madrid", "Madrid", "08013", "ES"), "ADR-004"),
        (("B", "人民路3号", "杭州市", "浙江省", "523000", "CN"), "ADR-004"), (("B", "人民路3号", "杭州市", "广东省", "", "CN"), "ADR-005"),
        (("B", "南山区人民路3号", "杭州市", "浙江省", "310000", "CN"), "ADR-005"), (("123", "Linden 1", "Berlin", "", "10115", "DE"), "ADR-006"),
        (("n/a", "Linden 1", "Berlin", "", "10115", "DE"), "ADR-006"),
    ],
    ids=str,
)  # fmt: skip
def test_a_contradiction_is_found_with_its_rule(address: tuple[str, ...], rule: str) -> None:
    assert [found for found, _ in address_findings(*address)] == [rule]
