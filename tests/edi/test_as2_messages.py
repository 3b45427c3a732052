"""AS2 messages and receipts, without the network: every packing, OpenSSL as judge, real files, and what is refused."""

import base64
import hashlib
import re
import zlib

import pytest
from asn1crypto import cms as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import given
from hypothesis import strategies as st

from edi.transports.as2 import cms, mdn
from edi.transports.as2.cms import CMSError
from edi.transports.as2.mime import Entity, Malformed, build, entity_of, multipart, parse, parts
from edi.transports.as2.names import mic_of, quoted, unquoted
from edi.transports.as2.unwrap import Keys, unwrap
from edi.transports.as2.wrap import Identity, Packing, wrap
from tests.edi.as2_peers import OPENSSL, certificate, openssl, pem, pem_key
from tests.paths import EDI_SAMPLES

ORDER = b"UNB+UNOC:3+A:14+B:14+260302:1415+1'\r\nUNZ+0+1'\n"
MIB = 1_000_000
OAEP = ("-keyopt", "rsa_padding_mode:oaep")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl is not here")


def us():
    return Identity("Aurora", "Brenta Impianti", *certificate("aurora"), certificate("brenta")[0])


def theirs() -> Keys:
    """The keys with which Brenta opens what Aurora sends."""
    return Keys([certificate("brenta")], [certificate("aurora")[0]])


def sent(**how) -> tuple:
    message = wrap(ORDER, "application/EDIFACT", "order.edi", us(), Packing(**how))
    return message, entity_of(message.headers, message.body)


def refused(entity, keys=None, at_most=MIB) -> str:
    with pytest.raises(CMSError) as caught:
        unwrap(entity, keys or theirs(), at_most)
    return caught.value.what


@pytest.mark.parametrize("digest", ["", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("cipher", ["", "aes128_cbc", "aes256_cbc"])
@pytest.mark.parametrize("compress", [False, True])
def test_what_is_packed_is_unpacked_and_both_sides_compute_the_same_check(digest, cipher, compress):
    message, entity = sent(digest=digest, cipher=cipher, compress=compress)
    found = unwrap(entity, theirs(), MIB)
    (payload,) = found.payloads
    assert (payload.content, payload.content_type, payload.filename) == (ORDER, "application/edifact", "order.edi")
    assert (found.signer is not None, found.encrypted, found.compressed) == (bool(digest), bool(cipher), compress)
    assert mic_of(found.checked, message.mic_algorithm) == message.mic
    assert found.algorithm == digest


def test_the_headers_say_who_and_what_is_wanted():
    message, _entity = sent(receipt="async", receipt_url="https://aurora.example/as2/")
    assert message.headers["AS2-From"] == "Aurora"
    assert message.headers["AS2-To"] == '"Brenta Impianti"'
    assert message.headers["Receipt-Delivery-Option"] == "https://aurora.example/as2/"
    request = mdn.Request.of({**message.headers})
    assert (request.receiver, request.signed, request.algorithms) == ("Brenta Impianti", True, ("sha-256",))
    assert re.fullmatch(r"<[0-9a-f]{32}@Aurora>", message.message_id)


@pytest.mark.parametrize("name", ["A", "A b", 'say "x"', "back\\slash", " lead", "x" * 128])
def test_names_survive_their_quotes(name):
    assert unquoted(quoted(name)) == (name if name != " lead" else " lead")


def test_the_check_without_any_security_is_over_the_content_alone():
    message, _entity = sent(digest="", cipher="")
    assert message.mic == hashlib.sha256(ORDER).digest()


def test_a_message_signed_by_somebody_else_is_refused():
    _message, entity = sent()
    other = Keys([certificate("brenta")], [certificate("mallory")[0]])
    assert refused(entity, other) == "authentication-failed"
    assert refused(entity, Keys([certificate("brenta")], [])) == "authentication-failed"


def test_the_certificate_that_travels_along_proves_nothing():
    mallory = Identity("Aurora", "Brenta Impianti", *certificate("mallory"), certificate("brenta")[0])
    message = wrap(ORDER, "application/EDIFACT", "order.edi", mallory, Packing())
    assert refused(entity_of(message.headers, message.body)) == "authentication-failed"


def test_during_a_change_both_certificates_count():
    _message, entity = sent()
    keys = Keys(
        [certificate("brenta new"), certificate("brenta")], [certificate("aurora new")[0], certificate("aurora")[0]]
    )
    assert unwrap(entity, keys, MIB).signer == certificate("aurora")[0]


def test_an_altered_document_is_refused():
    _message, entity = sent(cipher="")
    altered = Entity(entity.headers, entity.body.replace(b"UNZ+0", b"UNZ+9"), b"")
    assert refused(altered) == "integrity-check-failed"


def test_line_ends_that_a_sender_signed_otherwise_than_it_sent_are_forgiven():
    content = build([("Content-Type", "application/edi-x12")], b"ISA*00~\r\nIEA*0~\r\n")
    signature = cms.sign(content, *certificate("aurora"))
    piece = build(
        [("Content-Type", "application/pkcs7-signature"), ("Content-Transfer-Encoding", "base64")],
        base64.encodebytes(signature),
    )
    body = multipart("b", [content.replace(b"\r\n", b"\n"), piece])
    found = unwrap(entity_of({"Content-Type": "multipart/signed; boundary=b"}, body), theirs(), MIB)
    assert found.checked == content


def test_what_is_encrypted_for_somebody_else_is_refused_in_one_way():
    _message, entity = sent()
    assert refused(entity, Keys([certificate("mallory")], theirs().pinned)) == "decryption-failed"
    for at in (len(entity.body) // 2, len(entity.body) - 5):
        broken = bytearray(entity.body)
        broken[at] ^= 0xFF
        assert refused(Entity(entity.headers, bytes(broken), b"")) in {
            "decryption-failed",
            "unexpected-processing-error",
            "authentication-failed",
            "integrity-check-failed",
        }


def test_a_wrapped_key_of_the_wrong_length_fails_as_everything_else_does():
    certificate_, key = certificate("brenta")
    enveloped = asn1.ContentInfo.load(cms.encrypt(b"x", certificate_))
    inner = enveloped["content"]["recipient_infos"][0].chosen
    inner["encrypted_key"] = certificate_.public_key().encrypt(b"short", padding.PKCS1v15())
    with pytest.raises(CMSError, match="could not be decrypted") as caught:
        cms.decrypt(enveloped.dump(force=True), [(certificate_, key)])
    assert caught.value.what == "decryption-failed"


def test_a_signature_with_an_elliptic_key_is_made_and_verified():
    made, key = certificate("elliptic", "ec")
    assert cms.verify(ORDER, cms.sign(ORDER, made, key), [made]) == made
    with pytest.raises(CMSError):
        cms.encrypt(ORDER, made)


def test_a_bomb_is_stopped_where_it_grows_beyond_the_limit():
    bomb = cms.compress(build([("Content-Type", "text/plain")], b"\0" * 20 * MIB))
    assert len(bomb) < 50_000
    headers = {"Content-Type": "application/pkcs7-mime; smime-type=compressed-data"}
    assert refused(entity_of(headers, bomb)) == "decompression-failed"


def test_compressed_data_that_is_cut_short_or_damaged_is_refused():
    packed = zlib.compress(b"x" * 1000)
    for wrong in (packed[:-6], b"nonsense"):
        inner = asn1.EncapsulatedContentInfo({"content_type": "data", "content": wrong})
        data = asn1.CompressedData(
            {"version": "v0", "compression_algorithm": {"algorithm": "zlib"}, "encap_content_info": inner}
        )
        with pytest.raises(CMSError):
            cms.decompress(asn1.ContentInfo({"content_type": "compressed_data", "content": data}).dump(), MIB)


def test_a_content_cut_into_millions_of_pieces_is_not_put_together():
    head = "3080 06092a864886f70d010703 a080 3080 020100 3100 3080 06092a864886f70d010701"
    algorithm = "301d 060960864801650304012a 0410" + "30" * 16
    data = bytes.fromhex(head + algorithm + "a080") + b"\x04\x01x" * 60_000 + b"\0\0" * 6
    assert refused(entity_of({"Content-Type": "application/pkcs7-mime"}, data)) == "unexpected-processing-error"
    for hostile in (b"\x30\x80" * 60_000, b"\x3f\xff\xff", b"\x30\x84\xff", b"\x1f" * 9):
        with pytest.raises(CMSError):
            cms.decrypt(hostile, theirs().own)


@pytest.mark.parametrize("times", [2, 5])
def test_envelopes_within_envelopes_are_refused(times):
    raw = build([("Content-Type", "application/edifact")], ORDER)
    for _again in range(times):
        raw = build([("Content-Type", "application/pkcs7-mime")], cms.encrypt(raw, certificate("brenta")[0]))
    assert refused(parse(raw)) == "unexpected-processing-error"


def test_two_signatures_and_nested_documents_are_refused():
    _message, entity = sent(cipher="")
    headers = build([("Content-Type", entity.headers["Content-Type"])], entity.body)
    signature = build([("Content-Type", "application/pkcs7-signature")], cms.sign(headers, *certificate("aurora")))
    twice = entity_of({"Content-Type": "multipart/signed; boundary=x"}, multipart("x", [headers, signature]))
    assert refused(twice) == "unexpected-processing-error"
    inner = build([("Content-Type", "multipart/mixed; boundary=y")], multipart("y", [b"\r\nx"]))
    nested = entity_of({"Content-Type": "multipart/mixed; boundary=z"}, multipart("z", [inner]))
    assert refused(nested) == "unexpected-processing-error"


def test_several_documents_of_one_message_come_out_in_their_order():
    pieces = [build([("Content-Type", "application/edifact")], b"ONE"), build([("Content-Type", "text/csv")], b"TWO")]
    entity = entity_of({"Content-Type": 'multipart/mixed; boundary="b"'}, multipart("b", pieces))
    found = unwrap(entity, Keys(), MIB)
    assert [(each.content, each.content_type) for each in found.payloads] == [
        (b"ONE", "application/edifact"),
        (b"TWO", "text/csv"),
    ]


@pytest.mark.parametrize(
    "body",
    [b"", b"--b\r\n", b"--b\r\nContent-Type: x/y\r\n\r\nx", b"--b\r\nno end of headers", b"--b\r\n\r\n--b\r\n" * 30],
)
def test_a_multipart_that_never_ends_is_malformed(body):
    with pytest.raises(Malformed):
        parts(entity_of({"Content-Type": "multipart/mixed; boundary=b"}, body))


def test_names_with_line_breaks_do_not_become_headers():
    assert b"\r\nX-Evil" not in build([("Subject", "a\r\nX-Evil: 1")], b"")
    message = wrap(
        ORDER, "application/EDIFACT", 'x"\r\nX-Evil: 1', us(), Packing(digest="", cipher=""), subject="s\r\nX: y"
    )
    assert not any("\n" in value or "\r" in value for value in message.headers.values())
    assert "X-Evil" not in message.headers
    assert parse(b"Content-Disposition: attachment; filename=../../etc/passwd\r\n\r\n").filename == "passwd"


@given(st.binary(max_size=300))
def test_no_bytes_crash_it(data):
    for kind in ("application/pkcs7-mime", "multipart/signed; boundary=b", "multipart/mixed; boundary=b", "text/plain"):
        try:
            unwrap(entity_of({"Content-Type": kind}, data), Keys([certificate("brenta")], theirs().pinned), MIB)
        except CMSError:
            pass
        try:
            mdn.read(entity_of({"Content-Type": kind}, data))
        except CMSError:
            pass


# Receipts ---------------------------------------------------------------------------------------------------------


def answered(what="", signing=True, **options):
    message, entity = sent()
    request = mdn.Request.of({**message.headers, **options})
    found = unwrap(entity, theirs(), MIB)
    algorithm = request.algorithm(found.algorithm)
    headers, body = mdn.write(
        request,
        text="It was received.",
        what=what,
        mic=mic_of(found.checked, algorithm),
        algorithm=algorithm,
        signing=certificate("brenta") if signing else None,
    )
    return message, headers, body


@pytest.mark.parametrize("signing", [True, False])
def test_a_receipt_confirms_the_very_bytes(signing):
    message, headers, body = answered(signing=signing)
    receipt = mdn.read(entity_of(headers, body), [certificate("brenta")[0]])
    assert receipt.original_message_id == message.message_id
    assert receipt.processed and receipt.modifier == ""
    assert receipt.confirms(message.mic, message.mic_algorithm)
    assert not receipt.confirms(b"other", message.mic_algorithm)
    assert (receipt.signer is not None) == signing
    assert receipt.text == "It was received."
    assert (headers["AS2-From"], headers["AS2-To"]) == ('"Brenta Impianti"', "Aurora")


def test_a_receipt_that_somebody_else_signed_is_refused():
    _message, headers, body = answered()
    with pytest.raises(CMSError) as caught:
        mdn.read(entity_of(headers, body), [certificate("mallory")[0]])
    assert caught.value.what == "authentication-failed"


@pytest.mark.parametrize(
    ("what", "disposition"),
    [
        ("decryption-failed", "processed/error: decryption-failed"),
        ("unsupported MIC-algorithms", "failed/failure: unsupported MIC-algorithms"),
    ],
)
def test_a_refusal_names_its_reason(what, disposition):
    _message, headers, body = answered(what)
    receipt = mdn.read(entity_of(headers, body), [certificate("brenta")[0]])
    assert receipt.disposition.endswith(disposition)
    assert not receipt.processed and receipt.modifier == what


def test_a_warning_is_no_refusal():
    assert mdn.Receipt(
        "<1>", "automatic-action/MDN-sent-automatically; processed/warning: duplicate-document"
    ).processed


def test_the_algorithm_is_named_as_it_was_asked_for():
    options = "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, SHA1, md5"
    _message, _headers, body = answered(**{"Disposition-Notification-Options": options})
    assert b", SHA1\r\n" in body
    request = mdn.Request.of({"Disposition-Notification-Options": "signed-receipt-micalg=required, sha3-999"})
    assert request.unsupported


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: text/html\r\n\r\n<h1>Service unavailable</h1>",
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b--\r\n",
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nhello",
    ],
)
def test_an_answer_that_is_no_receipt(raw):
    with pytest.raises(CMSError):
        mdn.read(parse(raw))


# OpenSSL ------------------------------------------------------------------------------------------------------------


@needs_openssl
def test_openssl_accepts_our_signature(tmp_path):
    signature = cms.sign(ORDER, *certificate("aurora"))
    files = {"signature.der": signature, "content": ORDER, "aurora.pem": pem(certificate("aurora")[0])}
    arguments = ["-verify", "-binary", "-inform", "DER", "-in", "signature.der", "-content", "content"]
    trusted = ["-CAfile", "aurora.pem", "-purpose", "any"]
    assert openssl(tmp_path, *arguments, *trusted, data=b"", files=files) == ORDER


@needs_openssl
@pytest.mark.parametrize("cipher", ["aes128_cbc", "aes256_cbc"])
def test_openssl_opens_what_we_encrypt(tmp_path, cipher):
    made, key = certificate("brenta")
    files = {"brenta.pem": pem(made), "brenta.key": pem_key(key)}
    arguments = ["-decrypt", "-binary", "-inform", "DER", "-recip", "brenta.pem", "-inkey", "brenta.key"]
    assert openssl(tmp_path, *arguments, data=cms.encrypt(ORDER, made, cipher), files=files) == ORDER


@needs_openssl
@pytest.mark.parametrize("extra", [[], ["-stream"], ["-keyid"], ["-md", "sha512"], ["-nocerts"]])
def test_we_verify_what_openssl_signs(tmp_path, extra):
    made, key = certificate("aurora")
    files = {"aurora.pem": pem(made), "aurora.key": pem_key(key)}
    arguments = ["-sign", "-binary", "-outform", "DER", "-signer", "aurora.pem", "-inkey", "aurora.key", *extra]
    signature = openssl(tmp_path, *arguments, data=ORDER, files=files)
    assert cms.verify(ORDER, signature, [made]) == made


@needs_openssl
@pytest.mark.parametrize(
    "extra",
    [
        ["-aes128"],
        ["-aes256", "-stream"],
        ["-des3"],
        ["-aes192", "-keyid"],
        [*OAEP],
        [*OAEP, "-keyopt", "rsa_oaep_md:sha256"],
    ],
)
def test_we_open_what_openssl_encrypts(tmp_path, extra):
    made, key = certificate("brenta")
    arguments = ["-encrypt", "-binary", "-outform", "DER", *extra, "brenta.pem"]
    if OAEP[0] in extra:
        arguments = ["-encrypt", "-binary", "-outform", "DER", "-aes128", "-recip", "brenta.pem", *extra]
    data = openssl(tmp_path, *arguments, data=ORDER * 500, files={"brenta.pem": pem(made)})
    assert cms.decrypt(data, [(made, key)]) == ORDER * 500


# Real files ---------------------------------------------------------------------------------------------------------

samples = pytest.mark.skipif(EDI_SAMPLES is None, reason="the sample files are not here")


def sample(name: str) -> bytes:
    return (EDI_SAMPLES / "as2" / f"as2-lib__{name}").read_bytes()


def carried(signature: bytes) -> list[x509.Certificate]:
    """The certificates that a signature brings along, to have some that fit."""
    info = asn1.ContentInfo.load(signature)
    return [x509.load_der_x509_certificate(each.chosen.dump()) for each in info["content"]["certificates"]]


@samples
def test_a_real_signed_receipt_of_controlm():
    head = (
        b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-1; '
        b'boundary="----=_Part_32_690701454.1570473512390"\r\n\r\n'
    )
    stored = sample("issue97.payload")
    pinned = carried(parts(parse(head + stored))[1].content())
    with pytest.raises(CMSError) as caught:  # whoever stored it made two spaces of a tab
        mdn.read(parse(head + stored), pinned)
    assert caught.value.what == "integrity-check-failed"
    receipt = mdn.read(parse(head + stored.replace(b"\n  boundary", b"\n\tboundary")), pinned)
    assert receipt.signer == pinned[0] and receipt.processed and receipt.mic_algorithm == "sha1"
    assert receipt.original_message_id.endswith("mfttest_0>")


@samples
def test_a_real_receipt_whose_signature_was_damaged_on_its_way():
    made = x509.load_pem_x509_certificate(sample("4af6f84c-d882-4466-8e0c-305a7fbe37b3.pem"))
    entity = parse(sample("4af6f84c-d882-4466-8e0c-305a7fbe37b3.payload"))
    with pytest.raises(CMSError) as caught:
        mdn.read(entity, [made])
    assert caught.value.what == "authentication-failed"
    assert parts(entity)[0].kind == "multipart/report"


@samples
def test_a_real_message_whose_line_ends_were_changed_on_its_way():
    entity = parse(sample("issue12-1.txt").partition(b"\n")[2])
    request = mdn.Request.of(entity.headers)
    assert (request.sender, request.receiver, request.signed, request.algorithm()) == (
        "OpenAS2B",
        "OpenAS2A",
        True,
        "sha1",
    )
    pinned = carried(parts(entity)[1].content())
    assert refused(entity, Keys(pinned=pinned)) == "integrity-check-failed"
