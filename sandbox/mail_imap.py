"""pymap on our Maildir, TLS from the first byte. Source: RFC 3501, 6851 (MOVE), 4315 (UIDPLUS)."""

import asyncio
import ssl
from argparse import Namespace
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.backend.dict.filter import FilterSet
from pymap.context import connection_exit, current_command
from pymap.imap import IMAPConnection, IMAPServer
from pymap.imap.state import ConnectionState
from pysasl.hashing import Cleartext

from sandbox.mail_store import Folders

_OPTIONS = {
    "debug": False, "cert": None, "key": None, "passlib_cfg": None, "proxy_protocol": None, "demo_data": False,
}  # fmt: skip
_SPARED = ("NoneType", "LogoutCommand")


class _Connection(IMAPConnection):
    """A connection that a fault can cut after a command took effect and before its answer."""

    faults: Any

    async def write_response(self, resp: Any) -> None:
        command = type(current_command.get(None)).__name__
        if command not in _SPARED and self.faults.happens("dropped", f"imap {command}"):
            self.writer.transport.abort()
            return
        await super().write_response(resp)


class _Server(IMAPServer):
    def __init__(self, login: Any, config: Any, faults: Any) -> None:
        super().__init__(login, config)
        self._faults = faults

    async def __call__(self, reader: Any, writer: Any, sock_info: Any) -> None:
        connection = _Connection(self.commands, self._config, reader, writer, sock_info)
        connection.faults = self._faults
        async with AsyncExitStack() as stack:
            connection_exit.set(stack)
            stack.enter_context(closing(connection))
            await connection.run(ConnectionState(self._login, self._config))


async def start_imap(
    root: Path, user: str, password: str, cert: tuple[Path, Path], faults: Any, port: int = 0
) -> tuple[Folders, asyncio.Server]:
    """Serve one user's Maildir on localhost."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*cert)
    args = Namespace(**_OPTIONS, host="127.0.0.1", port=port, tls=False, demo_user=user, demo_password=password)
    backend, config = await DictBackend.init(args, hash_context=Cleartext(), ssl_context=context)
    config.apply_context()
    folders = Folders(root)
    config.set_cache[user] = (folders, FilterSet())
    callback = ProxyProtocolReader(config.proxy_protocol).get_callback(_Server(backend.login, config, faults))
    server = await asyncio.start_server(callback, host="127.0.0.1", port=port, ssl=context, limit=2**20)
    return folders, server
