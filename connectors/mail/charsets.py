"""Bytes of a mail into text: the stated charset, else a judged one, else with marks in place of what is lost."""

import codecs

from connectors.files.decoding import decode

_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
          "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8", "unknown-8bit": "",
          "x-unknown": "", "default": "", "shift_jis": "cp932", "shift-jis": "cp932"}  # fmt: skip


def decode_bytes(raw: bytes, charset: str) -> str:
    """`raw` as text; never raises. A stated charset that is a smaller form of a common one is read as the larger."""
    if raw.isascii() and not charset.lower().startswith(("utf-7", "utf-16", "utf-32", "iso-2022", "hz")):
        return raw.decode("ascii")
    stated = charset.strip().strip("\"'").lower()
    for name in dict.fromkeys((_WIDER.get(stated, stated), stated)):
        if name and (text := _strict(raw, name)) is not None:
            return text
    try:
        return decode(raw)
    except ValueError:
        return raw.decode("utf-8", "replace")


def _strict(raw: bytes, charset: str) -> str | None:
    try:
        if not codecs.lookup(charset)._is_text_encoding:  # rot13, zip, hex: not for text, some of them bombs
            return None
        return raw.decode(charset)
    except Exception:  # LookupError, UnicodeError, ValueError of a name with a NUL in it
        return None
