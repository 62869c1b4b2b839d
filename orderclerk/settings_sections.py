"""The sections of orderclerk.toml, typed: field names are the names in the file. Secrets are filled in later."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.replenishing import Service
from orderclerk.domain.stock_policy import Shortage

Port = Annotated[int, Field(ge=0, le=65535)]
Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0)]
Cost = Annotated[float, Field(ge=0, le=1_000_000)]
Answer = Literal["offer", "confirm"]
Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
Hours = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$")]


def _example(value: str, **extra: Any) -> Any:
    """A field without default (unless `extra` gives one) whose complaint shows `value`."""
    return field(metadata={"example": value}, **extra)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A table of orderclerk.toml in which a misspelt setting is an error."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}


@dataclass(frozen=True, kw_only=True)
class DeskSettings(Section):
    """Who we are. `address` sends our mails, `team` gets the operators' mails."""

    name: str = _example('"Harbour Trading"')
    address: str = _example('"orders@example.com"')
    team: str = _example('"desk@example.com"')
    reply_to: str = ""
    timezone: str = _example('"Europe/London"', default="UTC")
    language: Literal["en", "zh_CN"] = "en"
    postal_address: str = ""
    phone: str = ""
    country: str = ""
    working_days: tuple[Weekday, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri")
    working_hours: Hours = "00:00-24:00"
    holidays: str = ""


@dataclass(frozen=True, kw_only=True)
class MailSettings(Section):
    """The mailbox orders arrive in (IMAP) and the server that takes our mail (SMTP)."""

    host: str = _example('"imap.example.com"')
    user: str = _example('"orders@example.com"')
    smtp_host: str = _example('"smtp.example.com"')
    port: Port = 993
    security: Literal["tls", "starttls"] = "tls"
    auth: Literal["password", "oauth2"] = "password"
    token_url: str = ""
    client_id: str = ""
    scope: str = ""
    folder: str = "INBOX"
    taken_folder: str = "Orderclerk/Taken"
    sent_folder: str = "Sent"
    ca_file: str = ""
    smtp_port: Port = 587
    smtp_security: Literal["starttls", "tls"] = "starttls"
    authserv_id: str = ""
    authserv_headers: Count = 1
    trusted_forwarders: tuple[str, ...] = ()
    password: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class ShopSettings(Section):
    """One shop; its name is its channel. Shopify has a token, WooCommerce a key and a secret.

    `since`: orders changed before this day (UTC) are not the desk's; without it the first pull brings all there is.
    """

    kind: Literal["shopify", "woocommerce"] = _example('"shopify"')
    url: str = _example('"https://shop.example.com"')
    api_version: str = ""
    since: date | None = None
    ca_file: str = ""
    currency: str = ""
    name: str = ""
    token: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


class SenderSettings(SenderMapping):
    """A sender's mapping in which a misspelt setting is an error."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}


@dataclass(frozen=True, kw_only=True)
class FileSettings(Section):
    """The drop folder: one folder a sender. A file changed less than `settle_seconds` ago is left alone."""

    folder: Path = Path("var/drop")
    settle_seconds: Share = 10
    senders: Mapping[str, SenderSettings] = field(default_factory=dict, metadata={"holds": SenderSettings})


@dataclass(frozen=True, kw_only=True)
class PolicySettings(Section):
    """What the house has decided; see `orderclerk.domain.policy`."""

    answer_by_channel: Mapping[str, Answer] = field(default_factory=dict)
    reminder_after_hours: Count = 24
    expire_after_hours: Count = 72
    price_tolerance_percent: Share = 0
    duplicate_window_days: Annotated[int, Field(ge=0)] = 7
    max_quantity: Count = 100_000
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.99
    max_mail_mb: Count = 25
    max_pdf_pages: Count = 200
    max_document_seconds: Count = 5
    max_document_memory_mb: Annotated[int, Field(ge=200)] = 400
    count: Literal["hours", "working-days", "working-hours"] = "working-days"
    mail_hours: Hours | Literal[""] = ""
    ask_customers: bool = True
    ask_prices: bool = False
    accept_reductions: bool = False
    sender_channels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RateSettings(Section):
    """What a parcel from one warehouse to one country costs: [stock.rates.FR.LDN]."""

    parcel_cost: Cost = 0
    unit_cost: Cost = 0
    kg_cost: Cost = 0


@dataclass(frozen=True, kw_only=True)
class StockSettings(Section):
    """Where orders come from, and who gets what there is too little of; see `orderclerk.domain.stock_policy`."""

    shortage: Shortage = "commitment"
    use_safety_stock: bool = False
    wait_days: Annotated[int, Field(ge=0, le=400)] = 14
    transit_days: Annotated[int, Field(ge=0, le=100)] = 3
    rates: Mapping[str, Mapping[str, RateSettings]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CustomerSettings(Section):
    """What is agreed with one customer otherwise than with the others: [customers.C1001.rules.PRC-001]."""

    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ExportSettings(Section):
    """Where goods do not go: countries as a whole, and classes of goods to some (items.csv, export_class)."""

    countries: tuple[str, ...] = ()
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PurchasingSettings(Section):
    """How the house buys; see `orderclerk.domain.purchasing.policy`. `receipts`: drop folders that report arrivals."""

    approve_above: Mapping[str, Annotated[Decimal, Field(ge=0)]] = field(default_factory=dict)
    answer_hours: Count = 24
    chase_times: Annotated[int, Field(ge=0)] = 2
    receipts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReplenishmentSettings(Section):
    """How much of everything there should be; see `orderclerk.domain.replenishing`."""

    service: Service = "fill"
    service_level: Annotated[float, Field(gt=0, lt=1)] = 0.95
    review_days: Annotated[float, Field(gt=0, le=90)] = 1
    order_cost: Cost = 5
    holding_rate: Annotated[float, Field(gt=0, le=10)] = 0.25
    cover_days: Annotated[float, Field(gt=0, le=730)] = 14
    horizon_days: Annotated[float, Field(gt=0, le=730)] = 120
    transfer_cost: Cost = 50
    transfer_days: Annotated[int, Field(ge=0, le=400)] = 3
    over_days: Share = 90
    dead_days: Share = 180
    history_days: Annotated[int, Field(ge=28, le=1092)] = 1092


@dataclass(frozen=True, kw_only=True)
class CountingSettings(Section):
    """How stock is counted; see `orderclerk.domain.counting`. `sheets`: drop folders for filled sheets; `mail_to`: who
    counts, by warehouse (else the team)."""

    days_a: Count = 30
    days_b: Count = 90
    days_c: Count = 365
    lines_a_day: Count = 40
    tolerance_percent: Share = 0.5
    tolerance_value: Share = 50
    sheets: tuple[str, ...] = ()
    mail_to: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ModelSettings(Section):
    """An OpenAI-compatible endpoint, asked about mails that order and that no rule can read. Absent: none is asked."""

    url: str = _example('"https://models.example.com"')
    name: str = _example('"a-model"')
    timeout_seconds: Annotated[float, Field(gt=0)] = 30
    key: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class ServerSettings(Section):
    """Where this home's own Prefect server listens; port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: Port = 0
