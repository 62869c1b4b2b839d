"""Which column of a sender's table is which of ours."""

import csv
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from orderclerk.domain.mapping import SenderMapping

HEADER_COLUMNS = (
    "customer_number", "customer_email", "customer_name", "customer_phone", "customer_po", "original_ref", "currency",
    "language", "order_date", "requested_date", "recipient", "street", "city", "region", "postal_code", "country",
    "payment_method", "remarks", "total", "tax", "freight", "discount",
)  # fmt: skip
LINE_COLUMNS = ("line_ref", "item_ref", "barcode", "description", "quantity", "unit", "unit_price", "line_total")
OUR_COLUMNS = ("order_ref", *HEADER_COLUMNS, *LINE_COLUMNS)


class NoMapping(ValueError):
    """The columns of a table cannot be told; the message is for the operator (ENV-004)."""


def find_columns(headers: Sequence[str], mapping: SenderMapping | None) -> dict[str, int]:
    """Our column names with their places in `headers`. Raises NoMapping.

    With a mapping exactly its headers are taken, and every one must be there. Without, every header must be one of our
    names or a common one (column_names.csv): a header nobody understands might change what the others mean.
    """
    found = _mapped(headers, mapping) if mapping and mapping.columns else _recognised(headers)
    missing = [name for name in ("order_ref", "quantity") if name not in found]
    if "item_ref" not in found and "barcode" not in found:
        missing.append("item_ref or barcode")
    if missing:
        raise NoMapping(f"No column for {', '.join(missing)} among the headers: {_listed(headers)}")
    return found


def _mapped(headers: Sequence[str], mapping: SenderMapping) -> dict[str, int]:
    if strange := sorted(set(mapping.columns) - set(OUR_COLUMNS)):
        raise NoMapping(f"The mapping of {mapping.sender} names {_listed(strange)}; ours are: {', '.join(OUR_COLUMNS)}")
    places = _places(headers)
    wanted = {name: plain(header) for name, header in mapping.columns.items()}
    if absent := [mapping.columns[name] for name, header in wanted.items() if len(places.get(header, ())) != 1]:
        raise NoMapping(
            f"The mapping of {mapping.sender} wants exactly one column each of {_listed(absent)}; "
            f"the file has: {_listed(headers)}"
        )
    return {name: places[header][0] for name, header in wanted.items()}


def _recognised(headers: Sequence[str]) -> dict[str, int]:
    known = _common_names()
    filled = {place: header for place, header in enumerate(headers) if plain(header)}
    if strange := [header for header in filled.values() if plain(header) not in known]:
        raise NoMapping(
            f"The sender has no column mapping, and the headers {_listed(strange)} are not understood; "
            f"the file has: {_listed(headers)}"
        )
    found: dict[str, int] = {}
    for place, header in filled.items():
        if (name := known[plain(header)]) in found:
            raise NoMapping(f"Two columns may be {name}: {_listed((headers[found[name]], header))}")
        found[name] = place
    return found


def _places(headers: Sequence[str]) -> Mapping[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, header in enumerate(headers):
        places.setdefault(plain(header), []).append(place)
    return places


@cache
def _common_names() -> Mapping[str, str]:
    """The common names of our columns, and our own names with and without underscores.

    "Tax" and "discount" alone are as often of a line, or percentages: only a mapping says that they are the order's.
    """
    with Path(__file__).with_name("column_names.csv").open(encoding="utf-8", newline="") as file:
        names = {plain(row["name"]): row["column"] for row in csv.DictReader(file)}
    return names | {plain(name): name for name in OUR_COLUMNS if name not in ("tax", "discount")}


def plain(header: str) -> str:
    """A header as it is compared: case, width of characters, underscores and spacing do not matter."""
    folded = unicodedata.normalize("NFKC", header.lstrip("\ufeff")).casefold()
    return " ".join(folded.replace("_", " ").rstrip(".:").split())


def _listed(headers: Sequence[str]) -> str:
    shown = [repr(header[:40]) for header in headers[:40]]
    return ", ".join(shown) + (f" and {len(headers) - 40} more" if len(headers) > 40 else "")
