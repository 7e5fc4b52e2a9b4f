"""Keys of calls: what a provider knows a call by, and what shows that a call is still the same.

    name.account.digest        of a call
    name-0.account.digest      of one of its parts, with the part's own digest

The name is that of no other call. The account says at which provider, address and credentials the
key counts. The digest is over everything that the call holds: whoever takes a call over makes it
again, and may repeat it under the stored key only if account and digest are the stored ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256

from digest.models.calls import Call, Content, Share
from digest.models.deliveries import Claim

_NAME, _DIGEST = 32, 32  # characters; Resend takes 256, parts included
_KEPT = 16  # variants that are under way


def name_of(claims: Iterable[Claim]) -> str:
    """Return the name of a call: of these deliveries, claimed this time, and no other."""
    named = ",".join(f"{one.recipient.delivery_id}/{one.fence}" for one in claims)
    return sha256(named.encode()).hexdigest()[:_NAME]


def key_of(name: str, account: str, content: Content, shares: Sequence[Share]) -> str:
    """Return the key of a call with this name at this account."""
    return ".".join((name, account, _digest(content, shares)))


def is_key_of(key: str, account: str, content: Content, shares: Sequence[Share]) -> bool:
    """Whether a call that was begun under `key` was this one, to the letter."""
    return key == key_of(key.partition(".")[0], account, content, shares)


def part_key(call: Call, part: str, shares: Sequence[Share]) -> str:
    """Return the key of a part of a call; where the call has no digest, the part has none."""
    name, *rest = call.key.split(".")
    if not rest:
        return f"{name}-{part}"
    return key_of(f"{name}-{part}", rest[0], call.content, shares)


def _digest(content: Content, shares: Sequence[Share]) -> str:
    found = sha256(_of_content(content))
    for one in shares:
        found.update(repr((*_cells(one), sorted(one.values.items()), one.headers)).encode())
    return found.hexdigest()[:_DIGEST]


def _cells(share: Share) -> tuple[int, str, str, str, str]:
    return (share.delivery_id, share.reference, share.addr_spec, share.name, share.message_id)


@lru_cache(maxsize=_KEPT)
def _of_content(content: Content) -> bytes:
    cells = (
        content.issue,
        content.variant,
        content.from_name,
        content.from_addr_spec,
        content.reply_to,
        content.subject,
        content.html,
        content.text,
        sorted(content.holes.items()),
        content.headers,
    )
    return sha256(repr(cells).encode()).digest()
