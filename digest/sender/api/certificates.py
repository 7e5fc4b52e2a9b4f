"""Addresses that a report names, and that it proved to be the provider's own: certificates."""

from __future__ import annotations

from functools import lru_cache

import httpx

from digest.sender.api.webhook import WebhookForged

_SECONDS = 5.0
_MOST_BYTES = 100_000


@lru_cache(maxsize=32)
def certificate(address: str) -> bytes:
    """Return what stands at an https address, asked for once; no redirect is followed.

    Raises WebhookForged: without its certificate nothing is proved, and SNS reports again.
    """
    try:
        with httpx.stream("GET", address, timeout=_SECONDS, follow_redirects=False) as answer:
            body = b""
            for chunk in answer.iter_bytes(16_384):
                body += chunk
                if len(body) > _MOST_BYTES:
                    raise WebhookForged("its certificate is too long")
            if answer.status_code != httpx.codes.OK:
                raise WebhookForged(f"its certificate is not there (HTTP {answer.status_code})")
    except httpx.HTTPError as error:
        raise WebhookForged(f"its certificate is out of reach ({type(error).__name__})") from None
    return body
