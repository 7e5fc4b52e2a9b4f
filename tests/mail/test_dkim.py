"""Signatures that another program accepts; the judge is dkimpy, with our own TXT record as DNS."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.errors import ConfigError
from digest.mail import ListHeaders, compile_message
from digest.mail.dkim import Signer
from digest.models.compositions import Rendered

AT = 1_795_417_200


def pem(key: rsa.RSAPrivateKey | Ed25519PrivateKey | dsa.DSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@cache
def rsa_pem() -> bytes:
    """Return the key of all tests: to make one takes a tenth of a second."""
    return pem(rsa.generate_private_key(65537, 2048))


ED25519 = pem(Ed25519PrivateKey.generate())


@pytest.fixture
def mail(rendered: Rendered, headers: ListHeaders, values: dict[str, str]) -> bytes:
    return compile_message(rendered, headers).join(
        values, "reader@inbox.example", "Zoë, Reader", "<a1@news.example>"
    )


def accepted(signed: bytes, *signers: Signer) -> bool:
    """Ask dkimpy about every signature."""
    records = dict(signer.record for signer in signers)

    def look_up(name: bytes, timeout: int = 5) -> bytes:
        del timeout
        return records[name.decode().rstrip(".")].encode()

    verifier = dkim.DKIM(signed)
    try:
        return all(verifier.verify(idx=number, dnsfunc=look_up) for number in range(len(signers)))
    except dkim.ValidationError:  # how it says that the body is another one
        return False


@pytest.fixture(params=[rsa_pem, lambda: ED25519], ids=["rsa", "ed25519"])
def signer(request: pytest.FixtureRequest) -> Signer:
    return Signer("news.example", "s1", request.param())


def test_another_program_accepts_the_signature(mail: bytes, signer: Signer) -> None:
    """And a second one of the same mail is the same: a retry is the same mail."""
    field = signer.sign(mail, AT)
    assert accepted(field + mail, signer)
    assert signer.sign(mail, AT) == field
    assert max(map(len, field.split(b"\r\n"))) <= 78
    assert f"a={signer.algorithm}".encode() in field


def test_two_signatures_stand_side_by_side(mail: bytes) -> None:
    """RSA for everybody and Ed25519 for who knows it, each over the same mail."""
    both = (Signer("news.example", "r", rsa_pem()), Signer("news.example", "e", ED25519))
    assert accepted(b"".join(one.sign(mail, AT) for one in both) + mail, *both)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: ", b"Subject: Buy! "),
        (b"List-Unsubscribe: <https://digest", b"List-Unsubscribe: <https://other"),
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click", b"List-Unsubscribe-Post: none"),
        (b"Feedback-ID: ", b"Feedback-ID: 1"),
        (b"Good day", b"Bad day"),
        (b"Subject: ", b"Subject: Another\r\nSubject: "),
        (b"From: ", b"From: evil@evil.example\r\nFrom: "),
        (b"MIME-Version", b"To: other@inbox.example\r\nMIME-Version"),
    ],
)
def test_a_change_of_what_readers_see_breaks_it(
    mail: bytes, signer: Signer, old: bytes, new: bytes
) -> None:
    """Subject, one-click headers and text are covered; no second From or To can be added."""
    signed = signer.sign(mail, AT) + mail
    assert old in signed
    assert not accepted(signed.replace(old, new, 1), signer)


def test_what_relays_may_do_does_not_break_it(mail: bytes, signer: Signer) -> None:
    """Folding and spaces of a header, and fields put in front, are theirs."""
    signed = signer.sign(mail, AT) + mail
    refolded = signed.replace(b"List-Id: ", b"List-Id:\r\n   ", 1)
    assert refolded != signed
    assert accepted(b"Received: from a by b\r\n" + refolded, signer)


@given(
    body=st.lists(st.sampled_from([b"text", b"", b" ", b".", b"\t x "]), max_size=6),
    subject=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_body_and_subject_verify(signer: Signer, body: list[bytes], subject: str) -> None:
    """Empty bodies, trailing empty lines, spaces at the end of a subject."""
    mail = f"From: a@news.example\r\nSubject: {subject}\r\n".encode() + b"\r\n" + b"\r\n".join(body)
    assert accepted(signer.sign(mail, AT) + mail, signer)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: b"", "no unencrypted PEM"),
        (
            lambda: b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "no unencrypted PEM",
        ),
        (
            lambda: pem(rsa.generate_private_key(65537, 1024)),  # noqa: S505 - too few are the point
            "1024 bits are too few",
        ),
        (lambda: pem(dsa.generate_private_key(2048)), "neither RSA nor Ed25519"),
        (
            lambda: rsa.generate_private_key(65537, 2048).private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
            ),
            "passphrase",
        ),
    ],
    ids=["empty", "cut short", "few bits", "dsa", "passphrase"],
)
def test_a_key_of_no_use_is_told_with_a_way_out(made: Callable[[], bytes], words: str) -> None:
    """The message says what to run, and never holds the key."""
    with pytest.raises(ConfigError, match=f"{words}.*openssl genpkey") as refused:
        Signer("news.example", "s1", made(), where="dkim.pem")
    assert refused.value.where == "dkim.pem"


@pytest.mark.parametrize(
    ("domain", "selector"), [("a b", "s1"), ("news.example", "s;1"), ("", "s")]
)
def test_a_name_that_could_change_the_signature_is_refused(domain: str, selector: str) -> None:
    """Domain and selector are DNS names, nothing else."""
    with pytest.raises(ConfigError, match="DNS names"):
        Signer(domain, selector, ED25519)
