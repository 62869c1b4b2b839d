"""What an installation decides: `orderclerk.toml` and the environment as typed settings, read once.

Secrets never stand in orderclerk.toml: they come from the environment or secrets.env, and no repr shows them.
"""

import os
import re
import tomllib
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from orderclerk.domain.counting import CountPolicy
from orderclerk.domain.mapping import DECIMALS, NEGATIVE_LINES
from orderclerk.domain.policy import SENDER_CHANNELS, Policy
from orderclerk.domain.purchasing import PurchasePolicy
from orderclerk.domain.replenishing import BuyingRules, ReplenishPolicy
from orderclerk.secrets_file import read_secrets, shop_variable, signing_secret
from orderclerk.settings_checks import (
    MAIL_SECRETS,
    SHOP_SECRETS,
    SettingsError,
    complaints,
    misplaced_secrets,
)
from orderclerk.settings_hours import mail_hours, work_time, wrong_hours
from orderclerk.settings_rules import RuleTables, export_rules, rule_book, stock_policy, wrong_rules
from orderclerk.settings_sections import (
    CountingSettings,
    CustomerSettings,
    DeskSettings,
    ExportSettings,
    FileSettings,
    MailSettings,
    ModelSettings,
    PolicySettings,
    PurchasingSettings,
    ReplenishmentSettings,
    Section,
    ServerSettings,
    ShopSettings,
    StockSettings,
)

FILE_NAME = "orderclerk.toml"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_TAKEN_NAMES = ("mail", "files", "phone")


@dataclass(frozen=True, kw_only=True)
class Settings(Section):
    """Everything an installation decides. `mail` is None for a desk without a mailbox."""

    desk: DeskSettings = field(metadata={"holds": DeskSettings})
    mail: MailSettings | None = field(default=None, metadata={"holds": MailSettings})
    shops: Mapping[str, ShopSettings] = field(default_factory=dict, metadata={"holds": ShopSettings})
    files: FileSettings = field(default_factory=FileSettings, metadata={"holds": FileSettings})
    policy: PolicySettings = field(default_factory=PolicySettings, metadata={"holds": PolicySettings})
    counting: CountingSettings = field(default_factory=CountingSettings, metadata={"holds": CountingSettings})
    purchasing: PurchasingSettings = field(default_factory=PurchasingSettings, metadata={"holds": PurchasingSettings})
    replenishment: ReplenishmentSettings = field(
        default_factory=ReplenishmentSettings, metadata={"holds": ReplenishmentSettings}
    )
    model: ModelSettings | None = field(default=None, metadata={"holds": ModelSettings})
    stock: StockSettings = field(default_factory=StockSettings, metadata={"holds": StockSettings})
    server: ServerSettings = field(default_factory=ServerSettings, metadata={"holds": ServerSettings})
    rules: RuleTables = field(default_factory=dict)
    customers: Mapping[str, CustomerSettings] = field(default_factory=dict, metadata={"holds": CustomerSettings})
    exports: ExportSettings = field(default_factory=ExportSettings, metadata={"holds": ExportSettings})
    home: Path = Path()
    external_database_url: str = field(default="", repr=False)
    external_prefect_url: str = field(default="", repr=False)
    given_secret: str = field(default="", repr=False)

    @property
    def var(self) -> Path:
        """The folder for what the program keeps: the embedded database, logs, the signing secret."""
        return self.home / "var"

    @property
    def channels(self) -> tuple[str, ...]:
        """Every channel that is pulled: the mailbox, the shops, the drop folder. The phone is typed, not pulled."""
        return (*(("mail",) if self.mail else ()), *self.shops, "files")

    def required_mail(self) -> MailSettings:
        """The mail settings. Raises SettingsError if there are none."""
        if self.mail is None:
            raise SettingsError(f"{self.home / FILE_NAME} has no section [mail]; `orderclerk init` shows one")
        return self.mail

    def house_policy(self) -> Policy:
        """The policy for the domain: a shop's orders are binding and every other channel's are offered, unless said."""
        answers = dict.fromkeys(self.shops, "confirm") | dict(self.policy.answer_by_channel)
        return Policy(
            answers=answers,
            reminder_after_hours=self.policy.reminder_after_hours,
            expire_after_hours=self.policy.expire_after_hours,
            price_tolerance_percent=self.policy.price_tolerance_percent,
            duplicate_window_days=self.policy.duplicate_window_days,
            max_quantity=self.policy.max_quantity,
            min_confidence=self.policy.min_confidence,
            ask_customers=self.policy.ask_customers,
            ask_prices=self.policy.ask_prices,
            accept_reductions=self.policy.accept_reductions,
            worktime=work_time(self.desk, self.policy),
            mail_hours=mail_hours(self.desk, self.policy),
            rules=rule_book(self.rules, self.customers),
            exports=export_rules(self.exports),
            stock=stock_policy(self.stock),
            country=self.desk.country,
            own_addresses=tuple(a for a in (self.desk.address, self.desk.reply_to, self.desk.team) if a),
            own_names=(self.desk.name,),
            sender_channels={**SENDER_CHANNELS, **self.policy.sender_channels},
        )

    def count_policy(self) -> CountPolicy:
        """The policy of counting for the domain."""
        own = self.counting
        days = (own.days_a, own.days_b, own.days_c)
        return CountPolicy(*days, own.lines_a_day, own.tolerance_percent, own.tolerance_value)

    def purchase_policy(self) -> PurchasePolicy:
        """The policy of buying for the domain."""
        own = self.purchasing
        return PurchasePolicy(dict(own.approve_above), own.answer_hours, own.chase_times, frozenset(own.receipts))

    def replenish_policy(self) -> ReplenishPolicy:
        """The policy of replenishing for the domain."""
        own = {one.name: getattr(self.replenishment, one.name) for one in fields(self.replenishment)}
        buying = BuyingRules(**{one.name: own.pop(one.name) for one in fields(BuyingRules)})
        return ReplenishPolicy(buying=buying, **own)

    def database_url(self) -> str:
        """The order book's URL: ORDERCLERK_DATABASE_URL, else the embedded PostgreSQL, started if need be."""
        from orderclerk.local.postgres import book_url

        return book_url(self)

    def secret(self) -> bytes:
        """The key that signs references."""
        return signing_secret(self.home, self.given_secret)


def home_folder() -> Path:
    """ORDERCLERK_HOME, else the current folder."""
    return Path(os.environ.get("ORDERCLERK_HOME") or ".").resolve()


def load_settings(
    home: Path | None = None, environment: Mapping[str, str] | None = None, *, needs_secrets: bool = True
) -> Settings:
    """The settings of `home`. Raises SettingsError naming everything that is missing or wrong.

    `needs_secrets` False is for work that opens no connection: absent secrets are then no fault.
    """
    home = (home or home_folder()).resolve()
    path = home / FILE_NAME
    written = _read_toml(path)
    secrets = read_secrets(home, os.environ if environment is None else environment)
    problems = misplaced_secrets(written)
    settings = None
    try:
        settings = TypeAdapter(Settings).validate_python(_completed(written, home, secrets))
    except ValidationError as error:
        problems += complaints(error, Settings)
    if settings:
        problems += [*_wrong_values(settings), *(_missing_secrets(settings) if needs_secrets else ())]
    if problems or settings is None:
        raise SettingsError(f"{path} cannot be used:" + "".join(f"\n  - {problem}" for problem in problems))
    return settings


def write_default(home: Path) -> Path:
    """Write a commented orderclerk.toml into `home`. Raises SettingsError rather than overwrite one."""
    path = home / FILE_NAME
    if path.exists():
        raise SettingsError(f"{path} exists already; edit it, or move it away first")
    home.mkdir(parents=True, exist_ok=True)
    path.write_text(Path(__file__).with_name("default.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return path


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path} does not exist; run `orderclerk init` there, or set ORDERCLERK_HOME") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from None


def _completed(written: dict[str, Any], home: Path, secrets: Mapping[str, str]) -> dict[str, Any]:
    """What was written, with secrets, names and absolute paths filled in where the sections are tables at all."""
    whole = {name: dict(value) if isinstance(value, dict) else value for name, value in written.items()}
    if isinstance(mail := whole.get("mail"), dict):
        whole["mail"] = _located(mail, home) | {
            name: secrets.get(f"ORDERCLERK_MAIL_{name.upper()}", "") for name in MAIL_SECRETS
        }
    if isinstance(model := whole.get("model"), dict):
        whole["model"] = model | {"key": secrets.get("ORDERCLERK_MODEL_KEY", "")}
    if isinstance(shops := whole.get("shops"), dict):
        whole["shops"] = {
            name: _located(shop, home) | _shop_secrets(name, secrets) if isinstance(shop, dict) else shop
            for name, shop in shops.items()
        }
    files = whole.setdefault("files", {})
    if isinstance(files, dict):
        files["folder"] = home / str(files.get("folder", "var/drop"))
        if isinstance(senders := files.get("senders"), dict):
            files["senders"] = {
                name: {**one, "sender": name} if isinstance(one, dict) else one for name, one in senders.items()
            }
    return whole | {
        "home": home,
        "external_database_url": secrets.get("ORDERCLERK_DATABASE_URL", ""),
        "external_prefect_url": secrets.get("ORDERCLERK_PREFECT_DATABASE_URL", ""),
        "given_secret": secrets.get("ORDERCLERK_SECRET", ""),
    }


def _located(section: dict[str, Any], home: Path) -> dict[str, Any]:
    ca_file = section.get("ca_file")
    return section | ({"ca_file": str(home / ca_file)} if isinstance(ca_file, str) and ca_file else {})


def _shop_secrets(name: str, secrets: Mapping[str, str]) -> dict[str, str]:
    return {"name": name} | {part: secrets.get(shop_variable(name, part), "") for part in SHOP_SECRETS}


def _wrong_values(settings: Settings) -> Iterator[str]:
    if settings.desk.timezone not in zoneinfo.available_timezones():
        yield f'[desk] timezone = {settings.desk.timezone!r} is none; write for example: timezone = "Europe/London"'
    yield from wrong_hours(settings.desk, settings.policy)
    for name in settings.shops:
        if not _NAME.fullmatch(name) or name in _TAKEN_NAMES:
            yield f"[shops.{name}]: a shop needs a name of its own of a-z, 0-9, - and _, for example [shops.eu]"
    for name, sender in settings.files.senders.items():
        if sender.decimal not in DECIMALS or sender.negative_lines not in NEGATIVE_LINES:
            yield (
                f"[files.senders.{name}]: decimal is one of {', '.join(map(repr, DECIMALS))} "
                f"and negative_lines one of {', '.join(map(repr, NEGATIVE_LINES))}"
            )
    yield from wrong_rules(settings.rules, settings.customers, settings.exports)
    unknown = set(settings.policy.sender_channels) - set(SENDER_CHANNELS)
    if unknown:
        yield f"[policy.sender_channels] names {', '.join(sorted(unknown))}; it knows {', '.join(SENDER_CHANNELS)}"
    strange = set(settings.policy.answer_by_channel) - {*settings.channels, "phone"}
    if strange:
        yield f"[policy.answer_by_channel] names {', '.join(sorted(strange))}, which is no channel here"


def _missing_secrets(settings: Settings) -> Iterator[str]:
    wanted = []
    if settings.mail and settings.mail.auth == "password" and not settings.mail.password:
        wanted.append("ORDERCLERK_MAIL_PASSWORD")
    if settings.mail and settings.mail.auth == "oauth2" and not settings.mail.refresh_token:
        wanted.append("ORDERCLERK_MAIL_REFRESH_TOKEN")
    for name, shop in settings.shops.items():
        parts = ("token",) if shop.kind == "shopify" else ("key", "secret")
        wanted += [shop_variable(name, part) for part in parts if not getattr(shop, part)]
    for variable in wanted:
        yield f"the secret {variable} is missing; set it in the environment or write {variable}=... into secrets.env"
