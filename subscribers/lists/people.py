"""One record becomes one person: address, name, choice, standing and consent, or a fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from subscribers.address import Address, normalise
from subscribers.address.oddities import oddity
from subscribers.consent import Act, Proof, Way
from subscribers.errors import AddressInvalid, SubscriberError
from subscribers.lifecycle import State
from subscribers.lists.consent_cells import acts_in
from subscribers.lists.contract import Field
from subscribers.lists.moments import moment
from subscribers.lists.recognising import Layout
from subscribers.lists.section_names import SectionNames
from subscribers.lists.spreadsheets import original
from subscribers.lists.standings import Unclear, lowest, reason, tells_of_leaving
from subscribers.lists.strict_csv import Record
from subscribers.lists.terms import ListTerms
from subscribers.locales import wrong_locale
from subscribers.plain_text import plain
from subscribers.pseudonyms import is_mark
from subscribers.values import LONGEST_NAME, ListedState, RejectedLine, Row

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>")
_PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_DATED = (
    (Act.ASKED, Field.ASKED, Field.ASKED_IP),
    (Act.CONFIRMED, Field.CONFIRMED, Field.CONFIRMED_IP),
)
# Blanks, and what is seen as nothing: no-break, zero-width, joiners, a byte order mark.
_UNSEEN = " \t\r\n\xa0\xad\u200b\u200c\u200d\u200e\u200f\u202f\u2060\ufeff"
_UNSEEN_ENDS = frozenset(_UNSEEN)
_SHOWN = 80
# A line's cells by field, without those that are empty.
Told = Mapping[Field, str]


class PersonReader:
    """Reads the records of one list."""

    def __init__(self, layout: Layout, terms: ListTerms, *, marked: bool) -> None:
        """Keep what every line is read by; cells are `marked` as they are for spreadsheets."""
        self._original = original if marked else str
        self._layout = layout
        self._names = {one: SectionNames(titles) for one, titles in terms.sections.items()}
        self._edition = terms.edition
        self._network = terms.network
        self._places = tuple(layout.fields.items())
        self._ours, self._exact = layout.format.ours, layout.format.exact
        # What we wrote is what was meant, to the last letter that cannot be seen.
        self._meant: Callable[[str], str] = str.strip if self._ours else as_meant
        self._whole = Field.PUBLIC_ID in layout.fields  # an export that holds everything
        self._dated = tuple(one for one in _DATED if one[1] in layout.fields)

    def read(self, record: Record) -> Row | RejectedLine:
        """Return the person of a record, or why there is none."""
        try:
            return self._person(record)
        except (SubscriberError, Unclear) as error:
            return RejectedLine(record.line, str(error), tuple(record.cells))

    def _person(self, record: Record) -> Row | RejectedLine:
        cells = record.cells
        told = self._told(cells)
        standing = self._standing(cells, told)
        address, name = self._address(told.get(Field.EMAIL, ""))
        edition = told.get(Field.EDITION) or self._edition
        lives = standing.state is not None
        if lives and (self._edition not in {"", edition} or edition not in self._names):
            return self._elsewhere(record, edition)
        joined = moment_of(told.get(Field.JOINED)) or moment_of(told.get(Field.ASKED))
        sections = told.get(Field.SECTIONS) if lives else None
        return Row(
            line=record.line,
            address=address,
            name=self._name(told) or name,
            sections=self._names[edition].chosen(self._original(sections)) if sections else "",
            locale=self._locale(told.get(Field.LOCALE, "")),
            edition=edition,
            standing=standing,
            joined_at=joined,
            confirmed_at=moment_of(told.get(Field.CONFIRMED)) if self._whole else None,
            proofs=self._proofs(told, standing) if lives else (),
            public_id=self._public_id(told.get(Field.PUBLIC_ID, "")) if self._ours else "",
            odd="" if standing.lowers else oddity(address),
            cells=tuple(cells),
        )

    def _told(self, cells: list[str]) -> Told:
        """Return what the line says by field; it may end before the list's last columns."""
        count, meant = len(cells), self._meant
        return {
            one: text
            for one, place in self._places
            if place < count and cells[place] and (text := meant(cells[place]))
        }

    def _elsewhere(self, record: Record, edition: str) -> RejectedLine:
        if self._edition not in {"", edition}:
            what = f'is of edition "{edition}"'
            return RejectedLine(record.line, what, tuple(record.cells), other=True)
        known = ", ".join(sorted(self._names))
        what = f'no edition is called "{edition[:_SHOWN]}" (there are: {known})'
        return RejectedLine(record.line, what, tuple(record.cells))

    def _address(self, text: str) -> tuple[Address, str]:
        if self._ours and not self._whole:
            text = self._original(text)  # version 0.1 marked addresses too
        if self._ours and is_mark(text):
            return Address(text, text), ""
        address, name = parted(text)
        return normalise(address), plain(self._original(name), LONGEST_NAME) if name else ""

    def _name(self, told: Told) -> str:
        text = told.get(Field.NAME, "")
        if not text:
            parts = (told.get(Field.FIRST_NAME), told.get(Field.LAST_NAME))
            text = " ".join(part for part in parts if part)
        return plain(self._original(text), LONGEST_NAME) if text else ""

    def _locale(self, text: str) -> str:
        """Return a language; of a list from elsewhere, a wrong one is left out."""
        if not (fault := wrong_locale(text)):
            return text
        if self._exact:
            raise Unclear(fault)
        return ""

    def _standing(self, cells: list[str], told: Told) -> ListedState:
        layout = self._layout
        if self._ours:
            return self._own_standing(told)
        said = []
        for place, read in layout.said:
            cell = cells[place] if place < len(cells) else ""
            try:
                one = read(cell)
            except Unclear as error:
                raise Unclear(f'column "{layout.header[place].strip()}": {error}') from None
            if one is not None:
                said.append(one)
        for place in layout.silent:
            if place < len(cells) and tells_of_leaving(cells[place]):
                raise Unclear(_unheard(layout.header[place], cells[place]))
        standing = lowest(said, layout.format.base)
        return _since(told, standing) if standing.lowers else standing

    def _own_standing(self, told: Told) -> ListedState:
        suppressed = reason(told.get(Field.SUPPRESSED, ""))
        text = told.get(Field.STATUS, "")
        if not text and suppressed is None:
            raise Unclear("it has no state")
        try:
            state = State(text) if text else None
        except ValueError:
            raise Unclear(f'"{text[:_SHOWN]}" is no state of a subscription') from None
        if suppressed and state is not State.UNSUBSCRIBED and not self._whole:
            # Version 0.1, or a hand, wrote it: nobody is made active whom it calls suppressed.
            state = None
        since = Field.SUPPRESSED_AT if suppressed else Field.LEFT
        return ListedState(
            state,
            suppressed,
            moment_of(told.get(since)),
            self._original(told.get(Field.SUPPRESSED_DETAIL, "")),
            moment_of(told.get(Field.PAUSED_UNTIL)),
            moment_of(told.get(Field.LEFT)),
        )

    def _proofs(self, told: Told, standing: ListedState) -> tuple[tuple[Act, Proof], ...]:
        if consent := told.get(Field.CONSENT):
            return acts_in(self._original(consent))
        found = [
            (act, Proof(Way.LIST, network=self._network(told.get(ip, "")), at=at))
            for act, one, ip in self._dated
            if (at := moment_of(told.get(one)))
        ]
        if standing.state is State.UNSUBSCRIBED and found:
            found.append((Act.WITHDREW, Proof(Way.LIST, standing.detail, at=standing.since)))
        return tuple(found)

    def _public_id(self, text: str) -> str:
        meant = self._original(text)
        return meant if _PUBLIC_ID.fullmatch(meant) else ""


def moment_of(text: str | None) -> datetime | None:
    """Return the moment that a cell names, or None: it is empty or names none."""
    return moment(text) if text else None


def _since(told: Told, standing: ListedState) -> ListedState:
    """Say since when, and why, as far as the list does."""
    since = standing.since or moment_of(told.get(Field.LEFT))
    detail = standing.detail or plain(told.get(Field.REASON, ""), LONGEST_NAME)
    return ListedState(standing.state, standing.suppressed, since, detail)


def _unheard(column: str, cell: str) -> str:
    name = column.strip()[:_SHOWN]
    return (
        f'column "{name}" says "{cell.strip()}", and is not one that is heard:'
        f' --map status="{name}" hears it, --map ignore="{name}" does not'
    )


def as_meant(cell: str) -> str:
    """Return a cell without what spreadsheets and web pages put around it unseen."""
    text = cell.strip(_UNSEEN) if cell[:1] in _UNSEEN_ENDS or cell[-1:] in _UNSEEN_ENDS else cell
    if text.startswith('="') and text.endswith('"') and len(text) > len('=""'):
        text = text[2:-1]  # Excel's way to keep a text a text
    return text.strip()


def address_in(cell: str) -> bool:
    """Whether a cell of a first line is an address, and so no column's name."""
    try:
        normalise(parted(as_meant(cell))[0])
    except AddressInvalid:
        return False
    return True


def parted(text: str) -> tuple[str, str]:
    """Return address and name of "Anna <anna@…>", "<anna@…>", "mailto:anna@…" or an address."""
    match = _NAMED.fullmatch(text) if text.endswith(">") else None
    address = match["address"].strip() if match else text
    name = match["name"].strip().strip('"').strip() if match else ""
    return address.removeprefix("mailto:"), name
