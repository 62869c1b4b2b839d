"""What shops let customers write beside an order: a wished delivery day, and words for the desk."""

from collections.abc import Iterable
from datetime import date

from connectors.shops.fields import Fields, clean_text, read_day, shown
from orderclerk.domain.reading import Problem

DAY_KEYS = frozenset({
    "delivery date", "requested date", "requested delivery date", "desired delivery date", "ship date", "lieferdatum",
    "wunschtermin", "date de livraison", "送货日期", "配送日期", "交货日期", "期望送达日期", "希望送达日期",
    "jckwds date ymd",  # Iconic WooCommerce Delivery Slots writes 20261124
})  # fmt: skip


def requested_day(pairs: Iterable[tuple[str, object]], problems: list[Problem]) -> date | None:
    """The wished delivery day among attributes; a Problem if it cannot be read or two differ."""
    days: dict[date, None] = {}
    for key, value in pairs:
        if _plain(key) not in DAY_KEYS or value in (None, ""):
            continue
        day = read_day(str(value)[:10])
        if day is None:
            problems.append(Problem("ORD-002", key, shown(value), "is no date written year first"))
        else:
            days[day] = None
    if len(days) > 1:
        told = ", ".join(map(str, days))
        problems.append(Problem("ORD-002", "requested date", told, "the order names more than one day"))
        return None
    return next(iter(days), None)


def words(note: str, pairs: Iterable[tuple[str, object]]) -> str:
    """The customer's note and the attributes for people; keys with a leading underscore are for machines."""
    said = [f"{key}: {clean_text(str(value))}" for key, value in pairs if not key.startswith("_") and value]
    return "\n".join(filter(None, [note, *(line for line in said if _plain(line.partition(":")[0]) not in DAY_KEYS)]))


def attribute_pairs(fields: Fields, name: str) -> list[tuple[str, object]]:
    """The (key, text) pairs of attribute list `name`; nested values are for machines and left out."""
    pairs = [(item.text("key") or item.text("name"), item.data.get("value")) for item in fields.items(name)]
    return [(key, value) for key, value in pairs if key and isinstance(value, str | int)]


def _plain(key: str) -> str:
    return " ".join(key.replace("_", " ").replace("-", " ").lower().split())
