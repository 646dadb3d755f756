"""The proof that nothing was changed: an append-only Merkle log with signed heads."""
