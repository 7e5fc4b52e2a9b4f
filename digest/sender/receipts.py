"""Receipts of a call that say the same of all its recipients."""

from __future__ import annotations

from collections.abc import Iterable

from digest.models.calls import Call
from digest.models.deliveries import Outcome, Receipt


def all_of(
    numbers: Iterable[int], outcome: Outcome, text: str, code: int | None = None
) -> tuple[Receipt, ...]:
    """Return the same receipt for each of these deliveries."""
    return tuple(Receipt(number, outcome, code=code, text=text, phase="api") for number in numbers)


def all_in(call: Call, outcome: Outcome, text: str, code: int | None = None) -> tuple[Receipt, ...]:
    """Return the same receipt for each recipient of a call."""
    return all_of((share.delivery_id for share in call.shares), outcome, text, code)
