"""Addresses: checked, written one way, comparable; and what is odd about one that is valid."""

from subscribers.address.spelling import Address, masked, normalise

__all__ = ["Address", "masked", "normalise"]
