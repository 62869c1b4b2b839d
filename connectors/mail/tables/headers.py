"""What the columns of a table are, by the words at their head."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from connectors.files import columns as file_columns
from connectors.mail.amounts import counts_things, currency_code, unit_code
from connectors.mail.normal import folded

MAX_HEADER = 60  # characters of a cell that heads a column
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,30})[)\]]")
_IN_CURRENCY = re.compile(r"(?:\s+in|\s*/|\s)\s*(eur|usd|gbp|cny|rmb|chf|€|\$|£|元)\.?$")
_WHOSE = re.compile(
    r"^(?:(your|ihre?|votre|su|vostr[oa]|supplier|vendor|lieferanten?-?|fournisseur|贵司|供应商|卖方)|(our|unsere?|notre|nuestr[oa]|nostr[oa]|customer|kunden-?|buyer|我司|我方|客户))\s*"
)
_KEYWORDS = (
    ("tax_rate", r"^(?:vat|mwst|ust|tva|iva|tax|gst)\b(?!.*(?:amount|betrag|montant))|tax rate|税率"),
    ("stock", r"\bstock\b|on hand|bestand|\blager|disponib|giacenza|existencias|\bavailable\b|verfügbar|库存|现货"),
    ("weight", r"weight|gewicht|\bpoids\b|\bpeso\b|重量|毛重|净重"),
    ("quantity", r"^(?:total|gesamt) (?:pcs|pieces|qty|quantity|units|stück|stk)|gesamtmenge|quantité totale|cantidad total|quantità totale|总数量"),
    ("price_per", r"^(?:pe|p\.e\.|preiseinheit|price unit|price per|per|pro|je|价格单位)$"),
    ("description", r"descri|bezeichnung|beschreibung|d[eé]signation|designazione|libellé|den?ominaci|denominazione|品名|名称|描述|货物"),
    ("pack", r"(?:pcs|pieces|units|stk|stück|qty) ?(?:/|per|pro|je) ?(?:box|carton|ctn|pack|case|karton|vpe)|pack(?:ing|age)? ?(?:size|qty)|inner|colisage|vpe|装箱(?:数|量)|包装数"),
    ("discount", r"discount|rabatt|remise|descuento|sconto|折扣|nachlass|\bdisc\b"),
    ("progress", r"^(?!.*(?:date|datum|termin|fecha|\bdata\b|日期|addr|adress|\bby\b|\bto\b|week|woche)).*(?:\b(?:delivered|shipped|received|outstanding|open|back-?ordere?d?|remaining)\b|"
        r"geliefert|\boffen|rückst|\blivrée?s?\b|reliquat|\brestant|entregad|pendiente|consegnat|\bevas|\bresidu|已发|已交|未发|未交|欠)"),
    ("requested_date", r"date|termin|datum|fecha|交期|日期|(?:required|needed|deliver|wanted) by|\bdue\b|\beta\b|liefer(?:ung|woche)|livraison|consegna|entrega"),
    ("barcode", r"\bean|gtin|\bupc\b|bar ?code|条码|条形码"),
    ("unit_price", r"price|preis|e-preis|prix|precio|prezzo|单价|价格|\bp\.?u\.?\b|\bep\b|cost|\brate\b|unitario"),
    ("line_total", r"total|amount|betrag|montant|importe|importo|totale|summe|gesamt|金额|小计|合计|总价|\bvalue\b|wert\b|sum\b"),
    ("quantity", r"qty|quant|\bcdad|menge|anzahl|stückzahl|\bqté|\bqte|cantidad|\bcant\b|数量|\bpcs\b|pieces|订量|q\.?tà|\bwanted\b|\brequired\b(?! by)|\bneeded\b(?! by)|how many|benötigt|\bbedarf\b|gewünscht|à commander|da ordinare|a pedir|ilość|aantal|hoeveelheid|\bantal\b|mængde|ilosc|quantidade|\bqtde?\b|需求量|需求数|要货"),
    ("unit", r"\bunit\b|uom|einheit|unité|unidad|单位|\bme\b|unità|\bu/?\.?m\b|\budm\b|\bu\.? de m|\bve\b"),
    ("item_ref", r"\bitem\b|artikel|\bart\b|article|\bsku\b|\bref\b|référence|referencia|\bpart\b|material|货号|编码|编号|料号|codice|código|c[oó]d(?:\.|\b)|art[ií]culo|articolo|\brif\b|\bcode\b|indeks|artikkel|varenr|型号|品号|p/n|\bcat\b"),
    ("description", r"desc|bezeichnung|beschreibung|désignation|libellé|denominación|product|produ[ik]t|producto|prodott|goods|品名|名称|商品|产品|text\b|\bname\b|规格|型号|descrizione|prodotto|ware\b"),
    ("size", r"\bsize\b|größe|groesse|\btaille\b|\btalla\b|taglia|misura|dimension|abmess|尺寸|尺码"),
    ("line_ref", r"\bpos\b|position|\bline\b|zeile|ligne|línea|riga|序号|行号|项次|^#$|^no$|^nr$|^n°$|^s/?n$|^sl\b"),
)  # fmt: skip
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _KEYWORDS)
SAYS_WHAT = ("item_ref", "barcode", "description")
_ONCE = ("quantity", "unit_price", "line_total", "description", "barcode", "unit", "discount", "pack")


@dataclass(slots=True)
class Header:
    """Our columns and their places; `names` are the cells as written. `rivals` are second columns of the quantity."""

    places: dict[str, int]
    names: tuple[str, ...]
    rivals: list[int] = field(default_factory=list)
    units: dict[int, str] = field(default_factory=dict)  # that the heads of quantities name
    currency: str = ""
    others: dict[str, int] = field(default_factory=dict)
    is_inferred: bool = False
    doubts: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()  # what each head names, "" for none
    height: int = 1  # rows that it takes

    def cell(self, name: str, cells: Sequence[str]) -> str:
        """What stands under a column of ours; "" for none."""
        place = self.places.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    @property
    def unit(self) -> str:
        """The unit that the quantity's head names; "" for none."""
        return self.units.get(self.places.get("quantity", -1), "")

    def place_of(self, name: str) -> str:
        """The head of a column of ours as written, for evidence."""
        place = self.places.get(name, -1)
        return self.names[place] if 0 <= place < len(self.names) else f"column {place + 1}"


def read_header(cells: Sequence[str]) -> Header | None:
    """The columns that `cells` head, if they are those of order lines: a quantity, and an item or a description."""
    header = head_of(cells)
    if header is None or not is_complete(header):
        return None
    known = sum(bool(name) for name in header.columns)
    return header if known * 2 >= sum(bool(cell) for cell in cells) else None


def is_complete(header: Header) -> bool:
    """Whether its columns say what is ordered, and how many."""
    return "quantity" in header.places and any(name in header.places for name in SAYS_WHAT)


def head_of(cells: Sequence[str]) -> Header | None:
    """The columns of ours that `cells` head, as many as are known; None if they cannot head a table."""
    if len(cells) < 2 or any(len(cell) > MAX_HEADER for cell in cells) or sum(map(bool, cells)) < 2:
        return None
    keys = [_column(cell) for cell in cells]
    header = Header({}, tuple(cells), columns=tuple(name for name, _ in keys))
    for place, ((name, whose), cell) in enumerate(zip(keys, cells, strict=True)):
        _add(header, name, whose, place)
        _add_bracketed(header, name, place, cell)
    return header


def _add(header: Header, name: str, whose: str, place: int) -> None:
    if not name:
        return
    if name not in header.places:
        header.places[name] = place
        header.others[name] = 1 if whose == "our" else 0
    elif name == "item_ref":
        if whose == "your" or header.others[name]:  # the buyer's "your number" is the number of ours
            header.places[name], header.others[name] = place, 0
        elif "description" not in header.places:
            header.places["description"] = place
    elif name == "quantity":
        header.rivals.append(place)
    elif name not in _ONCE:
        header.places.setdefault(name, place)


def _add_bracketed(header: Header, name: str, place: int, cell: str) -> None:
    """`Menge (Stk)`, `Boxes`, `Unit price (EUR)`, `单价（元）`."""
    inside = next((found[1] for found in _BRACKETS.finditer(folded(cell))), "")
    tail = _IN_CURRENCY.search(folded(cell))
    currency = currency_code(inside) or (currency_code(tail[1]) if tail else "")
    if name in ("unit_price", "line_total") and currency:
        header.currency = header.currency or currency
    elif name == "quantity" and (unit := unit_code(inside) or unit_code(folded(cell))):
        header.units[place] = unit


def column_name(cell: str) -> str:
    """Which column of ours a head or label names; "" for none."""
    return _column(cell)[0]


def _column(cell: str) -> tuple[str, str]:
    words = file_columns.plain(cell)
    if not words or re.search(r"\d{3}", words):
        return "", ""
    if exact := _names().get(words):
        return exact, ""
    bare = " ".join(_IN_CURRENCY.sub("", _BRACKETS.sub(" ", folded(cell))).split()).strip(" .:*#")
    if exact := _names().get(file_columns.plain(bare)):
        return exact, ""
    whose = ""
    if found := _WHOSE.match(bare):
        whose, bare = ("your" if found[1] else "our"), bare[found.end() :]
        if exact := _names().get(file_columns.plain(bare)):
            return exact, whose
    if len(bare.split()) > 5:
        return "", ""
    found_name = next((name for name, pattern in _COMPILED if pattern.search(bare)), "")
    if (
        not found_name and counts_things(bare) and unit_code(bare) != "PK"
    ):  # boxes, Kartons, 箱; a "pack" may be its size
        return "quantity", whose
    return found_name, whose


@cache
def _names() -> dict[str, str]:
    """Header words and the column each stands for: those of files, and those that only mails use."""
    names: dict[str, str] = {}
    for path in (
        Path(file_columns.__file__).with_name("column_names.csv"),
        Path(__file__).parents[1] / "table_headers.csv",
    ):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                names.setdefault(file_columns.plain(row["name"]), row["column"])
    return names
