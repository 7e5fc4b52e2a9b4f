"""Answers that only one vendor gives, and what they do to the readers of a call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import pytest

from digest.errors import TransportRejected, TransportUnavailable
from digest.sender.dispatch.options import DispatchOptions
from tests.sender.conftest import MemoryLedger
from tests.sender.providers.conftest import Api, Fault, served
from tests.sender.providers.fakes import all_fakes
from tests.sender.providers.test_contract import assert_honest, send, states


@pytest.fixture
def api(request: pytest.FixtureRequest) -> Iterator[Api]:
    with served(all_fakes()[request.param]()) as running:
        yield running


def entries(*words: str) -> dict[str, object]:
    return {"BulkEmailEntryResults": [{"Status": word} for word in words]}


@pytest.mark.parametrize("api", ["ses"], indirect=True)
def test_entries_that_ses_throttles_are_called_again_within_the_run(
    api: Api, options: DispatchOptions, epoch: datetime
) -> None:
    """None of three fits into the rate at first; a moment later all do."""
    api.fault = Fault("status", 200, body=entries(*["ACCOUNT_THROTTLED"] * 3), times=2)
    ledger = MemoryLedger(3)
    report = send(api, ledger, options, epoch)
    assert (report.accepted, report.error) == (3, None)
    assert_honest(api, ledger)


@pytest.mark.parametrize("api", ["ses"], indirect=True)
def test_ses_that_throttles_without_end(
    api: Api, options: DispatchOptions, epoch: datetime
) -> None:
    """The run ends with its words; everybody is pending."""
    api.fault = Fault("status", 200, body=entries(*["ACCOUNT_THROTTLED"] * 3))
    ledger = MemoryLedger(3)
    report = send(api, ledger, options, epoch)
    assert isinstance(report.error, TransportUnavailable)
    assert "ACCOUNT_THROTTLED" in report.stopped_because
    assert set(states(ledger).values()) == {"pending"}


@pytest.mark.parametrize("api", ["ses"], indirect=True)
@pytest.mark.parametrize(
    "word",
    [
        "ACCOUNT_DAILY_QUOTA_EXCEEDED",
        "ACCOUNT_SUSPENDED",
        "ACCOUNT_SENDING_PAUSED",
        "MAIL_FROM_DOMAIN_NOT_VERIFIED",
    ],
)
def test_what_ses_says_of_our_account_pauses_the_issue(
    api: Api, options: DispatchOptions, epoch: datetime, word: str
) -> None:
    """Those whom it took before are accepted, the others pending, and nobody has failed."""
    api.fault = Fault("status", 200, body=entries("SUCCESS", word, word))
    ledger = MemoryLedger(3)
    report = send(api, ledger, options, epoch)
    assert isinstance(report.error, TransportRejected)
    assert word in report.stopped_because
    assert Counter(states(ledger).values()) == {"accepted": 1, "pending": 2}


ERRORS: list[tuple[str, int, dict[str, object], type[Exception]]] = [
    ("ses", 400, {"message": "Daily message quota exceeded"}, TransportRejected),
    ("ses", 400, {"message": "Email address is not verified: a@b.example"}, TransportRejected),
    ("ses", 429, {"message": "Daily message quota exceeded."}, TransportRejected),
    ("brevo", 400, {"code": "not_enough_credits", "message": "none left"}, TransportRejected),
    ("brevo", 400, {"code": "invalid_parameter", "message": "sender is wrong"}, TransportRejected),
    ("mailjet", 401, {"ErrorCode": "mj-0002", "ErrorMessage": "no key"}, TransportRejected),
    ("sparkpost", 420, {"errors": [{"message": "Exceed Sending Limit"}]}, TransportRejected),
    ("sparkpost", 400, {"errors": [{"code": "7001", "message": "x"}]}, TransportRejected),
    ("mandrill", 500, {"name": "Invalid_Key", "message": "Invalid API key"}, TransportRejected),
    ("mandrill", 500, {"name": "PaymentRequired", "message": "pay"}, TransportRejected),
    ("postal", 200, {"status": "error", "data": {"code": "UnauthenticatedFromAddress"}},
     TransportRejected),
    ("postmark", 422, {"ErrorCode": 412, "Message": "pending approval"}, TransportRejected),
    ("resend", 429, {"name": "daily_quota_exceeded", "message": "quota"}, TransportRejected),
]  # fmt: skip


@pytest.mark.parametrize(
    ("api", "status", "body", "error"),
    ERRORS,
    ids=[f"{name} {status} {next(iter(body.values()))}" for name, status, body, _ in ERRORS],
    indirect=["api"],
)
def test_an_account_that_is_limited_pauses_the_issue(
    api: Api,
    options: DispatchOptions,
    epoch: datetime,
    status: int,
    body: object,
    error: type[Exception],
) -> None:
    """Quota, credit, key, sender: the provider's words, and everybody is pending."""
    api.fault = Fault("status", status, body=body)
    ledger = MemoryLedger(3)
    report = send(api, ledger, options, epoch)
    assert isinstance(report.error, error)
    assert set(states(ledger).values()) == {"pending"}


@pytest.mark.parametrize("api", ["brevo"], indirect=True)
def test_a_key_that_brevo_knows(api: Api, options: DispatchOptions, epoch: datetime) -> None:
    """After a cut it says that the call was carried out; without one nobody knows."""
    api.fault = Fault("reset after", kept=True, times=1)
    api.then = Fault("status", 400, body={"code": "duplicate_request", "message": "known"})
    ledger = MemoryLedger(3)
    send(api, ledger, options, epoch)
    assert set(states(ledger).values()) == {"accepted"}
    assert_honest(api, ledger)


@pytest.mark.parametrize("api", ["brevo"], indirect=True)
def test_a_key_that_brevo_cannot_know(api: Api, options: DispatchOptions, epoch: datetime) -> None:
    """A first call that is told to be a second one: nobody is taken for accepted."""
    api.fault = Fault("status", 400, body={"code": "duplicate_request", "message": "known"})
    ledger = MemoryLedger(3)
    send(api, ledger, options, epoch)
    assert set(states(ledger).values()) == {"uncertain"}


@pytest.mark.parametrize("api", ["sparkpost"], indirect=True)
def test_sparkpost_that_does_not_say_whom_it_rejects(
    api: Api, options: DispatchOptions, epoch: datetime
) -> None:
    """One of three, unnamed: all are uncertain until it reports."""
    results = {"total_rejected_recipients": 1, "total_accepted_recipients": 2, "id": "1"}
    api.fault = Fault("status", 200, body={"results": results}, kept=True)
    ledger = MemoryLedger(3)
    send(api, ledger, options, epoch)
    assert set(states(ledger).values()) == {"uncertain"}


@pytest.mark.parametrize("api", ["postmark"], indirect=True)
def test_an_address_on_postmarks_own_list(
    api: Api, options: DispatchOptions, epoch: datetime
) -> None:
    """Inactive there (406): it fails, is suppressed here too, and never speaks of the mail."""
    rows = [{"ErrorCode": 406, "Message": "inactive"} for _ in range(30)]
    api.fault = Fault("status", 200, body=rows)
    ledger = MemoryLedger(30)
    report = send(api, ledger, options, epoch)
    assert (report.failed, report.error) == (30, None)
    settled = [row.settlement for row in ledger.rows.values() if row.settlement]
    assert all(one.receipt.suppress for one in settled)


@pytest.mark.parametrize("api", ["mandrill"], indirect=True)
@pytest.mark.parametrize("reason", ["hard-bounce", "spam"])
def test_an_address_on_mandrills_own_list(
    api: Api, options: DispatchOptions, epoch: datetime, reason: str
) -> None:
    """It fails, and is suppressed here too."""
    body = [{"status": "rejected", "reject_reason": reason, "_id": "x"}]
    api.fault = Fault("status", 200, body=body)
    ledger = MemoryLedger(1)
    send(api, ledger, options, epoch)
    settled = ledger.rows[1].settlement
    assert set(states(ledger).values()) == {"failed"}
    assert settled is not None
    assert settled.receipt.suppress
