"""A logistic regression, fitted by Newton's method: no library is needed for a dozen measures."""

from __future__ import annotations

import math
from collections.abc import Sequence

_STEPS = 12


def fit(
    rows: Sequence[Sequence[float]],
    right: Sequence[bool],
    importance: Sequence[float],
    ridge: float = 1e-3,
) -> list[float]:
    """Return the coefficients, the constant first, by penalised maximum likelihood.

    `importance` is the weight of each row; `ridge` the penalty on a coefficient's square as a share
    of all weight. The constant is not penalised.
    """
    size = len(rows[0]) + 1
    found = [0.0] * size
    penalty = ridge * sum(importance)
    for _ in range(_STEPS):
        slope = [0.0, *(-penalty * one for one in found[1:])]
        curve = [[0.0] * size for _ in range(size)]
        for place in range(1, size):
            curve[place][place] = penalty
        for row, one, weight in zip(rows, right, importance, strict=True):
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds(found, row)))))
            miss, spread = weight * (one - chance), weight * chance * (1 - chance)
            values = (1.0, *row)
            for place, value in enumerate(values):
                slope[place] += miss * value
                line, scaled = curve[place], spread * value
                for other in range(place + 1):
                    line[other] += scaled * values[other]
        for place in range(size):
            for other in range(place):
                curve[other][place] = curve[place][other]
        found = [one + step for one, step in zip(found, _solve(curve, slope), strict=True)]
    return found


def odds(found: Sequence[float], row: Sequence[float]) -> float:
    """Return the log odds of a row."""
    return found[0] + sum(one * value for one, value in zip(found[1:], row, strict=True))


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve linear equations by elimination with pivots."""
    lines = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for at in range(len(lines)):
        best = max(range(at, len(lines)), key=lambda row: abs(lines[row][at]))
        lines[at], lines[best] = lines[best], lines[at]
        for row in range(len(lines)):
            if row != at:
                share = lines[row][at] / lines[at][at]
                lines[row] = [a - share * b for a, b in zip(lines[row], lines[at], strict=True)]
    return [line[-1] / line[at] for at, line in enumerate(lines)]
