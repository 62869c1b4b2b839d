"""What a `GET /orders` asks for: parameters checked as WordPress checks them, and the orders they select.

Source: woocommerce.github.io/woocommerce-rest-api-docs (List all orders), WC_REST_CRUD_Controller, WP_Date_Query.
Three habits that bite: `modified_after` is strictly after; a time with a zone is turned into the site's own time before
it is compared, even with the GMT column (`dates_are_gmt`); pages are offsets, so orders slip from page to page.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.httpd import Request
from sandbox.shops.orders import StoredOrder
from sandbox.shops.store import Store
from sandbox.shops.woocommerce_items import product_id
from sandbox.shops.woocommerce_orders import order_status

STATUSES = ("any", "trash", "auto-draft", "pending", "processing", "on-hold", "completed", "cancelled", "refunded")
STATUSES += ("failed", "checkout-draft")
ORDER_BY = ("date", "id", "include", "title", "slug", "modified")
_DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)?")
_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Invalid(ValueError):
    """A parameter that WordPress refuses: name, code and message."""

    def __init__(self, name: str, code: str, message: str) -> None:
        super().__init__(message)
        self.name, self.code, self.message = name, code, message


@dataclass(frozen=True, slots=True)
class Listing:
    """A checked request. Times are bounds, exclusive on both sides."""

    page: int
    per_page: int
    offset: int | None
    order_by: str
    is_descending: bool
    statuses: tuple[str, ...]
    created: tuple[datetime, datetime]
    modified: tuple[datetime, datetime]
    include: tuple[int, ...]
    exclude: tuple[int, ...]
    customer: int | None
    product: int | None
    search: str
    places: int
    fields: tuple[str, ...]

    def found(self, store: Store) -> list[StoredOrder]:
        """All orders that are asked for, in the order asked for."""
        return [stored for stored in self._sorted(store) if self._wants(stored)]

    def page_of(self, found: Sequence[StoredOrder]) -> Sequence[StoredOrder]:
        """The page asked for; an `offset` replaces the page number."""
        start = (self.page - 1) * self.per_page if self.offset is None else self.offset
        return found[start : start + self.per_page]

    def _sorted(self, store: Store) -> Iterable[StoredOrder]:
        if self.order_by == "modified":
            since = None if self.modified[0] == _EARLIEST else self.modified[0]
            return store.updated(since, self.is_descending)
        if self.order_by == "date":
            return store.created(self.is_descending)
        if self.order_by == "include":
            return [found for found in map(store.find, self.include) if found]
        return sorted(store.created(), key=lambda stored: stored.order_id, reverse=self.is_descending)

    def _wants(self, stored: StoredOrder) -> bool:
        return (
            self.modified[0] < stored.updated_at < self.modified[1]
            and self.created[0] < stored.created_at < self.created[1]
            and ("any" in self.statuses or order_status(stored) in self.statuses)
            and (not self.include or stored.order_id in self.include)
            and stored.order_id not in self.exclude
            and self.customer in (None, stored.order.customer_id)
            and (self.product is None or self.product in (product_id(line.line) for line in stored.lines))
            and (not self.search or _holds(stored, self.search))
        )


def _holds(stored: StoredOrder, text: str) -> bool:
    order = stored.order
    titles = (line.line.title for line in stored.lines)
    places = (str(stored.order_id), str(order.number), order.email, order.name, *titles)
    return any(text.lower() in place.lower() for place in places)


def listing(request: Request, site: ZoneInfo) -> Listing:
    """The request understood. Raises Invalid for what WordPress would refuse."""
    is_gmt = _flag(request, "dates_are_gmt")
    return Listing(
        page=_number(request, "page", 1, 1),
        per_page=_number(request, "per_page", 10, 1, 100),
        offset=_number(request, "offset", 0, 0) if request.param("offset") else None,
        order_by=_choice(request, "orderby", "date", ORDER_BY),
        is_descending=_choice(request, "order", "desc", ("asc", "desc")) == "desc",
        statuses=tuple(_checked_status(each) for each in many(request, "status") or ["any"]),
        created=_bounds(request, "", is_gmt, site),
        modified=_bounds(request, "modified_", is_gmt, site),
        include=tuple(_id(each, "include") for each in many(request, "include")),
        exclude=tuple(_id(each, "exclude") for each in many(request, "exclude")),
        customer=_number(request, "customer", 0, 0) if request.param("customer") else None,
        product=_number(request, "product", 0, 0) if request.param("product") else None,
        search=request.param("search"),
        places=_number(request, "dp", 2, 0),
        fields=tuple(many(request, "_fields")),
    )


def many(request: Request, name: str) -> list[str]:
    """A list parameter in all its spellings: `a,b`, `name[]=a&name[]=b`, `name[0]=a`."""
    given = [value for key, values in request.query.items() if key.partition("[")[0] == name for value in values]
    return [part.strip() for value in given for part in value.split(",") if part.strip()]


def _bounds(request: Request, prefix: str, is_gmt: bool, site: ZoneInfo) -> tuple[datetime, datetime]:
    after, before = (request.param(f"{prefix}{end}") for end in ("after", "before"))
    return (
        _instant(f"{prefix}after", after, is_gmt, site) if after else _EARLIEST,
        _instant(f"{prefix}before", before, is_gmt, site) if before else _LATEST,
    )


def _instant(name: str, text: str, is_gmt: bool, site: ZoneInfo) -> datetime:
    if not _DATE.fullmatch(text):
        raise Invalid(name, "rest_invalid_date", "Invalid date.")
    try:
        at = datetime.fromisoformat(text.upper()).replace(microsecond=0)
    except ValueError as error:
        raise Invalid(name, "rest_invalid_date", "Invalid date.") from error
    wall = at if at.tzinfo is None else at.astimezone(site).replace(tzinfo=None)
    return wall.replace(tzinfo=UTC) if is_gmt else wall.replace(tzinfo=site).astimezone(UTC)


def _number(request: Request, name: str, default: int, least: int, most: int | None = None) -> int:
    text = request.param(name) or str(default)
    if not re.fullmatch(r"-?\d+", text):
        raise Invalid(name, "rest_invalid_type", f"{name} is not of type integer.")
    if most is not None and not least <= int(text) <= most:
        raise Invalid(name, "rest_out_of_bounds", f"{name} must be between {least} (inclusive) and {most} (inclusive)")
    if int(text) < least:
        raise Invalid(name, "rest_out_of_bounds", f"{name} must be greater than or equal to {least}")
    return int(text)


def _choice(request: Request, name: str, default: str, choices: tuple[str, ...]) -> str:
    text = request.param(name) or default
    if text not in choices:
        listed = f"{', '.join(choices[:-1])}, and {choices[-1]}"
        raise Invalid(name, "rest_not_in_enum", f"{name} is not one of {listed}.")
    return text


def _flag(request: Request, name: str) -> bool:
    text = request.param(name).lower()
    if text not in ("", "0", "1", "true", "false"):
        raise Invalid(name, "rest_invalid_type", f"{name} is not of type boolean.")
    return text in ("1", "true")


def _checked_status(status: str) -> str:
    if status not in STATUSES:
        raise Invalid("status", "rest_not_in_enum", f"status[0] is not one of {', '.join(STATUSES)}.")
    return status


def _id(text: str, name: str) -> int:
    if not text.isdigit():
        raise Invalid(name, "rest_invalid_type", f"{name}[0] is not of type integer.")
    return int(text)


def picked(data: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """Only the top-level `_fields` asked for, or everything."""
    wanted = {field.partition(".")[0] for field in fields}
    return {key: value for key, value in data.items() if key in wanted} if wanted else data
