"""How a flow's parameter shows in the form of its page."""

from typing import Any

from pydantic import Field


def shown(position: int, title: str, description: str | None = None) -> Any:
    """The field's place, label and help text; flat parameters of plain types make the most usable forms."""
    return Field(title=title, description=description, json_schema_extra={"position": position})
