"""Promises of the archive."""
