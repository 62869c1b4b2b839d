"""What must hold of purchase orders, stated in SQL from their rows alone: each query gives what violates it."""

_MAY_FOLLOW = """(VALUES ('','draft'), ('draft','waiting'), ('draft','approved'), ('waiting','approved'), ('waiting','cancelled'),
    ('approved','sent'), ('approved','cancelled'), ('sent','confirmed'), ('sent','received'), ('sent','cancelled'),
    ('confirmed','received'), ('confirmed','cancelled')) AS allowed(from_state, to_state)"""
_CHAIN = """SELECT e.*, lag(to_state) OVER w AS before, row_number() OVER (PARTITION BY po_id ORDER BY id DESC) AS from_end
            FROM purchase_events e WHERE to_state <> '' WINDOW w AS (PARTITION BY po_id ORDER BY id)"""

PURCHASING_CHECKS: tuple[tuple[str, str], ...] = (
    ("AUD-PURCHASE-TOTAL",
     """SELECT p.po_no, 'its total is ' || p.total || ', its lines come to ' || coalesce(l.total, 0) FROM purchase_orders p
        LEFT JOIN (SELECT po_id, sum(round(quantity * unit_price, 2)) AS total FROM purchase_lines GROUP BY 1) l ON l.po_id = p.id
        WHERE p.total <> coalesce(l.total, -1)"""),
    ("AUD-PURCHASE-STATE",
     f"""SELECT p.po_no, 'is ' || p.state || ', its events say ' || coalesce(c.to_state, 'nothing') FROM purchase_orders p
         LEFT JOIN ({_CHAIN}) c ON c.po_id = p.id AND c.from_end = 1 WHERE p.state IS DISTINCT FROM c.to_state"""),
    ("AUD-PURCHASE-EVENTS",
     f"""SELECT p.po_no, 'event ' || c.id || ' goes from ' || c.from_state || ' to ' || c.to_state || ', before it was ' || coalesce(c.before, 'nothing')
         FROM ({_CHAIN}) c JOIN purchase_orders p ON p.id = c.po_id WHERE coalesce(c.before, '') <> c.from_state
         OR NOT EXISTS (SELECT FROM {_MAY_FOLLOW} WHERE (allowed.from_state, allowed.to_state) = (c.from_state, c.to_state))"""),
    ("AUD-PURCHASE-APPROVED",
     """SELECT p.po_no, 'was above the limit and no person approved it' FROM purchase_orders p WHERE p.needs_person
        AND p.state NOT IN ('draft', 'waiting', 'cancelled') AND (p.approved_by IN ('', 'policy') OR NOT EXISTS (SELECT FROM purchase_events e
            WHERE e.po_id = p.id AND e.to_state = 'approved' AND e.from_state = 'waiting' AND e.actor NOT IN ('', 'policy', 'orderclerk')))"""),
    ("AUD-PURCHASE-SENT",
     """SELECT p.po_no, 'was sent, and the outbox has no mail that went out' FROM purchase_orders p WHERE p.sent_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM outbox o WHERE o.kind = 'purchase' AND o.state = 'sent' AND (o.payload->>'po_id')::bigint = p.id)"""),
    ("AUD-PURCHASE-ON-ITS-WAY",
     """SELECT p.po_no, 'is approved, and no mail to the supplier waits or failed' FROM purchase_orders p WHERE p.state = 'approved'
        AND NOT EXISTS (SELECT FROM outbox o WHERE o.kind = 'purchase' AND o.state IN ('pending', 'sending', 'failed')
            AND (o.payload->>'po_id')::bigint = p.id)"""),
    ("AUD-PURCHASE-TWICE",
     """SELECT p.po_no, 'went out ' || count(*) || ' times' FROM purchase_orders p JOIN outbox o ON o.kind = 'purchase' AND o.state = 'sent'
        AND (o.payload->>'po_id')::bigint = p.id GROUP BY 1 HAVING count(*) > 1"""),
    ("AUD-PURCHASE-SUPPLY",
     """SELECT p.po_no || ' line ' || l.line_no, 'is ordered, and nothing is expected of it' FROM purchase_lines l
        JOIN purchase_orders p ON p.id = l.po_id WHERE p.approved_at IS NOT NULL AND l.supply_id IS NULL
        UNION ALL SELECT p.po_no || ' line ' || l.line_no, 'is expected before it is approved' FROM purchase_lines l
        JOIN purchase_orders p ON p.id = l.po_id WHERE p.approved_at IS NULL AND l.supply_id IS NOT NULL
        UNION ALL SELECT u.document_no || ' line ' || u.line_no, 'is expected of a purchase that has no such line' FROM supplies u
        WHERE u.kind = 'purchase' AND NOT EXISTS (SELECT FROM purchase_lines l WHERE l.supply_id = u.id)"""),
    ("AUD-PURCHASE-EXPECTED",
     """SELECT p.po_no || ' line ' || l.line_no, 'counts on ' || l.agreed_quantity || ' of item ' || l.item_id || ' for ' || l.warehouse
               || ', expected are ' || u.quantity || ' of item ' || u.item_id || ' for ' || u.warehouse
        FROM purchase_lines l JOIN purchase_orders p ON p.id = l.po_id JOIN supplies u ON u.id = l.supply_id
        WHERE (u.quantity, u.item_id, u.warehouse, u.document_no, u.line_no) <> (l.agreed_quantity, l.item_id, l.warehouse, p.po_no, l.line_no)"""),
    ("AUD-PURCHASE-AGREED",
     """SELECT p.po_no || ' line ' || l.line_no, 'counts on ' || l.agreed_quantity || ' of ' || l.quantity || ', and no person and no cancellation says so'
        FROM purchase_lines l JOIN purchase_orders p ON p.id = l.po_id WHERE l.agreed_quantity <> l.quantity AND p.state <> 'cancelled'
        AND NOT EXISTS (SELECT FROM purchase_holds h WHERE h.po_id = p.id AND h.state = 'accepted'
            AND h.rule IN ('PUR-002', 'PUR-006', 'PUR-009'))"""),
    ("AUD-PURCHASE-RECEIVED",
     """SELECT p.po_no || ' line ' || l.line_no, u.received || ' received of ' || l.agreed_quantity FROM purchase_lines l
        JOIN purchase_orders p ON p.id = l.po_id JOIN supplies u ON u.id = l.supply_id
        WHERE u.received > l.agreed_quantity OR (p.state = 'received' AND u.received < l.agreed_quantity)"""),
    ("AUD-PURCHASE-RECEIPTS",
     """SELECT p.po_no, 'receipts posted ' || coalesce(r.posted, 0) || ', its lines received ' || u.received FROM purchase_orders p
        JOIN (SELECT l.po_id, sum(u.received) AS received FROM purchase_lines l JOIN supplies u ON u.id = l.supply_id GROUP BY 1) u ON u.po_id = p.id
        LEFT JOIN (SELECT po_id, sum(posted) AS posted FROM goods_receipts GROUP BY 1) r ON r.po_id = p.id
        WHERE u.received <> coalesce(r.posted, 0)"""),
    ("AUD-PURCHASE-CONFIRMED",
     """SELECT p.po_no, 'is confirmed, and neither an answer nor a person says so' FROM purchase_orders p WHERE p.state = 'confirmed'
        AND NOT EXISTS (SELECT FROM supplier_answers a WHERE a.po_id = p.id AND a.state IN ('applied', 'held'))
        AND NOT EXISTS (SELECT FROM purchase_holds h WHERE h.po_id = p.id AND h.state = 'accepted')"""),
    ("AUD-PURCHASE-HELD",
     """SELECT 'answer ' || a.id || ' about ' || a.po_no, 'was held, and no hold was ever opened' FROM supplier_answers a
        WHERE a.state = 'held' AND a.po_id IS NOT NULL AND NOT EXISTS (SELECT FROM purchase_holds h WHERE h.po_id = a.po_id)"""),
    ("AUD-PURCHASE-LINES",
     """SELECT p.po_no, 'its lines are not numbered 1 to ' || count(l.line_no) FROM purchase_orders p LEFT JOIN purchase_lines l ON l.po_id = p.id
        GROUP BY p.id, p.po_no HAVING count(l.line_no) = 0 OR min(l.line_no) <> 1 OR max(l.line_no) <> count(l.line_no)"""),
)  # fmt: skip
"""Name, and the query for subject and message of what does not hold."""
