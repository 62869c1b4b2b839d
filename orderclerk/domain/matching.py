"""Who ordered and what: references as written, matched to our customers and items. Never a guess.

A match is taken only when one piece of evidence leads to exactly one record and no other piece contradicts it.
"""

import re
import unicodedata

import pandas as pd

from orderclerk.domain.mail_domains import FREE_MAIL_DOMAINS

_NO_NUMBER = re.compile(r"[^0-9A-Z]")
NO_ID = 0  # ids start at 1; int64 columns without nulls are smaller and faster


def normal_ref(text: str) -> str:
    """A reference in the one form it is compared in: NFKC (full-width digits), upper case, outer blanks gone."""
    return " ".join(unicodedata.normalize("NFKC", text).upper().split())


def normal_refs(column: "pd.Series[str]") -> "pd.Series[str]":
    """`normal_ref` over a column; each distinct value is normalised once."""
    return column.map({value: normal_ref(value) for value in column.unique()}).astype("str")


def normal_numbers(column: "pd.Series[str]") -> "pd.Series[str]":
    """VAT and company numbers in the one form they are compared in: without blanks, dots and hyphens."""
    return column.map({value: _NO_NUMBER.sub("", normal_ref(value)) for value in column.unique()}).astype("str")


def match_customers(headers: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """Columns `customer_id` (0: none), `rule`, `reason` for each row of `headers`, in its index.

    `headers` has source, customer_number, customer_key, customer_email, customer_name, and may have vat_number and
    thread_ref. `keys` has kind, value (normalised) and customer_id. Priority: stated number, the sending system's key,
    mail address, VAT number, name, mail domain (no free-mail provider's), the conversation, the file's sender. What the
    sending mail address does not belong to is CUS-004.
    """
    keys = keys[~((keys["kind"] == "domain") & keys["value"].str.lower().isin(FREE_MAIL_DOMAINS))]
    email = normal_refs(headers["customer_email"])
    system, _, value = (headers["customer_key"].str.partition(":")[part] for part in range(3))
    evidence = {
        "number": _looked_up(keys, "number", normal_refs(headers["customer_number"])),
        "key": _looked_up_each(keys, system, normal_refs(value)),
        "email": _looked_up(keys, "email", email),
        "vat": _looked_up(keys, "vat", normal_numbers(_optional(headers, "vat_number"))),
        "name": _looked_up(keys, "name", normal_refs(headers["customer_name"])),
        "domain": _looked_up(keys, "domain", email.str.rpartition("@")[2]),
        "thread": _looked_up(keys, "thread", normal_refs(_optional(headers, "thread_ref"))),
        "partner": _looked_up(keys, "partner", normal_refs(headers["source"].str.partition(":")[2])),
    }
    found = pd.Series(NO_ID, index=headers.index)
    ambiguous = pd.Series(False, index=headers.index)
    for ids in evidence.values():
        undecided = (found == NO_ID) & ~ambiguous
        found = found.where(~undecided, ids.clip(lower=NO_ID))
        ambiguous |= undecided & (ids < NO_ID)
    return _verdict(headers, found, ambiguous, _is_sender(keys, email, evidence, found))


def match_items(lines: pd.DataFrame, item_keys: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Columns `item_id` (0: none) and `rule` for each row of `lines` (customer_id, item_ref, barcode).

    Priority: this customer's own number for the item, our number, a number anyone uses, barcode. A reference and a
    barcode that lead to different items, or a reference with two meanings, is ITM-002.
    `item_keys` has customer_id (0: anyone), value, item_id; `items` has item_id, item_no, barcode; all normalised.
    """
    ref, barcode = normal_refs(lines["item_ref"]), normal_refs(lines["barcode"])
    own = item_keys["customer_id"] != NO_ID
    by_customer = item_keys.loc[own, "customer_id"].astype(str) + "|" + item_keys.loc[own, "value"]
    lookups = (
        _ids(by_customer, item_keys.loc[own, "item_id"], lines["customer_id"].astype(str) + "|" + ref),
        _ids(items["item_no"], items["item_id"], ref),
        _ids(item_keys.loc[~own, "value"], item_keys.loc[~own, "item_id"], ref),
        _ids(items["barcode"], items["item_id"], ref),
    )
    found = pd.Series(NO_ID, index=lines.index)
    for ids in lookups:
        found = found.where(found != NO_ID, ids)
    scanned = _ids(items["barcode"], items["item_id"], barcode)
    clash = (found < NO_ID) | ((found > NO_ID) & (scanned > NO_ID) & (found != scanned))
    found = found.where(found != NO_ID, scanned)
    rule = pd.Series("", index=lines.index).mask(clash, "ITM-002").mask(~clash & (found == NO_ID), "ITM-001")
    return pd.DataFrame({"item_id": found.where(~clash, NO_ID), "rule": rule})


def _is_sender(
    keys: pd.DataFrame, email: "pd.Series[str]", evidence: dict[str, "pd.Series[int]"], found: "pd.Series[int]"
) -> "pd.Series[bool]":
    """Whether the mail address is one of the found customer's; an agent's may be several customers'."""
    addresses = keys[keys["kind"] == "email"]
    known = set(addresses["value"] + "|" + addresses["customer_id"].astype(str))
    return (email + "|" + found.astype(str)).isin(known) | (
        (evidence["email"] == NO_ID) & (evidence["domain"] == found)
    )


def _verdict(
    headers: pd.DataFrame, found: "pd.Series[int]", ambiguous: "pd.Series[bool]", is_sender: "pd.Series[bool]"
) -> pd.DataFrame:
    stranger = headers["source"].str.startswith("mail:") & (found > NO_ID) & ~is_sender
    rule = pd.Series("", index=headers.index)
    rule = rule.mask(found == NO_ID, "CUS-001").mask(ambiguous, "CUS-002").mask(stranger, "CUS-004")
    reason = rule.map(
        {
            "": "",
            "CUS-001": "nothing the document says about the customer is known",
            "CUS-002": "what the document says fits several customers",
            "CUS-004": "the customer is known, but not with this mail address",
        }
    )
    return pd.DataFrame({"customer_id": found, "rule": rule, "reason": reason})


def _optional(headers: pd.DataFrame, name: str) -> "pd.Series[str]":
    return headers[name] if name in headers else pd.Series("", index=headers.index, dtype="str")


def _looked_up(keys: pd.DataFrame, kind: str, values: "pd.Series[str]") -> "pd.Series[int]":
    of_kind = keys[keys["kind"] == kind]
    return _ids(of_kind["value"], of_kind["customer_id"], values)


def _looked_up_each(keys: pd.DataFrame, kinds: "pd.Series[str]", values: "pd.Series[str]") -> "pd.Series[int]":
    return _ids(keys["kind"] + ":" + keys["value"], keys["customer_id"], kinds.str.lower() + ":" + values)


def _ids(known: "pd.Series[str]", ids: "pd.Series[int]", wanted: "pd.Series[str]") -> "pd.Series[int]":
    """The id each wanted value leads to; 0 for none or an empty value, -1 where it leads to several."""
    table = pd.DataFrame({"value": known.to_numpy(), "id": ids.to_numpy()}).drop_duplicates()
    table = table[table["value"] != ""]
    several = table["value"].duplicated(keep=False)
    lookup = {**dict.fromkeys(table.loc[several, "value"], -1)}
    lookup.update(zip(table.loc[~several, "value"], table.loc[~several, "id"], strict=True))
    return wanted.map(lookup).fillna(NO_ID).astype("int64")
