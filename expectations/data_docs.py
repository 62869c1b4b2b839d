"""Data Docs: Great Expectations' own pages about suites and what broke them. Their styles load from the internet."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from expectations.runner import Expected, fresh_context, suite_of


@dataclass(frozen=True)
class Suite:
    """A suite and the frame it is to look at."""

    name: str
    frame: pd.DataFrame
    expected: list[Expected]


def write_data_docs(folder: Path, suites: Iterable[Suite]) -> Path:
    """Validate the suites and write their pages into `folder`, in place of what was there; the first page."""
    import great_expectations as gx

    context = fresh_context()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for site in list(context.list_data_docs_sites()):
        context.delete_data_docs_site(site)
    context.add_data_docs_site("desk", _site(folder))
    source = context.data_sources.add_pandas("desk")
    for suite in suites:
        whole = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe(suite.name)
        expected = context.suites.add(suite_of(suite.name, suite.expected))
        definition = gx.ValidationDefinition(name=suite.name, data=whole, suite=expected)
        context.validation_definitions.add(definition).run(batch_parameters={"dataframe": suite.frame})
    context.build_data_docs()
    return folder / "index.html"


def _site(folder: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
    }
