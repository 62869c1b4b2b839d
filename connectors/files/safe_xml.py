"""XML from anybody: no entities, no document type, and no more or deeper elements than an order has."""

from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml.ElementTree import DefusedXMLParser

from connectors.files.archives import Unsafe

MAX_DEPTH, MAX_ELEMENTS = 100, 1_000_000


def parse_xml(text: str | bytes) -> Element:
    """The root element. Raises Unsafe, DefusedXmlException, or ParseError (a SyntaxError)."""
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    parser.feed(text)
    root: Element = parser.close()
    return root


class _Bounded(TreeBuilder):
    """Gives up while it still costs nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._elements = 0

    def start(self, tag: Any, attrs: Any) -> Element:
        """Count on the way in."""
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise Unsafe(f"The XML has more than {MAX_ELEMENTS} elements, or nests them more than {MAX_DEPTH} deep")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        """Count on the way out."""
        self._depth -= 1
        return super().end(tag)
