"""Layouts that nobody who works on the readers has seen; what they look like is said nowhere else."""

from html import escape
from itertools import groupby
from random import Random

from openpyxl import Workbook

from sandbox.corpus.catalogue import siblings
from sandbox.corpus.entities import Content, Draft, Layout, Wish
from sandbox.corpus.layouts.sheets import XLSX, covering, file_stem, steady
from sandbox.corpus.layouts.typed import dressed
from sandbox.corpus.letters import letter, subject
from sandbox.corpus.mime import page
from sandbox.corpus.wording import title
from sandbox.corpus.writing import in_words, spoken_unit

FAMILY = "held-out"
TAIL = {
    "en": "Quantity required: {}.", "de": "Davon benötigen wir {}.", "fr": "Quantité souhaitée : {}.", "es": "Cantidad necesaria: {}.",
    "it": "Quantità richiesta: {}.", "zh_CN": "需要数量：{}。",
}  # fmt: skip
LIKE = {
    "en": "We are running low on {}.", "de": "Bei uns gehen {} zur Neige.", "fr": "Nous n'avons presque plus de {}.", "es": "Se nos están acabando {}.",
    "it": "Stiamo finendo {}.", "zh_CN": "{}快用完了。",
}  # fmt: skip


def paragraph_each(draft: Draft, rng: Random) -> Content:
    """An item in a paragraph of its own, the quantity in words at its end."""
    blocks = []
    for wish in draft.wishes:
        packs = wish.base // wish.item.pack
        wish.written_unit, wish.quantity = "CT", packs
        if not wish.quantity_text:
            count = in_words(packs, draft.language) or str(packs)
            if draft.language == "zh_CN":
                wish.quantity_text = f"{count}箱"
            else:
                wish.quantity_text = f"{count} {spoken_unit('CT', draft.language, packs)}"
        words = wish.item.said[draft.language] + (f" ({wish.ref})" if wish.ref else "")
        blocks.append(f"{LIKE[draft.language].format(words)} {TAIL[draft.language].format(wish.quantity_text)}")
    return dressed(draft, rng, letter(draft, rng, "\n\n".join(blocks)))


def matrix(draft: Draft, rng: Random) -> Content:
    """Sizes across, colours down, a quantity where they meet: a table in the mail."""
    rows = _matrices(draft, rng)
    cells = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    text = letter(draft, rng, "@@")
    before, after = (escape(part, quote=False).strip().replace("\n", "<br>") for part in text.split("@@"))
    return Content(subject(draft, rng), html=page(f"<p>{before}</p><table border=1>{cells}</table><p>{after}</p>", rng))


def matrix_sheet(draft: Draft, rng: Random) -> Content:
    """The same as a workbook."""
    book = Workbook()
    for row in _matrices(draft, rng):
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    content = covering(draft, rng, says_all=True)
    content.attachments.append((file_stem(draft, rng) + ".xlsx", XLSX, steady(book)))
    return content


def quantity_columns(draft: Draft, rng: Random) -> Content:
    """Items across, one row of quantities: a table turned on its side, as CSV in the body."""
    names = [wish.ref or wish.description for wish in draft.wishes]
    counts = [str(wish.base) if not wish.quantity_text else wish.quantity_text for wish in draft.wishes]
    for wish in draft.wishes:
        wish.written_unit, wish.quantity = "", wish.base
    lines = [
        ";".join([title("item_no", draft.language, rng), *names]),
        ";".join([title("quantity", draft.language, rng), *counts]),
    ]
    return dressed(draft, rng, letter(draft, rng, "\n".join(lines)))


def _matrices(draft: Draft, rng: Random) -> list[list[str]]:
    """A block for each series in the order, made of one to three series with several sizes and colours."""
    grids = [
        items
        for items in siblings().values()
        if len({i.size for i in items}) > 1 and len({i.colour for i in items}) > 1
    ]
    rows, wishes = [], []
    for items in rng.sample(grids, rng.choice((1, 1, 2))):
        wanted = rng.sample(list(items), min(len(items), rng.randint(2, 6)))
        counts = {item.item_no: item.pack * rng.choice((1, 2, 3, 5)) for item in wanted}
        sizes = list(dict.fromkeys(item.size for item in items))
        rows.append([_name(items[0].names[draft.language], items[0], draft), *sizes])
        for colour, group in groupby(sorted(items, key=lambda item: item.colour), key=lambda item: item.colour):
            of_size = {item.size: item for item in group}
            first = next(iter(of_size.values()))
            if any(item.item_no in counts for item in of_size.values()):
                found = [str(counts.get(of_size[size].item_no, "")) if size in of_size else "" for size in sizes]
                rows.append([_hue(first, draft) or colour, *found])
        wishes += [
            Wish(item, counts[item.item_no], "", counts[item.item_no]) for item in items if item.item_no in counts
        ]
    draft.wishes, draft.currency = wishes, ""
    return rows


def _hue(item, draft: Draft) -> str:
    from sandbox.corpus.catalogue import colour_word

    return colour_word(item.colour, draft.language, "m")


def _name(name: str, item, draft: Draft) -> str:
    vague = item.vague[draft.language]
    return vague if draft.language == "zh_CN" else vague[0].upper() + vague[1:]


LAYOUTS = (
    Layout("held-out 1", FAMILY, paragraph_each, 1, ways=("name", "ours+name"), prices=0, lines=(1, 4)),
    Layout("held-out 2", FAMILY, matrix, 1, prices=0, catches=False),
    Layout("held-out 3", FAMILY, matrix_sheet, 0.7, prices=0, catches=False),
    Layout("held-out 4", FAMILY, quantity_columns, 0.6, ways=("ours", "theirs", "name"), prices=0, lines=(2, 5)),
)
