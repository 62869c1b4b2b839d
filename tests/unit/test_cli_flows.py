"""`orderclerk run`: texts become the values a flow takes, and mistakes are said before anything starts."""

import json
from datetime import UTC, datetime
from typing import Annotated, Literal

import pytest
from pydantic import Field

from orderclerk.cli_flows import FlowError, module_name, parameters, run_flow


def example(
    channel: str,
    messages: Annotated[list[int], Field(title="Messages")],
    payment: Literal["", "cod"] = "",
    batch_id: int | None = None,
    as_of: datetime | None = None,
) -> None:
    """A flow's signature."""


def test_texts_become_what_the_flow_takes():
    given = ["channel=mail", "messages=[1, 2]", "payment=cod", "batch-id=7", "as_of=2026-11-23T09:00:00+00:00"]
    assert parameters(example, given) == {
        "channel": "mail", "messages": [1, 2], "payment": "cod", "batch_id": 7,
        "as_of": datetime(2026, 11, 23, 9, tzinfo=UTC),
    }  # fmt: skip


def test_a_text_may_hold_anything_also_lines_and_equals_signs():
    assert parameters(example, ["channel=a=b\nc", "messages=[]"])["channel"] == "a=b\nc"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["channel=mail"], "needs messages; its parameters: channel messages"),
        (["chanel=mail"], "no parameter chanel"),
        (["channel=mail", "messages=[]", "batch_id=seven"], "batch_id=seven: Input should be a valid integer"),
        (["channel=mail", "messages=[]", "payment=gold"], "payment=gold"),
        (["mail"], "not of the form name=value"),
    ],
)
def test_mistakes_are_said_with_what_there_is_to_choose_from(given, said):
    with pytest.raises(FlowError, match="(?s)" + said.replace("[", r"\[")):
        parameters(example, given)


def test_an_unknown_flow_names_all_there_are():
    with pytest.raises(FlowError, match="pull_orders"):
        module_name("fly")
    assert module_name("pull-orders") == "flows.pull_orders"


def test_a_flow_runs_on_the_server_the_environment_names(prefect_server, desk_home, monkeypatch):
    from prefect.settings import PREFECT_API_URL

    monkeypatch.setenv("PREFECT_API_URL", PREFECT_API_URL.value())
    counts = json.loads(run_flow("process-orders", ["as_of=2026-11-23T09:00:00+00:00"]))
    assert counts == {}
