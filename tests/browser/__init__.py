"""Tests that open the house's pages in a real browser."""
