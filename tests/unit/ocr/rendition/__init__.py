"""Tests of renditions."""
