"""Puts what a proof measured into its section of a page, and leaves the others' sections alone."""

from pathlib import Path


def write_section(page: Path, title: str, lines: list[str]) -> None:
    """Replace the table part of `## title`, which stands between two comment lines; the text around it stays.

    Raises ValueError where the page has no such section.
    """
    begin, end = f"<!-- {title}: measured -->", f"<!-- {title}: end -->"
    text = page.read_text(encoding="utf-8")
    if begin not in text or end not in text:
        raise ValueError(f"{page.name} has no section between {begin!r} and {end!r}")
    before, after = text.split(begin)[0], text.split(end)[1]
    page.write_text("\n".join([f"{before}{begin}", *lines, f"{end}{after}"]), encoding="utf-8")
