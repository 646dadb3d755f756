"""Where records are kept: `vault/` (encrypted objects), `ledger/` (proofs), `index/` (search).

`archive.opening.open_archive` is the door; formats are in `docs/formats/`.
Nothing is imported here, so that a proof is checked without the archive's own parts.
"""
