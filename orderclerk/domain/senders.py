"""Whether the sender of an order is whom we take them for, and whether they ask what a fraud would ask.

Vectorised over a batch. `orders` has order_id, channel, kind, customer_id, email, display_name, reply_to,
authentication and for each address its organisation (the registrable domain); see `tasks.senders`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from orderclerk.domain.addressees import is_same_place, names_place, normal_place
from orderclerk.domain.checks import holds_of, no_holds
from orderclerk.domain.lookalikes import KnownDomains, is_free
from orderclerk.domain.matching import normal_refs

PROVEN = re.compile(r"\bdmarc=(?:pass|bestguesspass)\b")
FEW = 5  # earlier orders, from which on a customer's habit is known
VARIED = 0.5  # share of different addresses among them at which a new one is ordinary


@dataclass(frozen=True)
class Senders:
    """What is on file about senders.

    `keys` (kind, value normalised, customer_id) as in matching; `used` (customer_id, email) the addresses that accepted
    orders came from; `places` (customer_id, street, city, postal_code, is_order): of the master data and of accepted
    orders; `domains` the registrable domains of customers and of our own; `own_names` what we are called.
    """

    keys: pd.DataFrame
    used: pd.DataFrame
    places: pd.DataFrame
    domains: KnownDomains
    own_organisations: frozenset[str] = frozenset()
    own_names: frozenset[str] = frozenset()


def sender_holds(orders: pd.DataFrame, known: Senders, channels: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Objections to the senders of `orders`; `channels`: the channels that SND-006 and SND-008 look at."""
    mails = orders[(orders["channel"] == "mail") & (orders["email"] != "")]
    found = [_new_places(orders[orders["channel"].isin(channels["SND-008"]) & (orders["kind"] == "order")], known)]
    if not mails.empty:  # names and addresses on file are many, and compared with nothing otherwise
        found += [
            _other_names(mails, known),
            _other_answers(mails, known),
            _look_alikes(mails, known),
            _new_addresses(mails[mails["channel"].isin(channels["SND-006"])], known),
        ]
    return pd.concat([frame for frame in found if not frame.empty] or [no_holds()], ignore_index=True)


def _other_names(mails: pd.DataFrame, known: Senders) -> pd.DataFrame:
    """A display name that is a customer's or ours, beside an address that is neither theirs nor ours."""
    names = normal_refs(mails["display_name"])
    of_names = known.keys[known.keys["kind"] == "name"]
    several = of_names["value"].duplicated(keep=False)
    owner = names.map(dict(zip(of_names.loc[~several, "value"], of_names.loc[~several, "customer_id"], strict=True)))
    owner = owner.fillna(0).astype("int64")
    is_theirs = _acts_for(mails["email"], owner, known.keys)
    is_ours = mails["organisation"].isin(known.own_organisations)
    strange = mails[((owner > 0) & ~is_theirs) | (names.isin(known.own_names) & ~is_ours)]
    reason = "the name is one we know, the address is not theirs"
    return holds_of(strange, "SND-003", reason, {"name": "display_name", "address": "email"})


def _other_answers(mails: pd.DataFrame, known: Senders) -> pd.DataFrame:
    answers = mails["reply_organisation"]
    elsewhere = (answers != "") & (answers != mails["organisation"]) & ~answers.isin(known.own_organisations)
    is_theirs = _acts_for(mails["reply_to"], mails["customer_id"], known.keys)
    reason = "answers would go to another organisation, which is not known to be the customer's"
    return holds_of(mails[elsewhere & ~is_theirs], "SND-004", reason, {"from": "email", "answers to": "reply_to"})


def _look_alikes(mails: pd.DataFrame, known: Senders) -> pd.DataFrame:
    hosts = _hosts(mails["email"])
    pairs = dict.fromkeys(zip(hosts, mails["organisation"], strict=True))
    like = {host: known.domains.like(organisation, host) for host, organisation in pairs}
    seen = mails.assign(like=[like[host][0] for host in hosts], how=[like[host][1] for host in hosts])
    shown = {"domain": "organisation", "looks like": "like", "how": "how"}
    return holds_of(seen[seen["like"] != ""], "SND-005", "the domain only looks like one we know", shown)


def _new_addresses(mails: pd.DataFrame, known: Senders) -> pd.DataFrame:
    """A customer known by the domain alone, at an address that never ordered, and nothing proves the domain.

    Where our server does not judge senders nothing is held for it, except that at a provider anybody can be anybody.
    A sender not known to act for the customer at all is CUS-004.
    """
    pairs = _pairs(mails["email"], mails["customer_id"])
    on_file = known.keys[known.keys["kind"] == "email"]
    is_on_file = pairs.isin(set(_pairs(on_file["value"], on_file["customer_id"])))
    has_ordered = pairs.isin(set(_pairs(known.used["email"], known.used["customer_id"])))
    acts = _acts_for(mails["email"], mails["customer_id"], known.keys)
    is_unproven = (mails["authentication"] != "") & ~mails["authentication"].str.contains(PROVEN)
    is_doubtful = is_unproven | mails["email"].map(is_free).astype(bool)
    new = mails[(mails["customer_id"] > 0) & acts & ~is_on_file & ~has_ordered & is_doubtful]
    shown = {"address": "email", "our mail server": "authentication"}
    return holds_of(new, "SND-006", "this address never ordered for the customer before", shown)


def _new_places(orders: pd.DataFrame, known: Senders) -> pd.DataFrame:
    """A delivery address unlike all that are on file or that the customer's accepted orders went to.

    Nothing is held of customers of whom we know no address, nor of those who deliver to ever new ones.
    """
    stated = orders[(orders["customer_id"] > 0) & (orders["street"] != "")]
    theirs_all = known.places[known.places["customer_id"].isin(stated["customer_id"])]
    places = {int(i): group for i, group in theirs_all.groupby("customer_id")}
    rows, seen = [], []
    for row in stated.itertuples():
        theirs = places.get(int(row.customer_id))
        if theirs is None or _varies(theirs):
            continue
        wanted = (row.street, row.city, row.postal_code)
        whole = " ".join(str(part) for part in (getattr(row, "recipient", ""), *wanted))
        if not any(is_same_place(wanted, place) or names_place(whole, place) for place in _distinct(theirs)):
            rows.append(row.Index)
            seen.append("; ".join(", ".join(filter(None, place)) for place in _distinct(theirs)[:3]))
    new = stated.loc[rows].assign(on_file=seen)
    wanted_place = new["street"] + ", " + new["postal_code"] + " " + new["city"]
    shown = {"deliver to": "wanted_place", "on file": "on_file"}
    return holds_of(new.assign(wanted_place=wanted_place), "SND-008", "the customer never had this address", shown)


def _distinct(places: pd.DataFrame) -> list[tuple[str, str, str]]:
    columns = places[["street", "city", "postal_code"]].drop_duplicates()
    return [(str(a), str(b), str(c)) for a, b, c in columns.itertuples(index=False)]


def _varies(places: pd.DataFrame) -> bool:
    ordered = places.loc[places["is_order"], "street"]
    return len(ordered) >= FEW and ordered.map(normal_place).nunique() >= VARIED * len(ordered)


def _acts_for(emails: "pd.Series[str]", customer_ids: "pd.Series[int]", keys: pd.DataFrame) -> "pd.Series[bool]":
    """Whether an address is on file for the customer, or its domain is."""
    values = normal_refs(emails)
    acts = pd.Series(False, index=emails.index)
    for kind, wanted in (("email", values), ("domain", _hosts(values))):
        group = keys[keys["kind"] == kind]
        acts |= _pairs(wanted, customer_ids).isin(set(_pairs(group["value"], group["customer_id"])))
    return acts


def _hosts(emails: "pd.Series[str]") -> "pd.Series[str]":
    return emails.str.extract(r"@([^@]+)$", expand=False).fillna("")


def _pairs(values: "pd.Series[str]", ids: "pd.Series[int]") -> "pd.Series[str]":
    return normal_refs(values) + "|" + ids.astype("int64").astype(str)
