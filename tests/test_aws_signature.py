"""Our signature is that of botocore, which shares no code with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from digest.aws_signature import AwsCredentials, AwsRequest, AwsSigner

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = datetime(2026, 11, 23, 7, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize("token", ["", "a-session-token"])
@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("GET", "/newsroom/state", b"", {}),
        ("PUT", "/newsroom/state/täglich, früh.parts/000001-aa", b"\0\1\2", {}),
        ("PUT", "/newsroom/state", b"whole", {"if-match": '"0a1b"'}),
        ("PUT", "/newsroom/state", b"whole", {"if-none-match": "*"}),
    ],
)
def test_it_is_the_signature_of_botocore(
    token: str, method: str, path: str, body: bytes, headers: Mapping[str, str]
) -> None:
    """With and without a session token, for every kind of request that a bucket gets."""
    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = AwsRequest(method, "s3.eu-central-1.amazonaws.com", path, body, headers)
    keys = AwsCredentials("AKIDEXAMPLE", "a/secret+key", token)
    ours = AwsSigner(keys, "eu-central-1", "s3").signed(request, NOW)
    theirs = AWSRequest(method, f"https://{request.host}{request.quoted_path}", data=body)
    for name, value in ours.items():
        if name != "authorization":
            theirs.headers[name] = value
    auth = S3SigV4Auth(
        Credentials("AKIDEXAMPLE", "a/secret+key", token or None), "s3", "eu-central-1"
    )
    theirs.context["timestamp"] = ours["x-amz-date"]
    text = auth.string_to_sign(theirs, auth.canonical_request(theirs))
    assert ours["authorization"].endswith(f"Signature={auth.signature(text, theirs)}")


def test_a_signer_shows_no_secret() -> None:
    """A traceback may print it."""
    assert "secret" not in repr(
        AwsSigner(AwsCredentials("AKID", "a-secret", "a-secret-token"), "eu-central-1", "s3")
    )
