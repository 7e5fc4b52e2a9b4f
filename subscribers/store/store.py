"""The subscribers' store: people, what they subscribed to, and who must not be written to.

It is handed an engine. Every transaction that changes something is one `engine.begin()`; those
that only read say so, and wait for nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine, func, select

from subscribers.address import normalise
from subscribers.consent import LONGEST_WORDS, Act, Proof, Way
from subscribers.lifecycle import Event, State, Suppressed, listed
from subscribers.plain_text import plain
from subscribers.pseudonyms import Pseudonyms
from subscribers.sections import canonical
from subscribers.store import changing, counting, moving, people, suppressing, tidying
from subscribers.store.enrolling import Entrance, enrol
from subscribers.store.importing import Terms, import_rows, proofs_of
from subscribers.store.leaving import Resolve, leave_many
from subscribers.store.listing import lone_suppressions, subscriptions
from subscribers.store.models import SUBSCRIBER, SUBSCRIPTION
from subscribers.values import (
    LONGEST_NAME,
    Counts,
    Departure,
    Enrolled,
    Growth,
    ImportReport,
    Leaving,
    Listed,
    RejectedLine,
    Row,
    RowVerdict,
    SignupOutcome,
    SubscriberRecord,
    SuppressionRecord,
    Tidied,
)

_BY_HAND = Proof(Way.BY_HAND)


class SubscriberStore:
    """Readers: values come in, values go out.

    `keys` make and recognise the marks of erased addresses, the first of them makes (pseudonyms).
    """

    def __init__(self, engine: Engine, keys: Iterable[str] = ()) -> None:
        self._engine = engine
        self._reading = engine.execution_options(postgresql_readonly=True)
        self._importing = engine.execution_options(storing_much=True)
        self.pseudonyms = Pseudonyms(tuple(keys))

    def add(  # noqa: PLR0913 - what is known of a reader, each part by its name
        self,
        email: str,
        *,
        edition: str,
        confirmed: bool,
        now: datetime,
        name: str = "",
        sections: Iterable[str] = (),
        locale: str = "",
        proof: Proof = _BY_HAND,
    ) -> Enrolled:
        """Subscribe one reader by an operator's hand; `confirmed` says that their consent is known.

        AddressInvalid if that is no address. Somebody who left stays out (LEFT): they come back
        by `ask`, and that only by their own will.
        """
        act = Act.CONFIRMED if confirmed else Act.ASKED
        row = Row(
            line=0,
            address=normalise(email),
            name=name,
            sections=canonical(sections),
            locale=locale,
            edition=edition,
            proofs=((act, proof.shortened()),),
        )
        event = Event.ADD if confirmed else Event.LIST_PENDING
        with self._engine.begin() as connection:
            suppressing.require_keys(connection, self.pseudonyms)
            entrance = Entrance(lambda _: event, self.pseudonyms, now)
            return enrol(connection, [row], entrance)[0].outcome

    def ask(  # noqa: PLR0913 - what a reader says of themself, each part by its name
        self,
        email: str,
        *,
        edition: str,
        proof: Proof,
        now: datetime,
        name: str = "",
        sections: Iterable[str] = (),
        locale: str = "",
    ) -> SignupOutcome:
        """Take a reader's own wish to subscribe: pending until they confirm. AddressInvalid.

        Somebody who is active, paused or has left stays so; their `confirm` brings back who left
        or was erased. A suppressed address may ask too, and `suppressed` says why no mail goes
        there.
        """
        row = Row(
            line=0,
            address=normalise(email),
            name=name,
            sections=canonical(sections),
            locale=locale,
            edition=edition,
        )
        with self._engine.begin() as connection:
            return changing.ask(connection, row, proof, now)

    def import_rows(  # noqa: PLR0913 - where to, on whose word, and who is told
        self,
        rows: Iterable[Row | RejectedLine],
        *,
        edition: str,
        confirmed: bool,
        now: datetime,
        told: Callable[[RowVerdict | RejectedLine], None],
        words: str = "",
        rehearsal: bool = False,
    ) -> ImportReport:
        """Take in what a list reads into, in batches; importing the same again changes nothing.

        `told` hears what became of each line. `edition` is of rows that name none, and `words` say
        where and when they agreed, of rows that do not. A state is never raised: without
        `confirmed`, nobody comes in higher than pending. With `rehearsal` nothing is written.
        KeyMissing if erased addresses could not be recognised.
        """
        terms = Terms(edition, confirmed, told, plain(words, LONGEST_WORDS), rehearsal)
        entrance = Entrance(
            lambda row: listed(row.standing.state or State.UNSUBSCRIBED, confirmed=confirmed),
            self.pseudonyms,
            now,
            lambda row: proofs_of(row, terms),
        )
        return import_rows(self._importing, rows, terms, entrance)

    def list(self, edition: str | None = None, state: State | None = None) -> Iterator[Listed]:
        """Go through the subscriptions, oldest first, a page at a time: memory stays flat."""
        return subscriptions(self._reading, edition, state)

    def count(self, edition: str | None = None) -> int:
        """Count the lines that `list` gives."""
        query = select(func.count()).select_from(SUBSCRIPTION)
        if edition is not None:
            query = query.where(SUBSCRIPTION.c.edition == edition)
        with self._reading.begin() as connection:
            return connection.execute(query).scalar_one()

    def everything(self, edition: str | None = None) -> Iterator[Listed | SuppressionRecord]:
        """Go through what an export holds: subscriptions with their consent, then suppressions.

        Addresses that are suppressed without a subscription belong to no edition: with `edition`
        they are left out.
        """
        yield from subscriptions(self._reading, edition, None, consent=True)
        if edition is None:
            yield from lone_suppressions(self._reading)

    def find(self, public_id: str) -> SubscriberRecord | None:
        """Return the reader a link speaks for, or None once they were erased."""
        with self._reading.begin() as connection:
            return people.person(connection, SUBSCRIBER.c.public_id == public_id)

    def find_by_email(self, email: str) -> SubscriberRecord | None:
        """Return the reader with this address, however it is written; or None. AddressInvalid."""
        key = normalise(email).key
        with self._reading.begin() as connection:
            return people.person(connection, SUBSCRIBER.c.email_key == key)

    def set_sections(
        self, public_id: str, edition: str, sections: Iterable[str], now: datetime
    ) -> None:
        """Choose sections, none meaning all; issues that are planned keep their variant."""
        with self._engine.begin() as connection:
            changing.choose(connection, public_id, edition, canonical(sections), now)

    def confirm(
        self,
        public_id: str,
        edition: str,
        now: datetime,
        proof: Proof = changing.BY_LINK,
        *,
        asked_at: datetime | None = None,
    ) -> State:
        """Take the reader's own word that they want this edition, as they asked at `asked_at`.

        TransitionRefused if they left, and are not known to have asked since. It also ends an
        erasure that the address was remembered for: they came back themselves.
        """
        with self._engine.begin() as connection:
            state = changing.confirm(connection, public_id, edition, asked_at, now, proof)
            if address := changing.address_of(connection, public_id):
                suppressing.forget_erasure(connection, address, self.pseudonyms)
            return state

    def confirm_operators_word(self, edition: str, words: str, now: datetime) -> int:
        """Make active who is pending by an operator's word alone; return how many they are.

        Whoever asked by themselves, in a form, is left to confirm by themselves.
        """
        with self._engine.begin() as connection:
            return changing.confirm_listed(connection, edition, Proof(Way.BY_HAND, words), now)

    def pause(
        self, public_id: str, edition: str, now: datetime, until: datetime | None = None
    ) -> State:
        """Let a subscription rest, until a moment or until it is resumed."""
        with self._engine.begin() as connection:
            return changing.apply(connection, public_id, edition, Event.PAUSE, now, pause=(until,))

    def resume(self, public_id: str, edition: str, now: datetime) -> State:
        """End a pause."""
        return self._apply(public_id, edition, Event.RESUME, now, changing.BY_LINK)

    def unsubscribe(
        self, public_id: str, edition: str, now: datetime, proof: Proof = changing.BY_LINK
    ) -> State:
        """Let a reader leave; a second time changes nothing. `proof.words` may hold a reason."""
        return self._apply(public_id, edition, Event.UNSUBSCRIBE, now, proof)

    def leave_many(
        self, leavings: Sequence[Leaving], resolve: Resolve, now: datetime
    ) -> Sequence[Departure | None]:
        """Let many leave in one transaction; None for each who is not here any more.

        `resolve` says which of a reader's editions a link is about.
        """
        with self._engine.begin() as connection:
            return leave_many(connection, leavings, resolve, now)

    def suppress(self, email: str, reason: Suppressed, now: datetime, detail: str = "") -> None:
        """Never write to this address again, whether or not anybody here has it. AddressInvalid.

        Who complained has left every edition as well. The first reason stays on record.
        """
        address = normalise(email)
        with self._engine.begin() as connection:
            record = SuppressionRecord(address.key, reason, plain(detail, LONGEST_NAME), now)
            suppressing.remember(connection, [record])
            if reason is Suppressed.COMPLAINT:
                suppressing.leave_everything(connection, [address.key], _BY_HAND, now)

    def suppressions(self, email: str) -> tuple[SuppressionRecord, ...]:
        """Return everything that keeps mail from this address, its erasure too. AddressInvalid."""
        address = normalise(email)
        with self._reading.begin() as connection:
            return suppressing.suppressions_of(connection, address, self.pseudonyms)

    def lift_suppression(self, email: str) -> bool:
        """Allow mail to this address again; say whether it was suppressed."""
        address = normalise(email)
        with self._engine.begin() as connection:
            return suppressing.lift(connection, address, self.pseudonyms)

    def erase(self, email: str, now: datetime) -> bool:
        """Erase a person (GDPR Article 17); say whether there was one. KeyMissing.

        Name, address, choices, consent and links go. A keyed hash of the address stays,
        so that an old list does not bring them back, and the ledger's rows, which name nobody.
        """
        address = normalise(email)
        with self._engine.begin() as connection:
            return people.erase(connection, address, self.pseudonyms, now)

    def change_address(self, public_id: str, email: str) -> None:
        """Change a reader's address. AddressInvalid, AddressTaken, SubscriberUnknown."""
        address = normalise(email)
        with self._engine.begin() as connection:
            moving.change_address(connection, public_id, address)

    def set_locale(self, public_id: str, locale: str) -> None:
        """Choose the language of a reader's pages and single mails; "" is the site's."""
        with self._engine.begin() as connection:
            moving.set_locale(connection, public_id, locale)

    def rename_sections(self, edition: str, renamed: Mapping[str, str], now: datetime) -> int:
        """Carry choices over from former section ids; return how many choices changed."""
        with self._engine.begin() as connection:
            return moving.rename_sections(connection, edition, renamed, now)

    def counts(self) -> Counts:
        """Count people, subscriptions by edition and state, and suppressed addresses."""
        with self._reading.begin() as connection:
            return counting.counts(connection)

    def growth(self, edges: Sequence[datetime]) -> dict[str, Growth]:
        """Count who confirmed and who left between each two of `edges`, by edition."""
        with self._reading.begin() as connection:
            return counting.growth(connection, edges)

    def tidy(self, before: datetime, *, rehearsal: bool, lost_marks: bool = False) -> Tidied:
        """Forget who asked before that moment and never confirmed, and plain marks of the erased.

        Plain marks become keyed ones (KeyMissing); `lost_marks` forgets those whose key is lost.
        """
        with self._engine.begin() as connection:
            return Tidied(
                tidying.unconfirmed(connection, before, forget=not rehearsal),
                tidying.plain_marks(connection, self.pseudonyms, change=not rehearsal),
                tidying.lost_marks(
                    connection, self.pseudonyms, forget=lost_marks and not rehearsal
                ),
            )

    def _apply(
        self, public_id: str, edition: str, event: Event, now: datetime, proof: Proof
    ) -> State:
        with self._engine.begin() as connection:
            return changing.apply(connection, public_id, edition, event, now, proof)
