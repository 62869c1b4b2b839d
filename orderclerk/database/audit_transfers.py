"""What must hold of transfers between our warehouses, stated in SQL from their rows and the ledger's alone."""

_WAY = """SELECT x.no, x.item_id, sum(x.quantity) AS quantity, sum(x.quantity) FILTER (WHERE x.leaves) AS gone FROM (
    SELECT t.code AS no, m.item_id, m.quantity, f.kind = 'warehouse' AS leaves FROM stock_moves m
    JOIN locations t ON t.id = m.to_id JOIN locations f ON f.id = m.from_id WHERE t.kind = 'transit'
    UNION ALL SELECT f.code, m.item_id, -m.quantity, false FROM stock_moves m JOIN locations f ON f.id = m.from_id WHERE f.kind = 'transit') x
    GROUP BY 1, 2"""

TRANSFER_CHECKS: tuple[tuple[str, str], ...] = (
    ("AUD-TRANSFER-STATE",
     """SELECT transfer_no, 'is ' || state || ', and who sent or closed it, and when, does not fit that' FROM transfers
        WHERE (state IN ('sent', 'received') AND sent_at IS NULL) OR (state = 'draft' AND sent_at IS NOT NULL)
        OR (state IN ('received', 'cancelled')) <> (closed_at IS NOT NULL) OR (sent_at IS NULL) <> (sent_by = '') OR (closed_at IS NULL) <> (closed_by = '')
        OR closed_at < sent_at OR sent_at < made_at
        UNION ALL SELECT t.transfer_no, 'left, and nothing of it did' FROM transfers t WHERE t.sent_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM transfer_lines l WHERE l.transfer_id = t.id AND l.sent > 0)"""),
    ("AUD-TRANSFER-SENT",
     f"""SELECT t.transfer_no || ' line ' || l.line_no, l.sent || ' of item ' || l.item_id || ' are said to have left, the moves say ' || coalesce(w.gone, 0)
         FROM transfer_lines l JOIN transfers t ON t.id = l.transfer_id LEFT JOIN ({_WAY}) w ON (w.no, w.item_id) = (t.transfer_no, l.item_id)
         WHERE l.sent <> coalesce(w.gone, 0) OR l.sent > l.quantity"""),
    ("AUD-TRANSFER-PLACE",
     """SELECT t.transfer_no, 'move ' || m.id || ' is not between its warehouses' FROM stock_moves m JOIN locations f ON f.id = m.from_id
        JOIN locations g ON g.id = m.to_id JOIN transfers t ON t.transfer_no IN (CASE f.kind WHEN 'transit' THEN f.code END, CASE g.kind WHEN 'transit' THEN g.code END)
        WHERE (g.kind = 'transit' AND f.warehouse IS DISTINCT FROM t.from_warehouse)
           OR (f.kind = 'transit' AND g.kind <> 'loss' AND (g.warehouse IS NULL OR g.warehouse NOT IN (t.from_warehouse, t.to_warehouse)))
        UNION ALL SELECT 'item ' || w.item_id, w.quantity || ' are on the way with ' || w.no || ', which is no transfer of it' FROM (""" + _WAY + """) w
        WHERE NOT EXISTS (SELECT FROM transfers t JOIN transfer_lines l ON l.transfer_id = t.id WHERE (t.transfer_no, l.item_id) = (w.no, w.item_id))"""),
    ("AUD-TRANSFER-ON-WAY",
     f"""SELECT t.transfer_no, 'is ' || t.state || ', and ' || w.quantity || ' of item ' || w.item_id || ' are on the way' FROM transfers t
         JOIN ({_WAY}) w ON w.no = t.transfer_no WHERE w.quantity < 0 OR (t.state <> 'sent' AND w.quantity <> 0)
         UNION ALL SELECT t.transfer_no, 'is sent, and nothing of it is on the way' FROM transfers t WHERE t.state = 'sent'
         AND NOT EXISTS (SELECT FROM ({_WAY}) w WHERE w.no = t.transfer_no AND w.quantity > 0)"""),
    ("AUD-TRANSFER-SUPPLY",
     """SELECT t.transfer_no || ' line ' || l.line_no, l.sent || ' of item ' || l.item_id || ' left for ' || t.to_warehouse || ', expected are '
               || coalesce(u.quantity || ' of item ' || u.item_id || ' in ' || u.warehouse || ', ' || u.state, 'none')
        FROM transfer_lines l JOIN transfers t ON t.id = l.transfer_id LEFT JOIN supplies u ON u.id = l.supply_id
        WHERE (l.sent > 0) <> (u.id IS NOT NULL) OR (u.kind, u.document_no, u.line_no, u.item_id, u.warehouse, u.quantity)
            <> ('transfer', t.transfer_no, l.line_no, l.item_id, t.to_warehouse, l.sent) OR (u.state = 'open' AND t.state <> 'sent')
        UNION ALL SELECT u.document_no || ' line ' || u.line_no, 'is expected of a transfer that has no such line' FROM supplies u
        WHERE u.kind = 'transfer' AND NOT EXISTS (SELECT FROM transfer_lines l WHERE l.supply_id = u.id)"""),
)  # fmt: skip
"""Name, and the query for subject and message of what does not hold."""
