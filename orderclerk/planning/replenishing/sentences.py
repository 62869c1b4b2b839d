"""Why so much is bought, in one sentence a line, for the person who approves it."""

from datetime import date, timedelta
from typing import Any

import pandas as pd

FROM_KNOWN = (
    "on_hand_e3", "incoming_e3", "backordered_e3", "lead_days", "lead_sd_days", "service_level", "multiple_e3",
    "moq_e3",
)  # fmt: skip
FROM_PLAN = ("position_e3", "level_e3", "lot_e3", "expected_e3", "safety_e3", "quantity_e3", "doubt")


def reasons(known: pd.DataFrame, plan: pd.DataFrame, as_of: date, review_days: float) -> list[str]:
    """A sentence for each line that is bought or would be and cannot; "" for the others."""
    told = ((plan["quantity_e3"] > 0) | (plan["doubt"] != "")).to_numpy()
    ours = known[[*FROM_KNOWN]].assign(promised_e3=known["reserved_e3"] + known["pegged_e3"])
    rows = pd.concat([ours, plan[[*FROM_PLAN]]], axis=1)[told]
    sentences = iter([_sentence(row, as_of, review_days) for row in rows.itertuples(index=False)])
    return [next(sentences) if one else "" for one in told]


def amount(quantity_e3: float) -> str:
    """12, 3.5 or 0.25: whole where it is, else as few places as tell it."""
    units = quantity_e3 / 1000
    return f"{units:.0f}" if abs(units) >= 100 or units == int(units) else f"{units:.3g}"


def day(value: date) -> str:
    return f"{value.day} {value:%b}"


def _sentence(line: Any, as_of: date, review_days: float) -> str:
    have = [f"{amount(line.on_hand_e3)} on hand"]
    have += [f"{amount(line.promised_e3)} reserved"] if line.promised_e3 else []
    have += [f"{amount(line.backordered_e3)} waited for"] if line.backordered_e3 else []
    have += [f"{amount(line.incoming_e3)} coming" if line.incoming_e3 else "nothing coming"]
    until = day(as_of + timedelta(days=round(line.lead_days + review_days)))
    spread = f"±{line.lead_sd_days:.0f}" if round(line.lead_sd_days) else ""
    expected = round(line.expected_e3, -3) or line.expected_e3
    lead = f"lead {line.lead_days:.0f}{spread} days"
    parts = [", ".join(have), f"{amount(expected)} expected until {until} ({lead})"]
    service = f"{line.service_level * 100:.3g} % service"
    if line.safety_e3 > 0:
        parts.append(f"{service} needs {amount(_round_up(line.safety_e3))} more")
    else:
        parts.append(f"with such lots {service} lets it fall to {amount(line.level_e3)}")
    if line.doubt and not line.quantity_e3:
        return "; ".join([*parts, f"nothing bought: {line.doubt}"])
    missing = line.level_e3 - line.position_e3
    parts.append(f"{amount(_round_up(missing))} short, {amount(_round_up(line.lot_e3))} for the time after")
    parts.append(_rounded(missing + line.lot_e3, line.quantity_e3, line.multiple_e3, line.moq_e3))
    return "; ".join(parts) + (f"; {line.doubt}" if line.doubt else "")


def _rounded(short: int, quantity: int, multiple: int, moq: int) -> str:
    packs = f" = {quantity // multiple} packs of {amount(multiple)}" if multiple > 1000 else ""
    if quantity == moq and quantity > short:
        return f"the supplier's least, {amount(quantity)}{packs}"
    if quantity < short:
        return f"no more than {amount(quantity)}{packs} fits the maximum or is sold before it expires"
    return f"{'rounded to' if packs else 'in all'} {amount(quantity)}{packs}"


def _round_up(quantity_e3: int) -> int:
    return -(-quantity_e3 // 1000) * 1000 if quantity_e3 >= 1000 else quantity_e3
