"""The usual VAT rates of countries, in thousandths, zero (exports, reverse charge) besides.

A country that is absent has no usual rate here (the United States have some 13,000): nothing is said about its taxes.
Sources: European Commission, "VAT rates applied in the Member States" (TEDB); gov.uk VAT rates; estv.admin.ch (CH);
State Taxation Administration (CN); nta.go.jp (JP); ato.gov.au (AU); skatteetaten.no (NO); iras.gov.sg (SG).
"""

from collections.abc import Iterable

USUAL_RATES_E3: dict[str, tuple[int, ...]] = {
    "AT": (200, 190, 130, 100, 49), "AU": (100,), "BE": (210, 120, 60), "BG": (200, 90),
    "CH": (81, 77, 38, 37, 26, 25), "CN": (130, 90, 60, 50, 30, 15, 10), "CY": (190, 90, 50, 30), "CZ": (210, 120),
    "DE": (190, 70), "DK": (250,), "EE": (240, 220, 130, 90), "ES": (210, 100, 50, 40),
    "FI": (255, 240, 140, 135, 100), "FR": (200, 100, 85, 55, 21), "GB": (200, 50), "GR": (240, 170, 130, 90, 60, 40),
    "HR": (250, 130, 50), "HU": (270, 180, 50), "IE": (230, 135, 90, 48), "IT": (220, 100, 50, 40),
    "JP": (100, 80), "LT": (210, 120, 90, 50), "LU": (170, 140, 80, 30), "LV": (210, 120, 50), "MT": (180, 120, 70, 50),
    "NL": (210, 90), "NO": (250, 150, 120), "NZ": (150,), "PL": (230, 80, 50),
    "PT": (230, 220, 160, 130, 120, 90, 60, 50, 40), "RO": (210, 190, 110, 90, 50), "SE": (250, 120, 60),
    "SG": (90, 80), "SI": (220, 95, 50), "SK": (230, 200, 190, 100, 50),
}  # fmt: skip
_ANY = frozenset(rate for rates in USUAL_RATES_E3.values() for rate in rates)


def usual_rates(countries: Iterable[str]) -> tuple[int, ...] | None:
    """Every rate that may apply among these countries ("" is passed over), zero included; None where one is not told.

    Where no country is known at all, the rates of all of them.
    """
    named = {country for country in countries if country}
    if not named:
        return tuple(sorted({0, *_ANY}))
    if not named <= USUAL_RATES_E3.keys():
        return None
    return tuple(sorted({0}.union(*(USUAL_RATES_E3[country] for country in named))))
