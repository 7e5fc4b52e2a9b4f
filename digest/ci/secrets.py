"""The variables that a configuration reads: what a workflow has to hand in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from digest.config import Settings
from digest.config.environment import (
    ALERT_WEBHOOK,
    DKIM_KEY,
    OLD_SECRET_KEYS,
    PING_URL,
    SECRET_KEY,
)
from digest.pipeline.configured.loading import secrets_of
from digest.pipeline.configured.stores import store_variables

STORE_URL, SUBSCRIBERS = "DIGEST_STORE_URL", "DIGEST_SUBSCRIBERS"
_OF_A_BUCKET = {
    "AWS_ACCESS_KEY_ID": "the bucket's key",
    "AWS_SECRET_ACCESS_KEY": "the secret of that key",
    "AWS_REGION": "the bucket's region; us-east-1 if none",
}
_ALWAYS = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"})


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable, whether a run needs it, and what it is."""

    name: str
    needed: bool
    words: str


def variables_of(settings: Settings) -> tuple[Variable, ...]:
    """Return every variable that a run of this newsroom may read, each once, needed ones first."""
    found = {one.name: one for one in _variables(settings)}
    return tuple(sorted(found.values(), key=lambda one: not one.needed))


def _variables(settings: Settings) -> Iterator[Variable]:
    yield Variable(SECRET_KEY, needed=True, words="signs the readers' links")
    yield from _of_the_ledger(settings)
    yield Variable(SUBSCRIBERS, needed=False, words="the readers, if they are kept as CSV")
    yield Variable(OLD_SECRET_KEYS, needed=False, words="former keys, once there are some")
    if any(not key.key for key in settings.dkim):
        yield Variable(DKIM_KEY, needed=True, words="the key that signs mails, as PEM")
    for secret in secrets_of(settings):
        yield Variable(
            secret.variable, secret.needed, secret.purpose or "if the server asks for it"
        )
    yield Variable(PING_URL, needed=False, words="where a run says that it is alive")
    yield Variable(ALERT_WEBHOOK, needed=False, words="where alerts are posted")


def _of_the_ledger(settings: Settings) -> Iterator[Variable]:
    """Yield the store's address, which digest.toml may name too, and what opens a bucket."""
    needed = settings.store.url.startswith("sqlite:")
    known = "" if needed else ", if not where digest.toml says"
    yield Variable(STORE_URL, needed, f"where the ledger lives{known}: postgresql://…")
    for name in store_variables(settings):
        words = _OF_A_BUCKET.get(name, "if the bucket's service asks for it")
        yield Variable(name, needed=name in _ALWAYS, words=words)
