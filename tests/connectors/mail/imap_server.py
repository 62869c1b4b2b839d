"""pymap in memory over TLS, as a program: prints its port, ends with its parent's pipe.

Usage: python imap_server.py CERT KEY USER PASSWORD TOKEN [CAPABILITY TO LEAVE OUT ...]
"""

import asyncio
import ssl
import sys
from argparse import Namespace
from typing import Any

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.config import IMAPConfig
from pymap.imap import IMAPServer
from pysasl import SASLAuth
from pysasl.creds.plain import PlainCredentials
from pysasl.exception import InvalidResponse
from pysasl.hashing import Cleartext
from pysasl.mechanism import ServerChallenge
from pysasl.mechanism.oauth import OAuth2Mechanism


class Bearer(OAuth2Mechanism):
    """XOAUTH2 as Gmail does it: a wrong token gets a challenge with the reason, then the NO."""

    token, password = "", ""

    def server_attempt(self, responses: Any) -> Any:
        creds, left = super().server_attempt(responses)
        given = self._pattern.match(responses[0].response)[2].decode()
        if given == Bearer.token:
            return PlainCredentials(creds.authzid, Bearer.password), left
        if len(responses) == 1:
            raise ServerChallenge(b'{"status":"400","schemes":"Bearer"}')
        assert responses[1].response == b"", "the client must answer a refusal with an empty response"
        raise InvalidResponse()


async def serve(cert: str, key: str, user: str, password: str, token: str, *without: str) -> None:
    Bearer.token, Bearer.password = token, password
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    everything = IMAPConfig.login_capability.fget
    IMAPConfig.login_capability = property(
        lambda self: [name for name in everything(self) if name.decode() not in without]
    )
    IMAPConfig.tls_auth = property(lambda self: SASLAuth([*SASLAuth.defaults().server_mechanisms, Bearer()]))
    args = Namespace(
        debug=False, cert=None, key=None, passlib_cfg=None, proxy_protocol=None, demo_data=False, tls=False,
        host="127.0.0.1", port=0, demo_user=user, demo_password=password,
    )  # fmt: skip
    backend, config = await DictBackend.init(
        args, hash_context=Cleartext(), ssl_context=context, bad_command_limit=None
    )
    config.apply_context()
    config.set_cache[user] = (MailboxSet(), FilterSet())
    callback = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
    server = await asyncio.start_server(callback, "127.0.0.1", 0, ssl=context, limit=2**20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
    sys.stdout.flush()
