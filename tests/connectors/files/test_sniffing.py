"""What a file is, by content."""

import pytest

from connectors.files import sniffing
from connectors.files.sniffing import sniff


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"a,b\n1,2\n", sniffing.CSV),
        (b"\xef\xbb\xbfa;b\n", sniffing.CSV),
        ("a\tb\n".encode("utf-16"), sniffing.CSV),
        (b"<?xml version='1.0'?><Order/>", sniffing.XML),
        ("\ufeff<Order/>".encode("utf-16"), sniffing.XML),
        (b"\r\n <Order xmlns='x'/>", sniffing.XML),
        (b"<!DOCTYPE html><html>", "text/html"),
        (b"UNA:+.? '\r\nUNB+UNOC:3+", sniffing.EDIFACT),
        (b"UNB+UNOA:1+", sniffing.EDIFACT),
        (b"\xef\xbb\xbfISA*00*          *00*", sniffing.X12),
        (b"ISA,00,x\n", sniffing.X12),
        (b"ISABEL,00\n", sniffing.CSV),
        (b"%PDF-1.7", "application/pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, sniffing.XLS),
        (b"PK\x03\x04broken", "application/zip"),
        (b"STX=ANA:1+", "application/edi-tradacoms"),
        (b'{"orders": []}', "application/json"),
        (b"From: a@b\nSubject: x\n", "message/rfc822"),
        (bytes(range(256)) * 10, "application/octet-stream"),
        (b"", sniffing.CSV),
    ],
)
def test_content_says_what_it_is(content, media_type):
    assert sniff(content) == media_type
