"""Makers of every sample: fictional Korean medical pages with complete truth, from a seed."""
