"""Sampling inspection."""
