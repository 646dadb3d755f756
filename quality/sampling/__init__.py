"""Sampling inspection by ISO 2859-1: plans, switching, draws, the lot's result, inspectors."""
