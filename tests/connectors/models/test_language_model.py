"""A language model behind a real local server: honest, lying, slow, broken and talked into things."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from connectors.errors import AccessError, ConnectorError, ContractError, TransientError
from connectors.files.reading import read_file
from connectors.mail.authenticity import Receiver
from connectors.mail.reading import read_mail
from connectors.models.chat import ChatModel
from connectors.models.reading import is_unread_order, read_with_answer, sources_of
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, OrderRead, Reading

KEY = "sk-very-secret"
WORDS = "We order, as my colleague agreed with you, the blue mugs (AB-1234). A dozen will do: 12."
LINE = "We order, as my colleague agreed with you, the blue mugs (AB-1234). A dozen will do: 12."


@contextmanager
def model(*answers: Any, status: int = 200, wait_s: float = 0.0) -> Iterator[tuple[ChatModel, list[dict[str, Any]]]]:
    """A server that gives `answers` (dicts as the content of a message, bytes as they are), and what it was asked."""
    asked: list[dict[str, Any]] = []
    left = list(answers)
    gone = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append({"path": self.path, "key": self.headers["Authorization"], **json.loads(body)})
            answer = left.pop(0) if len(left) > 1 else left[0]
            if not isinstance(answer, bytes):
                content = answer if isinstance(answer, str) else json.dumps(answer)
                answer = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
            gone.wait(wait_s)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield ChatModel(f"http://127.0.0.1:{server.server_port}", "m", KEY, 0.5, sleep=lambda _: None), asked
    finally:
        gone.set()
        server.shutdown()
        server.server_close()


def envelope(body: str = WORDS, subject: str = "Order PO-77") -> Envelope:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Buyer <buyer@acme.com>", "desk@house.example", subject
    message["Message-ID"] = "<1@acme.com>"
    message.set_content(body)
    return Envelope("mail", "1:1", message.as_bytes(), "message/rfc822", "buyer@acme.com")


def by_rules(given: Envelope) -> Reading:
    return read_mail(given, b"secret", frozenset({"desk@house.example"}), lambda inner: read_file(inner, {}))


def unread() -> Reading:
    """What the reader says of a mail that orders and that it cannot read."""
    reading = by_rules(envelope("We order what we talked about on the phone, as always."))
    assert is_unread_order(reading), reading.reason
    return reading


def quoted(value: str, quote: str = "", place: str = "", part: str = "") -> dict[str, str]:
    (source,) = [one for one in sources_of(envelope()) if one.part == "body"]
    (line,) = [line for line in source.lines if line.text.strip()]
    return {"value": value, "quote": quote or value, "part": part or source.part, "place": place or line.place}


def line(**fields: Any) -> dict[str, Any]:
    return dict.fromkeys(("item", "description", "quantity", "unit", "unit_price")) | fields


def candidate(*lines: dict[str, Any], ref: Any = None) -> dict[str, Any]:
    return {"order_ref": ref, "lines": list(lines)}


HONEST = candidate(
    line(
        item=quoted("AB-1234", "(AB-1234)"),
        quantity=quoted("12", "A dozen will do: 12"),
        description=quoted("blue mugs"),
    )
)


def read(answer: dict[str, Any]) -> Reading:
    return read_with_answer(envelope(), unread(), answer, Receiver())


def order(answer: dict[str, Any]) -> OrderRead:
    (found,) = read(answer).orders
    return found


def test_an_honest_model_is_asked_by_the_wire_and_its_order_waits_for_a_person() -> None:
    with model(HONEST) as (asking, asked):
        answer = asking.extract(sources_of(envelope()))
    assert (asked[0]["path"], asked[0]["key"]) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert asked[0]["response_format"]["json_schema"]["strict"] is True
    assert LINE in asked[0]["messages"][1]["content"]
    found = order(answer)
    assert [(x.item_ref, str(x.quantity), x.confidence) for x in found.lines] == [("AB-1234", "12", 0.5)]
    assert (found.source, found.order_ref, found.has_own_ref) == ("mail:buyer@acme.com", "<1@acme.com>", False)
    first = found.lines[0].evidence[0]
    assert LINE[first.start : first.end] == first.text == "(AB-1234)"


@pytest.mark.parametrize(
    "lie",
    [
        line(item=quoted("ZZ-9999")),
        line(item=quoted("AB-1234", "(AB-1234)", place="line 99")),
        line(item=quoted("AB-1234", "(AB-1234)", part="order.pdf")),
        line(item=quoted("AB-12", "(AB-1234)")),
        line(item={"value": "AB-1234"}),
        line(item="AB-1234"),
        line(quantity=quoted("12", "A dozen will do: 12")),
        {},
    ],
)  # fmt: skip
def test_what_does_not_stand_in_the_mail_is_no_order(lie: dict[str, Any]) -> None:
    reading = read(candidate(lie))
    assert reading.kind is EnvelopeKind.UNREADABLE
    assert reading.orders == ()


@pytest.mark.parametrize(
    "quantity", [quoted("1200"), quoted("1", "A dozen will do: 12"), quoted("dozen", "A dozen will do"), None, 12]
)
def test_a_quantity_that_the_mail_does_not_say_is_asked_for(quantity: Any) -> None:
    (only,) = order(candidate(line(item=quoted("AB-1234", "(AB-1234)"), quantity=quantity))).lines
    assert (only.quantity, only.problems[0].rule) == (None, "LIN-001")


def test_a_line_that_is_made_up_leaves_the_true_one() -> None:
    both = candidate(HONEST["lines"][0], line(item=quoted("GOLD-1"), quantity=quoted("500")))
    assert [x.item_ref for x in order(both).lines] == ["AB-1234"]


def test_a_mail_that_talks_the_model_into_things_gains_nothing() -> None:
    injected = {"approve": True, "confidence": 1.0, "customer": "C1", "order_ref": {"value": "PO-1", "quote": "PO-1",
                "part": "body", "place": "line 1", "trust": True}, "lines": [HONEST["lines"][0] | {"confidence": 1.0, "price": "0"}]}  # fmt: skip
    found = order(injected)
    assert found.customer.number == ""
    assert (found.confidence, found.lines[0].confidence, found.lines[0].unit_price) == (0.5, 0.5, None)
    assert found.has_own_ref is False


def test_only_a_mail_that_orders_and_was_not_read_is_changed() -> None:
    for reading in (
        by_rules(envelope("We order\n10 x AB-1234\n")),
        by_rules(envelope("Where is our order?", "Question")),
    ):
        assert read_with_answer(envelope(), reading, HONEST, Receiver()) is reading


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        ("no JSON at all", 200, ContractError),
        ("[1, 2]", 200, ContractError),
        (b'{"choices": []}', 200, ContractError),
        (b"not even JSON", 200, ConnectorError),
        (b"{}" + b" " * 2_000_000, 200, ContractError),
        (b'{"error": "bad key sk-very-secret"}', 401, AccessError),
        (b"busy", 503, TransientError),
    ],
)
def test_a_broken_answer_is_an_error_without_the_key(answer: Any, status: int, error: type[ConnectorError]) -> None:
    with model(answer, status=status) as (asking, _), pytest.raises(error) as caught:
        asking.extract(sources_of(envelope()))
    assert KEY not in str(caught.value)


def test_a_slow_model_is_not_waited_for() -> None:
    with model(HONEST, wait_s=5) as (asking, asked), pytest.raises(TransientError):
        asking.extract(sources_of(envelope()))
    assert len(asked) <= 2
