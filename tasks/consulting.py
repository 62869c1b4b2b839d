"""A language model asked about mails that order and that no rule can read, before they are read into the book.

No transaction is open while it thinks. Its answer is kept with the envelope as it came; reading then uses it, always
with the same result. A model that fails is asked again at the next run; the mails are read without it meanwhile.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from connectors.errors import ConnectorError
from connectors.models.extractor import OrderExtractor
from connectors.models.reading import is_unread_order, sources_of
from orderclerk.database import inbox, models
from orderclerk.database.engine import Engine
from tasks.intake import Reader

MAILS = 200  # looked at together
MOST_ASKED = 50  # questions a run


def consult(engine: Engine, read: Reader, model: OrderExtractor, as_of: datetime) -> Counter[str]:
    """Ask `model` about stored mails that need it; counts of asked and failed."""
    counts: Counter[str] = Counter()
    after = 0
    while counts["model asked"] < MOST_ASKED:
        with engine.connect() as conn:
            ids = models.unasked_mails(conn, after, MAILS)
            stored = inbox.envelopes_by_id(conn, ids)
        if not stored:
            break
        after = max(ids)
        for one in stored:
            if is_unread_order(read(one.envelope, None)) and counts["model asked"] < MOST_ASKED:
                counts["model asked"] += 1
                answer = _asked(model, one)
                if answer is None:
                    counts["model failed"] += 1
                    return counts
                with engine.begin() as conn:
                    models.keep_answer(conn, one.id, model.name, answer, as_of)
    return counts


def _asked(model: OrderExtractor, stored: inbox.StoredEnvelope) -> dict[str, Any] | None:
    try:
        return model.extract(sources_of(stored.envelope))
    except ConnectorError:
        return None
