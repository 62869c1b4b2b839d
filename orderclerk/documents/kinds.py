"""The mails a customer can get about an order."""

from enum import StrEnum


class MailKind(StrEnum):
    """Which mail; the value is the outbox row's kind and the section of the words."""

    OFFER = "offer"  # please confirm
    AMENDED_OFFER = "amended-offer"  # an earlier revision was sent before; please confirm this one
    CONFIRMATION = "confirmation"
    REMINDER = "reminder"
    EXPIRY = "expiry"
    CANCELLATION = "cancellation"  # you called it off, and we heard
    DECLINED = "declined"  # you refused our offer, and we heard

    @property
    def wants_answer(self) -> bool:
        """Whether the customer is asked to confirm or decline."""
        return self in (MailKind.OFFER, MailKind.AMENDED_OFFER, MailKind.REMINDER)

    @property
    def is_over(self) -> bool:
        """Whether nothing of the order will be delivered."""
        return self in (MailKind.EXPIRY, MailKind.CANCELLATION, MailKind.DECLINED)
