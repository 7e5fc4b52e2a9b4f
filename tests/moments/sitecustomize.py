"""Python's sleep while libfaketime runs: each Python that `tests.moments` starts reads this first.

time.sleep waits until a point of the steady clock, and libfaketime (0.9.10) moves that point though
it was told to leave the clock alone: the kernel refuses it as invalid. select takes a duration.
"""

import select
import time
from typing import SupportsIndex


def _sleep(seconds: float | SupportsIndex) -> None:
    left = float(seconds)
    if left < 0:
        raise ValueError("sleep length must be non-negative")
    select.select((), (), (), left)


time.sleep = _sleep
