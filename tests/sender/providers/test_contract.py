"""One contract for every provider: the right state for each recipient, whatever the API does.

The judge is what the API kept. Nobody is lost, and a copy too many is recorded as uncertain first.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from digest.errors import TransportRejected, TransportUnavailable
from digest.models.calls import Call, Content
from digest.sender.api.contract import Provider
from digest.sender.api.transport import ApiTransport
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.made_call import CallComposer
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.report import DispatchReport
from tests.paced_loop import PACE, paced_seconds, run_paced
from tests.sender.conftest import MemoryLedger
from tests.sender.providers.conftest import Fault
from tests.sender.providers.fakes import Asked, BadRequestError, path_of, read_strictly
from tests.sender.providers.parts import content, share

if TYPE_CHECKING:
    from tests.sender.providers.conftest import Api

READERS = 7
TRICKY = "100 %recipient.name% {{name}} {% if x %} *|NAME|* -unsubscribe_url-"
_TODAY = "Mon, 23 Nov 2026 07:00:00 GMT"
_TOMORROW = "Tue, 24 Nov 2026 07:00:00 GMT"


def send(
    api: Api,
    ledger: MemoryLedger,
    options: DispatchOptions,
    epoch: datetime,
    made: Content | None = None,
    provider: Provider | None = None,
) -> DispatchReport:
    provider = provider or api.fake.make(api.url)
    # A busy machine is not a slow provider.
    patience = PACE * (0.4 if api.fault is not None and api.fault.what == "slow" else 30.0)
    backoff = (0.01, 0.02, 0.03)
    transport = ApiTransport(provider, timeout=patience, backoff=backoff, seconds=paced_seconds)
    composer = CallComposer(lambda _recipient: made or content(), share)
    dispatcher = Dispatcher(ledger, transport, composer, lambda: epoch)
    return run_paced(dispatcher.run(1, replace(options, connections=2)))


def states(ledger: MemoryLedger) -> dict[str, str]:
    return {row.recipient.addr_spec: row.state.value for row in ledger.rows.values()}


def per_call(api: Api) -> int:
    """Return how many of the readers one call carries."""
    return min(READERS, api.fake.make(api.url).limits.recipients)


def assert_honest(api: Api, ledger: MemoryLedger) -> None:
    """Nobody is lost, and only who is uncertain may have what the ledger does not know of."""
    kept, known = Counter(one.to for one in api.kept), states(ledger)
    assert not {"claimed", "inflight"} & set(known.values())
    for address, state in known.items():
        if state == "accepted":
            assert kept[address] == 1
        elif state != "uncertain":
            assert kept[address] == 0, (address, state)
        assert kept[address] <= 1


def test_every_reader_gets_their_own_mail_and_sees_nobody_else(
    api: Api, options: DispatchOptions, epoch: datetime
) -> None:
    """Subject, both parts, the reader's own link, one click, and our delivery's number."""
    ledger = MemoryLedger(READERS)
    report = send(api, ledger, options, epoch)
    assert (api.faults, report.accepted, report.stopped_because) == ([], READERS, "")
    assert set(states(ledger).values()) == {"accepted"}
    by_address = {row.recipient.addr_spec: row.recipient for row in ledger.rows.values()}
    assert sorted(one.to for one in api.kept) == sorted(by_address)
    for mail in api.kept:
        reader = by_address[mail.to]
        link = f"https://news.example/u/{reader.public_id}?a=1&b=2"
        assert mail.delivery == str(reader.delivery_id)
        assert mail.subject == "Fish & chips: größer"
        assert mail.text == f"Fish & chips\n\n{link}\n"
        escaped = link.replace("&", "&amp;")
        assert mail.html == f"<p>Fish &amp; chips</p><a href='{escaped}'>leave</a>"
        if api.fake.lists:
            assert mail.headers["List-Unsubscribe"] == f"<{link}>"
            assert mail.headers["List-Id"] == "Daily <daily.news.example>"
        others = set(by_address) - {mail.to}
        assert not any(other in mail.html + mail.text + str(mail.headers) for other in others)


def test_what_looks_like_a_variable_in_a_story_is_none(
    api: Api, options: DispatchOptions, epoch: datetime
) -> None:
    """A feed cannot make a provider put a reader's values into its headline."""
    made = content(subject=TRICKY, html=f"<p>{TRICKY}</p>HOLE1", text=f"{TRICKY} HOLE1")
    ledger = MemoryLedger(2)
    report = send(api, ledger, options, epoch, made)
    assert (api.faults, report.accepted) == ([], 2)
    for mail in api.kept:
        for words in (mail.subject, mail.html.replace("&#37;", "%"), mail.text):
            plain = words.replace("&#123;", "{").replace("{ {", "{{").replace("{ %", "{%")
            assert "recipient.name% {{name}} {% if x %} *|NAME|* -unsubscribe_url-" in plain


def said(words: str) -> dict[str, object]:
    """Return an error under every name that a vendor has for it."""
    return {
        "message": words,
        "Message": words,
        "ErrorMessage": words,
        "errors": [{"message": words}],
        "data": {"code": words},
    }


SENT, LEFT = "pending", "uncertain"
FAULTS = {
    "reset before": (Fault("reset before"), LEFT),
    "reset during": (Fault("reset during"), LEFT),
    "reset after, not kept": (Fault("reset after"), LEFT),
    "reset after, kept": (Fault("reset after", kept=True), LEFT),
    "slow, not kept": (Fault("slow"), LEFT),
    "slow, kept": (Fault("slow", kept=True), LEFT),
    "400 of the sender": (Fault("status", 400, body=said("from: not a verified one")), SENT),
    "422 of a quota": (Fault("status", 422, body=said("your monthly quota is used up")), SENT),
    "401": (Fault("status", 401), SENT),
    "402": (Fault("status", 402), SENT),
    "403": (Fault("status", 403), SENT),
    "404": (Fault("status", 404), SENT),
    "413 for ever": (Fault("status", 413), SENT),
    "429 for an hour": (Fault("status", 429, {"Retry-After": "3600"}), SENT),
    "429 until tomorrow": (Fault("status", 429, {"Retry-After": _TOMORROW, "Date": _TODAY}), SENT),
    "429 for ever": (Fault("status", 429), SENT),
    "500, not kept": (Fault("status", 500), LEFT),
    "500, kept": (Fault("status", 500, kept=True), LEFT),
    "502": (Fault("status", 502), LEFT),
    "503": (Fault("status", 503), LEFT),
    "503 in HTML": (Fault("html", 503), LEFT),
    "504, kept": (Fault("status", 504, kept=True), LEFT),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_that_lasts(
    api: Api, options: DispatchOptions, epoch: datetime, fault: str
) -> None:
    """What cannot have been carried out leaves readers pending, everything else uncertain."""
    broken, expected = FAULTS[fault]
    api.fault = replace(broken)
    ledger = MemoryLedger(per_call(api) + 1)
    report = send(api, ledger, options, epoch)
    assert set(states(ledger).values()) == {expected}, states(ledger)
    assert_honest(api, ledger)
    if expected == SENT:
        assert isinstance(report.error, TransportRejected | TransportUnavailable)
        assert "canary" not in report.stopped_because


ONCE = {
    "reset before": Fault("reset before", times=1),
    "reset during": Fault("reset during", times=1),
    "reset after, kept": Fault("reset after", kept=True, times=1),
    "slow, kept": Fault("slow", kept=True, times=1),
    "500, kept": Fault("status", 500, kept=True, times=1),
    "503, not kept": Fault("status", 503, times=1),
}


@pytest.mark.parametrize("fault", list(ONCE))
def test_a_fault_of_a_moment_after_the_request_left(
    api: Api, options: DispatchOptions, epoch: datetime, fault: str
) -> None:
    """Repeated under the same key where the provider knows keys; elsewhere uncertain."""
    api.fault = replace(ONCE[fault])
    number = per_call(api)
    ledger = MemoryLedger(number)
    send(api, ledger, options, epoch)
    expected = "accepted" if api.fake.idempotent else "uncertain"
    assert Counter(states(ledger).values()) == {expected: number}
    assert_honest(api, ledger)
    bodies = {one.body for one in api.asked}
    assert len(bodies) <= 1, "the same call was another request"


def test_a_refusal_after_a_cut_says_nothing_of_the_first_try(
    api: Api, options: DispatchOptions, epoch: datetime
) -> None:
    """Kept, cut, and then 401: nobody is pending who has the mail."""
    api.fault = Fault("reset after", kept=True, times=1)
    api.then = Fault("status", 401)
    number = per_call(api)
    ledger = MemoryLedger(number)
    send(api, ledger, options, epoch)
    assert Counter(states(ledger).values()) == {"uncertain": number}
    assert_honest(api, ledger)


WAITS = {
    "no header": {},
    "0": {"Retry-After": "0"},
    "1": {"Retry-After": "1"},
    "a date": {"Retry-After": "Mon, 23 Nov 2026 07:00:01 GMT", "Date": _TODAY},
    "nonsense": {"Retry-After": "soon"},
}


@pytest.mark.parametrize("headers", list(WAITS))
def test_a_speed_limit_is_waited_out(
    api: Api, options: DispatchOptions, epoch: datetime, headers: str
) -> None:
    """Two 429, then all is well: everybody has it, nobody twice."""
    api.fault = Fault("status", 429, WAITS[headers], times=2)
    ledger = MemoryLedger(3)
    report = send(api, ledger, options, epoch)
    assert report.accepted == 3
    assert_honest(api, ledger)


def test_retry_after_holds_all_workers(api: Api, options: DispatchOptions, epoch: datetime) -> None:
    """While one was told to wait, no other connection asks."""
    provider = api.fake.make(api.url)
    ledger = MemoryLedger(provider.limits.recipients * 2 if provider.limits.recipients < 60 else 3)
    api.fault = Fault("status", 429, {"Retry-After": "1"}, times=1)
    send(api, ledger, options, epoch)
    told, *later = api.times
    early = [at - told for at in later if (at - told) * PACE < 0.95]
    assert len(early) <= 1, early  # the other worker's, which was under way
    assert_honest(api, ledger)


@pytest.mark.parametrize("body", [b"<html>not json", b"", b"[]", b"{}", b"null", b'{"Messages": 7'])
def test_garbage_with_a_200(
    api: Api, options: DispatchOptions, epoch: datetime, body: bytes
) -> None:
    """Where the answer tells of each recipient, nobody knows; elsewhere a 200 is an answer."""
    api.fault = Fault("garbage", kept=True, raw=body)
    ledger = MemoryLedger(per_call(api))
    send(api, ledger, options, epoch)
    expected = "uncertain" if api.fake.partial or api.fake.ids else "accepted"
    assert set(states(ledger).values()) == {expected}
    assert_honest(api, ledger)


@pytest.mark.parametrize("poisoned", [{1}, {3}, {7}, {1, 2}, {2, 5, 7}])
def test_a_poisonous_recipient_is_found(
    api: Api, options: DispatchOptions, epoch: datetime, poisoned: set[int]
) -> None:
    """A 400 for the whole call costs the recipient it is about, and nobody else."""
    ledger = MemoryLedger(READERS)
    bad = {ledger.rows[number].recipient.addr_spec for number in poisoned}
    api.poison = frozenset(bad)
    send(api, ledger, options, epoch)
    assert {name for name, state in states(ledger).items() if state == "failed"} == bad
    assert_honest(api, ledger)
    failed = [row.settlement for row in ledger.rows.values() if row.state.value == "failed"]
    assert not any(one.receipt.suppress for one in failed if one is not None)


def test_a_call_that_is_too_large_is_made_in_parts(
    api: Api, options: DispatchOptions, epoch: datetime
) -> None:
    """413: halves, until it fits."""
    api.most = 2
    ledger = MemoryLedger(READERS)
    report = send(api, ledger, options, epoch)
    assert report.accepted == READERS
    assert_honest(api, ledger)


def test_a_call_is_kept_within_its_bytes_before_it_is_made(
    api: Api, options: DispatchOptions, epoch: datetime
) -> None:
    """The provider is never asked with more bytes than it takes."""
    provider = api.fake.make(api.url)
    if provider.limits.recipients == 1:
        pytest.skip("it carries one mail")
    reader = MemoryLedger(1).rows[1].recipient
    one = len(provider.request(Call("k", content(), (share(reader),))).body)
    small = replace(provider, limits=replace(provider.limits, bytes=one * 3))  # type: ignore[type-var]
    ledger = MemoryLedger(READERS)
    report = send(api, ledger, options, epoch, provider=small)
    assert report.accepted == READERS
    assert max(len(asked.body) for asked in api.asked) <= one * 3
    assert_honest(api, ledger)


@pytest.mark.parametrize("refused", [{4}, {1, 2}, {1, 3, 5, 7}])
def test_a_refused_recipient_has_a_receipt_of_their_own(
    api: Api, options: DispatchOptions, epoch: datetime, refused: set[int]
) -> None:
    """Out of a partial success each gets their own state, and the words name no address."""
    if not api.fake.partial:
        pytest.skip("its answer speaks of the whole call")
    ledger = MemoryLedger(READERS)
    bad = {ledger.rows[number].recipient.addr_spec for number in refused}
    api.refused = frozenset(bad)
    send(api, ledger, options, epoch)
    assert {name for name, state in states(ledger).items() if state == "failed"} == bad
    for number in refused:
        settled = ledger.rows[number].settlement
        assert settled is not None
        assert not any(address in settled.receipt.text for address in bad)
    assert_honest(api, ledger)


def test_everybody_refused_is_our_own_fault(
    api: Api, options: DispatchOptions, epoch: datetime
) -> None:
    """A 400 for each single recipient is no list of bad addresses: the issue pauses."""
    ledger = MemoryLedger(40)
    api.poison = frozenset(row.recipient.addr_spec for row in ledger.rows.values())
    report = send(api, ledger, options, epoch)
    assert isinstance(report.error, TransportRejected)
    failed = Counter(states(ledger).values())["failed"]
    # A provider of single mails is stopped by the dispatch's breaker, after ten.
    assert failed <= (14 if api.fake.make(api.url).limits.recipients == 1 else 0)
    assert_honest(api, ledger)


def test_everybody_refused_one_by_one_in_a_200_is_our_own_fault(
    api: Api, options: DispatchOptions, epoch: datetime
) -> None:
    """The same, where each mail has an answer of its own."""
    if not api.fake.partial:
        pytest.skip("its answer speaks of the whole call")
    ledger = MemoryLedger(40)
    api.refused = frozenset(row.recipient.addr_spec for row in ledger.rows.values())
    report = send(api, ledger, options, epoch)
    assert isinstance(report.error, TransportRejected)
    assert Counter(states(ledger).values())["failed"] <= 14
    assert_honest(api, ledger)


def test_the_credentials_are_tried_without_sending(api: Api) -> None:
    """`digest doctor` asks for something that changes nothing; a wrong key is told."""
    provider = api.fake.make(api.url)
    request = provider.check()
    assert "canary" not in repr(provider) + repr(request)
    with pytest.raises(BadRequestError):
        read_strictly(api.fake, Asked(request.method, path_of(request.url), {}, request.body))
    known = {"status": "error", "data": {"code": "MessageNotFound"}}
    api.fault = Fault("status", 200, body=known, times=1)
    asyncio.run(ApiTransport(provider).check())
    wrong = {"message": "no such key", "name": "Invalid_Key"}
    api.fault = Fault("status", 401, body=wrong, times=1)
    with pytest.raises(TransportRejected) as refused:
        asyncio.run(ApiTransport(provider).check())
    assert "canary" not in str(refused.value)


def test_the_same_call_is_the_same_request(api: Api) -> None:
    """Byte for byte: a provider that knows keys compares what it was asked before."""
    reader = MemoryLedger(1).rows[1].recipient
    provider = api.fake.make(api.url)
    call = Call("key", content(), (share(reader),))
    assert provider.request(call).body == provider.request(call).body
