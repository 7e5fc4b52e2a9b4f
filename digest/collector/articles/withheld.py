"""What a site or a newsroom keeps from the newsletter: protected posts, and what it has marked.

Each function returns the reason in a few words, "" where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from digest.collector.articles.text import untagged
from digest.collector.articles.withheld_words import (
    LOCK_WORDS,
    LOCKED,
    NO_EXCERPT,
    OBITUARIES,
    PROTECTED,
    SPONSORED,
)
from digest.models.sources import SourceRules, label_key

_LOCKED = re.compile(rf"^(?:{LOCKED})\s*[:\uff1a]\s*\S", re.IGNORECASE)
_LOCKED_WORDS = "protected by a password, or private"
_FORM = re.compile(
    r"action=postpass|name=[\"']?post_password|class=[\"'][^\"']*post-password", re.IGNORECASE
)
_PROTECTED = re.compile(PROTECTED, re.IGNORECASE)
_LOCK = re.compile(LOCK_WORDS, re.IGNORECASE)
_NO_EXCERPT = re.compile(NO_EXCERPT, re.IGNORECASE)
_SENTENCE = 160  # characters; a summary is longer, or says something else
KINDS = {
    kind: frozenset(map(label_key, words.split("|")))
    for kind, words in (("sponsored", SPONSORED), ("obituaries", OBITUARIES))
}


def locked(title: str, text: str, *, said: bool = False) -> str:
    """Tell a post that only some may read; `said` where the source says so itself."""
    return _LOCKED_WORDS if said or _has_form(text) or _is_locked(title, text) else ""


def _has_form(text: str) -> bool:
    # "in" is a tenth of the time, and no other text holds these words.
    maybe = "postpass" in text or "post_password" in text or "post-password" in text
    return maybe and bool(_FORM.search(text))


def _is_locked(title: str, text: str) -> bool:
    """Tell "Protected: Minutes" where nothing but a notice stands below it, and such a notice."""
    if _is_notice(text):
        return True
    if not _LOCKED.match(title.strip()):
        return False
    bare = untagged(text[:2_000])
    return not bare or bool(_LOCK.search(bare))


def _is_notice(text: str) -> bool:
    """Tell "There is no excerpt because this is a protected post." in any language."""
    if not 0 < len(text) <= 2 * _SENTENCE or not _NO_EXCERPT.search(text):
        return False
    protected = _PROTECTED.search(text) or _LOCK.search(text)
    return bool(protected) and len(untagged(text)) <= _SENTENCE


def excluded(
    title: str, url: str, labels: Iterable[str], flags: Iterable[str], rules: SourceRules
) -> str:
    """Tell what the newsroom has marked: by tag or category, by a custom field, by its kind."""
    if rules.exclude_field and rules.exclude_field in flags:
        return f"marked by the field {rules.exclude_field}"
    unwanted = {label_key(name): name for name in rules.exclude_labels}
    keys = {label_key(label) for label in labels} if unwanted or rules.exclude else set()
    for key in keys & set(unwanted):
        return f'tagged "{unwanted[key]}"'
    for kind in rules.exclude:
        if _is_of_kind(KINDS[kind], title, url, keys):
            return kind
    return ""


def _is_of_kind(known: frozenset[str], title: str, url: str, keys: set[str]) -> bool:
    head = re.match(r"\s*[\[(]?([^\[\](){}:|]{3,30})[\])]?\s*[:|\])]", title)
    folders = {label_key(part) for part in urlsplit(url).path.split("/")[:-1]} if url else set()
    return bool(known & (keys | folders)) or (head is not None and label_key(head[1]) in known)
