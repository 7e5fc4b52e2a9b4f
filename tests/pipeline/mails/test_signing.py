"""What a configured newsroom puts on its mails, judged by what the mail server got."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from digest.errors import ConfigError
from digest.mail.verp import ReversePaths
from digest.pipeline.mails.signing import signers_of

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

PEM = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
TABLE = '\n[[dkim]]\nselector = "s1"\n'


def verified(room: Newsroom) -> list[bool]:
    records = dict(one.record for one in signers_of(room.settings, "news.example"))

    def look_up(name: bytes, timeout: int = 5) -> bytes:
        del timeout
        return records[name.decode().rstrip(".")].encode()

    return [dkim.verify(data, dnsfunc=look_up) for _, data in room.mailbox.kept]


def test_every_mail_is_signed_with_the_key_of_the_file(newsroom: Newsroom) -> None:
    """A path starts at the folder of digest.toml; the domain is that of From."""
    (newsroom.folder / "dkim.pem").write_bytes(PEM)
    newsroom.toml += TABLE + 'key = "dkim.pem"\n'
    newsroom.send()
    assert verified(newsroom) == [True] * 3
    assert all(b"d=news.example; s=s1;" in data for _, data in newsroom.mailbox.kept)


def test_the_key_may_come_from_the_environment(newsroom: Newsroom) -> None:
    """On one line, as a .env file holds it."""
    newsroom.toml += TABLE
    newsroom.environment["DIGEST_DKIM_KEY"] = PEM.decode().replace("\n", "\\n")
    newsroom.send()
    assert verified(newsroom) == [True] * 3
    assert "PRIVATE" not in repr(newsroom.settings)


@pytest.mark.parametrize(
    ("key", "words"), [("", "DIGEST_DKIM_KEY"), ('key = "no.pem"\n', "no.pem")]
)
def test_a_key_that_is_missing_stops_before_the_plan(
    newsroom: Newsroom, key: str, words: str
) -> None:
    """Nothing is planned and nothing leaves unsigned."""
    newsroom.toml += TABLE + key
    with pytest.raises(ConfigError, match=words):
        newsroom.send()
    assert newsroom.store.issues.list() == ()


def test_without_verp_bounces_go_to_from(newsroom: Newsroom) -> None:
    """The default asks nothing of the mail server."""
    newsroom.send()
    assert set(newsroom.mailbox.paths) == {"digest@news.example"}


def test_with_verp_each_reader_has_a_reverse_path(newsroom: Newsroom) -> None:
    """It names the delivery; the next try has the same one."""
    newsroom.configure("(from = .*)", r'\1\nverp = "bounce+{}@bounces.news.example"')
    newsroom.mailbox.rcpt["ben@reader.example"] = ["450 4.2.0 later"]
    newsroom.send()
    newsroom.now = newsroom.now.replace(minute=10)
    newsroom.send()
    paths = ReversePaths("bounce+{}@bounces.news.example", newsroom.settings.secret_key)
    ids = {row.delivery_id for row in newsroom.store.ledger.deliveries(newsroom.issue.id)}
    assert {paths.delivery_of(path) for path in newsroom.mailbox.paths} == ids
    assert len(newsroom.mailbox.paths) == 4
    assert len(set(newsroom.mailbox.paths)) == 3
