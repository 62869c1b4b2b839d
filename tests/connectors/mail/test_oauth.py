"""XOAUTH2 against pymap and aiosmtpd, with a token endpoint on a real socket."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from mail_world import TOKEN, USER, ImapServer, mail

from connectors.errors import AccessError, ContractError, TransientError
from connectors.mail.mailbox import Mailbox
from connectors.mail.oauth import OAuthConfig, TokenSource, xoauth2_string

REFRESH = "refresh-token-1"


class TokenEndpoint:
    """Answers as told, one answer after the other (the last for ever); remembers what was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, object]] = []
        self.asked: list[dict[str, str]] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                endpoint.asked.append({name: values[0] for name, values in form.items()})
                status, body = endpoint.answers.pop(0) if len(endpoint.answers) > 1 else endpoint.answers[0]
                content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.httpd.serve_forever, daemon=True).start()

    def config(self, **changes: str) -> OAuthConfig:
        url = f"http://127.0.0.1:{self.httpd.server_address[1]}/token"
        settings = {"token_url": url, "client_id": "client-1", "refresh_token": REFRESH, "client_secret": "s3"}
        return OAuthConfig(**(settings | changes))


@pytest.fixture
def endpoint() -> Iterator[TokenEndpoint]:
    endpoint = TokenEndpoint()
    yield endpoint
    endpoint.httpd.shutdown()
    endpoint.httpd.server_close()


def good(token: str = TOKEN, **more: object) -> tuple[int, object]:
    return 200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer"} | more


def test_the_sasl_string_is_as_documented() -> None:
    assert xoauth2_string("a@b.example", "tok") == "user=a@b.example\x01auth=Bearer tok\x01\x01"


def test_a_mailbox_is_read_with_a_token(server: ImapServer, endpoint: TokenEndpoint) -> None:
    endpoint.answers = [good()]
    server.deliver(mail("one"))
    with Mailbox(server.config(auth="oauth2", password="", oauth=endpoint.config(scope="mail"))) as box:
        assert len(list(box.arrivals({}))) == 1
    assert endpoint.asked == [
        {
            "grant_type": "refresh_token", "refresh_token": REFRESH, "client_id": "client-1", "client_secret": "s3",
            "scope": "mail",
        }
    ]  # fmt: skip


def test_a_token_that_the_server_refuses_is_renewed_once(server: ImapServer, endpoint: TokenEndpoint) -> None:
    endpoint.answers = [good("withdrawn"), good()]
    with Mailbox(server.config(auth="oauth2", oauth=endpoint.config())) as box:
        assert list(box.arrivals({})) == []
    assert len(endpoint.asked) == 2


def test_a_mailbox_that_takes_no_token_is_one_sentence(server: ImapServer, endpoint: TokenEndpoint) -> None:
    endpoint.answers = [good("withdrawn")]
    with Mailbox(server.config(auth="oauth2", oauth=endpoint.config())) as box, pytest.raises(AccessError) as caught:
        list(box.arrivals({}))
    assert USER in str(caught.value)
    assert "signed in" in str(caught.value)
    assert "withdrawn" not in str(caught.value)
    assert len(endpoint.asked) == 2


def test_a_token_is_kept_until_shortly_before_it_expires(endpoint: TokenEndpoint) -> None:
    endpoint.answers = [good("first"), good("second")]
    now = [1000.0]
    source = TokenSource(endpoint.config(), "mail", clock=lambda: now[0])
    assert [source.token(), source.token()] == ["first", "first"]
    now[0] += 3599 - 121
    assert source.token() == "first"
    now[0] += 2
    assert source.token() == "second"


def test_a_rotated_refresh_token_is_used_from_then_on(endpoint: TokenEndpoint) -> None:
    endpoint.answers = [good(refresh_token="refresh-token-2"), good("second")]
    source = TokenSource(endpoint.config(), "mail")
    source.token()
    source.renew()
    assert [asked["refresh_token"] for asked in endpoint.asked] == [REFRESH, "refresh-token-2"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}), AccessError),
        ((401, {"error": "invalid_client"}), AccessError),
        ((429, {"error": "slow_down"}), TransientError),
        ((503, "<html>down</html>"), TransientError),
        ((200, "<html>sign in</html>"), ContractError),
        ((200, {"token": "x"}), ContractError),
        ((200, {"access_token": None}), ContractError),
        ((200, []), ContractError),
    ],
)
def test_what_the_endpoint_answers_says_the_remedy(endpoint: TokenEndpoint, answer, error) -> None:
    endpoint.answers = [answer]
    with pytest.raises(error) as caught:
        TokenSource(endpoint.config(), "mail").token()
    assert REFRESH not in str(caught.value)
    assert "s3" not in str(caught.value)


def test_a_token_of_unknown_life_is_asked_for_each_time(endpoint: TokenEndpoint) -> None:
    endpoint.answers = [good(expires_in="soon")]
    source = TokenSource(endpoint.config(), "mail")
    assert [source.token(), source.token()] == [TOKEN, TOKEN]
    assert len(endpoint.asked) == 2


def test_no_secret_goes_over_plain_http_to_another_machine() -> None:
    config = OAuthConfig("http://login.example/token", "c", REFRESH)
    with pytest.raises(AccessError, match="unencrypted"):
        TokenSource(config, "mail").token()
    assert REFRESH not in repr(config)
