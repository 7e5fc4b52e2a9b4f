"""Google Analytics 4, Data API: page views by host and path.

developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/runReport, and
developers.google.com/identity/protocols/oauth2/service-account, read November 2026. The secret is a
JSON key: of a service account that may view the property (a signed JWT is exchanged for a token of
one hour), or an authorized user's with a refresh token, as gcloud writes it. Days are those of the
property's time zone. One request gives up to 250,000 rows, more than `limit` may be, so nothing is
paged. Errors are {"error": {"code", "message", "status"}}: 401 UNAUTHENTICATED, 403
PERMISSION_DENIED, 429 RESOURCE_EXHAUSTED; a token that cannot be had is 400
{"error": "invalid_grant"} (RFC 6749). A period without readers has neither headers nor rows.
`sessionManualSource` is the utm_source that a session began with (api-schema).
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from digest.collector.http.document import HttpRequest
from digest.collector.kinds.json_document import member, objects, text_at
from digest.collector.popularity.contract import Adapter, AtVendor, Counter, Figure
from digest.collector.popularity.reading import figures, load_answer
from digest.errors import SourceRefused, SourceUnreadable

_VENDOR = "https://analyticsdata.googleapis.com"
_TOKENS = "https://oauth2.googleapis.com/token"
_SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_REPORT = "analyticsData#runReport"
_HOUR = 3600


def authorise(counter: Counter[AtVendor], now: datetime) -> HttpRequest:
    """Ask for a token with the key; raises SourceRefused where the key is none."""
    key = _key(counter.secret)
    address = text_at(key, "token_uri") or _TOKENS
    if text_at(key, "type") == "authorized_user":
        form = {name: text_at(key, name) for name in ("client_id", "client_secret")}
        form |= {"grant_type": "refresh_token", "refresh_token": text_at(key, "refresh_token")}
    else:
        form = {"grant_type": _JWT_GRANT, "assertion": _assertion(key, address, now)}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return HttpRequest(address, headers, urlencode(form).encode())


def ask(counter: Counter[AtVendor], now: datetime, token: str) -> HttpRequest:
    """Ask for the days that the window touches."""
    start = now - timedelta(hours=counter.window_hours)
    report: dict[str, object] = {
        "dimensions": [{"name": "hostName"}, {"name": "pagePath"}],
        "metrics": [{"name": "screenPageViews"}],
        "dateRanges": [{"startDate": f"{start:%Y-%m-%d}", "endDate": f"{now:%Y-%m-%d}"}],
        "orderBys": [{"metric": {"metricName": "screenPageViews"}, "desc": True}],
        "limit": str(counter.limit),
    }
    if counter.own_sources:
        own = {
            "fieldName": "sessionManualSource",
            "inListFilter": {"values": list(counter.own_sources)},
        }
        report["dimensionFilter"] = {"notExpression": {"filter": own}}
    number = quote(counter.keys.site.removeprefix("properties/"), safe="")
    base = (counter.keys.url or _VENDOR).rstrip("/")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return HttpRequest(
        f"{base}/v1beta/properties/{number}:runReport", headers, json.dumps(report).encode()
    )


def read(text: str, most: int) -> tuple[Figure, ...]:
    """Read the rows; a report without readers has none."""
    answer = load_answer(text)
    # A period without any reader has neither headers nor rows, but says what it is.
    told = isinstance(answer, dict) and ("metricHeaders" in answer or answer.get("kind") == _REPORT)
    if not told:
        raise SourceUnreadable(
            "the answer is no report", fix="Check the property's number (not G-…, digits only)"
        )
    rows = objects(member(answer, "rows"))
    return figures(((_page(row), _value(row, "metricValues", 0)) for row in rows), most)


def _page(row: object) -> str:
    host, path = _value(row, "dimensionValues", 0), _value(row, "dimensionValues", 1)
    return f"https://{host}{path}" if host and path.startswith("/") and "(" not in host else path


def _value(row: object, name: str, place: int) -> str:
    values = objects(member(row, name))
    return text_at(values[place], "value") if place < len(values) else ""


def _key(secret: str) -> dict[str, Any]:
    try:
        key = json.loads(secret)
    except (ValueError, RecursionError):
        key = None
    if not isinstance(key, dict):
        raise SourceRefused(
            "the key for Google Analytics is no JSON key",
            fix="Give the whole key file's text, or the file's path, in the environment",
        )
    return key


def _assertion(key: dict[str, Any], audience: str, now: datetime) -> str:
    """Sign a JWT (RFC 7523) with the service account's key."""
    try:
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import padding, rsa
    except ImportError as error:
        raise SourceRefused(
            "service accounts need the package cryptography", fix="Install digest[dkim]"
        ) from error
    issued = int(now.timestamp())
    claims = {
        "iss": text_at(key, "client_email"),
        "scope": _SCOPE,
        "aud": audience,
        "iat": issued,
        "exp": issued + _HOUR,
    }
    header = {"alg": "RS256", "typ": "JWT", "kid": text_at(key, "private_key_id")}
    signed = ".".join(_packed(json.dumps(part).encode()) for part in (header, claims))
    try:
        private = serialization.load_pem_private_key(text_at(key, "private_key").encode(), None)
    except (ValueError, TypeError) as error:
        raise SourceRefused(
            "the key for Google Analytics holds no private key",
            fix="Make a new JSON key for the service account",
        ) from error
    if not isinstance(private, rsa.RSAPrivateKey):
        raise SourceRefused("the key for Google Analytics is no RSA key", fix="Make a new JSON key")
    return f"{signed}.{_packed(private.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


ADAPTER = Adapter(
    name="ga4",
    keys=AtVendor,
    ask=ask,
    read=read,
    authorise=authorise,
    needs_secret=True,
    may_be_a_file=True,
)
