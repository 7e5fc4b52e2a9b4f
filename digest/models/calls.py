"""One request to a transport: what is the same for a variant, and each recipient's share of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallLimits:
    """The limits of one call of a transport, and the time in which it may be made again.

    `recipients` and `bytes` bound a call (0 bytes: no bound). Within `idempotent_seconds` of the
    first try the provider carries out a call with the same key once; 0 means that it knows no keys.
    """

    recipients: int = 1
    bytes: int = 0
    idempotent_seconds: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """A variant as all of its recipients get it: each hole's token stands verbatim in both parts.

    `holes` maps a token to the name of the value that takes its place. `headers` are the fields
    that are the same for everybody, unfolded, without From, Reply-To, Subject, Date and MIME.

    Contents are compared by identity, so that what is made of one can be kept under it.
    """

    issue: str
    variant: str
    from_name: str
    from_addr_spec: str
    reply_to: str
    subject: str
    html: str
    text: str
    holes: Mapping[str, str]
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One recipient's part of a call: address, Message-ID, the values of the holes, own headers.

    `reference` names the delivery to the provider, and comes back in its webhooks: the number of an
    issue's delivery, or a word that no delivery has.
    """

    delivery_id: int
    reference: str
    addr_spec: str
    name: str
    message_id: str
    values: Mapping[str, str]
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A variant and some of its recipients, in the order of their deliveries.

    `key` is the same whenever the same call is repeated (digest/sender/call_keys.py). No recipient
    may learn of another one from it.
    """

    key: str
    content: Content
    shares: tuple[Share, ...]
