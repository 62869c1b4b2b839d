"""What the book knows of senders: addresses that ordered, places that were delivered to, domains of customers."""

from collections.abc import Collection

import pandas as pd
from sqlalchemy import Connection

from orderclerk.database.engine import read_frame

_ACCEPTED = "o.kind = 'order' AND o.commercial_state IN ('offered', 'confirmed', 'expired')"


def stated_senders(conn: Connection, order_ids: Collection[int]) -> pd.DataFrame:
    """order_id, display_name, reply_to, authentication of these orders, as their mails show them."""
    return read_frame(
        conn,
        """SELECT id, lower(coalesce(nullif(split_part(source, 'mail:', 2), ''), stated_customer->>'email', '')),
                  coalesce(stated_customer->>'display_name', ''), lower(coalesce(stated_customer->>'reply_to', '')),
                  coalesce(stated_customer->>'authentication', '') FROM orders WHERE id = ANY(%(ids)s)""",
        {"ids": [int(i) for i in order_ids]},
        dtypes={"order_id": "int64", "email": "str", "display_name": "str", "reply_to": "str", "authentication": "str"},
    )


def used_addresses(conn: Connection, customer_ids: Collection[int]) -> pd.DataFrame:
    """customer_id, email: the mail addresses that accepted orders of these customers came from."""
    return read_frame(
        conn,
        f"""SELECT DISTINCT o.customer_id, substr(o.source, 6) FROM orders o
            WHERE o.customer_id = ANY(%(ids)s) AND o.source LIKE 'mail:%%' AND {_ACCEPTED}""",
        {"ids": [int(i) for i in customer_ids]},
        dtypes={"customer_id": "int64", "email": "str"},
    )


def known_places(conn: Connection, customer_ids: Collection[int]) -> pd.DataFrame:
    """customer_id, street, city, postal_code, is_order: addresses on file, and those accepted orders went to, one row each."""
    return read_frame(
        conn,
        f"""SELECT customer_id, street, city, postal_code, false FROM addresses
            WHERE customer_id = ANY(%(ids)s) AND street <> ''
            UNION ALL SELECT o.customer_id, o.street, o.city, o.postal_code, true FROM orders o
            WHERE o.customer_id = ANY(%(ids)s) AND o.street <> '' AND {_ACCEPTED}""",
        {"ids": [int(i) for i in customer_ids]},
        dtypes={"customer_id": "int64", "street": "str", "city": "str", "postal_code": "str", "is_order": "bool"},
    )
