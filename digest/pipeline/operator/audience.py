"""Subscribers by hand: checks them against the configuration, then lets `subscribers` decide."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from digest.config import Settings
from digest.errors import ExitCode, UsageError
from digest.pipeline.issue.slots import edition_named
from digest.store import Store
from subscribers.consent import Proof, Way
from subscribers.errors import SubscriberError
from subscribers.lifecycle import Suppressed
from subscribers.locales import wrong_locale
from subscribers.values import Enrolled


@dataclass(frozen=True, slots=True)
class NewSubscriber:
    """A reader to be added; no section means all."""

    email: str
    name: str = ""
    sections: tuple[str, ...] = ()
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The edition that readers are added to, when, and whether they have confirmed already.

    `words` say where and when they did.
    """

    edition: str
    now: datetime
    confirmed: bool = False
    words: str = ""


def known_sections(settings: Settings, edition_id: str) -> frozenset[str]:
    """Return the section ids that readers of the edition may choose from."""
    return frozenset(edition_named(settings, edition_id).sections)


def checked_sections(
    settings: Settings, edition_id: str, sections: Iterable[str]
) -> tuple[str, ...]:
    """Return the sections back if the edition has them all; UsageError names the nearest."""
    known = known_sections(settings, edition_id)
    chosen = tuple(sections)
    for name in chosen:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            raise UsageError(
                f'{edition_id} has no section "{name}"',
                fix=f'Did you mean "{close[0]}"?'
                if close
                else f"It has: {', '.join(sorted(known))}",
            )
    return chosen


@dataclass(frozen=True, slots=True)
class AddedSubscriber:
    """The outcome for one reader who was to be added."""

    email: str
    edition: str
    outcome: Enrolled
    confirmed: bool

    @property
    def exit_code(self) -> ExitCode:
        """Return RECIPIENTS when this reader will get no mail after all."""
        refused = self.outcome in {Enrolled.LEFT, Enrolled.SUPPRESSED}
        return ExitCode.RECIPIENTS if refused else ExitCode.DONE

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {"email": self.email, "edition": self.edition, "outcome": self.outcome}

    def sentence(self) -> str:
        """Say it to a person."""
        fresh = "active" if self.confirmed else "pending until they confirm"
        return {
            Enrolled.ADDED: f"{self.email} now subscribes to {self.edition}: {fresh}.",
            Enrolled.PENDING: f"{self.email} now subscribes to {self.edition}: {fresh}.",
            Enrolled.PAUSED: f"{self.email} is paused in {self.edition}.",
            Enrolled.CONFIRMED: f"{self.email} is now active in {self.edition}.",
            Enrolled.UNCHANGED: f"{self.email} subscribed to {self.edition} before; kept as it is.",
            Enrolled.LEFT: f"{self.email} left {self.edition}: only they can come back.",
            Enrolled.SUPPRESSED: f"{self.email} is suppressed and gets no mail; not added. "
            f"`digest subscribers lift {self.email}` allows mail there again.",
        }[self.outcome]


def add_subscriber(
    settings: Settings, store: Store, who: NewSubscriber, enrolment: Enrolment
) -> AddedSubscriber:
    """Add one reader; UsageError for an address, section or locale that is wrong."""
    sections = checked_sections(settings, enrolment.edition, who.sections)
    if fault := wrong_locale(who.locale):
        raise UsageError(fault)
    with translated():
        outcome = store.subscribers.add(
            who.email,
            edition=enrolment.edition,
            confirmed=enrolment.confirmed,
            now=enrolment.now,
            name=who.name,
            sections=sections,
            locale=who.locale,
            proof=Proof(Way.BY_HAND, enrolment.words),
        )
    return AddedSubscriber(who.email, enrolment.edition, outcome, enrolment.confirmed)


def listed(store: Store, edition_id: str | None) -> Iterator[dict[str, str]]:
    """Yield one flat row for each subscription, of one edition or of all, a page at a time."""
    for row in store.subscribers.list(edition_id):
        yield {
            "email": row.email,
            "name": row.name,
            "edition": row.edition,
            "state": str(row.state),
            "sections": row.sections,
            "locale": row.locale,
            "suppressed": row.suppressed,
        }


def lift_suppression(store: Store, email: str) -> bool:
    """Allow mail to this address again; say whether it was suppressed."""
    with translated():
        return store.subscribers.lift_suppression(email)


def erase_subscriber(store: Store, email: str, now: datetime) -> bool:
    """Erase a person; say whether there was one. UsageError if there is no key to remember by."""
    with translated():
        return store.erase_reader(email, now)


def suppress_address(
    store: Store, email: str, reason: Suppressed, detail: str, now: datetime
) -> None:
    """Never write to this address again. UsageError if it is none."""
    with translated():
        store.subscribers.suppress(email, reason, now, detail)


def confirm_pending(
    settings: Settings, store: Store, edition_id: str, words: str, now: datetime
) -> int:
    """Take an operator's word for all who are pending by a list or by hand; return how many.

    Who asked by a form is not among them: they confirm themselves. UsageError without words.
    """
    edition_named(settings, edition_id)
    if not words.strip():
        raise UsageError("it is not said where and when they agreed", fix="Say it: --consent …")
    return store.subscribers.confirm_operators_word(edition_id, words, now)


@contextmanager
def translated() -> Iterator[None]:
    """Turn what `subscribers` refuses into a UsageError of ours: it knows nothing of digest."""
    try:
        yield
    except SubscriberError as error:
        raise UsageError(error.what, where=error.where, fix=error.fix) from None
