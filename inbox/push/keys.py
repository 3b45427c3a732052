"""The portal's own key for web push: of the environment (WEBPUSH_KEY), or made once and kept sealed in the database."""

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.vault import seal, unseal
from inbox.models import PushKey
from inbox.push.encryption import CURVE, from_base64url, octets_of, to_base64url

NAME = "vapid"


def private_key() -> ec.EllipticCurvePrivateKey:
    """The key that signs. Raises ImproperlyConfigured for a WEBPUSH_KEY that is not 32 octets in base64url."""
    if given := settings.WEBPUSH_KEY:
        try:
            return ec.derive_private_key(int.from_bytes(_of_length(from_base64url(given)), "big"), CURVE)
        except ValueError as fault:
            raise ImproperlyConfigured("WEBPUSH_KEY must be a P-256 private key: 32 octets in base64url.") from fault
    kept = PushKey.objects.filter(name=NAME).first() or PushKey(name=NAME)
    secrets = unseal(kept.sealed)
    if not secrets:  # the first time, or sealed with a SECRET_KEY that is gone: browsers subscribe again
        kept = _made(kept)
        secrets = unseal(kept.sealed)
    return ec.derive_private_key(int(secrets["private"], 16), CURVE)


def _of_length(octets: bytes) -> bytes:
    if len(octets) != 32:
        raise ValueError("not 32 octets")
    return octets


def _made(kept: PushKey) -> PushKey:
    """Make the key; of two processes that do so at once, both use what the first one wrote."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    sealed = seal({"private": f"{number:x}"})
    if kept.pk is None:
        return PushKey.objects.get_or_create(name=NAME, defaults={"sealed": sealed})[0]
    PushKey.objects.filter(pk=kept.pk, sealed=kept.sealed).update(sealed=sealed)
    return PushKey.objects.get(pk=kept.pk)


def public_key() -> str:
    """The applicationServerKey that browsers ask for, in base64url."""
    return to_base64url(octets_of(private_key().public_key()))
