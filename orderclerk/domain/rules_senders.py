"""The rules about who really sent a mail, and what they ask that a fraud would ask."""

from orderclerk.domain.rule import Rule

SENDER_RULES = (
    Rule("SND-001", "Our mail server says that the mail is not from whom it says", "Call the customer on a known number", due_hours=4),
    Rule("SND-002", "Our mail server says nothing about the sender", "Call the customer; see whether the mail server still checks", due_hours=8),
    Rule("SND-003", "The sender's name is somebody else's", "Call the customer on a known number", due_hours=4),
    Rule("SND-004", "Answers would go to another organisation than the sender's", "Ask the customer, at an address on file, whether that is right"),
    Rule("SND-005", "The sender's domain looks like one we know and is another", "Treat as fraud until the customer says otherwise on the phone", due_hours=4),
    Rule("SND-006", "The first order from a new address of a customer", "Ask the customer, at an address on file, whether they ordered"),
    Rule("SND-007", "The mail announces other bank details", "Call the sender on a known number before anything is paid or changed", "accounts", due_hours=4),
    Rule("SND-008", "A delivery address that this customer never had", "Ask the customer, at an address on file, whether to deliver there"),
)  # fmt: skip
