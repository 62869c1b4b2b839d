"""The words of a mail that no order line accounts for and that may matter to one: each holds the order (LIN-009)."""

from collections.abc import Sequence

from connectors.mail.accounted import unaccounted
from connectors.mail.language import is_foreign
from connectors.mail.normal import folded, plain_line
from connectors.mail.order_fields import Facts
from connectors.mail.parts import BodyRead
from connectors.mail.prose import may_order, repeated_order
from connectors.mail.second_thoughts import second_thoughts
from connectors.mail.text_fields import order_ref_in
from orderclerk.domain.reading import Problem

_NUMBERS_OF_THEIRS = ("order_ref", "customer_number", "vat_number", "phone")
_NEEDS_NO_WORDS = ("header table", "labelled block")
MAX_NAMED = 5


def unread_words(
    reads: Sequence[BodyRead], left: Sequence[str], order_ref: str, subject: str, facts: Facts
) -> list[Problem]:
    """LIN-009 for the `left` sentences of one order, and for all rows of `reads`: never dropped, each told once."""
    titled = order_ref_in(plain_line(subject))
    told = [
        *_not_understood(reads, left, frozenset(folded(ref) for ref in (order_ref, *titled) if ref)),
        *_not_accounted(reads, " ".join([*titled, subject]), facts),
        *_taken_back(reads),
        *_in_a_foreign_language(reads),
    ]
    return list({problem.value: problem for problem in reversed(told)}.values())[::-1]


def _not_understood(reads: Sequence[BodyRead], left: Sequence[str], refs: frozenset[str]) -> list[Problem]:
    """Words that may order something and were not understood."""
    missed = {text for read in reads for text in read.missed}
    return [
        _problem(text, "These words may order something")
        for text in left
        if text in missed or (not repeated_order(text) and may_order(text, refs))
    ][:MAX_NAMED]


def _not_accounted(reads: Sequence[BodyRead], titled: str, facts: Facts) -> list[Problem]:
    """Numbers built like those of its items that stand in no order line, whatever became of their rows."""
    stated = [fact.value for name in _NUMBERS_OF_THEIRS for fact in facts.of(name)]
    named = [name for read in reads for one in read.lines for name in (one.line.item, one.line.barcode) if name]
    known = frozenset(map(folded, [*" ".join([*stated, titled]).split(), *named]))
    rows = dict.fromkeys(text for read in reads for text in unaccounted(read, known))
    return [_problem(text, "It names an item in no order line that was read") for text in rows]


def _taken_back(reads: Sequence[BodyRead]) -> list[Problem]:
    """Words beside the lines that may change what they say."""
    rows = dict.fromkeys(text for read in reads for text in second_thoughts(read))
    return [_problem(text, "These words may change what is ordered") for text in rows]


def _in_a_foreign_language(reads: Sequence[BodyRead]) -> list[Problem]:
    """Words of a language that is not read (in Dutch, dozen are boxes); a table needs none to be understood."""
    typed = next((one.raw for read in reads for one in read.lines if one.line.form not in _NEEDS_NO_WORDS), "")
    words = "\n".join(row.raw for read in reads for row in read.rows)
    return [_problem(typed, "It is in a language that is not read here")] if typed and is_foreign(words) else []


def _problem(text: str, reason: str) -> Problem:
    return Problem("LIN-009", "lines", text[:100], f"{reason}: {text[:100]!r}")
