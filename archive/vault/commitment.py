"""The salted commitment to a plaintext; needs nothing but SHA-256."""

import hashlib


def commitment_of(salt: bytes, plaintext: bytes) -> str:
    """SHA-256 of the 32-byte salt and the plaintext, in hex."""
    digest = hashlib.sha256(salt)
    digest.update(plaintext)
    return digest.hexdigest()
