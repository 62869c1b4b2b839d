"""Whether a mail comes from whom it says: what our own mail server found, and what the headers show by themselves.

Sources: RFC 8601 (Authentication-Results), RFC 7489 (alignment), RFC 8617 (ARC). Only headers of our own server count;
it puts them above everything the sender wrote. Without its name in the settings nothing is believed and nothing held.
"""

import re
from dataclasses import dataclass, field
from email.message import Message
from email.utils import getaddresses
from fnmatch import fnmatchcase

import authres

from connectors.mail.headers import addresses_in, decoded, header_texts
from connectors.mail.intent import MEANT, topic_score
from connectors.mail.organisations import organisation_of
from orderclerk.domain.reading import Problem

NAMELESS = "-"  # the setting for servers that write no name into the header: Microsoft 365
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_RESULT = re.compile(r"([a-z][a-z0-9-]*)\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(smtp\.mail(?:from)?|header\.[di])\s*=\s*<?([\w.@+=-]+)", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_INSTANCE = re.compile(r"\bi\s*=\s*(\d{1,2})\b")
_SEALER = re.compile(r"\bd\s*=\s*([\w.-]+)")
_FAILED = ("fail", "softfail", "hardfail")
MAX_HEADERS = 40


@dataclass(frozen=True, slots=True)
class Receiver:
    """Our mail server: `name` as it writes it into Authentication-Results (`*` stands for anything), "" trusts none.

    It writes `headers` of them on every mail. `forwarders` are domains whose ARC seal is believed.
    """

    name: str = ""
    headers: int = 1
    forwarders: frozenset[str] = frozenset()


TRUSTS_NOBODY = Receiver()


@dataclass(frozen=True, slots=True)
class Authenticity:
    """`results` as "spf=pass dkim=pass dmarc=pass", "" where our server says nothing; `problems` hold an order."""

    results: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Found:
    """Results by method, and the organisations that a passing SPF or DKIM stands for."""

    methods: dict[str, str] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return " ".join(f"{method}={result}" for method, result in sorted(self.methods.items()))


def judge_authenticity(
    headers: "Message[str, str]", sender: str, subject: str, words: str, receiver: Receiver
) -> Authenticity:
    """What our server found about `sender`, and what else about the mail asks for a call to the customer."""
    found = _found(headers, receiver)
    problems = [*_unproven(found, headers, sender, receiver), *_other_name(headers, sender)]
    if topic_score("bank_change", subject, words) >= MEANT:
        reason = "the mail announces other bank details, or asks to pay elsewhere"
        problems.append(Problem("SND-007", "bank details", subject[:200], reason))
    shown = " ".join(
        f"{name}={found.methods[name]}" for name in ("spf", "dkim", "dmarc", "arc") if name in found.methods
    )
    return Authenticity(shown if receiver.name else "", tuple(problems))


def _unproven(found: _Found, headers: "Message[str, str]", sender: str, receiver: Receiver) -> list[Problem]:
    if not receiver.name:
        return []
    if not found.methods:
        return [
            Problem("SND-002", "sender", sender, "our mail server gave no result for this mail, though it always does")
        ]
    organisation = organisation_of(sender)
    if found.methods.get("dmarc") in ("pass", "bestguesspass") or organisation in found.passed:
        return []
    if found.methods.get("arc") == "pass" and _vouched(headers, organisation, receiver):
        return []
    has_failed = [
        f"{name}={found.methods[name]}" for name in ("dmarc", "spf", "dkim") if found.methods.get(name) in _FAILED
    ]
    if not has_failed:
        return []  # a domain that publishes nothing proves nothing, and breaks nothing
    reason = f"our mail server says that it does not come from {organisation or 'its sender'}: {', '.join(has_failed)}"
    return [Problem("SND-001", "sender", f"{sender}: {found}", reason)]


def _other_name(headers: "Message[str, str]", sender: str) -> list[Problem]:
    """A display name that is an address of another organisation: all that many mail programs show."""
    name = display_name_of(headers)
    others = [shown for shown in _ADDRESS.findall(name) if organisation_of(shown) != organisation_of(sender)]
    if not others:
        return []
    reason = f"the sender's name is the address {others[0]}, the mail comes from {sender}"
    return [Problem("SND-003", "sender", name[:200], reason)]


def display_name_of(headers: "Message[str, str]") -> str:
    """The words beside the From address."""
    try:
        pairs = getaddresses([str(headers.get("From", ""))[:2_000]])
    except Exception:  # the library's parser meets anything here
        return ""
    return decoded(pairs[0][0])[:200] if pairs else ""


def reply_to_of(headers: "Message[str, str]", sender: str) -> str:
    """Where answers would go, if not to the sender."""
    others = [address for address in addresses_in(str(headers.get("Reply-To", ""))) if address != sender]
    return others[0] if others else ""


def _found(headers: "Message[str, str]", receiver: Receiver) -> _Found:
    """The results of our own server: of its top-most headers, as many as it always writes."""
    found = _Found()
    if not receiver.name:
        return found
    stated = header_texts(headers, "Authentication-Results")[:MAX_HEADERS]
    ours = [value for value in stated if _is_ours(value, receiver.name)][: receiver.headers]
    for value in ours:
        _add(found, value)
    return found


def _is_ours(value: str, name: str) -> bool:
    head = _COMMENT.sub(" ", value).partition(";")[0].split()
    if name == NAMELESS:
        return bool(head) and "=" in head[0]
    return bool(head) and "=" not in head[0] and fnmatchcase(head[0].lower(), name.lower())


def _add(found: _Found, value: str) -> None:
    for method, result, properties in _results(value):
        if found.methods.get(method) != "pass":  # of several DKIM signatures one that passes is enough
            found.methods[method] = result
        if result == "pass":
            found.passed |= {
                organisation
                for name in _STANDS_FOR.get(method, ())
                if (organisation := organisation_of(properties.get(name, "")))
            }


_STANDS_FOR = {"spf": ("smtp.mailfrom", "smtp.mail"), "dkim": ("header.d", "header.i")}


def _results(value: str) -> list[tuple[str, str, dict[str, str]]]:
    """(method, result, properties) of a header.

    Dialects (no server name, bare domains, `<a@b>`, words of their own) are brought into the form of RFC 8601 before
    the library reads them, one result at a time: one that it cannot read is no result.
    """
    read = []
    plain = value
    while (stripped := _COMMENT.sub(" ", plain)) != plain:  # comments nest
        plain = stripped
    for part in plain.split(";"):
        result = _RESULT.match(part.strip())
        if not result:
            continue
        stated = " ".join(f"{name}={given}" for name, given in _PROPERTY.findall(part.replace('"', " ")))
        read += _parsed(f"x; {result[1]}={result[2]} {stated}".rstrip())
    return read


def _parsed(value: str) -> list[tuple[str, str, dict[str, str]]]:
    try:
        results = authres.AuthenticationResultsHeader.parse_value(value).results
    except Exception:  # the library raises its own and others on what it does not know
        return []
    return [
        (str(one.method).lower(), str(one.result).lower(), {f"{p.type}.{p.name}": str(p.value) for p in one.properties})
        for one in results
    ]


def _vouched(headers: "Message[str, str]", organisation: str, receiver: Receiver) -> bool:
    """Whether the last ARC seal is of a forwarder we believe, who found the mail to come from `organisation`."""
    seals = {_number(value): value for value in header_texts(headers, "ARC-Seal")[:MAX_HEADERS]}
    if not seals:
        return False
    last = max(seals)
    sealer = _SEALER.search(seals[last])
    if not sealer or organisation_of(sealer[1]) not in receiver.forwarders:
        return False
    said = _Found()
    for value in header_texts(headers, "ARC-Authentication-Results")[:MAX_HEADERS]:
        if _number(value) == last:
            _add(said, value.partition(";")[2])
    return said.methods.get("dmarc") == "pass" or organisation in said.passed


def _number(value: str) -> int:
    found = _INSTANCE.search(value)
    return int(found[1]) if found else 0
