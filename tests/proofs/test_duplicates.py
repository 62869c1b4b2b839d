"""The proof's mails: what sets two orders apart is what was changed, and not how their place was read."""

import pytest

from tests.proofs.deviations import read
from tests.proofs.trading_deviations import Maker
from tests.proofs.trading_documents import envelope
from tests.proofs.trading_world import PLACES, make_world


@pytest.mark.parametrize("country", PLACES)
def test_the_place_in_a_mail_is_read_as_its_customer_means_it(country: str) -> None:
    world = make_world(1)
    customer = next(one for one in world.customers if one.country == country)
    order = Maker(world, 1).order("mail", customer, lines=2)
    for street, city, region, code in PLACES[country]:
        order.street, order.city, order.region, order.postal_code = street, city, region, code
        order.country, order.recipient = country, "Goods inwards"
        (mailed,) = read(envelope(order), None).orders
        for name in ("recipient", "street", "city", "postal_code", "country"):
            assert getattr(mailed.delivery, name) == getattr(order, name)
