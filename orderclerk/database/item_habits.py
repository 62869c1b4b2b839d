"""What items are called: by the catalogue in its languages, and by customers, who teach us their words."""

from collections.abc import Collection
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame, utc
from orderclerk.domain.item_words import normal_wording

_NAMES = """SELECT id AS item_id, '' AS language, name FROM items WHERE name <> ''
            UNION ALL SELECT id, 'zh_CN', name_zh FROM items WHERE name_zh <> ''
            UNION ALL SELECT item_id, language, name FROM item_names"""
_TEXTS = {"item_id": "int64", "language": "str", "name": "str"}


def item_names(conn: Connection) -> pd.DataFrame:
    """item_id, language ("" is the house's), name of the whole catalogue."""
    return read_frame(conn, f"SELECT * FROM ({_NAMES}) n ORDER BY 1, 2, 3", dtypes=_TEXTS)


def item_labels(conn: Connection, ids: Collection[int], language: str = "") -> dict[int, dict[str, str]]:
    """item id -> its item_no and its name in `language`, else in the house's."""
    rows = conn.execute(
        sql(
            f"""SELECT DISTINCT ON (i.id) i.id, i.item_no, coalesce(n.name, '') FROM items i
                LEFT JOIN ({_NAMES}) n ON n.item_id = i.id AND n.language IN (:language, split_part(:language, '_', 1), '')
                WHERE i.id = ANY(:ids) ORDER BY i.id, length(n.language) DESC, n.name"""
        ),
        {"ids": [int(i) for i in ids], "language": language},
    )
    return {int(item): {"item_no": number, "name": name} for item, number, name in rows.tuples()}


def aliases(conn: Connection, customers: Collection[int]) -> pd.DataFrame:
    """customer_id, wording, item_id that these customers taught us."""
    return read_frame(
        conn,
        "SELECT customer_id, wording, item_id FROM item_aliases WHERE customer_id = ANY(%(ids)s)",
        {"ids": [int(i) for i in customers]},
        dtypes={"customer_id": "int64", "wording": "str", "item_id": "int64"},
    )


def purchases(conn: Connection, customers: Collection[int]) -> pd.DataFrame:
    """customer_id, item_id, wording of what these customers bought and how they called it then.

    Wordings that were themselves learned do not count: what is forgotten stays forgotten.
    """
    bought = read_frame(
        conn,
        """SELECT DISTINCT o.customer_id, l.item_id,
                  CASE WHEN coalesce(match->>'how', '') IN ('alias', 'history') THEN '' ELSE l.description END
           FROM orders o JOIN order_lines l ON l.order_id = o.id
           WHERE o.customer_id = ANY(%(ids)s) AND o.kind = 'order' AND o.commercial_state = 'confirmed'
             AND l.item_id IS NOT NULL AND NOT l.is_charge AND match->'forgotten' IS NULL""",
        {"ids": [int(i) for i in customers]},
        dtypes={"customer_id": "int64", "item_id": "int64", "description": "str"},
    )
    wording = {text: normal_wording(text) for text in bought["description"].unique()}
    return bought.assign(wording=bought["description"].map(wording).astype("str")).drop(columns="description")


def learn_wording(
    conn: Connection, customer_id: int, wording: str, item_id: int, *, learned_from: str, person: str, at: datetime
) -> None:
    """From now on this customer means this item by these words; an earlier meaning is replaced."""
    conn.execute(
        sql(
            """INSERT INTO item_aliases (customer_id, wording, item_id, learned_from, person, at)
               VALUES (:customer, :wording, :item, :source, :person, :at)
               ON CONFLICT (customer_id, wording) DO UPDATE SET (item_id, learned_from, person, at) =
                 (excluded.item_id, excluded.learned_from, excluded.person, excluded.at)"""
        ),
        {"customer": customer_id, "wording": normal_wording(wording), "item": item_id, "source": learned_from,
         "person": person, "at": utc(at)},
    )  # fmt: skip
