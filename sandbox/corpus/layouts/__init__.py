"""The ways of putting an order into a mail, one file a family; `held_out.py` is never developed against."""
