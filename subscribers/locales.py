"""Locales as readers and lists write them: a language, and perhaps a country ("en-GB")."""

from __future__ import annotations

import re

_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_SHOWN = 80


def wrong_locale(text: str) -> str:
    """Say what is wrong with a locale, or nothing."""
    if not text or _LOCALE.fullmatch(text):
        return ""
    return f'"{text[:_SHOWN]}" is not a locale (write it as in en-GB)'
