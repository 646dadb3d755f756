"""Measurements, each runnable by one command; results are kept in `docs/benchmarks/`."""
