"""Brings the order book's schema to this version; safe to run by several processes at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database.engine import make_engine

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x0C1E


def migrate(url: str) -> None:
    """Apply what is missing. Raises CommandError if the book was made by a newer orderclerk."""
    engine = make_engine(url)
    try:
        migrate_engine(engine)
    finally:
        engine.dispose()


def migrate_engine(engine: Engine) -> None:
    """`migrate` for an engine that exists already."""
    with engine.connect() as conn:
        conn.execute(sql("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        conn.commit()
        try:
            command.upgrade(alembic_config(conn), "head")
        finally:
            conn.rollback()
            conn.execute(sql("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            conn.commit()


def alembic_config(connection: object) -> Config:
    """Alembic's configuration, in code: no ini file to lose."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


__all__ = ["CommandError", "alembic_config", "migrate", "migrate_engine"]
