"""What was forecast of each item at each warehouse, when, and with what error in its backtest."""

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Integer, Numeric, PrimaryKeyConstraint, Table
from sqlalchemy import Column as C
from sqlalchemy.dialects.postgresql import JSONB

from orderclerk.database.schema_base import metadata, refers, text

_RATE = Numeric(20, 6)  # units a day: an expectation, finer than any quantity

# PK (item_id, warehouse, made_on): what was believed on a day stays on record
forecasts = Table(
    "forecasts",
    metadata,
    refers("item_id", "items.id"),
    text("warehouse"),
    C("made_on", Date, nullable=False),
    text("demand_class"),
    text("method"),
    C("period_days", Integer, nullable=False),
    C("horizon_days", Integer, nullable=False),
    C("daily_mean", _RATE, nullable=False),
    C("daily_sd", _RATE, nullable=False),
    C("per_period", JSONB, nullable=False),  # demand of each period from made_on on, in the item's unit
    C("error", JSONB, nullable=False),  # of the backtest: docs/contracts.md
    C("demand_days", Integer, nullable=False),
    C("last_demand", Date),
    PrimaryKeyConstraint("item_id", "warehouse", "made_on"),
    ForeignKeyConstraint(["warehouse"], ["warehouses.code"]),
    CheckConstraint("period_days IN (1, 7) AND mod(horizon_days, period_days) = 0", name="whole_periods"),
    CheckConstraint("daily_mean >= 0 AND daily_sd >= 0", name="never_negative"),
    CheckConstraint("last_demand < made_on", name="knows_the_past_alone"),
    CheckConstraint("jsonb_array_length(per_period) * period_days = horizon_days", name="covers_horizon"),
)
