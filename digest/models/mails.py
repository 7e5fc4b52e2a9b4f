"""The mail of one reader: the recipient, and the bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader of one issue; `public_id` is opaque and is what their links are made from."""

    delivery_id: int
    subscriber_id: int
    public_id: str
    addr_spec: str
    name: str
    variant: str


@dataclass(frozen=True, slots=True)
class Message:
    """One mail ready for the wire: RFC 5322 bytes with CRLF line ends, not yet dot-stuffed.

    `dotless` is the writer's word that there are no other line ends, that no line begins with a
    dot and that the last one is ended: then a transport need not look through the bytes again.
    """

    delivery_id: int
    reverse_path: str
    recipient: str
    message_id: str
    data: bytes
    dotless: bool = False
