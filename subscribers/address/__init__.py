"""Addresses: checked, written one way, comparable; and what is odd about one that is valid."""

from subscribers.address.spelling import Address, normalise

__all__ = ["Address", "normalise"]
