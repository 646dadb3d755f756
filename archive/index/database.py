"""The index's file: one SQLCipher database, made whole or not at all."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from records.errors import IntegrityError, SetupError, TransientError

BUSY_SECONDS = 30
_CACHE_KIB = 65_536
_SCHEMA = """
CREATE TABLE batches (
    number INTEGER PRIMARY KEY,
    institution TEXT NOT NULL,
    batch TEXT NOT NULL,
    UNIQUE (institution, batch)
);
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE,
    batch INTEGER NOT NULL REFERENCES batches (number),
    type TEXT NOT NULL,
    date TEXT,
    source BLOB NOT NULL,
    chart_no BLOB, patient_name BLOB, resident_number BLOB, birth_date BLOB
);
CREATE INDEX documents_batch ON documents (batch);
CREATE VIEW filed AS
    SELECT d.number, d.document_id, b.institution, b.batch, d.type, d.date, d.source,
        d.chart_no, d.patient_name, d.resident_number, d.birth_date
    FROM documents d JOIN batches b ON b.number = d.batch;
CREATE INDEX documents_date ON documents (date);
CREATE INDEX documents_chart ON documents (chart_no);
CREATE INDEX documents_name ON documents (patient_name);
CREATE INDEX documents_resident ON documents (resident_number);
CREATE INDEX documents_birth ON documents (birth_date);
CREATE TABLE pages (
    number INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES documents (number),
    page_id TEXT NOT NULL
);
CREATE INDEX pages_document ON pages (document);
CREATE VIRTUAL TABLE words USING fts5 (
    tokens, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0'
);
INSERT INTO words (words, rank) VALUES ('pgsz', 3900);
INSERT INTO words (words, rank) VALUES ('hashsize', 33554432);
"""
# `pgsz`: of a page of 4,096 bytes SQLCipher keeps 80 for itself. FTS5's own 4,050 would put the
# end of every leaf on a page of its own.
# `hashsize`: bytes of words that are kept in memory before they are written as one more run. FTS5's
# own 1 MiB made many short runs of one commit, and merging them wrote each word several times over.
# Of the tables; an older file is derived data and is filled again.
_VERSION = 3


def open_database(path: Path, key: bytes) -> Any:
    """Open the database under a raw 32-byte key, made first where it is absent.

    The file is made aside and linked into place: a salt of its own stands in an SQLCipher file's
    first bytes, and two processes that started on one empty file would each write theirs.

    Raises:
        IntegrityError: not a database of this key, or `index_outdated`: of an earlier version.
        TransientError, SetupError: it cannot be had.
    """
    with translated():
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
            os.close(os.open(aside, os.O_CREAT | os.O_EXCL, 0o600))
            try:
                with contextlib.closing(_connect(aside, key)) as database:
                    database.executescript(f"{_SCHEMA}PRAGMA user_version = {_VERSION};")
                with contextlib.suppress(FileExistsError):
                    os.link(aside, path)
            finally:
                aside.unlink()
        database = _connect(path, key)
        if database.execute("PRAGMA user_version").fetchone() != (_VERSION,):
            database.close()
            raise IntegrityError("index_outdated")
        return database


def _connect(path: Path, key: bytes) -> Any:
    database = dbapi2.connect(
        str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        database.execute("PRAGMA cipher_log_level = NONE")
        database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        # Sorting spills into temporary files, which SQLCipher does not encrypt.
        database.execute("PRAGMA temp_store = MEMORY")
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA foreign_keys = ON")
        # A page is decrypted each time it is fetched; by default 2 MB of them are kept.
        database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    except dbapi2.Error:
        database.close()
        raise
    return database


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn the database's errors into the house's, by their code."""
    try:
        yield
    except dbapi2.Error as error:
        code = getattr(error, "sqlite_errorname", "") or ""
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise TransientError("index_busy") from error
        if code.startswith("SQLITE_FULL"):
            raise TransientError("index_full") from error
        if code.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
            raise SetupError("index_forbidden") from error
        raise IntegrityError("index_damaged") from error
    except OSError as error:
        raise SetupError("index_forbidden") from error
