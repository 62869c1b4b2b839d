"""How a flow's parameter shows in the form of its page."""

from typing import Any

from pydantic import Field
from pydantic_core import PydanticUndefined


def shown(position: int, title: str, description: str, default: Any = PydanticUndefined) -> Any:
    """A parameter's default value: its place, label and help text; without `default` it must be filled in.

    Prefect reads them from a default value only, and takes the label from the schema's extras.
    """
    return Field(default=default, description=description, json_schema_extra={"position": position, "title": title})
