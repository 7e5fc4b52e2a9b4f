"""An issue to any address, marked as a test. The ledger is not involved: nothing is consumed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from digest.config import Settings
from digest.errors import ExitCode, UsageError
from digest.models.calls import Call
from digest.models.deliveries import Outcome, Receipt
from digest.models.mails import Message, Recipient
from digest.pipeline.configured.transports import transport_for
from digest.pipeline.issue.slots import edition_named, slot_to_look_at
from digest.pipeline.mails.budget import render_within_budget
from digest.pipeline.mails.calls import call_composer
from digest.pipeline.mails.rendering import (
    compile_all,
    from_domain,
    headers_of,
    message_composer,
    sample_recipient,
    sample_values,
)
from digest.pipeline.mails.signing import seal_of
from digest.pipeline.sending.trial import trial_of
from digest.sender.dispatch.made_call import CallComposer
from digest.sender.transport import CallTransport, Transport
from digest.store import Store
from subscribers.address import normalise
from subscribers.errors import AddressInvalid


@dataclass(frozen=True, slots=True)
class TestOrder:
    """An edition, perhaps a slot by name, and the addresses that get its issue as a test."""

    __test__ = False  # it is named as the command is; pytest shall not collect it

    edition: str
    slot: str | None
    addresses: Sequence[str]


@dataclass(frozen=True, slots=True)
class TestReport:
    """The receipts of a test, by address; `words` say where its stories come from if not new."""

    __test__ = False  # it is named as the command is; pytest shall not collect it

    issue: str
    receipts: tuple[tuple[str, Receipt], ...] = field(default=())
    words: str = ""

    @property
    def exit_code(self) -> ExitCode:
        """Return RECIPIENTS when any address was not accepted."""
        fine = all(receipt.outcome is Outcome.ACCEPTED for _, receipt in self.receipts)
        return ExitCode.DONE if fine else ExitCode.RECIPIENTS

    def lines(self) -> list[tuple[str, str]]:
        """Return each address with what the server said."""
        return [
            (address, ", ".join(filter(None, (receipt.outcome.value, receipt.said))))
            for address, receipt in self.receipts
        ]

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "issue": self.issue,
            "message": self.words,
            "results": [
                {"to": address, "outcome": receipt.outcome, "code": receipt.code}
                for address, receipt in self.receipts
            ],
        }


def send_test_issue(
    settings: Settings, store: Store, order: TestOrder, now: datetime
) -> TestReport:
    """Send the whole issue (every section) to each address. Raises on a server that is absent."""
    recipients = [_checked(address) for address in order.addresses]
    edition = edition_named(settings, order.edition)
    slot = slot_to_look_at(store, edition, order.slot, now)
    trial = trial_of(settings, store, slot)
    issue, composition = trial.issue, trial.composition
    rendered = render_within_budget(settings, issue, trial.sha256, [composition]).rendered
    marked = {
        name: replace(variant, subject=trial.mark + variant.subject)
        for name, variant in rendered.items()
    }
    reader = sample_recipient(composition.variant)
    readers = [
        replace(
            reader,
            delivery_id=number,
            addr_spec=address,
            name="",
            public_id=f"test-{number}-{int(now.timestamp())}",
        )
        for number, address in enumerate(recipients, start=1)
    ]
    transport = transport_for(settings, f"test/{slot.issue_key}", eight_bit=issue.eight_bit)
    headers, values = headers_of(settings, issue, now), sample_values(issue)
    if isinstance(transport, CallTransport):
        composer = call_composer(issue, marked, headers, values)
        calls = [_call(composer, one, now) for one in readers]
        receipts = asyncio.run(_send_calls(transport, calls))
    else:
        compose = message_composer(
            issue,
            compile_all(marked, headers, eight_bit=issue.eight_bit),
            values,
            lambda _recipient: settings.mail.addr_spec,
            seal_of(settings, from_domain(issue), now),
        )
        receipts = asyncio.run(_send(transport, [compose(one) for one in readers]))
    results = tuple(zip(recipients, receipts, strict=True))
    return TestReport(slot.issue_key, results, trial.words)


def _call(composer: CallComposer, reader: Recipient, now: datetime) -> Call:
    """Return a call for one reader; tests of different moments have different keys."""
    key = sha256(f"test/{now.isoformat()}/{reader.delivery_id}".encode()).hexdigest()[:32]
    return Call(key, composer.content(reader), (composer.share(reader),))


def _checked(address: str) -> str:
    try:
        return normalise(address).addr_spec
    except AddressInvalid as error:
        raise UsageError(str(error), where="--to") from None


async def _send(transport: Transport, messages: Sequence[Message]) -> list[Receipt]:
    """Send one after the other; a connection that is used up is replaced."""
    receipts: list[Receipt] = []
    connection = await transport.connect()
    try:
        for message in messages:
            if not connection.usable:
                await connection.close()
                connection = await transport.connect()
            receipts.append(await connection.send(message))
    finally:
        await connection.close()
    return receipts


async def _send_calls(transport: CallTransport, calls: Sequence[Call]) -> list[Receipt]:
    """Make one call after the other. Raises what keeps all of them from going."""
    receipts: list[Receipt] = []
    connection = await transport.connect()
    try:
        for call in calls:
            result = await connection.send(call)
            if result.fault is not None:
                raise result.fault
            receipts += result.receipts
    finally:
        await connection.close()
    return receipts
