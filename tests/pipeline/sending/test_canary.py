"""What the first readers' mails say of an issue, and what they do not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.errors import ExitCode
from digest.models.issues import IssueState, Slot
from digest.pipeline.sending.canary import fault_of
from digest.store import CanaryCount, StoredIssue

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
ISSUE = StoredIssue(
    1,
    Slot("daily", "2026-11-23", NOW),
    IssueState.SENDING,
    "{}",
    "",
    9,
    9,
    NOW,
    NOW,
    None,
    "",
)


@pytest.mark.parametrize(
    "first",
    [
        CanaryCount(tried=1),
        CanaryCount(tried=4, gone=1),
        CanaryCount(tried=1, gone=9),
        CanaryCount(tried=3, uncertain=1),
        CanaryCount(tried=10, refused=1),
        CanaryCount(tried=30, refused=2, uncertain=1),
        CanaryCount(),
    ],
)
def test_what_says_nothing_of_the_issue_does_not_hold_it(first: CanaryCount) -> None:
    """Dead addresses, one line that broke, one refusal in ten."""
    assert fault_of(ISSUE, first) is None


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (CanaryCount(tried=1, refused=1), "1 of the first 1 mails was refused"),
        (CanaryCount(tried=9, refused=1), "1 of the first 9 mails was refused"),
        (CanaryCount(tried=5, uncertain=2), "2 of the first 5 mails were refused or are uncertain"),
        (CanaryCount(tried=20, refused=1, uncertain=2), "3 of the first 20"),
        (CanaryCount(gone=3), "none of the first 3 addresses takes mail"),
    ],
)
def test_what_speaks_against_the_issue_holds_it(first: CanaryCount, said: str) -> None:
    """More than one in ten refused; more than one, and one in ten, in doubt; nobody to ask."""
    fault = fault_of(ISSUE, first)
    assert fault is not None
    assert said in fault.what
    assert fault.exit_code is ExitCode.HELD
    assert "digest issues resume daily/2026-11-23" in fault.fix
