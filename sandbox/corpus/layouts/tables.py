"""Tables inside the mail: of characters, and of HTML in the ways mail programs and templates make it."""

from html import escape
from random import Random

from sandbox.corpus.entities import Content, Draft, Layout
from sandbox.corpus.layouts.pairs import header_pairs
from sandbox.corpus.letters import letter, signed, subject
from sandbox.corpus.mime import page
from sandbox.corpus.phrases import say
from sandbox.corpus.wording import amount, item_key, number, price, title, total, unit_of


def grid(draft: Draft, rng: Random, *, style: int | None = None, amounts: bool = True) -> list[list[str]]:
    """Header and rows of the order as a table; the columns people have, in the orders they have them."""
    language = draft.language
    style = rng.choice((0, 0, 0, 1, 3)) if style is None else style
    has_ref, has_name = any(w.ref for w in draft.wishes), any(w.description for w in draft.wishes)
    columns = ["pos"] if rng.random() < 0.4 else []
    columns += [item_key(draft)] if has_ref else []
    columns += ["name"] if has_name else []
    quantity = ["quantity", "unit"] if rng.random() < 0.5 else ["quantity"]
    columns = [*columns, *quantity] if rng.random() < 0.75 else [*columns[:1], *quantity, *columns[1:]]
    if draft.currency:
        columns += ["price", "amount"] if amounts and rng.random() < 0.7 else ["price"]
    head = [title(column, language, rng) for column in columns]
    rows = [[_cell(column, nth, wish, draft, rng, style, "unit" in columns) for column in columns]
            for nth, wish in enumerate(draft.wishes, start=1)]  # fmt: skip
    return [head, *rows]


def _cell(column: str, nth: int, wish, draft: Draft, rng: Random, style: int, has_unit: bool) -> str:
    if column == "quantity":
        unit = (
            ""
            if has_unit
            else unit_of(wish, draft, rng)
            if wish.written_unit in ("CT", "DZ") or rng.random() < 0.2
            else ""
        )
        return f"{number(wish, draft, rng)} {unit}".strip()
    return {
        "pos": lambda: str(nth * 10 if len(draft.wishes) % 2 else nth), "name": lambda: wish.description,
        "unit": lambda: unit_of(wish, draft, rng) or unit_of_item(wish, draft, rng),
        "price": lambda: price(wish, draft, style), "amount": lambda: amount(wish, draft, style),
    }.get(column, lambda: wish.ref)()  # fmt: skip


def unit_of_item(wish, draft: Draft, rng: Random) -> str:
    """The item's own unit, for a column that wants one."""
    from sandbox.corpus.writing import unit_word

    return unit_word(wish.item.unit, draft.language, wish.quantity, rng)


def text_table(draft: Draft, rng: Random) -> Content:
    """Columns by blanks, by bars or by tabs."""
    rows = grid(draft, rng)
    style = rng.choice(("blanks", "blanks", "bars", "tabs", "ruled"))
    if style == "tabs":
        lines = ["\t".join(row) for row in rows]
    else:
        widths = [max(_width(row[nth]) for row in rows) for nth in range(len(rows[0]))]
        gap = {"blanks": "  ", "bars": " | ", "ruled": "   "}[style]
        lines = [
            gap.join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        ]
        if style != "blanks" or rng.random() < 0.4:
            rule = ("-|-" if style == "bars" else "-" * len(gap)).join("-" * width for width in widths)
            lines.insert(1, rule)
        if style == "bars" and rng.random() < 0.5:
            lines = [f"| {line} |" for line in lines]
    if draft.currency and (draft.total is not None or rng.random() < 0.5):
        lines.append(f"{title('total', draft.language, rng)}: {total(draft, 1)}")
    return Content(subject(draft, rng), text=letter(draft, rng, "\n".join(lines)))


def _width(text: str) -> int:
    return sum(2 if ord(mark) > 0x2E80 else 1 for mark in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def html_table(draft: Draft, rng: Random) -> Content:
    """A plain table pasted into a mail, as Outlook or a web mailer makes it."""
    rows, outlook = grid(draft, rng), rng.random() < 0.5
    cells = _outlook_rows(rows) if outlook else _plain_rows(rows, rng)
    if draft.currency and (draft.total is not None or rng.random() < 0.4):
        cells += f'<tr><td colspan="{len(rows[0]) - 1}" align="right"><b>{escape(title("total", draft.language, rng))}</b></td><td>{escape(total(draft, 0))}</td></tr>'
    table = f'<table border="1" cellspacing="0" cellpadding="{rng.choice((0, 3, 5))}">{cells}</table>'
    text = letter(draft, rng, "@@")
    before, after = (escape(part, quote=False).strip().replace("\n", "<br>\n") for part in text.split("@@"))
    html = page(f"<p>{before}</p>{table}<p>{after}</p>", rng, outlook=outlook)
    return Content(subject(draft, rng), html=html, text=_twin(draft, rng, rows, text))


def _twin(draft: Draft, rng: Random, rows: list[list[str]], text: str) -> str:
    """The text part beside a table: none, or one with a cell a line as some programs write it."""
    if rng.random() < 0.5:
        return ""
    if rng.random() < 0.5:
        return text.replace("@@", "\n".join("\t".join(row) for row in rows))
    return text.replace("@@", "\n\n".join("\n".join(row) for row in rows))


def _plain_rows(rows: list[list[str]], rng: Random) -> str:
    tag = rng.choice(("th", "td", "th"))
    head = "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows[1:])
    return f"<tr>{head}</tr>\n{body}"


def _outlook_rows(rows: list[list[str]]) -> str:
    """Word's HTML: a paragraph and a span in every cell, o:p at the end, empty rows with a non-breaking blank."""
    span = (
        '<p class="MsoNormal" style="margin:0cm"><span lang="EN-US" style="font-size:10.0pt">{}<o:p></o:p></span></p>'
    )
    body = "".join(
        '<tr style="height:15.0pt">'
        + "".join(
            f'<td width="96" valign="bottom" style="padding:0cm 3.5pt">{span.format(escape(cell))}</td>' for cell in row
        )
        + "</tr>\r\n"
        for row in rows
    )
    empty = "".join('<td><p class="MsoNormal"><span>&nbsp;</span></p></td>' for _ in rows[0])
    return body + f"<tr>{empty}</tr>"


def nested_html(draft: Draft, rng: Random) -> Content:
    """A template's mail: layout tables around the table of goods, header pairs in a table of their own, a footer."""
    rows = grid(draft, rng)
    pairs = header_pairs(draft, rng)
    head = "".join(f'<tr><td style="color:#666">{escape(a)}</td><td><b>{escape(b)}</b></td></tr>' for a, b in pairs)
    goods = (
        "<thead><tr>"
        + "".join(f'<th align="left" style="border-bottom:1px solid #ccc">{escape(c)}</th>' for c in rows[0])
        + "</tr></thead><tbody>"
    )
    goods += (
        "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:]) + "</tbody>"
    )
    if draft.currency:
        goods += f'<tfoot><tr><td colspan="{len(rows[0]) - 1}">{escape(title("total", draft.language, rng))}</td><td>{escape(total(draft, 3))}</td></tr></tfoot>'
    logo = (
        '<img src="cid:logo001@corpus" width="160" alt="">'
        if rng.random() < 0.5
        else f"<h2>{escape(draft.customer.name)}</h2>"
    )
    footer = escape(signed(draft, rng), quote=False).replace("\n", "<br>")
    inner = (
        f"<tr><td>{logo}</td></tr><tr><td><h3>{escape(title('heading', draft.language, rng))}</h3>"
        f"<p>{escape(say(rng, 'open', draft.language))}</p></td></tr>"
        f'<tr><td><table width="100%">{head}</table></td></tr><tr><td><table width="100%" cellpadding="6">{goods}</table></td></tr>'
        f'<tr><td style="font-size:11px;color:#999">{footer}</td></tr>'
    )
    body = f'<table width="100%" bgcolor="#f4f4f4"><tr><td align="center"><table width="640" bgcolor="#fff">{inner}</table></td></tr></table>'
    return Content(subject(draft, rng), html=page(body, rng))


LAYOUTS = (
    Layout("text table", "text table", text_table, 2.5, prices=0.5, totals=True),
    Layout("html table", "html table", html_table, 3, prices=0.5, totals=True),
    Layout("nested html", "html table", nested_html, 1.5, prices=0.6, totals=True),
)
