"""Tests of the stewards' web pages."""
