"""How a file of master data is merged: what its columns are, and the statement that takes the staged rows."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

Merge = Callable[[Collection[str]], str]


@dataclass(frozen=True, slots=True)
class File:
    """`columns` in brackets may be absent. `merge` gives the statement for the columns that are there.

    `first` runs before references are looked up. `refuse` finds what cannot be taken, as a sentence, before the merge.
    """

    columns: str
    merge: Merge
    first: str = ""
    refuse: str = ""


def number(name: str, kind: str = "numeric", default: str = "") -> str:
    """The column as a figure, null or `default` where it is empty."""
    found = f"nullif({name}, '')"
    return f"coalesce({found}, '{default}')::{kind}" if default else f"{found}::{kind}"


def yes(name: str, default: bool) -> str:
    """The column as a yes or no."""
    return f"{name} <> '0'" if default else f"lower({name}) IN ('1', 'true', 'yes')"


def upsert(table: str, key: str, columns: Mapping[str, str]) -> Merge:
    """Rows by their key; a column that the file does not have keeps what the book says."""

    def merge(present: Collection[str]) -> str:
        taken = {name: how for name, how in columns.items() if name in present}
        names = ", ".join(taken)
        return f"""INSERT INTO {table} ({key}, {names}) SELECT {key}, {", ".join(taken.values())} FROM staged
                   ON CONFLICT ({key}) DO UPDATE SET ({names}) = ROW ({", ".join("excluded." + name for name in taken)})"""

    return merge


def always(statement: str) -> Merge:
    """The same statement whichever columns there are."""
    return lambda present: statement
