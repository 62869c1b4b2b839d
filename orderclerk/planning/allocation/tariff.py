"""What parcels cost, by warehouse and by the country they go to."""

from typing import Any

import numpy as np
import pandas as pd

from orderclerk.planning.allocation.parts import Place


class Tariff:
    """What parcels from each warehouse cost, by country; and the places in their sequence."""

    def __init__(self, warehouses: pd.DataFrame, rates: pd.DataFrame | None) -> None:
        columns = ["parcel_cost_e4", "unit_cost_e4", "kg_cost_e4"]
        self.own = warehouses.set_index("warehouse")[columns].astype("int64")
        self.codes = list(self.own.index)
        named = () if rates is None else rates.groupby("country")
        self.special = {country: part.set_index("warehouse") for country, part in named}
        self._kept: dict[str, np.ndarray[Any, Any]] = {}

    def costs(self, country: str) -> np.ndarray[Any, Any]:
        """By warehouse: e4 a parcel, a unit, a kilogram."""
        if country not in self._kept:
            special = self.special.get(country)
            table = self.own if special is None else special.reindex(self.codes)[self.own.columns].fillna(self.own)
            self._kept[country] = table.to_numpy(dtype=np.int64)
        return self._kept[country]

    def places(self, country: str) -> list[Place]:
        """The warehouses with what a parcel there costs."""
        return [Place(code, *row) for code, row in zip(self.codes, self.costs(country).tolist(), strict=True)]
