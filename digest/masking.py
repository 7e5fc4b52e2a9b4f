"""Masking: no full address and no secret in receipts, errors and logs."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"([^\s<>@,;:\"'()\[\]])[^\s<>@,;:\"'()\[\]]*@")
_LONGEST = 400


def mask(text: str, *secrets: str) -> str:
    """Return `text` with each address as `a…@host`, secrets blotted out, on one short line."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "…")
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    text = " ".join(text.split())
    if "@" in text:
        text = _ADDRESS.sub(r"\1…@", text)
    return text[:_LONGEST]
