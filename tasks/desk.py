"""The composition root of the steps: settings become an engine, channels, readers and a mail sender, once a process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from connectors.channels import Channel
from connectors.errors import AccessError
from connectors.files.counts import read_counts
from connectors.files.folder import DropFolder
from connectors.files.reading import read_file
from connectors.files.receipts import read_receipts
from connectors.mail.account import MailboxConfig, SenderConfig
from connectors.mail.authenticity import Receiver
from connectors.mail.limits import Limits
from connectors.mail.mailbox import Mailbox
from connectors.mail.oauth import OAuthConfig
from connectors.mail.reading import read_mail
from connectors.mail.sending import MailSender
from connectors.models.chat import ChatModel
from connectors.models.extractor import OrderExtractor
from connectors.models.reading import read_with_answer
from connectors.phone import read_phone
from connectors.shops.shopify import API_VERSION, open_shopify
from connectors.shops.shopify_orders import read_shopify
from connectors.shops.woocommerce import open_woocommerce
from connectors.shops.woocommerce_orders import read_woocommerce
from orderclerk.database.engine import Engine, make_engine
from orderclerk.domain.counting import CountPolicy
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.policy import Policy
from orderclerk.domain.purchasing import PurchasePolicy
from orderclerk.domain.reading import LetterKind, Reading
from orderclerk.domain.repairs import Repair
from orderclerk.domain.replenishing import ReplenishPolicy
from orderclerk.settings import Settings, home_folder, load_settings
from orderclerk.settings_sections import MailSettings, ShopSettings
from tasks.repaired import read_repaired

_CURSOR_OF = {"shopify": "updated_at", "woocommerce": "modified_gmt"}
Reader = Callable[[Envelope], Reading]


@dataclass(frozen=True)
class Desk:
    """Everything a step may need; made from settings alone, opened when first used."""

    settings: Settings

    @cached_property
    def engine(self) -> Engine:
        """The order book."""
        return make_engine(self.settings.database_url())

    @cached_property
    def policy(self) -> Policy:
        """What the house has decided."""
        return self.settings.house_policy()

    @cached_property
    def counting(self) -> CountPolicy:
        """What the house has decided about counting."""
        return self.settings.count_policy()

    @cached_property
    def buying(self) -> PurchasePolicy:
        """What the house has decided about purchase orders."""
        return self.settings.purchase_policy()

    @cached_property
    def replenishing(self) -> ReplenishPolicy:
        """What the house has decided about how much of everything there should be."""
        return self.settings.replenish_policy()

    @cached_property
    def secret(self) -> bytes:
        """What signs the references in our mails."""
        return self.settings.secret()

    def channel(self, name: str) -> Channel:
        """The channel `name`, freshly opened. Raises AccessError naming the channels there are."""
        openers: dict[str, Callable[[], Channel]] = {"files": self._files, "mail": self._mailbox}
        openers |= {shop: lambda shop=settings: _shop(shop) for shop, settings in self.settings.shops.items()}  # type: ignore[misc]
        if name not in self.settings.channels:
            raise AccessError(name, "no such channel", f"orderclerk.toml has {', '.join(self.settings.channels)}")
        return openers[name]()

    def first_cursor(self, channel: str) -> dict[str, str]:
        """Where the first pull of a channel begins: at a shop's `since`."""
        shop = self.settings.shops.get(channel)
        if shop is None or shop.since is None:
            return {}
        return {_CURSOR_OF[shop.kind]: f"{shop.since.isoformat()}T00:00:00+00:00"}

    def read(
        self,
        envelope: Envelope,
        said: LetterKind | None = None,
        repair: Repair | None = None,
        answer: Mapping[str, Any] | None = None,
    ) -> Reading:
        """What `envelope` asks of the desk, whatever channel it came through, with what a person stated about it:
        what it is (`said`), or what it lacks; and what a language model answered about it."""

        def read(given: Envelope, settings: Settings) -> Reading:
            return reader_for(given, settings, self.secret, said)(given)

        reading = read_repaired(envelope, repair, self.settings, read) if repair else read(envelope, self.settings)
        if answer is None:
            return reading
        return read_with_answer(envelope, reading, answer, receiver(self.settings), mail_limits(self.settings))

    def model(self) -> OrderExtractor | None:
        """The language model to ask; None where the house has none."""
        model = self.settings.model
        return ChatModel(model.url, model.name, model.key, model.timeout_seconds) if model else None

    def mail_sender(self) -> MailSender:
        """A sender of mail, closed when left."""
        return _mail_sender(self.settings)

    def was_sent(self, message_ref: str) -> bool:
        """Whether a mail with this Message-ID is in the folder of what was sent."""
        with _mailbox(self.settings) as mailbox:
            return mailbox.was_sent(message_ref)

    def _files(self) -> Channel:
        files = self.settings.files
        return DropFolder("files", self.settings.home / files.folder, _now, settle_seconds=files.settle_seconds)

    def _mailbox(self) -> Channel:
        return _mailbox(self.settings)


def reader_for(envelope: Envelope, settings: Settings, secret: bytes, said: LetterKind | None = None) -> Reader:
    """The reader of `envelope` by its media type; whatever has none goes to the file reader, which looks inside."""

    def mail(given: Envelope) -> Reading:
        return read_mail(
            given,
            secret,
            own_addresses(settings),
            file,
            mail_limits(settings),
            said=said,
            receiver=receiver(settings),
        )

    def file(given: Envelope) -> Reading:
        if given.channel == "files" and given.sender_ref in settings.counting.sheets:
            mapping = settings.files.senders.get(given.sender_ref) or SenderMapping(given.sender_ref)
            return read_counts(given, mapping, settings.desk.timezone)
        if given.channel == "files" and given.sender_ref in settings.purchasing.receipts:
            return read_receipts(given, settings.files.senders.get(given.sender_ref) or SenderMapping(given.sender_ref))
        return read_file(given, settings.files.senders)

    readers: Mapping[str, Reader] = {
        "message/rfc822": mail,
        "application/vnd.shopify.order+json": read_shopify,
        "application/vnd.woocommerce.order+json": read_woocommerce,
        "application/vnd.orderclerk.phone+json": read_phone,
    }
    return readers.get(envelope.media_type.partition(";")[0].strip(), file)


def mail_limits(settings: Settings) -> Limits:
    """How much of a mail the house lets the desk open."""
    policy = settings.policy
    return Limits(
        mail_bytes=policy.max_mail_mb * 1_000_000,
        pdf_pages=policy.max_pdf_pages,
        document_seconds=policy.max_document_seconds,
        document_mb=policy.max_document_memory_mb,
        mail_seconds=policy.max_document_seconds + 3,
    )


def receiver(settings: Settings) -> Receiver:
    """Our mail server, as far as its word on senders is to be believed."""
    mail = settings.mail
    if mail is None:
        return Receiver()
    return Receiver(mail.authserv_id, mail.authserv_headers, frozenset(map(str.lower, mail.trusted_forwarders)))


def own_addresses(settings: Settings) -> frozenset[str]:
    """The addresses we write from: mail from there is no order."""
    desk = settings.desk
    return frozenset(address.lower() for address in (desk.address, desk.reply_to, desk.team) if address)


def _account(mail: MailSettings) -> dict[str, Any]:
    """What reading and sending mail have in common."""
    oauth = None
    if mail.auth == "oauth2":
        oauth = OAuthConfig(mail.token_url, mail.client_id, mail.refresh_token, mail.client_secret, mail.scope)
    return {"user": mail.user, "auth": mail.auth, "password": mail.password, "oauth": oauth, "ca_file": mail.ca_file}


def _mailbox(settings: Settings) -> Mailbox:
    mail = settings.required_mail()
    return Mailbox(
        MailboxConfig(
            name="mail",
            host=mail.host,
            port=mail.port,
            security=mail.security,
            folder=mail.folder,
            taken_folder=mail.taken_folder,
            sent_folder=mail.sent_folder,
            max_mail_bytes=settings.policy.max_mail_mb * 1_000_000,
            **_account(mail),
        )
    )


def _mail_sender(settings: Settings) -> MailSender:
    mail = settings.required_mail()
    config = SenderConfig(
        name="mail", host=mail.smtp_host, port=mail.smtp_port, security=mail.smtp_security, **_account(mail)
    )
    return MailSender(config)


def _shop(shop: ShopSettings) -> Channel:
    options = {"ca_file": shop.ca_file} if shop.ca_file else {}
    if shop.kind == "shopify":
        return open_shopify(shop.name, shop.url, shop.token, shop.api_version or API_VERSION, **options)
    return open_woocommerce(shop.name, shop.url, shop.key, shop.secret, **options)


def _now() -> datetime:
    return datetime.now(UTC)  # a file's age is measured by the clock that wrote it


@lru_cache(maxsize=2)
def _desk_of(home: Path) -> Desk:
    return Desk(load_settings(home))


def current_desk() -> Desk:
    """The desk of ORDERCLERK_HOME. Raises SettingsError naming everything that is missing."""
    return _desk_of(home_folder())
