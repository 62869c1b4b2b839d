"""Typed lists: a line an item, in the styles people fall into."""

from random import Random

from sandbox.corpus.chains import chain
from sandbox.corpus.entities import Content, Draft, Layout, Wish
from sandbox.corpus.letters import letter, subject
from sandbox.corpus.mime import html_of
from sandbox.corpus.wording import counted, number, price, title, unit_of

AT = {"en": "@", "de": "à", "fr": "à", "es": "a", "it": "a", "zh_CN": "单价"}


def dressed(draft: Draft, rng: Random, text: str) -> Content:
    """The text as plain mail, with an HTML twin, or as HTML alone."""
    if rng.random() < 0.07:
        text += "\n\n" + chain(draft, rng)
    draw = rng.random()
    html = html_of(text, rng) if draw < 0.55 else ""
    return Content(subject(draft, rng), text="" if draw < 0.18 else text, html=html)


def listed(draft: Draft, rng: Random, lines: list[str]) -> Content:
    """A letter around the lines, numbered, with bullets or bare."""
    mark = rng.choice(("", "", "- ", "* ", "• ", "1. ", "1) "))
    if mark.startswith("1"):
        lines = [f"{nth}{mark[1:]}{line}" for nth, line in enumerate(lines, start=1)]
    elif mark:
        lines = [mark + line for line in lines]
    return dressed(draft, rng, letter(draft, rng, "\n".join(lines)))


def said_item(wish: Wish, rng: Random) -> str:
    """Number and words of an item in one of the usual orders."""
    if wish.ref and wish.description:
        return rng.choice((f"{wish.ref} {wish.description}", f"{wish.ref} - {wish.description}",
                           f"{wish.description} ({wish.ref})", f"{wish.ref}, {wish.description}"))  # fmt: skip
    return wish.ref or wish.description


def priced(wish: Wish, draft: Draft, style: int) -> str:
    """The end of a line with its price, "" without one."""
    text = price(wish, draft, style)
    return f" {AT[draft.language]} {text}" if text else ""


def quantity_first(draft: Draft, rng: Random) -> Content:
    """12 x HW1021 Mug, blue, 300 ml."""
    style, times = rng.randrange(1, 4), rng.choice(("x", " x", "x", "×", ""))
    lines = []
    for wish in draft.wishes:
        count = counted(wish, draft, rng)
        item = said_item(wish, rng)
        mark = times or "x" if item[:1].isdigit() else times  # 600 612040 would be anybody's guess
        many = count + (mark if count[-1:].isdigit() else "")
        lines.append(f"{many} {item}{priced(wish, draft, style)}")
    return listed(draft, rng, lines)


def quantity_last(draft: Draft, rng: Random) -> Content:
    """Mug, blue, 300 ml - 12 pcs."""
    style, gap = rng.randrange(1, 4), rng.choice((" - ", ": ", " – ", "    ", " .... ", ", "))
    if draft.language == "zh_CN":
        gap = rng.choice(("：", " ", "  ", "，", " - ", "——"))
    lines = []
    for wish in draft.wishes:
        count = counted(wish, draft, rng)
        if count[-1:].isdigit() and gap in (", ", " ", "  ", " - "):
            count = {"zh_CN": f"×{count}"}.get(draft.language, f"{count}x" if gap == ", " else count)
        lines.append(f"{said_item(wish, rng)}{gap}{count}{priced(wish, draft, style)}")
    return listed(draft, rng, lines)


def labelled_line(draft: Draft, rng: Random) -> Content:
    """Item HW1021, qty 12, price 3.20 EUR: labels inside the line."""
    language, style = draft.language, rng.randrange(1, 4)
    item, quantity, cost = (title(key, language, rng) for key in ("item_no", "quantity", "price"))
    lines = []
    for wish in draft.wishes:
        parts = [f"{item} {wish.ref}" if wish.ref else title("name", language, rng) + ": " + wish.description]
        parts += [wish.description] if wish.ref and wish.description else []
        parts.append(f"{quantity}{rng.choice((' ', ': '))}{counted(wish, draft, rng)}")
        parts += [f"{cost} {price(wish, draft, style)}"] if wish.price is not None else []
        lines.append(rng.choice(("; ", " / ") if language != "zh_CN" else ("，", "；")).join(parts))
    return listed(draft, rng, lines)


def in_parentheses(draft: Draft, rng: Random) -> Content:
    """Mug, blue, 300 ml (HW1021) [12 pcs], the shorthand of people in a hurry."""
    left, right = rng.choice((("(", ")"), ("[", "]"), ("= ", "")))
    lines = [f"{said_item(w, rng)} {left}{counted(w, draft, rng)}{right}" for w in draft.wishes]
    return listed(draft, rng, lines)


def codes_only(draft: Draft, rng: Random) -> Content:
    """HW1021 12: a number, blanks, a quantity, nothing else."""
    gap = rng.choice((" ", "   ", "\t", " = ", " / "))
    return listed(
        draft, rng, [f"{w.ref}{gap}{number(w, draft, rng)} {unit_of(w, draft, rng)}".rstrip() for w in draft.wishes]
    )


def two_lines_each(draft: Draft, rng: Random) -> Content:
    """The item on one line, quantity and price indented below."""
    style, language = rng.randrange(1, 4), draft.language
    blocks = []
    for wish in draft.wishes:
        below = counted(wish, draft, rng)
        if rng.random() < 0.5:
            below = f"{title('quantity', language, rng)}: {below}"
        blocks.append(f"{said_item(wish, rng)}\n   {below}{priced(wish, draft, style)}")
    return dressed(draft, rng, letter(draft, rng, "\n".join(blocks)))


CODES = ("ours", "theirs", "barcode")
LAYOUTS = (
    Layout("quantity first", "typed list", quantity_first, 3),
    Layout("quantity last", "typed list", quantity_last, 3),
    Layout("labelled line", "typed list", labelled_line, 1.5, ways=("ours", "theirs", "ours+name", "theirs+name")),
    Layout("in parentheses", "typed list", in_parentheses, 1, prices=0),
    Layout("codes only", "typed list", codes_only, 1.5, ways=CODES, prices=0, lines=(2, 9)),
    Layout("two lines each", "typed list", two_lines_each, 1.2),
)
