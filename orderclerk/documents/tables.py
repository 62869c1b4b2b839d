"""The plain-text half of a mail: the order's lines as a table that stays aligned, also with Chinese in it."""

from collections.abc import Iterator, Sequence

from orderclerk.documents.columns import pad, pad_left, width, wrap
from orderclerk.documents.view import LineView, MailView

PLACES = 76  # quoted once or twice it still fits the 80 of a terminal
_LEAST_FOR_ITEM = 20
_GAP = "  "


def detail_rows(details: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """Label and value beside each other, values wrapped under themselves."""
    first = max((width(label) for label, _ in details), default=0)
    rows = []
    for label, lines in details:
        wrapped = [part for line in lines for part in wrap(line, PLACES - first - len(_GAP))]
        rows += [f"{pad(label if not i else '', first)}{_GAP}{part}" for i, part in enumerate(wrapped)]
    return rows


def line_table(mail: MailView) -> list[str]:
    """Header, lines and totals; the item's column takes the places the figures leave, and wraps."""
    labels = mail.labels
    heads = (labels["line_no"], labels["quantity"], labels["unit_price"], labels["amount"])
    figures = [(line.no, line.quantity, line.unit_price, line.amount) for line in mail.lines]
    sizes = [max(map(width, column)) for column in zip(heads, *figures, strict=True)]
    sizes[3] = max([sizes[3], *(width(amount) for _, amount in mail.totals)])
    item = max(_LEAST_FOR_ITEM, PLACES - sum(sizes) - len(_GAP) * 4)
    rule = "-" * (sum(sizes) + item + len(_GAP) * 4)
    rows = [_row(heads, labels["item"], sizes, item), rule]
    for line, figure in zip(mail.lines, figures, strict=True):
        first, *rest = [part for text in _item_texts(line, labels) for part in wrap(text, item)]
        rows += [_row(figure, first, sizes, item), *(" " * (sizes[0] + len(_GAP)) + part for part in rest)]
    ends = [rule] if mail.totals else []
    return [*rows, *([] if figures else [labels["no_lines"]]), *ends, *_total_rows(mail, len(rule), sizes[3])]


def _item_texts(line: LineView, labels: dict[str, str]) -> Iterator[str]:
    yield line.description or line.item_no or "-"
    if line.stated:
        yield f"({line.stated})"
    if line.item_no and line.description:
        yield line.item_no
    if line.their_ref:
        yield f"({labels['their_item_ref']} {line.their_ref})"
    if line.planned:
        yield line.planned
    if line.note:
        yield f"* {line.note}"


def _row(figures: Sequence[str], item: str, sizes: Sequence[int], item_size: int) -> str:
    no, *rest = map(pad_left, figures, sizes)
    return _GAP.join((no, pad(item, item_size), *rest)).rstrip()


def _total_rows(mail: MailView, places: int, amount_size: int) -> Iterator[str]:
    for label, amount in mail.totals:
        yield pad_left(label, places - amount_size - len(_GAP)) + _GAP + pad_left(amount, amount_size)
