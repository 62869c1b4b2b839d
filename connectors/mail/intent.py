"""What a mail is about, by its words: an order, or one of the things that only talk of orders.

The phrases stand in phrases.csv, each a regular expression with what it means. A seller's words (your order) and a
buyer's (we order) in one mail are for a person.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from connectors.mail.headers import header_text, header_texts
from connectors.mail.mime import Mail
from connectors.mail.normal import folded

MAX_JUDGED = 200_000  # characters of words
_DAEMON = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|maildaemon)@", re.IGNORECASE)
_FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|wg|tr|rv|enc|转发)\s*[:：]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Intent:
    """`order`: words of ordering; `places`: it says that it orders. `against`: why it is no order, from a seller or a
    sender of many; `doubt`: why it may be none, though a customer wrote it."""

    order: bool
    places: bool
    says_attached: bool
    against: str = ""
    doubt: str = ""


def automatic_kind(mail: Mail, sender: str) -> str:
    """Why nobody wrote this mail by hand in answer or order, in one sentence; "" if somebody did."""
    headers = mail.headers
    subject = header_text(headers, "Subject")
    if mail.is_report or _DAEMON.search(sender) or _phrases("bounce_subject").match(subject):
        return "A delivery report or bounce"
    auto = header_text(headers, "Auto-Submitted").lower()
    replies = any(header_text(headers, name) for name in ("X-Autoreply", "X-Autorespond", "X-Autorespond-Reply"))
    precedence = header_text(headers, "Precedence").lower()
    if (
        replies
        or auto.startswith("auto-replied")
        or precedence == "auto_reply"
        or _phrases("away_subject").match(subject)
    ):
        return "An automatic reply"
    if "<>" in header_texts(headers, "Return-Path"):
        return "An automatic reply or bounce (its sender wants no answer)"
    return ""


def generated_kind(mail: Mail, own_domains: frozenset[str]) -> str:
    """Why a program made this mail, possibly for many; "" if it seems to come from a person."""
    headers = mail.headers
    auto = header_text(headers, "Auto-Submitted").lower()
    if auto and auto != "no":
        return "A mail made by a program"
    lists = " ".join(header_text(headers, name) for name in ("List-Id", "List-Post", "List-Unsubscribe")).lower()
    if any(domain in lists for domain in own_domains):
        return ""  # the desk's own address is a group: every mail comes through it
    if lists.strip() or header_text(headers, "Precedence").lower() in ("bulk", "list", "junk"):
        return "A newsletter or a mail to a list"
    return ""


def judge_words(subject: str, words: str) -> Intent:
    """What subject and own words say; quotations are gone already."""
    subject, words = folded(subject), re.sub(r"[^\S\n]+", " ", folded(words[:MAX_JUDGED]))
    both = f"{subject}\n{words}"
    return Intent(
        order=_phrases("order").search(both) is not None,
        places=_phrases("places").search(both) is not None,
        says_attached=_phrases("attached").search(both) is not None,
        against=_against(subject, both),
        doubt=_doubt(subject, both),
    )


def _against(subject: str, both: str) -> str:
    if _phrases("seller").search(both) or _phrases("seller_subject").search(subject):
        return "A notice about an order that somebody else took or ships"
    if _phrases("newsletter").search(both):
        return "Advertising or a newsletter"
    if _phrases("invoice_subject").search(subject) or _phrases("invoice").search(both):
        return "An invoice or a demand for payment"
    return ""


def _doubt(subject: str, both: str) -> str:
    if _phrases("cancel").search(both):
        return "It asks to cancel or change an order and carries no reference of ours"
    if _phrases("status").search(both):
        return "It asks how an order stands"
    if _phrases("complaint").search(both):
        return "It complains about goods or returns them"
    if _phrases("quote").search(both):
        return "It asks for a price or an offer"
    return "A forwarded mail" if _FORWARD_SUBJECT.match(subject) else ""


def asks_to_change(subject: str, words: str) -> bool:
    """Whether it asks to cancel or change an order."""
    return _phrases("cancel").search(folded(f"{subject}\n{words}")) is not None


@cache
def _phrases(means: str) -> "re.Pattern[str]":
    with Path(__file__).with_name("phrases.csv").open(encoding="utf-8", newline="") as file:
        patterns = [row["pattern"] for row in csv.DictReader(file) if row["means"] == means]
    return re.compile("|".join(patterns), re.IGNORECASE)
