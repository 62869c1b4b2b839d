"""Whether a mail comes from whom it says: real servers' headers, forgeries, forwarders, names and bank details."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_world import DESK, REFERENCE, SECRET, letter

from connectors.files.reading import read_file
from connectors.mail.authenticity import Receiver, judge_authenticity
from connectors.mail.headers import parse_headers
from connectors.mail.organisations import organisation_of
from connectors.mail.reading import read_mail
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, LetterKind, Reading

GMAIL = """Authentication-Results: mx.google.com;
       dkim=pass header.i=@acme.com header.s=20230601 header.b=abc;
       spf=pass (google.com: domain of buyer@acme.com designates 192.0.2.4 as permitted sender) smtp.mailfrom=buyer@acme.com;
       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=acme.com"""
MICROSOFT = """Authentication-Results: spf=pass (sender IP is 192.0.2.4)
 smtp.mailfrom=acme.com; dkim=none
 (message not signed) header.d=none; contoso.com; dmarc=bestguesspass
 action=none header.from=acme.com; compauth=pass reason=109"""
MICROSOFT_FAIL = """Authentication-Results: spf=softfail (sender IP is 192.0.2.4)
 smtp.mailfrom=acme.com; dkim=none (message not signed)
 header.d=none;dmarc=fail action=oreject header.from=acme.com;compauth=none reason=451"""
FASTMAIL = """Authentication-Results: mx6.messagingengine.com; arc=none (no signatures found);
    dkim=pass (2048-bit rsa key sha256) header.d=acme.com
    header.i=@acme.com header.b=G1x header.a=rsa-sha256 header.s=s1;
    dmarc=pass policy.published-domain-policy=none (p=none,d=none,d.eval=none) policy.policy-from=p
    header.from=acme.com; iprev=pass smtp.remote-ip=192.0.2.4 (mail.acme.com);
    spf=pass smtp.mailfrom=buyer@acme.com smtp.helo=mail.acme.com"""
OPENDMARC = """Authentication-Results: mail.house.example; dmarc=fail (p=reject dis=none) header.from=acme.com
Authentication-Results: mail.house.example;
	dkim=fail reason="signature verification failed" (2048-bit key; unprotected) header.d=acme.com header.i=@acme.com header.b="Ab+/;c\""""
QQ = """Authentication-Results: mx.qq.com; spf=none smtp.mailfrom=<buyer@acme.com>;
 dkim=none; dmarc=none(permerror) header.from=acme.com"""
NETEASE = """Authentication-Results: gzga-mx-mtada-g4-0; dkim=none; spf=pass
 smtp.mail=buyer@acme.com"""
OTHERS_SPF = (
    """Authentication-Results: mx.google.com; spf=pass smtp.mailfrom=bounce@mailer.example; dkim=none; dmarc=none"""
)
BORROWED = """Authentication-Results: mx.google.com; spf=fail smtp.mailfrom=x@acme.com; dkim=pass header.d=evil.example; dmarc=none"""


def rules(headers: str, receiver: Receiver, sender: str = "buyer@acme.com", name: str = "A Buyer") -> list[str]:
    parsed = parse_headers(f"{headers}\nFrom: {name} <{sender}>\n\n".encode())
    return [p.rule for p in judge_authenticity(parsed, sender, "Order", "We order 10 x AB-1", receiver).problems]


@pytest.mark.parametrize(
    ("headers", "server", "expected"),
    [
        (GMAIL, Receiver("mx.google.com"), []),
        (MICROSOFT, Receiver("-"), []),
        (MICROSOFT_FAIL, Receiver("-"), ["SND-001"]),
        (FASTMAIL, Receiver("*.messagingengine.com"), []),
        (OPENDMARC, Receiver("mail.house.example", 2), ["SND-001"]),
        (QQ, Receiver("mx.qq.com"), []),
        (NETEASE, Receiver("*-mx-mta*"), []),
        (OTHERS_SPF, Receiver("mx.google.com"), []),
        (BORROWED, Receiver("mx.google.com"), ["SND-001"]),
        ("Subject: none", Receiver("mx.google.com"), ["SND-002"]),
        (MICROSOFT_FAIL, Receiver(), []),
        ("Subject: none", Receiver(), []),
        (GMAIL, Receiver("mx.other.example"), ["SND-002"]),
    ],
)
def test_the_servers_word_decides(headers: str, server: Receiver, expected: list[str]) -> None:
    assert rules(headers, server) == expected


def test_what_the_sender_forged_below_our_servers_header_does_not_count() -> None:
    forged = "Received: from x by y\nAuthentication-Results: mx.google.com; dmarc=pass header.from=acme.com"
    assert rules(f"{BORROWED}\n{forged}", Receiver("mx.google.com")) == ["SND-001"]


def test_a_forwarder_we_believe_vouches_and_no_other() -> None:
    broken = "Authentication-Results: mx.google.com; arc=pass (i=1); dmarc=fail header.from=acme.com; spf=fail smtp.mailfrom=acme.com"
    sealed = (
        "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=groups.example; s=arc; b=x\n"
        "ARC-Authentication-Results: i=1; mx.groups.example; dmarc=pass header.from=acme.com; dkim=pass header.d=acme.com"
    )
    trusting = Receiver("mx.google.com", 1, frozenset({"groups.example"}))
    assert rules(f"{broken}\n{sealed}", trusting) == []
    assert rules(f"{broken}\n{sealed}", Receiver("mx.google.com")) == ["SND-001"]


@given(st.from_regex(r"[a-z][a-z0-9-]{1,20}[a-z0-9]\.(?:com|de|co\.uk|com\.cn)", fullmatch=True))
def test_a_genuine_sender_is_never_held(domain: str) -> None:
    headers = GMAIL.replace("acme.com", domain)
    assert rules(headers, Receiver("mx.google.com"), f"buyer@mail.{domain}") == []


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=200))
def test_no_header_breaks_the_reading(value: str) -> None:
    clean = " ".join(value.split())
    rules(f"Authentication-Results: mx.google.com; {clean}", Receiver("mx.google.com"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ('"boss@harbour.example"', ["SND-003"]),
        ('"buyer@acme.com"', []),
        ('"sales@shop.acme.com"', []),
        ("A Buyer", []),
    ],
)
def test_a_name_that_is_another_address(name: str, expected: list[str]) -> None:
    assert rules("Subject: x", Receiver(), name=name) == expected


BANK = [
    "Please note that our bank details have changed.",
    "Kindly remit all payments to our new account below.",
    "Unsere neue Bankverbindung finden Sie unten.",
    "Veuillez noter notre nouveau RIB.",
    "Les informamos de nuestra nueva cuenta bancaria.",
    "Vi comunichiamo il nuovo IBAN.",
    "我司银行账户已变更，请付款到新账户。",
]


def read(body: str, subject: str = "Order PO-1", said: LetterKind | None = None, **headers: str) -> Reading:
    envelope = Envelope("mail", "1:1", letter(body, subject, **headers).as_bytes(), "message/rfc822", "x@y.example")
    return read_mail(envelope, SECRET, frozenset({DESK}), lambda inner: read_file(inner, {}), said=said)


@pytest.mark.parametrize("words", BANK)
def test_changed_bank_details_hold_an_order_and_stop_an_answer(words: str) -> None:
    ordered = read(f"We order\n10 x AB-1234\n{words}\n")
    assert "SND-007" in [p.rule for order in ordered.orders for p in order.problems] or any(
        left.rule == "SND-007" for left in ordered.unreadable
    )
    answer = read(f"Yes, we confirm.\n{words}\n", f"Re: [{REFERENCE}]")
    assert (answer.kind, answer.unreadable[0].rule) == (EnvelopeKind.UNREADABLE, "SND-007")
    assert read(f"Yes.\n{words}\n", f"Re: [{REFERENCE}]", said=LetterKind.REPLY).kind is EnvelopeKind.REPLY


def test_bank_details_that_are_only_quoted_or_named_hold_nothing() -> None:
    assert (
        read("Yes, we confirm.\n\n> our bank details have changed\n", f"Re: [{REFERENCE}]").kind is EnvelopeKind.REPLY
    )
    assert read("Yes. Please send the invoice with your bank details.", f"Re: [{REFERENCE}]").kind is EnvelopeKind.REPLY


def test_an_order_carries_what_its_mail_shows_of_the_sender() -> None:
    (order,) = read("We order\n10 x AB-1234\n", Reply_To="other@else.example").orders
    assert (order.customer.display_name, order.customer.reply_to) == ("A Buyer", "other@else.example")


@pytest.mark.parametrize(
    ("address", "organisation"),
    [
        ("x@mail.acme.co.uk", "acme.co.uk"), ("x@acme.com.cn", "acme.com.cn"), ("x@a.b.acme.example", "acme.example"),
        ("x@shop.github.io", "shop.github.io"), ("x@xn--bcher-kva.de", "bücher.de"), ("", ""), ("nobody", "nobody"),
    ],
)  # fmt: skip
def test_an_organisation_is_the_registrable_domain(address: str, organisation: str) -> None:
    assert organisation_of(address) == organisation
