"""Settings enter once, typed, at the edge: `giroksil.toml`, then `GIROKSIL_…` variables."""

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from records.errors import SetupError

_PATHS = (
    "master_key", "former_master_key", "index_path", "timestamp_certificates", "access_rules",
    "reports_dir", "inbox", "retention_policy", "disease_list",
)  # fmt: skip

_ADDRESSES = ("pkcs11:", "kms:")
_ONE_OF = {
    "release": ("automatic", "steward"),
    "sampling": ("offered", "required"),
    "kind_model": ("accepted", "shipped"),
    "learn_across": ("never", "allowed"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator may choose. Sizes in bytes, times in seconds.

    Attributes:
        home: folder of the embedded defaults (keys, store, index, reports).
        store_url: `file:///…` or `s3://bucket/prefix`; empty = `<home>/store`.
        s3_endpoint: address of an S3-compatible gateway; empty = AWS's own.
        replica_url: the second site, as store_url; empty = there is none.
        replica_endpoint, replica_profile: its gateway's address, and the profile of the AWS
            credentials file that it takes.
        master_key: the master key file, or the `pkcs11:` address of a token's key or the `kms:`
            address of a KMS's; empty = `<home>/keys/master.key`.
        former_master_key: where the master key was before, until keys have been rotated.
        index_path: the search index's file; empty = `<home>/index/search.db`.
        index_morphemes: kiwi | none: whether Korean words are split for ranking.
        timestamp_url: address of an RFC 3161 time-stamping authority; empty = none is asked.
        timestamp_certificates: file of the certificates (PEM) by which its stamps are believed.
        reports_dir: where batch reports go; empty = `<home>/reports`.
        access_rules: file of the rules that `review_access` looks for; empty = the built-in ones.
        inbox: folder or `s3://` prefix that `watch_deliveries` looks at.
        ocr_engine, ocr_languages: the engine's name and Tesseract's language list.
        chunk_pages: pages of one mapped task. release: automatic | steward.
        sampling: offered | required: whether a batch is stored only after its sample has passed.
        kind_model: accepted | shipped: whether an institution's own kind classifier, accepted by a
            person, is used, or the shipped one for all. learn_across: never | allowed: whether the
            labelled documents of other institutions may be learned from too.
        hold_below: documents whose type confidence is lower are held for a person.
        verify_period_days, verify_per_second: within how many days every object is opened on both
            sites, and how fast at most (0: as fast as it goes).
        drill_sample: how many objects the weekly drill restores.
        retention_policy: a YAML file of periods that are longer than the law's.
        disease_list: a CSV file of disease codes and their names, by which doubted ones are
            confirmed; empty = none.
        max_…: limits on what a delivery may hold; beyond them a file is refused.
    """

    home: str = ".giroksil"
    store_url: str = ""
    s3_endpoint: str = ""
    replica_url: str = ""
    replica_endpoint: str = ""
    replica_profile: str = ""
    master_key: str = ""
    former_master_key: str = ""
    index_path: str = ""
    index_morphemes: str = "none"
    timestamp_url: str = ""
    timestamp_certificates: str = ""
    access_rules: str = ""
    reports_dir: str = ""
    inbox: str = ""
    ocr_engine: str = "combined"
    ocr_languages: str = "Hangul+eng"
    chunk_pages: int = 16
    release: str = "automatic"
    sampling: str = "offered"
    kind_model: str = "accepted"
    learn_across: str = "never"
    hold_below: float = 0.80
    verify_period_days: int = 1
    verify_per_second: float = 0.0
    drill_sample: int = 50
    retention_policy: str = ""
    disease_list: str = ""
    max_pixels: int = 120_000_000
    max_file_bytes: int = 1_073_741_824
    max_pages_per_file: int = 2_000
    max_files: int = 200_000
    max_zip_members: int = 10_000
    max_zip_ratio: int = 200
    max_zip_depth: int = 1
    max_page_seconds: int = 120
    max_rows: int = 2_000_000
    airflow_url: str = ""

    @property
    def home_path(self) -> Path:
        """The home folder, absolute."""
        return Path(self.home).absolute()

    @property
    def store(self) -> str:
        """URL of the object store."""
        return self.store_url or (self.home_path / "store").as_uri()

    @property
    def master_key_place(self) -> str:
        """Where the master key is: a file's path, or an address in a token or KMS."""
        return self.master_key or str(self.home_path / "keys" / "master.key")

    @property
    def index_file(self) -> Path:
        """Path of the search index."""
        return Path(self.index_path) if self.index_path else self.home_path / "index" / "search.db"

    @property
    def reports(self) -> Path:
        """Folder of batch reports."""
        return Path(self.reports_dir) if self.reports_dir else self.home_path / "reports"

    @property
    def models(self) -> Path:
        """Folder of the kind classifiers that persons accepted."""
        return self.home_path / "models"

    @property
    def inbox_url(self) -> str:
        """What `watch_deliveries` looks at."""
        return self.inbox or str(self.home_path / "inbox")


def load_settings(
    file: Path | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read `giroksil.toml` (if there) and the environment into one frozen `Settings`.

    Relative paths are meant from the settings file's folder.

    Raises:
        SetupError: an unknown name, or a value of the wrong shape.
    """
    environment = os.environ if environment is None else environment
    file = file or Path(environment.get("GIROKSIL_SETTINGS", "giroksil.toml"))
    values: dict[str, object] = {}
    if file.is_file():
        try:
            values.update(tomllib.loads(file.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SetupError("settings_unreadable", file.name) from error
    known = {f.name: f for f in dataclasses.fields(Settings)}
    for name in values:
        if name not in known:
            raise SetupError("settings_unknown", name)
    for name in known:
        if (variable := f"GIROKSIL_{name.upper()}") in environment:
            values[name] = environment[variable]
    typed = {name: _typed(name, known[name].default, value) for name, value in values.items()}
    base = file.absolute().parent if file.is_file() else Path.cwd()
    typed["home"] = str(base / str(typed.get("home", known["home"].default)))
    for name in _PATHS:
        path = str(typed.get(name, ""))
        if path and "://" not in path and not path.startswith(_ADDRESSES):
            typed[name] = str(base / path)
    settings = Settings(**typed)  # type: ignore[arg-type]
    for name, words in _ONE_OF.items():
        if getattr(settings, name) not in words:
            raise SetupError("settings_value", name)
    if settings.verify_period_days < 1:
        raise SetupError("settings_value", "verify_period_days")
    return settings


def _typed(name: str, default: object, value: object) -> object:
    try:
        if isinstance(default, int) and not isinstance(default, bool):
            return int(str(value))
        if isinstance(default, float):
            return float(str(value))
    except ValueError as error:
        raise SetupError("settings_value", name) from error
    return str(value)
