"""Encrypted objects on an object store; the only place that knows keys and ciphers."""
