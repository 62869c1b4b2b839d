"""What will be wanted of each item at each warehouse, and how far off that may be."""

from orderclerk.planning.forecasting.forecasts import forecast_all
from orderclerk.planning.forecasting.lead_times import demand_quantile, lead_time_demand

__all__ = ["demand_quantile", "forecast_all", "lead_time_demand"]
