"""What must hold of the stock: ledger, balances, reservations, what is coming, and kits. Part of `audit`; the same terms."""

_ACTIVE = "state IN ('soft', 'hard', 'picked')"
_FLOW = """SELECT item_id, lot, location_id, sum(quantity) AS quantity FROM (
    SELECT item_id, lot, to_id AS location_id, quantity FROM stock_moves UNION ALL
    SELECT item_id, lot, from_id, -quantity FROM stock_moves) both_ends GROUP BY 1, 2, 3"""
_WANTED = """SELECT l.order_id, l.line_no, coalesce(k.component_id, l.item_id) AS item_id,
    CASE WHEN k.kit_id IS NULL THEN l.quantity ELSE ceil(l.quantity * k.quantity * 1000) / 1000 END AS quantity
    FROM order_lines l JOIN items i ON i.id = l.item_id LEFT JOIN kits k ON k.kit_id = l.item_id WHERE i.is_goods AND NOT l.is_charge"""
_LATEST = "(SELECT greatest((SELECT max(at) FROM events), (SELECT max(as_of) FROM runs)))"

STOCK_CHECKS: tuple[tuple[str, str], ...] = (
    ("AUD-STOCK-SUM",
     f"""SELECT i.item_no || ' in ' || s.warehouse, 'reserved ' || s.reserved || ', the reservations sum to ' || coalesce(r.quantity, 0)
         FROM stock_levels s JOIN items i ON i.id = s.item_id LEFT JOIN (SELECT item_id, warehouse, sum(quantity) AS quantity
         FROM reservations WHERE {_ACTIVE} AND supply_id IS NULL GROUP BY 1, 2) r USING (item_id, warehouse)
         WHERE s.reserved <> coalesce(r.quantity, 0)"""),
    ("AUD-STOCK-OVERSOLD",
     """SELECT i.item_no || ' in ' || s.warehouse, 'reserved ' || reserved || ' of ' || on_hand FROM stock_levels s
        JOIN items i ON i.id = s.item_id WHERE reserved < 0 OR reserved > on_hand"""),
    ("AUD-STOCK-BINS",
     """SELECT 'item ' || item_id || ' in ' || warehouse, coalesce(s.on_hand, 0) || ' on hand, its bins hold ' || coalesce(b.on_hand, 0)
        FROM stock_levels s FULL JOIN (SELECT item_id, coalesce(warehouse, kind) AS warehouse, sum(on_hand) AS on_hand FROM bin_levels b
        JOIN locations l ON l.id = b.location_id GROUP BY 1, 2) b USING (item_id, warehouse) WHERE coalesce(s.on_hand, 0) <> coalesce(b.on_hand, 0)"""),
    ("AUD-STOCK-INCOMING",
     """SELECT i.item_no || ' in ' || s.warehouse, s.incoming || ' are said to come, the open supplies sum to ' || coalesce(o.rest, 0)
        FROM stock_levels s JOIN items i ON i.id = s.item_id LEFT JOIN (SELECT item_id, warehouse, sum(greatest(quantity - received, 0)) AS rest
        FROM supplies WHERE state = 'open' GROUP BY 1, 2) o USING (item_id, warehouse) WHERE s.incoming <> coalesce(o.rest, 0)"""),
    ("AUD-LEDGER-BALANCE",
     f"""SELECT 'item ' || item_id || ' at ' || l.code || CASE lot WHEN '' THEN '' ELSE ' of lot ' || lot END,
                coalesce(b.on_hand, 0) || ' on hand, its moves sum to ' || coalesce(f.quantity, 0)
         FROM bin_levels b FULL JOIN ({_FLOW}) f USING (item_id, lot, location_id) JOIN locations l ON l.id = location_id
         WHERE l.kind = 'warehouse' AND coalesce(b.on_hand, 0) <> coalesce(f.quantity, 0)"""),
    ("AUD-LEDGER-MOVE",
     """SELECT 'move ' || m.id, 'goes nowhere, moves nothing, or has no key' FROM stock_moves m
        WHERE m.quantity <= 0 OR m.from_id = m.to_id OR m.key = ''"""),
    ("AUD-LEDGER-PLACE",
     """SELECT 'move ' || m.id, 'has an end that is no place, or no item' FROM stock_moves m LEFT JOIN locations f ON f.id = m.from_id
        LEFT JOIN locations t ON t.id = m.to_id LEFT JOIN items i ON i.id = m.item_id WHERE f.id IS NULL OR t.id IS NULL OR i.id IS NULL
        UNION ALL SELECT 'location ' || l.code, 'is a bin of no warehouse' FROM locations l LEFT JOIN warehouses w ON w.code = l.warehouse
        WHERE (l.kind = 'warehouse') <> (w.code IS NOT NULL) OR (w.code IS NOT NULL AND l.code <> w.code || '/' || l.bin)
        UNION ALL SELECT 'item ' || b.item_id, 'has a balance at ' || coalesce(l.code, 'no place') || ', which is no warehouse'
        FROM bin_levels b LEFT JOIN locations l ON l.id = b.location_id WHERE l.kind IS DISTINCT FROM 'warehouse'"""),
    ("AUD-LEDGER-KEY",
     "SELECT 'moves ' || string_agg(id::text, ', ' ORDER BY id), 'have one key, ' || key FROM stock_moves GROUP BY key HAVING count(*) > 1"),
    ("AUD-LEDGER-LOT",
     """SELECT i.item_no, 'is kept by lot, and ' || trim_scale(sum(b.on_hand)) || ' of it are of none' FROM bin_levels b JOIN items i ON i.id = b.item_id
        WHERE i.is_lot_kept AND b.lot = '' AND b.on_hand <> 0 GROUP BY i.id"""),
    ("AUD-SUPPLY-PEGGED",
     """SELECT s.kind || ' ' || s.document_no || ' line ' || s.line_no, s.pegged || ' promised, the promises sum to ' || coalesce(r.quantity, 0)
        FROM supplies s LEFT JOIN (SELECT supply_id, sum(quantity) AS quantity FROM reservations WHERE state IN ('soft', 'hard')
        AND supply_id IS NOT NULL GROUP BY 1) r ON r.supply_id = s.id WHERE s.pegged <> coalesce(r.quantity, 0)"""),
    ("AUD-SUPPLY-OVERPROMISED",
     """SELECT kind || ' ' || document_no || ' line ' || line_no, pegged || ' promised of ' || quantity || ', ' || received || ' received, ' || state
        FROM supplies WHERE pegged < 0 OR pegged > greatest(quantity - received, 0) OR (state = 'closed' AND pegged > 0)"""),
    ("AUD-SUPPLY-RECEIVED",
     """SELECT s.kind || ' ' || s.document_no || ' line ' || s.line_no, s.received || ' received, the moves say ' || coalesce(m.quantity, 0)
        FROM supplies s LEFT JOIN (SELECT m.document_ref, m.item_id, t.warehouse, f.kind, sum(m.quantity) AS quantity FROM stock_moves m
        JOIN locations f ON f.id = m.from_id JOIN locations t ON t.id = m.to_id WHERE m.document_kind = 'supply' GROUP BY 1, 2, 3, 4) m
        ON (m.document_ref, m.item_id, m.warehouse, m.kind) = (s.id::text, s.item_id, s.warehouse,
            CASE s.kind WHEN 'purchase' THEN 'supplier' WHEN 'transfer' THEN 'transit' ELSE 'customer' END)
        WHERE s.received <> coalesce(m.quantity, 0)"""),
    ("AUD-SUPPLY-DONE",
     """SELECT kind || ' ' || document_no || ' line ' || line_no, 'is open, and all of it has come' FROM supplies
        WHERE state = 'open' AND received >= quantity AND received > 0"""),
    ("AUD-SUPPLY-ITEM",
     """SELECT 'reservation ' || r.id, 'is of a supply of another item or for another warehouse' FROM reservations r
        LEFT JOIN supplies s ON s.id = r.supply_id WHERE r.supply_id IS NOT NULL AND (s.item_id, s.warehouse) IS DISTINCT FROM (r.item_id, r.warehouse)"""),
    ("AUD-RESERVED-WHOLE",
     f"""SELECT o.order_no, 'line ' || w.line_no || ' wants ' || coalesce(w.quantity::text, 'nothing') || ' of item ' || w.item_id || ' and has '
                || coalesce(r.quantity, 0) || ' reserved'
         FROM orders o JOIN ({_WANTED}) w ON w.order_id = o.id LEFT JOIN (SELECT order_id, line_no, item_id, sum(quantity) AS quantity
         FROM reservations WHERE {_ACTIVE} OR state = 'consumed' GROUP BY 1, 2, 3) r USING (order_id, line_no, item_id)
         WHERE o.fulfilment_state = 'reserved' AND w.quantity IS DISTINCT FROM coalesce(r.quantity, 0)"""),
    ("AUD-RESERVED-ITEM",
     f"""SELECT 'reservation ' || r.id, 'line ' || r.line_no || ' of order ' || r.order_id || ' orders another item' FROM reservations r
         WHERE {_ACTIVE} AND NOT EXISTS (SELECT FROM ({_WANTED}) w WHERE (w.order_id, w.line_no, w.item_id) = (r.order_id, r.line_no, r.item_id))"""),
    ("AUD-RESERVED-ONLY-IF",
     """SELECT DISTINCT o.order_no, 'has stock reserved and is ' || commercial_state || ', ' || fulfilment_state FROM orders o
        JOIN reservations r ON r.order_id = o.id WHERE (r.state IN ('hard', 'picked')
          AND (fulfilment_state <> 'reserved' OR commercial_state NOT IN ('offered', 'confirmed')))
        OR (r.state = 'soft' AND (o.kind <> 'order' OR commercial_state NOT IN ('received', 'offered', 'confirmed')))"""),
    ("AUD-RESERVED-STATE",
     f"""SELECT 'reservation ' || id, 'is ' || state || ', its times or its quantity do not fit that' FROM reservations WHERE quantity <= 0
         OR ({_ACTIVE}) <> (closed_at IS NULL) OR (state = 'soft' AND expires_at IS NULL) OR (state NOT IN ('soft', 'released') AND expires_at IS NOT NULL)
         OR (state IN ('picked', 'consumed') AND supply_id IS NOT NULL)"""),
    ("AUD-RESERVED-TWICE",
     f"""SELECT 'order ' || order_id || ' line ' || line_no, 'has ' || count(*) || ' reservations of item ' || item_id || ' in ' || warehouse
         FROM reservations WHERE {_ACTIVE} GROUP BY order_id, line_no, item_id, warehouse, supply_id HAVING count(*) > 1"""),
    ("AUD-RESERVED-EXPIRED",
     f"""SELECT 'reservation ' || id, 'ended at ' || expires_at || ' and still keeps stock' FROM reservations
         WHERE state = 'soft' AND expires_at < {_LATEST} - interval '2 hours'"""),
    ("AUD-RESERVED-CONSUMED",
     """SELECT 'reservation ' || r.id, 'is ' || r.state || ', and ' || coalesce(m.quantity, 0) || ' of ' || r.quantity || ' left the house for it'
        FROM reservations r LEFT JOIN (SELECT m.document_ref, m.item_id, m.order_id, m.line_no, f.warehouse, sum(m.quantity) AS quantity
        FROM stock_moves m JOIN locations f ON f.id = m.from_id JOIN locations t ON t.id = m.to_id AND t.kind = 'customer'
        WHERE m.document_kind = 'reservation' GROUP BY 1, 2, 3, 4, 5) m
        ON (m.document_ref, m.item_id, m.order_id, m.line_no, m.warehouse) = (r.id::text, r.item_id, r.order_id, r.line_no, r.warehouse)
        WHERE CASE r.state WHEN 'consumed' THEN r.quantity ELSE 0 END <> coalesce(m.quantity, 0)"""),
    ("AUD-KIT-LEVEL",
     """SELECT i.item_no, 'is in a kit and a kit itself' FROM kits a JOIN kits b ON b.kit_id = a.component_id JOIN items i ON i.id = b.kit_id"""),
)  # fmt: skip
