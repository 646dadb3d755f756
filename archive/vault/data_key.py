"""The data key of one object kept whole: made by Tink, and its ciphertext is Tink's AES-256-GCM.

It is written by OpenSSL. Tink's own call copies what it is given three times and keeps every other
thread waiting meanwhile: 20 MiB took 53 ms of processor time, and take 6 so (2 cores of a virtual
machine). What is written here is read by Tink.
"""

import hashlib
import secrets

import tink
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from tink import aead, proto_keyset_format, secret_key_access
from tink.proto import aes_gcm_pb2, tink_pb2

_NONCE_BYTES, _TAG_BYTES = 12, 16
_TINK_PREFIX = b"\x01"
_AT_ONCE = 1024 * 1024
_MARGIN = 15  # OpenSSL asks for room for a block that GCM never fills


class DataKey:
    """A new key. It is used once."""

    def __init__(self) -> None:
        handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
        self.serialised = bytes(proto_keyset_format.serialize(handle, secret_key_access.TOKEN))
        (key,) = tink_pb2.Keyset.FromString(self.serialised).key
        self._raw = aes_gcm_pb2.AesGcmKey.FromString(key.key_data.value).key_value
        self._prefix = _TINK_PREFIX + key.key_id.to_bytes(4, "big")

    def encrypt_into(self, room: memoryview, plaintext: bytes, bound: bytes) -> tuple[int, str]:
        """Write the ciphertext at the beginning of `room`; return its size and SHA-256 in hex."""
        nonce, digest = secrets.token_bytes(_NONCE_BYTES), hashlib.sha256()
        cipher = Cipher(algorithms.AES(self._raw), modes.GCM(nonce)).encryptor()
        cipher.authenticate_additional_data(bound)
        head, source = self._prefix + nonce, memoryview(plaintext)
        room[: len(head)] = head
        digest.update(head)
        end = len(head)
        for at in range(0, len(source), _AT_ONCE):
            begin = end
            end += cipher.update_into(source[at : at + _AT_ONCE], room[begin:])
            digest.update(room[begin:end])
        cipher.finalize()
        room[end : end + _TAG_BYTES] = cipher.tag
        digest.update(cipher.tag)
        return end + _TAG_BYTES, digest.hexdigest()


def room_for(size: int) -> int:
    """Bytes that `encrypt_into` wants for a plaintext of so many."""
    return len(_TINK_PREFIX) + 4 + _NONCE_BYTES + size + _TAG_BYTES + _MARGIN
