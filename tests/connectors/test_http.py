import io
import json
import pickle
from decimal import Decimal
from pathlib import Path

import pytest
import requests
import urllib3
from hypothesis import given
from hypothesis import strategies as st
from requests.adapters import BaseAdapter

from connectors.errors import AccessError, ContractError, RejectedError, TransientError
from connectors.http import Http
from connectors.http_answers import retry_after_s
from connectors.http_json import BrokenJson, dump_json, load_json
from connectors.http_pages import PageGuard
from connectors.http_redaction import Redactor, quote_answer

PAGE = '{"orders": [{"price": 10.10}]}'


class Scripted(BaseAdapter):
    """A transport that gives the prepared answers in turn: (status, body, headers) or an exception."""

    def __init__(self, answers):
        super().__init__()
        self.answers, self.sent = list(answers), []

    def send(self, request, **kwargs):
        self.sent.append((request, kwargs))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body, headers = answer
        response = requests.Response()
        response.request = request
        response.status_code, response.headers = status, requests.structures.CaseInsensitiveDict(headers)
        body = body.encode() if isinstance(body, str) else body
        response.raw = urllib3.HTTPResponse(io.BytesIO(body), headers=headers, status=status, preload_content=False)
        return response

    def close(self):
        pass


def scripted(*answers, **options):
    waits = []
    transport = Scripted(answers)
    http = Http("shop", "https://shop.test", sleep=waits.append, jitter=lambda: 1.0, adapter=transport, **options)
    return http, waits, transport


# --- repeating


def test_waits_as_long_as_retry_after_says():
    http, waits, _ = scripted((429, "", {"Retry-After": "7"}), (200, PAGE, {}))
    http.get("/orders.json")
    assert waits == [7.0]


def test_a_retry_after_date_counts_from_the_answers_own_clock():
    headers = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT", "Retry-After": "Mon, 23 Nov 2026 10:01:30 GMT"}
    http, waits, _ = scripted((503, "", headers), (200, PAGE, {}))
    http.get("/")
    assert waits == [90.0]


@pytest.mark.parametrize("value", ["", "soon", "-5", "Mon, 23 Nov 2026 10:01:30 GMT"])
def test_an_unreadable_retry_after_is_none(value):
    assert retry_after_s({"Retry-After": value}) is None


def test_asked_to_wait_for_hours_the_run_ends_instead():
    http, waits, _ = scripted((429, "", {"Retry-After": "7200"}))
    with pytest.raises(TransientError, match="429"):
        http.get("/")
    assert waits == []


def test_backs_off_longer_each_time_and_gives_up_after_max_attempts():
    http, waits, transport = scripted(*[(500, "", {})] * 4, max_attempts=4)
    with pytest.raises(TransientError, match="status 500"):
        http.get("/")
    assert waits == [1.0, 2.0, 4.0]
    assert len(transport.sent) == 4


def test_jitter_shortens_the_wait_by_up_to_half():
    transport = Scripted([(500, "", {}), (200, PAGE, {})])
    waits = []
    Http("s", "https://s.test", sleep=waits.append, jitter=lambda: 0.0, adapter=transport).get("/")
    assert waits == [0.5]


@pytest.mark.parametrize(
    "failure", [requests.ConnectionError("reset"), requests.ReadTimeout("slow"), urllib3.exceptions.ProtocolError("x")]
)
def test_a_broken_connection_is_tried_again(failure):
    http, _, _ = scripted(failure, (200, PAGE, {}))
    assert http.get("/").data["orders"]


def test_a_post_is_sent_once_unless_it_only_reads():
    http, _, transport = scripted((500, "", {}))
    with pytest.raises(TransientError):
        http.post("/labels", {"a": 1})
    assert len(transport.sent) == 1
    http, _, transport = scripted((500, "", {}), (200, "{}", {}))
    http.post("/graphql", {"query": "{}"}, reads=True)
    assert len(transport.sent) == 2


def test_what_we_did_wrong_is_not_repeated():
    http, _, transport = scripted((422, '{"errors": {"email": ["is invalid"]}}', {}))
    with pytest.raises(RejectedError, match="email: is invalid"):
        http.get("/")
    assert len(transport.sent) == 1


# --- errors by remedy


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_are_an_access_error_with_a_remedy(status):
    http, _, _ = scripted((status, '{"code":"woocommerce_rest_cannot_view","message":"Sorry"}', {}))
    with pytest.raises(AccessError, match="check") as caught:
        http.get("/orders")
    assert "woocommerce_rest_cannot_view: Sorry" in str(caught.value)


def test_the_vendors_own_hint_wins():
    http, _, _ = scripted((404, "", {}), hints={404: "is the API version right?"})
    with pytest.raises(RejectedError, match="API version"):
        http.get("/")


def test_a_redirect_is_not_followed_with_our_credentials():
    http, _, transport = scripted((301, "", {"Location": "https://evil.test/x"}), headers={"X-Token": "s3cret-token"})
    with pytest.raises(AccessError, match=r"evil\.test"):
        http.get("/")
    assert len(transport.sent) == 1


def test_a_link_to_another_server_is_not_followed_either():
    http, _, transport = scripted()
    with pytest.raises(ContractError, match="another server"):
        http.get("https://evil.test/next?page=2")
    assert transport.sent == []


def test_plain_http_is_refused_except_on_this_machine():
    with pytest.raises(AccessError, match="https"):
        Http("shop", "http://shop.example.com")
    assert Http("shop", "http://127.0.0.1:8080").host == "127.0.0.1"
    assert Http("shop", "http://localhost:8080").host == "localhost"


@pytest.mark.parametrize("address", ["", "shop.example.com", "ftp://x", "https://", "https://[::bad", "https://x:port"])
def test_an_address_that_is_none_is_said_so(address):
    with pytest.raises(AccessError, match="no http address"):
        Http("shop", address)


def test_errors_survive_pickling():
    http, _, _ = scripted((429, "", {"Retry-After": "7200"}))
    with pytest.raises(TransientError) as caught:
        http.get("/")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert again.retry_after_s == 7200


def test_every_request_has_a_timeout_and_verifies_tls():
    http, _, transport = scripted((200, "{}", {}), (200, "{}", {}), timeout_s=3, ca_file="/ca.pem")
    http.get("/")
    assert transport.sent[0][1]["timeout"] == 3
    assert transport.sent[0][1]["verify"] == "/ca.pem"


# --- JSON


def test_fractions_are_exact():
    http, _, _ = scripted((200, PAGE, {}))
    assert http.get("/").data["orders"][0]["price"] == Decimal("10.10")


@pytest.mark.parametrize("cut", range(1, len(PAGE)))
def test_a_page_cut_anywhere_is_asked_for_again(cut):
    http, waits, _ = scripted((200, PAGE[:cut], {}), (200, PAGE, {}))
    assert http.get("/").data == {"orders": [{"price": Decimal("10.10")}]}
    assert len(waits) == 1


def test_html_instead_of_json_is_transient_and_says_what_it_was():
    page = "<html><head><title>Down for maintenance</title></head><body>secret@example.com</body></html>"
    http, _, _ = scripted((200, page, {}), max_attempts=1)
    with pytest.raises(TransientError, match="Down for maintenance"):
        http.get("/")


def test_malformed_json_is_a_breach_of_contract():
    http, _, _ = scripted((200, '{"a": oops, "and": "much more text follows here, so nothing was cut"}', {}))
    with pytest.raises(ContractError, match="not JSON"):
        http.get("/")


def test_bom_before_json_is_read():
    http, _, _ = scripted((200, b'\xef\xbb\xbf{"a": 1}', {}))
    assert http.get("/").data == {"a": 1}


def test_hostile_numbers_and_nesting_raise_nothing_else():
    assert load_json("9" * 5000) == "9" * 5000
    assert load_json("[NaN, 1e999999999999999999999]") == ["NaN", "1e999999999999999999999"]
    with pytest.raises(BrokenJson):
        load_json("[" * 100_000)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, places=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(JSON)
def test_canonical_json_survives_a_round_trip(value):
    once = dump_json(value)
    assert dump_json(load_json(once)) == once
    json.loads(once)


@given(st.dictionaries(st.text(), st.integers(), min_size=2))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value):
    assert dump_json(value) == dump_json(dict(reversed(value.items())))


def test_lone_surrogates_are_kept_as_their_escape():
    assert dump_json(load_json('"\\ud800"')) == b'"\\ud800"'


# --- limits


def test_an_answer_beyond_the_limit_is_refused():
    http, _, _ = scripted((200, "[" + "1," * 5000 + "1]", {}), max_bytes=1000)
    with pytest.raises(ContractError, match="larger than 1000 bytes"):
        http.get("/")


def test_a_page_that_repeats_stops_the_reading():
    guard = PageGuard("shop")
    guard.check("a")
    guard.check("b")
    with pytest.raises(ContractError, match="twice"):
        guard.check("a")


# --- secrets


def test_no_secret_reaches_a_message():
    body = json.dumps({"message": "token shpat_0123456789abcdef for bob@example.com, basic Y2s6Y3NfMDEyMzQ1"})
    http, _, _ = scripted((400, body, {}), auth=("ck_" + "a" * 40, "cs_" + "b" * 40), headers={"X-Token": "tok-123456"})
    with pytest.raises(RejectedError) as caught:
        http.get("/orders?consumer_secret=hunter22&page=2&x=tok-123456")
    told = str(caught.value)
    for secret in ("shpat_0123", "bob@", "hunter22", "tok-123456", "aaaa", "bbbb", "Y2s6"):
        assert secret not in told
    assert "page=2" in told


@given(st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"]), min_size=8, max_size=40))
def test_a_known_secret_is_blanked_in_all_its_forms(secret):
    redact = Redactor([secret])
    assert secret not in redact(f"https://u:{secret}@host/?q={secret}#x {secret}")


@given(st.binary(max_size=400))
def test_quoting_an_answer_never_fails_and_stays_short(content):
    assert len(quote_answer(content)) <= 300


@pytest.mark.real_data
def test_amazons_error_bodies_are_quoted_by_their_message():
    folder = Path(__file__).parents[2].parent / "shared" / "data" / "platform-amazon-spapi"
    samples = sorted(folder.glob("*/*__400__*.json"))
    if not samples:
        pytest.skip("no ../shared/data")
    for sample in samples:
        answer = json.loads(sample.read_text())
        body = answer.get("response", answer)
        errors = body.get("errors") if isinstance(body, dict) else None
        if errors:
            assert errors[0]["message"][:40] in quote_answer(json.dumps(body).encode())
