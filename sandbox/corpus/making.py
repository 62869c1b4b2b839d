"""The corpus as a whole: mixes the layouts, writes mails, truth, master data and history. Same seed, same bytes."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from orderclerk.domain.reading import LetterKind
from sandbox.corpus import mistakes, others, traps
from sandbox.corpus.entities import LANGUAGES, Draft, Layout
from sandbox.corpus.history import history, write_history
from sandbox.corpus.layouts import held_out, pairs, papers, passed_on, prose, repeats, sheets, tables, typed
from sandbox.corpus.masterdata import write_master_data
from sandbox.corpus.mime import as_mail
from sandbox.corpus.parties import SHARES, customers
from sandbox.corpus.story import Story
from sandbox.corpus.truth import truth_of

OTHERS, TRAPS, MISTAKES = 0.15, 0.085, 0.12  # shares of the mails, of the orders
HELD_OUT = held_out.FAMILY
LAYOUTS: tuple[Layout, ...] = tuple(
    layout
    for part in (typed, pairs, prose, tables, sheets, papers, passed_on, repeats, held_out)
    for layout in part.LAYOUTS
)


def make_corpus(
    out: Path, count: int, seed: int, families: Sequence[str] = (), languages: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Write everything below `out`; the truth. Without `families` all but the held-out one are mixed."""
    people = customers(seed, max(152, count // 8))
    (out / "mails").mkdir(parents=True, exist_ok=True)
    write_master_data(out / "masterdata", people)
    write_history(out / "history.jsonl", people, seed)
    story = Story(seed, people)
    truth = []
    for name, raw, true in make_mails(story, count, families, languages or LANGUAGES):
        (out / "mails" / name).write_bytes(raw)
        truth.append(true)
    with (out / "truth.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(true, ensure_ascii=False) + "\n" for true in truth)
    return truth


def make_mails(
    story: Story, count: int, families: Sequence[str], languages: Sequence[str]
) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """File name, bytes and truth of each mail."""
    layouts = [
        layout for layout in LAYOUTS if layout.family in families or (not families and layout.family != HELD_OUT)
    ]
    for nth in range(1, count + 1):
        rng = story.stream("mail", nth)
        language = rng.choices(list(languages), [SHARES[name] for name in languages])[0]
        is_other = not layouts or (rng.random() < OTHERS and (not families or others.FAMILY in families))
        file = f"{nth:06}.eml"
        yield (file, *(_other(story, rng, file, language) if is_other else _order(story, rng, file, language, layouts)))


def _order(
    story: Story, rng: Random, file: str, language: str, layouts: Sequence[Layout]
) -> tuple[bytes, dict[str, Any]]:
    fitting = [layout for layout in layouts if language in layout.languages]
    layout = rng.choices(fitting, [one.weight for one in fitting])[0]
    draft = _draft(story, rng, language, layout)
    if draft is None:  # nobody is left who could repeat an order
        return _order(
            story, rng, file, language, [one for one in layouts if one.family != layout.family] or [typed.LAYOUTS[0]]
        )
    if not layout.catches:
        pass
    elif rng.random() < TRAPS:
        traps.set_one(story, rng, draft, layout)
    elif rng.random() < MISTAKES:
        mistakes.make_some(rng, draft)
    content = layout.write(draft, rng)
    raw = as_mail(draft, content, rng, file.partition(".")[0])
    orders = content.orders or [draft]
    return raw, truth_of(file, layout.name, layout.family, str(LetterKind.ORDER), draft, orders)


def _draft(story: Story, rng: Random, language: str, layout: Layout) -> Draft | None:
    """The order that the layout writes down; None where it needs a customer who is not there."""
    if layout.family == repeats.FAMILY:
        return story.repeated(rng, language, layout, history(story.seed, story.customers))
    draft = story.draft(rng, story.buyer(rng, language, layout), layout)
    if layout.family == "several orders":
        draft.more = [story.another(rng, draft, layout) for _ in range(rng.choice((1, 1, 2)))]
    return draft


def _other(story: Story, rng: Random, file: str, language: str) -> tuple[bytes, dict[str, Any]]:
    kind, layout, draft, content = others.make(story, rng, language)
    raw = as_mail(draft, content, rng, file.partition(".")[0])
    return raw, truth_of(file, layout, others.FAMILY, str(kind), draft, [])
