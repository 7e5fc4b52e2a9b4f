"""Signature Version 4 of Amazon's APIs, for requests without a query.

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html, read in November 2026;
compared with botocore's signatures in tests/sender/providers/test_aws_signature.py.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote, urlsplit

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class AwsCredentials:
    """An access key, and with temporary ones a session token."""

    key_id: str
    secret: str = field(repr=False)
    session: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AwsSigner:
    """Signs requests for one service in one region."""

    credentials: AwsCredentials
    region: str
    service: str

    def headers(self, method: str, url: str, body: bytes, at: datetime) -> dict[str, str]:
        """Return the headers that sign the request at that time (UTC)."""
        parts = urlsplit(url)
        stamp = f"{at:%Y%m%dT%H%M%SZ}"
        own = {"host": parts.netloc, "x-amz-date": stamp}
        if self.credentials.session:
            own["x-amz-security-token"] = self.credentials.session
        names = ";".join(sorted(own))
        request = "\n".join(
            (
                method,
                quote(parts.path or "/", safe="/-_.~"),
                "",
                *(f"{name}:{own[name]}" for name in sorted(own)),
                "",
                names,
                sha256(body).hexdigest(),
            )
        )
        scope = f"{at:%Y%m%d}/{self.region}/{self.service}/aws4_request"
        text = "\n".join((_ALGORITHM, stamp, scope, sha256(request.encode()).hexdigest()))
        proof = hmac.new(self._key(f"{at:%Y%m%d}"), text.encode(), sha256).hexdigest()
        credential = f"{self.credentials.key_id}/{scope}"
        signed = f"Credential={credential}, SignedHeaders={names}, Signature={proof}"
        return {**own, "Authorization": f"{_ALGORITHM} {signed}"}

    def _key(self, day: str) -> bytes:
        key = f"AWS4{self.credentials.secret}".encode()
        for part in (day, self.region, self.service, "aws4_request"):
            key = hmac.new(key, part.encode(), sha256).digest()
        return key
