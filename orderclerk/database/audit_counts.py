"""What must hold of counts and promises, stated in SQL from their rows alone: each query gives what violates it."""

COUNT_CHECKS: tuple[tuple[str, str], ...] = (
    (
        "AUD-COUNT-POSTED",
        """SELECT c.count_no, 'line ' || l.line_no || ' was posted with a difference of ' || trim_scale(coalesce(l.difference, 0)) || ', the ledger has '
               || trim_scale(coalesce(m.quantity, 0)) FROM count_lines l JOIN counts c ON c.id = l.count_id
        LEFT JOIN LATERAL (SELECT sum(CASE WHEN s.to_id = l.location_id THEN s.quantity ELSE -s.quantity END) AS quantity FROM stock_moves s
            WHERE s.key = 'count:' || l.count_id || ':' || l.line_no AND (s.item_id, s.lot) = (l.item_id, l.lot) AND l.location_id IN (s.from_id, s.to_id)) m ON true
        WHERE coalesce(m.quantity, 0) <> CASE WHEN c.state = 'posted' THEN coalesce(l.difference, 0) ELSE 0 END""",
    ),
    (
        "AUD-COUNT-SETTLED",
        """SELECT c.count_no, 'is posted, and line ' || l.line_no || ' is ' || l.state || CASE WHEN l.cause = '' THEN ' without a cause' ELSE '' END
        FROM count_lines l JOIN counts c ON c.id = l.count_id WHERE c.state = 'posted' AND (l.state <> 'posted' OR (l.difference <> 0 AND l.cause = ''))""",
    ),
)

PROMISE_CHECKS: tuple[tuple[str, str], ...] = (
    (
        "AUD-PROMISE-PEGGED",
        """SELECT o.order_no, 'line ' || p.line_no || ' is promised for ' || p.promised_date || ', and nothing is kept for it' FROM promises p
        JOIN orders o ON o.id = p.order_id WHERE p.state = 'current' AND NOT EXISTS (SELECT FROM reservations r
            WHERE (r.order_id, r.line_no) = (p.order_id, p.line_no) AND r.state IN ('soft', 'hard', 'picked'))""",
    ),
    (
        "AUD-PROMISE-QUANTITY",
        """SELECT o.order_no, 'line ' || p.line_no || ' is promised with ' || trim_scale(p.quantity) || ' and orders ' || coalesce(trim_scale(l.quantity)::text, 'nothing')
        FROM promises p JOIN orders o ON o.id = p.order_id LEFT JOIN order_lines l ON (l.order_id, l.line_no) = (p.order_id, p.line_no)
        WHERE p.state = 'current' AND p.revision = o.revision AND p.quantity IS DISTINCT FROM l.quantity""",
    ),
    (
        "AUD-PROMISE-SUPPLY",
        """SELECT o.order_no, 'line ' || p.line_no || ' is to leave on ' || p.ship_date || ', before its supply ' || s.document_no || ' comes on ' || s.expected_date
        FROM promises p JOIN orders o ON o.id = p.order_id JOIN reservations r ON (r.order_id, r.line_no) = (p.order_id, p.line_no)
            AND r.state IN ('soft', 'hard') JOIN supplies s ON s.id = r.supply_id
        WHERE p.state = 'current' AND p.ship_date < s.first_expected_date AND p.ship_date < s.expected_date""",
    ),
)
