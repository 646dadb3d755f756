"""Trains the kind classifier on made pages; nothing that types a page imports it."""
