"""Addresses: checked, written one way, comparable; and what is odd about one that is valid."""

from subscribers.address.mailboxes import likely_mailbox
from subscribers.address.spelling import Address, masked, normalise

__all__ = ["Address", "likely_mailbox", "masked", "normalise"]
