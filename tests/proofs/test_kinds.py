"""The proof of kinds as a test: no mail of others becomes an order, and nearly all are filed as a person would."""

from pathlib import Path

import pytest

from tests.proofs.kinds import file_all


@pytest.mark.real_data
def test_mails_of_others_are_filed_and_none_is_an_order(shared_data: Path) -> None:
    filed = file_all(shared_data)
    assert not [one.mail for one in filed if one.is_order]
    assert sum(one.person == one.desk for one in filed) >= 0.9 * len(filed)
