"""AWS Signature Version 4 for the few requests of a bucket.

Source: "Create a signed AWS API request", AWS General Reference (November 2026). S3 wants the
SHA-256 of the body as a header, and a path that is encoded once.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Request:
    """A request without a query; names of headers are in small letters."""

    method: str
    host: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def quoted_path(self) -> str:
        """The path as it stands in the address."""
        return quote(self.path, safe="/-_.~")


@dataclass(frozen=True, slots=True)
class Signer:
    """The keys of an account, for one region; `token` is that of temporary keys."""

    key_id: str
    secret: str
    region: str
    token: str = ""

    def __repr__(self) -> str:
        """Show no secret."""
        return f"Signer({self.key_id[:4]}…, {self.region})"

    def signed(self, request: Request, now: datetime) -> dict[str, str]:
        """Return the request's headers with its signature; `now` is aware, and in UTC."""
        stamp = f"{now:%Y%m%dT%H%M%SZ}"
        scope = f"{stamp[:8]}/{self.region}/s3/aws4_request"
        digest = hashlib.sha256(request.body).hexdigest()
        headers = {
            **request.headers,
            "host": request.host,
            "x-amz-content-sha256": digest,
            "x-amz-date": stamp,
            **({"x-amz-security-token": self.token} if self.token else {}),
        }
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
        canonical = f"{request.method}\n{request.quoted_path}\n\n{lines}\n{names}\n{digest}"
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"{_ALGORITHM}\n{stamp}\n{scope}\n{hashed}"
        signature = hmac.new(self._key(stamp[:8]), text.encode(), hashlib.sha256).hexdigest()
        credential = f"Credential={self.key_id}/{scope}"
        headers["authorization"] = (
            f"{_ALGORITHM} {credential}, SignedHeaders={names}, Signature={signature}"
        )
        return headers

    def _key(self, day: str) -> bytes:
        key = f"AWS4{self.secret}".encode()
        for part in (day, self.region, "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key
