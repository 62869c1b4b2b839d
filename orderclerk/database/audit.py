"""The whole book re-checked from its rows alone.

Shares no code and no tables of rules with what wrote the rows: each check states in SQL what must hold, and gives the
rows for which it does not. A finding is a fault of the program or of somebody who wrote into the database by hand.
"""

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database.audit_counts import COUNT_CHECKS, PROMISE_CHECKS
from orderclerk.database.audit_purchasing import PURCHASING_CHECKS
from orderclerk.database.audit_stock import STOCK_CHECKS
from orderclerk.database.audit_transfers import TRANSFER_CHECKS


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """`rule` names the check, `subject` the row, `message` what is wrong with it."""

    rule: str
    subject: str
    message: str


_MAY_FOLLOW = """(VALUES ('commercial','','received'), ('commercial','','cancelled'), ('commercial','received','offered'),
    ('commercial','received','confirmed'), ('commercial','received','cancelled'), ('commercial','offered','received'),
    ('commercial','offered','confirmed'), ('commercial','offered','declined'), ('commercial','offered','expired'),
    ('commercial','offered','cancelled'), ('commercial','confirmed','received'), ('commercial','confirmed','cancelled'),
    ('commercial','expired','received'), ('commercial','declined','received'), ('commercial','cancelled','received'),
    ('fulfilment','open','reserved'), ('fulfilment','reserved','released'), ('fulfilment','released','reserved')
    ) AS allowed(axis, from_state, to_state)"""

_CHAIN = """SELECT e.*, lag(to_state) OVER w AS before, row_number() OVER (PARTITION BY order_id, axis ORDER BY id DESC) AS from_end
            FROM events e WHERE axis <> '' WINDOW w AS (PARTITION BY order_id, axis ORDER BY id)"""

# rule, what must hold, the query for what violates it: subject and message
_CHECKS: tuple[tuple[str, str], ...] = (
    ("AUD-ENVELOPE-CONTENT",
     "SELECT 'envelope ' || id, 'its content does not have the recorded SHA-256' FROM envelopes WHERE sha256 <> encode(sha256(content), 'hex')"),
    ("AUD-ENVELOPE-DELIVERY",
     "SELECT 'envelope ' || id, 'no delivery brought it' FROM envelopes e WHERE NOT EXISTS (SELECT FROM deliveries d WHERE d.envelope_id = e.id)"),
    ("AUD-ENVELOPE-QUARANTINE",
     """SELECT 'envelope ' || e.id, 'it is quarantined, and no quarantine row says why' FROM envelopes e WHERE e.state = 'quarantined'
        AND NOT EXISTS (SELECT FROM quarantine q WHERE q.envelope_id = e.id)"""),
    ("AUD-EVENT-CHAIN",
     f"""SELECT 'order ' || order_id, axis || ': event ' || id || ' starts from ' || from_state || ', the one before ended at ' || before
         FROM ({_CHAIN}) c WHERE before IS NOT NULL AND before <> from_state"""),
    ("AUD-EVENT-ALLOWED",
     f"""SELECT 'order ' || order_id, axis || ': ' || from_state || ' -> ' || to_state || ' is not allowed' FROM events e
         WHERE axis <> '' AND NOT EXISTS (SELECT FROM {_MAY_FOLLOW} WHERE (allowed.axis, allowed.from_state, allowed.to_state) =
         (e.axis, e.from_state, e.to_state))"""),
    ("AUD-STATE-COMMERCIAL",
     f"""SELECT o.order_no, 'is ' || commercial_state || ', its events say ' || coalesce(c.to_state, 'nothing') FROM orders o
         LEFT JOIN ({_CHAIN}) c ON c.order_id = o.id AND c.axis = 'commercial' AND c.from_end = 1
         WHERE commercial_state IS DISTINCT FROM c.to_state"""),
    ("AUD-STATE-FULFILMENT",
     f"""SELECT o.order_no, 'is ' || fulfilment_state || ', its events say ' || coalesce(c.to_state, 'open') FROM orders o
         LEFT JOIN ({_CHAIN}) c ON c.order_id = o.id AND c.axis = 'fulfilment' AND c.from_end = 1
         WHERE fulfilment_state <> coalesce(c.to_state, 'open')"""),
    ("AUD-ACCEPTED-STOCK",
     """SELECT o.order_no, 'is ' || commercial_state || ' without any stock' FROM orders o WHERE kind = 'order'
        AND commercial_state IN ('offered', 'confirmed') AND fulfilment_state <> 'reserved' AND EXISTS (SELECT FROM order_lines l
        JOIN items i ON i.id = l.item_id WHERE l.order_id = o.id AND i.is_goods AND NOT l.is_charge)"""),
    ("AUD-ACCEPTED-LINES",
     """SELECT o.order_no, 'line ' || l.line_no || ' was accepted without item, quantity or price' FROM orders o
        JOIN order_lines l ON l.order_id = o.id WHERE o.kind = 'order' AND commercial_state IN ('offered', 'confirmed')
        AND (l.quantity IS NULL OR l.quantity = 0 OR l.unit_price IS NULL OR (l.item_id IS NULL AND NOT l.is_charge))"""),
    ("AUD-ACCEPTED-EMPTY",
     """SELECT o.order_no, 'was accepted without any line' FROM orders o WHERE commercial_state IN ('offered', 'confirmed')
        AND NOT EXISTS (SELECT FROM order_lines l WHERE l.order_id = o.id)"""),
    ("AUD-ACCEPTED-HELD",
     """SELECT o.order_no, 'is ' || commercial_state || ' with an open hold ' || h.rule FROM orders o JOIN holds h ON h.order_id = o.id
        WHERE h.state = 'open' AND commercial_state IN ('offered', 'confirmed') AND h.rule !~ '^(AMD|ANS|OUT)-'"""),
    ("AUD-FORGOTTEN",
     """SELECT o.order_no, 'is neither due for a check nor held, and nobody has answered it' FROM orders o
        WHERE commercial_state = 'received' AND NOT needs_check AND NOT EXISTS (SELECT FROM holds h WHERE h.order_id = o.id AND h.state = 'open')"""),
    ("AUD-OFFER-SENT",
     """SELECT o.order_no, 'is offered, and ' || count(m.id) || ' offers for revision ' || o.revision || ' are in the outbox' FROM orders o
        LEFT JOIN outbox m ON m.order_id = o.id AND m.kind = 'offer' AND m.revision = o.revision AND m.state <> 'superseded'
        WHERE o.commercial_state = 'offered' GROUP BY o.id HAVING count(m.id) <> 1"""),
    ("AUD-CONFIRMATION-SENT",
     """SELECT o.order_no, 'is confirmed, and ' || count(m.id) || ' confirmations for revision ' || o.revision || ' are in the outbox' FROM orders o
        LEFT JOIN outbox m ON m.order_id = o.id AND m.kind = 'confirmation' AND m.revision = o.revision AND m.state <> 'superseded'
        WHERE o.commercial_state = 'confirmed' AND o.kind = 'order' GROUP BY o.id HAVING count(m.id) <> 1"""),
    ("AUD-MESSAGE-TWICE",
     """SELECT 'message ' || min(id), 'and others went out under one Message-ID ' || message_ref FROM outbox
        WHERE state = 'sent' AND message_ref <> '' GROUP BY message_ref HAVING count(*) > 1"""),
    ("AUD-REVISION",
     """SELECT o.order_no, 'is at revision ' || o.revision || ', its versions say ' || coalesce(max(r.revision)::text, 'none') FROM orders o
        LEFT JOIN order_revisions r ON r.order_id = o.id AND r.state = 'applied' GROUP BY o.id HAVING o.revision IS DISTINCT FROM max(r.revision)"""),
    ("AUD-RETURNED-SUM",
     """SELECT o.order_no, 'line ' || l.line_no || ' says ' || l.returned_quantity || ' returned, the returns sum to ' || coalesce(r.quantity, 0)
        FROM order_lines l JOIN orders o ON o.id = l.order_id LEFT JOIN (SELECT origin_order_id, origin_line_no, sum(quantity) AS quantity
        FROM order_lines WHERE origin_order_id IS NOT NULL GROUP BY 1, 2) r ON (r.origin_order_id, r.origin_line_no) = (l.order_id, l.line_no)
        WHERE l.returned_quantity <> coalesce(r.quantity, 0)"""),
    ("AUD-RETURN-ORIGIN",
     """SELECT o.order_no, 'is an accepted return, and line ' || l.line_no || ' has no original of the same customer and item' FROM orders o
        JOIN order_lines l ON l.order_id = o.id LEFT JOIN order_lines b ON (b.order_id, b.line_no) = (l.origin_order_id, l.origin_line_no)
        LEFT JOIN orders p ON p.id = b.order_id WHERE o.kind = 'return' AND o.commercial_state = 'confirmed' AND NOT l.is_charge
        AND (b.item_id IS DISTINCT FROM l.item_id OR p.customer_id IS DISTINCT FROM o.customer_id)
        AND NOT EXISTS (SELECT FROM holds h WHERE h.order_id = o.id AND h.state = 'released' AND h.rule = 'RET-001')"""),
    ("AUD-HOLD-EVENT",
     """SELECT 'hold ' || h.id, 'no event says that ' || o.order_no || ' was held' FROM holds h JOIN orders o ON o.id = h.order_id
        WHERE NOT EXISTS (SELECT FROM events e WHERE e.order_id = h.order_id AND e.kind = 'held' AND e.objects->'hold' @> to_jsonb(h.id))"""),
    ("AUD-HOLD-PERSON",
     """SELECT 'hold ' || h.id, 'was released, and no event of a person says so' FROM holds h WHERE h.state = 'released' AND NOT EXISTS
        (SELECT FROM events e WHERE e.order_id = h.order_id AND e.kind = 'hold released' AND e.actor = h.closed_by AND e.objects->'hold' = to_jsonb(h.id))"""),
    ("AUD-ANSWER",
     """SELECT 'answer ' || a.id, 'was taken for a yes, and ' || o.order_no || ' has no event of it' FROM answers a JOIN orders o ON o.id = a.order_id
        WHERE a.state = 'applied' AND a.verdict = 'confirm' AND NOT EXISTS (SELECT FROM events e WHERE e.order_id = o.id AND e.to_state = 'confirmed')"""),
    ("AUD-QUESTION-MAIL",
     """SELECT 'question ' || q.id, 'round ' || q.round || ' about ' || o.order_no || ' is in the outbox ' || count(m.id) || ' times' FROM questions q
        JOIN orders o ON o.id = q.order_id LEFT JOIN outbox m ON m.order_id = q.order_id AND m.kind = 'question' AND m.revision = q.revision
          AND m.payload->'round' = to_jsonb(q.round) AND (m.state <> 'superseded' OR q.state <> 'open')
        WHERE q.state <> 'open' OR (o.revision = q.revision AND o.commercial_state IN ('received', 'offered', 'confirmed'))
        GROUP BY q.id, o.id HAVING count(m.id) <> 1"""),
    ("AUD-QUESTION-OPEN",
     """SELECT 'question ' || q.id, 'is open, and ' || o.order_no || ' at revision ' || o.revision || ' is ' || o.commercial_state FROM questions q
        JOIN orders o ON o.id = q.order_id WHERE q.state = 'open' AND (o.revision < q.revision
          OR (o.commercial_state NOT IN ('received', 'offered', 'confirmed') AND EXISTS (SELECT FROM events e WHERE e.order_id = o.id
              AND e.kind = 'question not answered' AND e.at > q.asked_at)))"""),
    ("AUD-QUESTION-ROUNDS",
     """SELECT o.order_no, 'was asked about one document ' || count(DISTINCT q.round) || ' times' FROM questions q JOIN orders o ON o.id = q.order_id
        WHERE q.asked_by = 'orderclerk' AND q.field NOT IN ('change', 'wait') GROUP BY o.id, q.document_id HAVING count(DISTINCT q.round) > 2"""),
    ("AUD-QUESTION-ANSWER",
     """SELECT 'question ' || q.id, 'is answered by no mail of ' || o.order_no FROM questions q JOIN orders o ON o.id = q.order_id
        WHERE q.state = 'answered' AND NOT EXISTS (SELECT FROM answers a WHERE (a.envelope_id, a.order_id) = (q.envelope_id, q.order_id))"""),
    ("AUD-REVISION-ONE-BY-ONE",
     """SELECT o.order_no, 'has revisions ' || string_agg(r.revision::text, ', ' ORDER BY r.seq) FROM orders o
        JOIN order_revisions r ON r.order_id = o.id AND r.state = 'applied' GROUP BY o.id
        HAVING max(r.revision) <> count(DISTINCT r.revision)
          OR array_agg(r.revision ORDER BY r.seq) <> array_agg(r.revision ORDER BY r.revision) OR min(r.revision) <> 1"""),
    ("AUD-REVISION-EVENT",
     """SELECT o.order_no, 'no event says what revision ' || r.revision || ' changed' FROM order_revisions r JOIN orders o ON o.id = r.order_id
        WHERE r.state = 'applied' AND r.revision > 1 AND NOT EXISTS (SELECT FROM events e WHERE e.order_id = o.id
          AND e.kind IN ('amended', 'restored') AND (e.objects->>'revision')::int = r.revision)"""),
    ("AUD-AGREED",
     """SELECT o.order_no, 'is confirmed at revision ' || o.revision || ', agreed to was ' || coalesce(o.agreed_revision::text, 'none') FROM orders o
        WHERE o.commercial_state = 'confirmed' AND o.agreed_revision IS DISTINCT FROM o.revision"""),
    ("AUD-UNDONE-TWICE",
     """SELECT 'event ' || min(e.objects->>'undoes'), 'was undone ' || count(*) || ' times by people' FROM events e WHERE e.kind = 'restored'
        AND e.actor <> 'orderclerk' GROUP BY e.objects->'undoes' HAVING count(*) > 1"""),
    ("AUD-LINE-NUMBERS",
     """SELECT o.order_no, 'its lines are not numbered 1 to ' || count(*) FROM orders o JOIN order_lines l ON l.order_id = o.id
        GROUP BY o.id HAVING min(line_no) <> 1 OR max(line_no) <> count(*)"""),
    *STOCK_CHECKS,
    *PURCHASING_CHECKS,
    *TRANSFER_CHECKS,
    *COUNT_CHECKS,
    *PROMISE_CHECKS,
)  # fmt: skip


def audit_book(engine: Engine) -> list[AuditFinding]:
    """Everything in the book that does not hold, from one consistent snapshot; [] for a clean book."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as conn:
        return [
            AuditFinding(rule, subject, message)
            for rule, query in _CHECKS
            for subject, message in conn.execute(sql(query)).tuples()
        ]


def audit_rules() -> list[str]:
    """The names of all checks."""
    return [rule for rule, _ in _CHECKS]
