"""The server under the shops, over real sockets."""

import ssl
from http.client import HTTPSConnection

import pytest
import requests

from sandbox.httpd import Request, Response, Server, json_response
from sandbox.tls import make_ca_and_cert


def answer(request: Request) -> Response:
    response = json_response({"path": request.path, "page": request.param("page", "1"), "body": request.body.decode()})
    response.wire = request.param("wire", "ok")
    return response


@pytest.fixture(scope="module")
def pems(tmp_path_factory):
    return make_ca_and_cert(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server(pems):
    with Server(answer, tls=pems[1:]) as running:
        yield running


def test_a_client_that_trusts_the_ca_is_served_on_both_names(server, pems):
    for host in ("127.0.0.1", "localhost"):
        got = requests.post(f"https://{host}:{server.port}/a/b?page=2", data="hé".encode(), verify=pems[0], timeout=5)
        assert got.json() == {"path": "/a/b", "page": "2", "body": "hé"}


def test_a_client_that_does_not_trust_the_ca_is_not_served(server):
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(server.url, timeout=5)


def test_one_connection_serves_many_requests(server, pems):
    connection = HTTPSConnection("localhost", server.port, context=ssl.create_default_context(cafile=pems[0]))
    connection.connect()
    first = connection.sock
    for _ in range(3):
        connection.request("GET", "/")
        assert connection.getresponse().read()
        assert connection.sock is first
    connection.close()


@pytest.mark.parametrize("wire", ["half", "drop", "hang"])
def test_a_broken_wire_is_an_exception_at_the_client(server, pems, wire):
    with pytest.raises(requests.RequestException):
        requests.get(f"{server.url}/?wire={wire}", verify=pems[0], timeout=5)


def test_a_paused_server_refuses_and_comes_back_on_its_port(server, pems):
    port = server.port
    with requests.Session() as session:
        session.trust_env, session.verify = False, str(pems[0])  # REQUESTS_CA_BUNDLE would beat session.verify
        session.get(server.url, timeout=5)
        server.pause()
        with pytest.raises(requests.ConnectionError):
            session.get(server.url, timeout=5)
        server.resume()
        assert session.get(server.url, timeout=5).ok
    assert server.port == port
