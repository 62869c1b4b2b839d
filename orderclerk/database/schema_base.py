"""What all tables share: the metadata, column shorthands, and checks written one way."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKey, Identity, MetaData, Numeric, Text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

QUANTITY = Numeric(18, 3)
PRICE = Numeric(18, 4)
MONEY = Numeric(18, 4)
INSTANT = DateTime(timezone=True)


def key() -> "Column[int]":
    """A bigint identity primary key."""
    return Column("id", BigInteger, Identity(), primary_key=True)


def text(name: str, *, null: bool = False, **extra: Any) -> "Column[str]":
    """A text column; "" is the absent value unless `null`."""
    if not null and "server_default" not in extra:
        extra["server_default"] = ""
    return Column(name, Text, nullable=null, **extra)


def instant(name: str, *, null: bool = False) -> Column[Any]:
    """An aware UTC instant."""
    return Column(name, INSTANT, nullable=null)


def refers(name: str, target: str, *, null: bool = False, **extra: Any) -> "Column[int]":
    """A bigint foreign key to `target`."""
    return Column(name, BigInteger, ForeignKey(target), nullable=null, **extra)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """`column` holds one of `values`."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
