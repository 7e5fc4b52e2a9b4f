"""The table [serve]."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.config import ServeSettings
from digest.errors import ConfigError
from digest.pipeline.configured.loading import parse_settings

_SITE = """\
[site]
name = "Example News"
url = "https://news.example"
public_url = "https://news.example/digest"
postal_address = "1 Quay"
[mail]
from = "digest@news.example"
"""


def _read(table: str) -> ServeSettings:
    return parse_settings(_SITE + f"[serve]\n{table}\n", Path("digest.toml"), {}).serve


def test_a_proxy_is_an_address_or_a_network() -> None:
    """Both spellings are networks in the end."""
    found = _read('trusted_proxies = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"]\nhosts = ["Digest."]')
    assert [str(one) for one in found.trusted_proxies] == ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"]
    assert found.hosts == ("digest",)


@pytest.mark.parametrize(
    "table",
    [
        'trusted_proxies = "127.0.0.1"',
        'trusted_proxies = ["proxy.internal"]',
        'hosts = ["https://news.example"]',
        "head_timeout = 0",
        "connections = 3",
    ],
)
def test_what_cannot_be_meant_is_refused(table: str) -> None:
    """A value that would leave the door open, or shut, is an error."""
    with pytest.raises(ConfigError, match=r"digest\.toml:9 \[serve\]"):
        _read(table)
