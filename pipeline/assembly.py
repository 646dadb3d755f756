"""The one place that builds the parts: settings in, a workshop out."""

import dataclasses
import functools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from archive.opening import Archive, open_archive
from archive.vault.open_store import open_store
from archive.vault.store import ObjectStore
from archive.vault.vault import Vault
from classifiers import CLASSIFIERS_VERSION
from classifiers.disease_list import parse_disease_list
from intake.limits import Limits
from ocr.engine import OcrEngine, make_engine
from ocr.reading import settings_digest
from pipeline.reader import Reader
from pipeline.stage_results import Plan
from pipeline.work import WorkArea, load_registered
from records.errors import RejectedInput, SetupError
from records.settings import Settings, load_settings


@dataclasses.dataclass(frozen=True)
class Workshop:
    """Every part the stages use, built once a process and passed down."""

    settings: Settings

    @functools.cached_property
    def archive(self) -> Archive:
        """Vault, ledger, index and access log."""
        return open_archive(
            self.settings.store,
            self.settings.master_key_place,
            self.settings.index_file,
            self.settings.s3_endpoint,
            self.settings.former_master_key,
            self.settings.index_morphemes,
            self.settings.timestamp_url,
            self.settings.timestamp_certificates,
        )

    @functools.cached_property
    def second_site(self) -> ObjectStore | None:
        """The store of the second site, or None where none is set."""
        settings = self.settings
        if not settings.replica_url:
            return None
        return open_store(settings.replica_url, settings.replica_endpoint, settings.replica_profile)

    def require_second_site(self) -> ObjectStore:
        """The store of the second site.

        Raises:
            SetupError: none is set (`replica_missing`).
        """
        if self.second_site is None:
            raise SetupError("replica_missing")
        return self.second_site

    def engine(self, languages: str = "") -> OcrEngine:
        """The recogniser, for a batch's languages or the settings' own.

        Raises:
            SetupError: the engine or one of its languages is not installed.
        """
        return make_engine(
            self.settings.ocr_engine,
            languages or self.settings.ocr_languages,
            self.settings.max_page_seconds,
        )

    @functools.cached_property
    def diseases(self) -> Mapping[str, str]:
        """The operator's disease codes, names by code; none where no list is set.

        Raises:
            SetupError: `disease_list_invalid`.
        """
        if not self.settings.disease_list:
            return {}
        try:
            return parse_disease_list(Path(self.settings.disease_list).read_bytes())
        except OSError as error:
            raise SetupError("disease_list_invalid") from error

    @functools.cached_property
    def limits(self) -> Limits:
        """What a delivery may cost."""
        return Limits.from_settings(self.settings)

    def vault(self, institution: str) -> Vault:
        """The vault of one institution."""
        return self.archive.vault(institution)

    def work(self, batch: str) -> WorkArea:
        """The work area of a registered batch.

        Raises:
            RejectedInput: `batch_unknown`.
            IntegrityError: no institution that opens has it, and one does not open.
        """
        opened, shut = self.archive.vaults()
        for vault in opened:
            if vault.has("batch", batch):
                return WorkArea(vault, load_registered(vault, batch))
        for error in shut:
            raise error
        raise RejectedInput("batch_unknown", batch)

    def log_access(
        self,
        reader: Reader,
        what: str,
        institution: str,
        documents: Sequence[str] = (),
        whose: str = "",
        persons: Sequence[str] | None = None,
        found: bool = True,
    ) -> None:
        """Write a read down before it happens: the entry, its leaf, and a signed head over both.

        `persons`: whose records are shown; by the index where it is not said.
        """
        if persons is None:
            persons = self.archive.index.persons(institution, documents)
        self.archive.access.record(
            institution,
            reader.who,
            reader.where,
            what,
            reader.why,
            whose,
            documents,
            persons,
            found,
        )
        self.archive.ledger.sign_head()

    def plan(self) -> Plan:
        """How a batch registered now is to be read and classified."""
        return Plan(
            languages=self.settings.ocr_languages,
            reading=settings_digest(self.engine()),
            classifying=CLASSIFIERS_VERSION,
            hold_below=self.settings.hold_below,
        )


def open_workshop(settings: Settings | None = None, **chosen: object) -> Workshop:
    """Build a workshop; `chosen` replaces single settings (empty values are ignored).

    Raises:
        SetupError: an unknown setting or a value of the wrong shape.
    """
    if settings is None:
        settings = load_settings(environment=_environment(chosen))
    return Workshop(settings)


def _environment(chosen: Mapping[str, object]) -> dict[str, str]:
    wanted = {f"GIROKSIL_{k.upper()}": str(v) for k, v in chosen.items() if v not in (None, "")}
    return dict(os.environ) | wanted
