"""From the URL of a store to its remote: what it names, and what is missing."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.errors import ConfigError
from digest.store.remote.remotes import Access, access_variables, remote_for

KEYS = {"AWS_ACCESS_KEY_ID": "canary-key", "AWS_SECRET_ACCESS_KEY": "canary-secret"}
ACCESS = Access(lambda: datetime(2026, 11, 23, tzinfo=UTC), KEYS)


@pytest.mark.parametrize("url", ["sqlite+git://", "sqlite+s3://bucket", "sqlite+s3://bucket//"])
def test_a_url_that_names_no_place_is_refused(url: str, tmp_path: Path) -> None:
    """With how it is written."""
    with pytest.raises(ConfigError) as refused:
        remote_for(url, tmp_path, ACCESS)
    assert refused.value.what == f"{url} names no place"
    assert refused.value.where == "store.url"
    assert refused.value.fix == "Write sqlite+git://branch or sqlite+s3://bucket/key."


@pytest.mark.parametrize(
    ("held", "missing"),
    [
        ({}, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        ({"AWS_ACCESS_KEY_ID": "k"}, "AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_a_bucket_without_its_keys_names_them(
    held: dict[str, str], missing: str, tmp_path: Path
) -> None:
    """Before anything is asked of the network."""
    with pytest.raises(ConfigError) as refused:
        remote_for("sqlite+s3://bucket/state", tmp_path, replace(ACCESS, variables=held))
    assert refused.value.what == f"{missing} not set"
    assert refused.value.where == "store.url"
    assert refused.value.fix == (
        "Put the bucket's keys into the environment, as secrets of the job."
    )


def test_only_a_bucket_is_reached_with_variables() -> None:
    """Git brings its own credentials."""
    assert set(KEYS) < set(access_variables("sqlite+s3://bucket/state"))
    assert access_variables("sqlite+git://state") == ()


def test_the_place_of_a_branch_names_it_and_its_remote(tmp_path: Path) -> None:
    """The remote is "origin" unless the URL names another; a last slash is none of the branch."""
    for words in ("init -q", "remote add origin x", "remote add mirror y"):
        subprocess.run(["git", *words.split()], cwd=tmp_path, check=True)  # noqa: S607
    for url, place in (
        ("sqlite+git://digest/state/", "branch digest/state of origin"),
        ("sqlite+git://state?remote=mirror", "branch state of mirror"),
    ):
        assert remote_for(url, tmp_path, ACCESS).place == place
