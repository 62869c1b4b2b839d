"""What to buy, what to move between warehouses, and what there is too much of.

`ordering.reorder`, `transfers.plan_transfers` and `surplus.find_surplus` decide on frames; the other modules are the
mathematics they stand on, each function with its source. `docs/replenishment.md` proves them.
"""
