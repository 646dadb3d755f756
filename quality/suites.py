"""Great Expectations at work: one suite a table, run as one checkpoint, with its Data Docs.

The tables hold ids, measurements and flags only, and results are asked for without unexpected
values: a result names the ids of the rows that failed, nothing else of them.
"""

import datetime as dt
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from quality.fact_table import FactTable
from quality.ruleset import Rule
from records.errors import SetupError

# Great Expectations knows three severities by other names.
_SEVERITY = {"critical": "critical", "major": "warning", "minor": "info"}
_RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ["id"],
    "exclude_unexpected_values": True,
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by id, and the rules over them."""

    name: str
    rows: FactTable
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rule over one table: how many rows it could judge, and the ids that failed."""

    rule: str
    checked: int
    failed: tuple[str, ...]


def run_suites(
    run_name: str,
    tables: Iterable[Table],
    parameters: Mapping[str, float],
    data_docs: Path | None,
) -> tuple[Outcome, ...]:
    """Judge every table by its rules; where `data_docs` is given, leave the site's raw pages there.

    Raises:
        SetupError: `rule_unusable`, naming a rule that Great Expectations could not evaluate.
    """
    gx = _import_quietly()
    context = _context(gx, data_docs)
    source = context.data_sources.add_pandas("batch")
    outcomes: list[Outcome] = []
    for table in tables:
        asset = source.add_dataframe_asset(table.name)
        definition = context.validation_definitions.add(
            gx.ValidationDefinition(
                name=table.name,
                data=asset.add_batch_definition_whole_dataframe("whole"),
                suite=context.suites.add(_suite(gx, table)),
            )
        )
        checkpoint = context.checkpoints.add(
            gx.Checkpoint(
                name=table.name,
                validation_definitions=[definition],
                result_format=_RESULT_FORMAT,
            )
        )
        result = checkpoint.run(
            batch_parameters={"dataframe": table.rows.frame()},
            expectation_parameters=dict(parameters),
            run_id=gx.RunIdentifier(run_name=run_name, run_time=dt.datetime.now(dt.UTC)),
        )
        (validation,) = result.run_results.values()
        outcomes += [_outcome(one) for one in validation.results]
    if data_docs:
        context.build_data_docs()
    return tuple(outcomes)


def _import_quietly() -> ModuleType:
    # The import takes about three seconds and warns.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations  # noqa: PLC0415
    return great_expectations


def _context(gx: ModuleType, data_docs: Path | None) -> Any:
    from great_expectations.data_context.types.base import (  # noqa: PLC0415
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    site = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(data_docs),
        },
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        data_docs_sites={"quality": site} if data_docs else {},
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _suite(gx: ModuleType, table: Table) -> Any:
    from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415
        ExpectationConfiguration,
    )
    from great_expectations.expectations.metadata_types import FailureSeverity  # noqa: PLC0415

    suite = gx.ExpectationSuite(table.name)
    for rule in table.rules:
        suite.add_expectation_configuration(
            ExpectationConfiguration(
                type=rule.expectation,
                kwargs=dict(rule.arguments),
                meta={"rule": rule.id},
                description=f"{rule.korean} / {rule.english}",
                severity=FailureSeverity(_SEVERITY[rule.severity]),
            )
        )
    return suite


def _outcome(result: Any) -> Outcome:
    rule = result.expectation_config.meta["rule"]
    details = result.result
    if "unexpected_index_list" not in details:
        raise SetupError("rule_unusable", rule)
    failed = tuple(subject for group in details["unexpected_index_list"] for subject in group["id"])
    checked = details["element_count"] - details.get("missing_count", 0)
    return Outcome(rule, int(checked), failed)
