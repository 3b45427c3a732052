"""Cryptographic Message Syntax (RFC 5652, 3274) as S/MIME uses it: sign, verify, encrypt, decrypt, compress.

Trust is by pinning: a signature counts when one of the certificates that were agreed made it, whatever certificates
travel with it.
"""

import hashlib
import hmac
import secrets
import zlib
from collections.abc import Sequence
from typing import Any

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import padding as asymmetric
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.serialization import pkcs7

Key = RSAPrivateKey | ec.EllipticCurvePrivateKey
HASHES: dict[str, Any] = {
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
SIGNING = ("sha256", "sha384", "sha512")
CIPHERS: dict[str, Any] = {"aes128_cbc": (AES, 16), "aes192_cbc": (AES, 24), "aes256_cbc": (AES, 32)}
_WEAK = {"tripledes_3key": (TripleDES, 24)}  # still sent by old systems; read, never written
SIGNERS_AT_MOST = 8
ELEMENTS_AT_MOST = 50_000


class CMSError(ValueError):
    """What was tried did not succeed; `what` is the error modifier of the receipt (RFC 4130 section 7.5.2)."""

    def __init__(self, what: str, text: str) -> None:
        super().__init__(text)
        self.what = what


def sign(content: bytes, certificate: x509.Certificate, key: Key, algorithm: str = "sha256") -> bytes:
    """A detached signature over `content`, DER; SHA-1 is verified, but no longer signed with."""
    if algorithm not in SIGNING:
        raise CMSError("unexpected-processing-error", f"Signatures are not made with {algorithm}.")
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, HASHES[algorithm]())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.sign(serialization.Encoding.DER, options)


def verify(content: bytes, signature: bytes, pinned: Sequence[x509.Certificate]) -> x509.Certificate:
    """The pinned certificate that signed `content`. Raises CMSError: "authentication-failed" when none of them did,
    "integrity-check-failed" when one did, but over other bytes."""
    signed = _content(signature, "signed_data", "authentication-failed")
    try:
        altered = False
        for signer in list(signed["signer_infos"])[:SIGNERS_AT_MOST]:
            for certificate in pinned:
                if not _signed_by(signer, certificate):
                    continue
                if _covers(signer, content):
                    return certificate
                altered = True
    except (ValueError, TypeError, KeyError) as fault:
        raise CMSError("authentication-failed", "The signature is damaged.") from fault
    if altered:
        raise CMSError("integrity-check-failed", "The document is not the one that was signed.")
    raise CMSError("authentication-failed", "The signature was not made with a certificate that was agreed.")


def info_of(data: bytes) -> cms.ContentInfo:
    """The outermost structure, BER or DER. Raises ValueError when it has more elements than any sound one: a content
    cut into millions of pieces of a byte would cost minutes to put together (X.690 section 8.7.3 allows it)."""
    at, elements = 0, 0
    while at < len(data) - 1:
        elements += 1
        if elements > ELEMENTS_AT_MOST:
            raise ValueError("the structure has too many elements")
        constructed, long_tag = data[at] & 0x20, data[at] & 0x1F == 0x1F
        at += 2
        while long_tag and at < len(data) and data[at - 1] & 0x80:
            at += 1
        length = data[at - (not long_tag)] if at < len(data) or not long_tag else 0
        at += long_tag
        if length & 0x80:
            size = length & 0x7F
            length, at = int.from_bytes(data[at : at + size]), at + size
        at += 0 if constructed else length
    return cms.ContentInfo.load(data)


def _content(data: bytes, kind: str, what: str) -> Any:
    """The content of a ContentInfo of this kind; BER and DER."""
    try:
        info = info_of(data)
        if info["content_type"].native != kind:
            raise CMSError(what, f"This is {str(info['content_type'].native)[:40]}, not {kind}.")
        return info["content"]
    except (ValueError, TypeError, KeyError) as fault:
        if isinstance(fault, CMSError):
            raise
        raise CMSError(what, "The cryptographic envelope is damaged.") from fault


def _signed_by(signer: cms.SignerInfo, certificate: x509.Certificate) -> bool:
    """Whether the signature over the signed attributes was made with the certificate's key."""
    attributes = signer["signed_attrs"]
    if attributes.native is None:
        return False  # S/MIME always has them, and without them type confusion is possible (RFC 5652 section 5.3)
    covered = attributes.untag().dump(force=True)
    digest = HASHES.get(signer["digest_algorithm"]["algorithm"].native)
    key = certificate.public_key()
    if digest is None:
        return False
    try:
        if isinstance(key, RSAPublicKey):
            _verify_rsa(key, signer, covered, digest())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signer["signature"].native, covered, ec.ECDSA(digest()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _verify_rsa(key: RSAPublicKey, signer: cms.SignerInfo, covered: bytes, digest: hashes.HashAlgorithm) -> None:
    scheme: asymmetric.AsymmetricPadding = asymmetric.PKCS1v15()
    if signer["signature_algorithm"]["algorithm"].native == "rsassa_pss":
        scheme = asymmetric.PSS(asymmetric.MGF1(digest), asymmetric.PSS.AUTO)
    key.verify(signer["signature"].native, covered, scheme, digest)


def _covers(signer: cms.SignerInfo, content: bytes) -> bool:
    """Whether the message digest among the signed attributes is that of the content (RFC 5652 section 5.6)."""
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, content, usedforsecurity=False).digest()
    stated = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
    values = stated.get("message_digest")
    kinds = stated.get("content_type")
    if values is None or kinds is None or len(values) != 1 or kinds[0].native != "data":
        return False
    return hmac.compare_digest(values[0].native, digest)


def digest_of(signature: bytes) -> str:
    """The digest algorithm of the first signer: "sha256"; empty when it cannot be told."""
    try:
        return str(_content(signature, "signed_data", "")["signer_infos"][0]["digest_algorithm"]["algorithm"].native)
    except (CMSError, ValueError, TypeError, KeyError, IndexError):
        return ""


def encrypt(content: bytes, certificate: x509.Certificate, cipher: str = "aes128_cbc") -> bytes:
    """`content` for the holder of the certificate's key, DER. Key transport RSA PKCS #1 v1.5, which every AS2 knows."""
    made, length = CIPHERS[cipher]
    key, vector = secrets.token_bytes(length), secrets.token_bytes(16)
    public = certificate.public_key()
    if not isinstance(public, RSAPublicKey):
        raise CMSError("unexpected-processing-error", "Only a certificate with an RSA key can be encrypted for.")
    recipient = cms.KeyTransRecipientInfo(
        {
            "version": "v0",
            "rid": cms.RecipientIdentifier(name="issuer_and_serial_number", value=_issuer(certificate)),
            "key_encryption_algorithm": {"algorithm": "rsaes_pkcs1v15"},
            "encrypted_key": public.encrypt(key, asymmetric.PKCS1v15()),
        }
    )
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(made(key), modes.CBC(vector)).encryptor()
    ciphertext = encryptor.update(padder.update(content) + padder.finalize()) + encryptor.finalize()
    algorithm = algos.EncryptionAlgorithm({"algorithm": cipher, "parameters": core.OctetString(vector)})
    inner = {"content_type": "data", "content_encryption_algorithm": algorithm, "encrypted_content": ciphertext}
    enveloped = cms.EnvelopedData(
        {
            "version": "v0",
            "recipient_infos": [cms.RecipientInfo(name="ktri", value=recipient)],
            "encrypted_content_info": inner,
        }
    )
    return cms.ContentInfo({"content_type": "enveloped_data", "content": enveloped}).dump()


def _issuer(certificate: x509.Certificate) -> cms.IssuerAndSerialNumber:
    parsed = asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
    return cms.IssuerAndSerialNumber({"issuer": parsed.issuer, "serial_number": parsed.serial_number})


def decrypt(data: bytes, keys: Sequence[tuple[x509.Certificate, Key]]) -> bytes:
    """The content, with the key of the certificate it was made for. Every failure is the same "decryption-failed":
    a sender must not learn which step failed (RFC 3218)."""
    enveloped = _content(data, "enveloped_data", "decryption-failed")
    try:
        inner = enveloped["encrypted_content_info"]
        algorithm = inner["content_encryption_algorithm"]
        made, length = {**CIPHERS, **_WEAK}[algorithm["algorithm"].native]
        key = _content_key(enveloped["recipient_infos"], keys, length)
        vector = algorithm["parameters"].native
        decryptor = Cipher(made(key), modes.CBC(vector)).decryptor()
        padded = decryptor.update(inner["encrypted_content"].native) + decryptor.finalize()
        unpadder = padding.PKCS7(made.block_size).unpadder()
        return unpadder.update(padded) + unpadder.finalize()
    except (ValueError, TypeError, KeyError) as fault:
        raise CMSError("decryption-failed", "The document could not be decrypted with our keys.") from fault


def _content_key(recipients: Any, keys: Sequence[tuple[x509.Certificate, Key]], length: int) -> bytes:
    """The key of the content; a random one when the transport of it failed, so that failing takes the same way."""
    for recipient in list(recipients)[:20]:
        if recipient.name != "ktri":
            continue
        chosen = recipient.chosen
        for certificate, key in keys:
            if isinstance(key, RSAPrivateKey) and _is_for(chosen["rid"], certificate):
                try:
                    found = key.decrypt(chosen["encrypted_key"].native, _transport(chosen["key_encryption_algorithm"]))
                except ValueError:
                    found = b""
                return found if len(found) == length else secrets.token_bytes(length)
    raise ValueError("for nobody here")


def _is_for(identifier: cms.RecipientIdentifier, certificate: x509.Certificate) -> bool:
    if identifier.name == "issuer_and_serial_number":
        return identifier.chosen["serial_number"].native == certificate.serial_number
    try:
        stated = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return False
    return identifier.chosen.native == stated


def _transport(algorithm: Any) -> asymmetric.AsymmetricPadding:
    if algorithm["algorithm"].native != "rsaes_oaep":
        return asymmetric.PKCS1v15()
    parameters = algorithm["parameters"].native or {}
    digest = HASHES[parameters.get("hash_algorithm", {}).get("algorithm", "sha1")]()
    mask = HASHES[(parameters.get("mask_gen_algorithm", {}).get("parameters") or {}).get("algorithm", "sha1")]()
    return asymmetric.OAEP(asymmetric.MGF1(mask), digest, None)


def compress(content: bytes) -> bytes:
    """CompressedData with zlib (RFC 3274), DER."""
    inner = cms.EncapsulatedContentInfo({"content_type": "data", "content": zlib.compress(content)})
    compressed = cms.CompressedData(
        {"version": "v0", "compression_algorithm": {"algorithm": "zlib"}, "encap_content_info": inner}
    )
    return cms.ContentInfo({"content_type": "compressed_data", "content": compressed}).dump()


def decompress(data: bytes, at_most: int) -> bytes:
    """The content, unpacked up to `at_most` bytes. Raises CMSError "decompression-failed" beyond, and when damaged."""
    compressed = _content(data, "compressed_data", "decompression-failed")
    try:
        packed = compressed["encap_content_info"]["content"].native
        unpacker = zlib.decompressobj()
        found = unpacker.decompress(packed, at_most + 1)
    except (ValueError, TypeError, KeyError, zlib.error) as fault:
        raise CMSError("decompression-failed", "The compressed document is damaged.") from fault
    if len(found) > at_most:
        raise CMSError("decompression-failed", f"The document unpacks to more than {at_most} bytes.")
    if not unpacker.eof:
        raise CMSError("decompression-failed", "The compressed document is cut short.")
    return found
