"""An issue unlike the edition's earlier ones is held before it is planned: perhaps it is a mistake.

A list imported into the wrong edition, a segment that became everybody, a page that lost its
stories: seen in time, nothing has left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from statistics import median

from digest.config import EditionSettings
from digest.errors import GateHeld
from digest.frozen import thaw
from digest.models.compositions import Rendered
from digest.models.issues import IssueState
from digest.store import Store, StoredIssue

_EARLIER = 5
# Small numbers differ wildly every day: below these differences nothing is said.
_READERS, _BYTES = 50, 20_000
_SENT = frozenset({IssueState.SENDING, IssueState.FINISHED})


def hold_surprise(
    store: Store, edition: EditionSettings, planned: int, rendered: Mapping[str, Rendered]
) -> None:
    """Raise GateHeld if audience or size is not what the last issues let expect."""
    factor = edition.surprise_factor
    earlier = list(islice(_ordinary(store, edition), _EARLIER))
    if not factor or not earlier:
        return
    usual = median(issue.planned or 0 for issue in earlier)
    faults = []
    if unlike(planned, usual, factor, _READERS):
        faults.append(f"{planned} readers, where {usual:.0f} are usual")
    size = _size(rendered)
    before = int(median(_size(store.issues.renderings(issue.id)) for issue in earlier))
    if unlike(size, before, factor, _BYTES):
        faults.append(f"{size // 1000} kB of HTML, where {before // 1000} kB are usual")
    if faults:
        raise GateHeld(
            f"this issue is unlike the edition's last ones: {'; '.join(faults)}",
            where=edition.id,
            fix="Look at it (`digest build`); if it is right, send it with --anyway.",
        )


def _ordinary(store: Store, edition: EditionSettings) -> Iterator[StoredIssue]:
    """Yield the issues that were sent, the newest first; a correction is unlike any of them."""
    for issue in store.issues.list(edition.id, limit=4 * _EARLIER):
        if issue.state in _SENT and issue.planned and not thaw(issue.content).in_reply_to:
            yield issue


def unlike(number: float, usual: float, factor: float, least: float) -> bool:
    """Say whether a number is out of all proportion, and not only by a little."""
    wild = number > usual * factor or number * factor < usual
    return wild and abs(number - usual) >= least


def _size(rendered: Mapping[str, Rendered]) -> int:
    """Return the size of an ordinary variant, in bytes of HTML."""
    return int(median(len(one.html.encode()) for one in rendered.values())) if rendered else 0
