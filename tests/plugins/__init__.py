"""Tests of the plugin, in Airflow itself."""
