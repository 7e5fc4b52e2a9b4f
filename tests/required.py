"""What becomes of a test whose part of the system is not on this machine."""

from __future__ import annotations

import os

import pytest


def lacking(part: str, reason: str) -> BaseException:
    """Return what to raise: a skip, or a failure where DIGEST_TESTS_REQUIRE names the part.

    Parts are "browser", "postgres", "openssl", "compiler" and "mount", joined by commas.
    """
    if part in os.environ.get("DIGEST_TESTS_REQUIRE", "").split(","):
        return pytest.fail.Exception(f"{reason}, and DIGEST_TESTS_REQUIRE names {part}")
    return pytest.skip.Exception(reason)
