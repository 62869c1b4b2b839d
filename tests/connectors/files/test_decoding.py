"""Encodings: certain, judged, or refused; the same bytes always give the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files.decoding import decode

CHINESE = "订单号,货号,数量,单价\nPO-1,茶杯（大）,10,3.50\n"
GERMAN = "Bestellnummer;Artikel;Größe;Straße\n1;Tülle öäü;groß;Königsallee\n"
FRENCH = "référence;désignation;coût\n1;café crème à l’œuf;4 €\n"


@pytest.mark.parametrize("text", [CHINESE, GERMAN, FRENCH, "plain,text\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_unicode_is_recognised_with_and_without_its_mark(text, encoding):
    assert decode(text.encode(encoding)) == text


def test_gb18030_is_recognised():
    assert decode(CHINESE.encode("gb18030")) == CHINESE


@pytest.mark.parametrize("text", [GERMAN, FRENCH, "Größe", "Straße", "Müller", "café", "Ärger Öl Übung", "5 £"])
def test_windows_1252_is_recognised(text):
    assert decode(text.encode("cp1252")) == text


def test_one_chinese_word_among_ascii_is_enough():
    text = "a,b\n" * 1_000 + "1,数量\n"
    assert decode(text.encode("gb18030")) == text


@pytest.mark.parametrize(
    ("text", "encoding"), [("ご注文番号、数量、商品", "shift-jis"), ("Номер заказа количество", "cp1251")]
)
def test_what_is_neither_is_refused_unless_configured(text, encoding):
    with pytest.raises(ValueError, match="say `encoding` for this sender"):
        decode(text.encode(encoding))
    assert decode(text.encode(encoding), encoding) == text


def test_a_configured_encoding_that_does_not_fit_or_exist_is_a_sentence():
    with pytest.raises(ValueError, match="is not utf-8"):
        decode("ü".encode("cp1252"), "utf-8")
    with pytest.raises(ValueError, match="does not exist"):
        decode(b"x", "utf-9")


@given(st.binary())
def test_any_bytes_are_text_or_a_value_error_and_always_the_same(content):
    results = []
    for _ in range(2):
        try:
            results.append(decode(content))
        except ValueError as error:
            results.append(str(error))
    assert results[0] == results[1]
