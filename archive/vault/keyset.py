"""AES-256-GCM keysets: one key encrypts, every key decrypts what it has encrypted."""

import functools

import tink
from tink import aead, proto_keyset_format, secret_key_access, streaming_aead
from tink.proto import aes_gcm_pb2, tink_pb2

RAW_KEY_BYTES = 32
_ID_BYTES = slice(1, 5)


@functools.cache
def register_ciphers() -> None:
    """Tell Tink, once a process, which ciphers are meant."""
    aead.register()
    streaming_aead.register()


def key_id_of(ciphertext: bytes) -> str:
    """Id of the key that a ciphertext says it is under; nothing is proven by it."""
    return str(int.from_bytes(ciphertext[_ID_BYTES], "big"))


class Keyset:
    """A keyset; it does not change: a new key makes a new keyset."""

    def __init__(self, serialised: bytes | None = None) -> None:
        """Read a keyset, or make a new one.

        Raises:
            ValueError: the bytes are not a keyset.
        """
        register_ciphers()
        try:
            self._handle = (
                tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
                if serialised is None
                else proto_keyset_format.parse(serialised, secret_key_access.TOKEN)
            )
            self._aead = self._handle.primitive(aead.Aead)
        except tink.TinkError as error:
            raise ValueError("not a keyset") from error
        info = self._handle.keyset_info()
        self.key_id = str(info.primary_key_id)
        self._former = tuple(str(key.key_id) for key in info.key_info)

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Ids of its keys, the one that encrypts first."""
        return self.key_id, *(key for key in self._former if key != self.key_id)

    def serialised(self) -> bytes:
        """The keyset's bytes, unencrypted."""
        return bytes(proto_keyset_format.serialize(self._handle, secret_key_access.TOKEN))

    def encrypt(self, plaintext: bytes, bound: bytes) -> bytes:
        """Encrypt, binding the associated data."""
        return bytes(self._aead.encrypt(plaintext, bound))

    def decrypt(self, ciphertext: bytes, bound: bytes) -> bytes:
        """Decrypt.

        Raises:
            ValueError: not this keyset's, not this associated data, or not these bytes.
        """
        try:
            return bytes(self._aead.decrypt(ciphertext, bound))
        except tink.TinkError as error:
            raise ValueError("does not open") from error

    def renewed(self) -> "Keyset":
        """The keyset with a new key that encrypts; its own keys still decrypt."""
        new = Keyset()
        while new.key_id in self.key_ids:
            new = Keyset()
        proto = self._proto()
        proto.key.extend(new._proto().key)
        proto.primary_key_id = int(new.key_id)
        return Keyset(proto.SerializeToString(deterministic=True))

    def without(self, key_id: str) -> "Keyset":
        """The keyset without one of its former keys.

        Raises:
            ValueError: it has no such key, or that one encrypts.
        """
        if key_id not in self.key_ids[1:]:
            raise ValueError("no former key of this id")
        return self._with(tuple(key for key in self.key_ids if key != key_id))

    def primary_only(self) -> "Keyset":
        """The key that encrypts, alone: what it opens needs no former key."""
        return self._with((self.key_id,))

    def raw_key(self) -> bytes:
        """The 32 bytes of the key that encrypts."""
        key = self.primary_only()._proto().key[0]
        return bytes(aes_gcm_pb2.AesGcmKey.FromString(key.key_data.value).key_value)

    @classmethod
    def of_raw_key(cls, key_id: str, raw: bytes) -> "Keyset":
        """The keyset of one key of 32 bytes, under the id it had."""
        proto = cls()._proto()
        proto.primary_key_id = proto.key[0].key_id = int(key_id)
        proto.key[0].key_data.value = aes_gcm_pb2.AesGcmKey(key_value=raw).SerializeToString()
        return cls(proto.SerializeToString(deterministic=True))

    def _proto(self) -> tink_pb2.Keyset:
        return tink_pb2.Keyset.FromString(self.serialised())

    def _with(self, key_ids: tuple[str, ...]) -> "Keyset":
        proto = self._proto()
        kept = [key for key in proto.key if str(key.key_id) in key_ids]
        del proto.key[:]
        proto.key.extend(kept)
        return Keyset(proto.SerializeToString(deterministic=True))
