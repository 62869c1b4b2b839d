"""Forecasts kept, and the latest read back."""

import json
from datetime import date

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import copy_frame, read_frame

_COLUMNS = (
    "item_id", "warehouse", "made_on", "demand_class", "method", "period_days", "horizon_days", "daily_mean", "daily_sd",
    "per_period", "error", "demand_days", "last_demand",
)  # fmt: skip
_KEY = ("item_id", "warehouse", "made_on")
_TYPES = {
    "item_id": "int64", "warehouse": "str", "made_on": "str", "demand_class": "str", "method": "str",
    "period_days": "int64", "horizon_days": "int64", "daily_mean": "float64", "daily_sd": "float64",
    "per_period": "str", "error": "str", "demand_days": "int64", "last_demand": "str",
}  # fmt: skip


def keep_forecasts(conn: Connection, forecasts: pd.DataFrame) -> None:
    """Store what `planning.forecasting.forecast_all` gave; one made again for the same day replaces the first."""
    names = ", ".join(_COLUMNS)
    others = [name for name in _COLUMNS if name not in _KEY]
    fresh = forecasts[list(_COLUMNS)].assign(
        daily_mean=forecasts["daily_mean"].round(6),
        daily_sd=forecasts["daily_sd"].round(6),
        per_period=[json.dumps([round(float(value), 6) for value in path]) for path in forecasts["per_period"]],
        error=[json.dumps(error) for error in forecasts["error"]],
    )
    conn.execute(sql("CREATE TEMPORARY TABLE fresh_forecasts (LIKE forecasts INCLUDING DEFAULTS) ON COMMIT DROP"))
    copy_frame(conn, "fresh_forecasts", fresh)
    conn.execute(
        sql(
            f"""INSERT INTO forecasts ({names}) SELECT {names} FROM fresh_forecasts
                ON CONFLICT ({", ".join(_KEY)}) DO UPDATE
                SET ({", ".join(others)}) = ({", ".join(f"excluded.{name}" for name in others)})"""
        )
    )
    conn.execute(sql("DROP TABLE fresh_forecasts"))


def forget_forecasts(conn: Connection, before: date) -> int:
    """Forecasts made before that day are kept no longer; how many they were."""
    return conn.execute(sql("DELETE FROM forecasts WHERE made_on < :before"), {"before": before}).rowcount


def latest_forecasts(conn: Connection, as_of: date) -> pd.DataFrame:
    """Each item's and warehouse's last forecast made on `as_of` or before, as `forecast_all` gave it; sorted by them."""
    found = read_frame(
        conn,
        f"""SELECT DISTINCT ON (item_id, warehouse) {", ".join(_COLUMNS)} FROM forecasts WHERE made_on <= %(as_of)s
            ORDER BY item_id, warehouse, made_on DESC""",
        {"as_of": as_of},
        dtypes=_TYPES,
    )
    return found.assign(
        made_on=pd.to_datetime(found["made_on"], format="ISO8601").astype("datetime64[s]"),
        last_demand=pd.to_datetime(found["last_demand"].replace("", None), format="ISO8601").astype("datetime64[s]"),
        per_period=found["per_period"].map(json.loads),
        error=found["error"].map(json.loads),
    )
