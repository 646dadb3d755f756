"""Damage that always changes what it strikes."""


def flipped(raw: bytes, at: int = -1) -> bytes:
    """`raw`, of at least one byte, with the lowest bit of its byte `at` flipped."""
    at %= len(raw)
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
