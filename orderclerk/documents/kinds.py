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
    QUESTION = "question"  # what only you can say
    QUESTION_REMINDER = "question-reminder"
    DELAY = "delay"  # it comes later than promised: what shall we do?
    SPLIT = "split"  # as you wished, it comes in parts
    COUNTER_OFFER = "counter-offer"  # your changes, line by line; please confirm
    CHANGE_CONFIRMED = "change-confirmed"
    PARTIAL_CANCELLATION = "partial-cancellation"  # of an order that was confirmed
    RESTORED = "restored"  # a change was taken back, and the order stands as before
    TAKEN_UP = "taken-up"  # open again, and something has to be seen to first

    @property
    def wants_answer(self) -> bool:
        """Whether the customer is asked for an answer."""
        offers = (MailKind.OFFER, MailKind.AMENDED_OFFER, MailKind.COUNTER_OFFER, MailKind.REMINDER)
        return self in offers or self.asks_questions

    @property
    def asks_questions(self) -> bool:
        """Whether it is about what we do not know yet."""
        return self in (MailKind.QUESTION, MailKind.QUESTION_REMINDER, MailKind.DELAY)

    @property
    def is_over(self) -> bool:
        """Whether nothing of the order will be delivered."""
        return self in (MailKind.EXPIRY, MailKind.CANCELLATION, MailKind.DECLINED)
