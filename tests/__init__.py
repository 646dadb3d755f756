"""Tests: one room at a time, the DAGs, the plugin, and the line as a person runs it."""
