"""The checks of senders and of where they want goods sent: facts gathered once a chunk, judged by the domain."""

from dataclasses import replace
from functools import lru_cache

import pandas as pd

from connectors.mail.organisations import organisation_of
from orderclerk.database import senders
from orderclerk.database.engine import Connection
from orderclerk.domain.lookalikes import KnownDomains
from orderclerk.domain.matching import normal_ref
from orderclerk.domain.policy import Policy
from orderclerk.domain.senders import Senders, sender_holds


def with_senders(conn: Connection, orders: pd.DataFrame) -> pd.DataFrame:
    """`orders` with what their mails show: email, display_name, reply_to, authentication, organisations."""
    stated = senders.stated_senders(conn, orders["order_id"].tolist()).set_index("order_id")
    whole = orders.join(stated, on="order_id")
    return whole.assign(
        organisation=whole["email"].map(organisation_of), reply_organisation=whole["reply_to"].map(organisation_of)
    )


def known_senders(conn: Connection, orders: pd.DataFrame, keys: pd.DataFrame) -> Senders:
    """What the book knows of who sent `orders`, if by mail, and where they go, if they say; `keys` as in matching."""
    known, mails = orders[orders["customer_id"] > 0], orders[orders["email"] != ""]
    of_mails = keys["kind"].isin(["email", "domain"]) & (not mails.empty)  # the list of suffixes is read for mails only
    return Senders(
        keys,
        senders.used_addresses(conn, known.loc[known["email"] != "", "customer_id"].unique()),
        senders.known_places(conn, known.loc[known["street"] != "", "customer_id"].unique()),
        _indexed(frozenset(map(organisation_of, keys.loc[of_mails, "value"].unique()))),
    )


def sender_objections(orders: pd.DataFrame, known: Senders, policy: Policy) -> pd.DataFrame:
    """Objections to who sent `orders` and to where they want goods sent, as the house is called and reached."""
    own = frozenset(organisation_of(address) for address in policy.own_addresses)
    names = frozenset(normal_ref(name) for name in policy.own_names)
    domains = _indexed(known.domains.domains | own)
    ours = replace(known, domains=domains, own_organisations=own, own_names=names)
    return sender_holds(orders, ours, policy.sender_channels)


@lru_cache(maxsize=4)
def _indexed(domains: frozenset[str]) -> KnownDomains:
    return KnownDomains(domains - {""})
