"""The certificates of an AS2 transport: ours with their keys, and those of the partner that are pinned."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from core.vault import unseal
from edi.models.transport import Transport
from edi.transports.as2.cms import Key
from edi.transports.as2.unwrap import Keys
from edi.transports.as2.wrap import Identity

VALID_FOR = timedelta(days=3 * 365)
AT_MOST = 2  # one that counts today, one that will tomorrow


def make(name: str, today: datetime) -> tuple[str, str]:
    """A new self-signed certificate for an AS2 name and its key, both PEM: partners pin it, nobody else vouches."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64] or "AS2")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today.astimezone(UTC) - timedelta(days=1))
        .not_valid_after(today.astimezone(UTC) + VALID_FOR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


def certificates_in(text: str) -> list[x509.Certificate]:
    """The certificates in a text of PEM blocks. Raises ValueError when there is none, or one cannot be read or has a
    key too weak to trust."""
    found = x509.load_pem_x509_certificates(text.encode("ascii", "replace"))
    for each in found:
        key = each.public_key()
        if isinstance(key, rsa.RSAPublicKey):
            if key.key_size < 2048:
                raise ValueError("an RSA key needs 2048 bits at least")
        elif not isinstance(key, ec.EllipticCurvePublicKey):
            raise ValueError("only RSA and elliptic keys are used")
    return found


def fingerprint(certificate: x509.Certificate) -> str:
    """Its SHA-256, to compare over the telephone."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def own(transport: Transport) -> list[tuple[x509.Certificate, Key]]:
    """Ours, the one that signs first."""
    secrets, found = unseal(transport.sealed), []
    for number, text in enumerate(transport.setting("own_certificates", [])[:AT_MOST]):
        key = secrets.get(f"key{number}")
        if not key:
            continue
        private = serialization.load_pem_private_key(key.encode(), None)
        if isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            found.append((x509.load_pem_x509_certificate(text.encode()), private))
    return found


def pinned(transport: Transport, at: datetime) -> Sequence[x509.Certificate]:
    """The partner's that count at this time: the first that has not expired is also the one to encrypt for."""
    text = transport.setting("their_certificates")
    if not text:
        return []
    valid = [each for each in certificates_in(text)[:AT_MOST] if each.not_valid_before_utc <= at]
    return [each for each in valid if each.not_valid_after_utc > at]


def keys_of(transport: Transport, at: datetime) -> Keys:
    """What opens and proves the messages of the partner."""
    return Keys(own(transport), pinned(transport, at))


def identity_of(transport: Transport, at: datetime) -> Identity:
    """Who we are to the partner, and for whom we encrypt."""
    ours, theirs = own(transport), pinned(transport, at)
    certificate, key = ours[0] if ours else (None, None)
    return Identity(transport.own_name, transport.their_name, certificate, key, theirs[0] if theirs else None)
