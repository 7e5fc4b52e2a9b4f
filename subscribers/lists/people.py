"""One record becomes one person: address, name, choice, standing and consent, or a fault."""

from __future__ import annotations

import re
from collections.abc import Callable
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
from subscribers.plain_text import plain
from subscribers.pseudonyms import is_mark
from subscribers.values import LONGEST_NAME, Fault, Row, Standing

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>")
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_DATED = (
    (Act.ASKED, Field.ASKED, Field.ASKED_IP),
    (Act.CONFIRMED, Field.CONFIRMED, Field.CONFIRMED_IP),
)
_NOWHERE = 1 << 30
# Blanks, and what is seen as nothing: no-break, zero-width, joiners, a byte order mark.
_UNSEEN = " \t\r\n\xa0\xad\u200b\u200c\u200d\u200e\u200f\u202f\u2060\ufeff"
_UNSEEN_ENDS = frozenset(_UNSEEN)
_SHOWN = 80
_Check = Callable[[str], str]


class PersonReader:
    """Reads the records of one list."""

    def __init__(self, layout: Layout, terms: ListTerms, *, marked: bool = True) -> None:
        """Keep what every line is read by; cells are `marked` as they are for spreadsheets."""
        self._original = original if marked else str
        self._layout = layout
        self._names = {one: SectionNames(titles) for one, titles in terms.sections.items()}
        self._edition = terms.edition
        self._network = terms.network
        self._fields = layout.fields
        self._exact = layout.format.exact
        self._whole = Field.PUBLIC_ID in layout.fields  # an export that holds everything

    def read(self, record: Record) -> Row | Fault:
        """Return the person of a record, or why there is none."""
        try:
            return self._person(record)
        except (SubscriberError, Unclear) as error:
            return Fault(record.line, str(error), tuple(record.cells))

    def _person(self, record: Record) -> Row | Fault:
        cells = record.cells
        standing = self._standing(cells)
        address, name = self._address(cells)
        edition = self._of(cells, Field.EDITION) or self._edition
        if standing.state is not None and self._edition not in {"", edition}:
            return Fault(record.line, f'is of edition "{edition}"', tuple(cells), other=True)
        if standing.state is not None and edition not in self._names:
            known = ", ".join(sorted(self._names))
            what = f'no edition is called "{edition[:_SHOWN]}" (there are: {known})'
            return Fault(record.line, what, tuple(cells))
        return Row(
            line=record.line,
            address=address,
            name=self._name(cells) or name,
            sections=self._sections(cells, edition) if standing.state is not None else "",
            locale=self._right(cells, Field.LOCALE, wrong_locale),
            edition=edition,
            standing=standing,
            joined_at=self._when(cells, Field.JOINED) or self._when(cells, Field.ASKED),
            confirmed_at=self._when(cells, Field.CONFIRMED) if self._whole else None,
            proofs=self._proofs(cells, standing),
            public_id=self._public_id(cells),
            odd=oddity(address) if not standing.lowers else "",
            cells=tuple(cells),
        )

    def _of(self, cells: list[str], one: Field) -> str:
        """Return the cell of a field, or "": the list has none, or this line ends before it."""
        place = self._fields.get(one, _NOWHERE)
        if place >= len(cells):
            return ""
        # What we wrote is what was meant, to the last letter that cannot be seen.
        return cells[place].strip() if self._layout.format.ours else as_meant(cells[place])

    def _when(self, cells: list[str], one: Field) -> datetime | None:
        text = self._of(cells, one)
        return moment(text) if text else None

    def _address(self, cells: list[str]) -> tuple[Address, str]:
        text = self._of(cells, Field.EMAIL)
        if self._layout.format.ours and not self._whole:
            text = self._original(text)  # version 0.1 marked addresses too
        if self._layout.format.ours and is_mark(text):
            return Address(text, text), ""
        address, name = parted(text)
        return normalise(address), plain(self._original(name), LONGEST_NAME)

    def _name(self, cells: list[str]) -> str:
        text = self._of(cells, Field.NAME)
        if not text:
            parts = (self._of(cells, Field.FIRST_NAME), self._of(cells, Field.LAST_NAME))
            text = " ".join(part for part in parts if part)
        return plain(self._original(text), LONGEST_NAME) if text else ""

    def _sections(self, cells: list[str], edition: str) -> str:
        text = self._of(cells, Field.SECTIONS)
        return self._names[edition].chosen(self._original(text)) if text else ""

    def _right(self, cells: list[str], one: Field, wrong: _Check) -> str:
        """Return a language or a zone; of a list from elsewhere, a wrong one is left out."""
        text = self._of(cells, one)
        if not text:
            return ""
        if fault := wrong(text):
            if self._exact:
                raise Unclear(fault)
            return ""
        return text

    def _standing(self, cells: list[str]) -> Standing:
        layout = self._layout
        if layout.format.ours:
            return self._own_standing(cells)
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
        return self._dated(cells, standing) if standing.lowers else standing

    def _dated(self, cells: list[str], standing: Standing) -> Standing:
        """Say since when, and why, as far as the list does."""
        since = standing.since or self._when(cells, Field.LEFT)
        detail = standing.detail or plain(self._of(cells, Field.REASON), LONGEST_NAME)
        return Standing(standing.state, standing.suppressed, since, detail)

    def _own_standing(self, cells: list[str]) -> Standing:
        suppressed = reason(self._of(cells, Field.SUPPRESSED))
        text = self._of(cells, Field.STATUS)
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
        return Standing(
            state,
            suppressed,
            self._when(cells, since),
            self._original(self._of(cells, Field.SUPPRESSED_DETAIL)),
            self._when(cells, Field.PAUSED_UNTIL),
            self._when(cells, Field.LEFT),
        )

    def _proofs(self, cells: list[str], standing: Standing) -> tuple[tuple[Act, Proof], ...]:
        if standing.state is None:
            return ()
        if consent := self._of(cells, Field.CONSENT):
            return acts_in(self._original(consent))
        found = [
            (act, Proof(Way.LIST, network=self._network(self._of(cells, ip)), at=at))
            for act, one, ip in _DATED
            if (at := self._when(cells, one))
        ]
        if standing.state is State.UNSUBSCRIBED and found:
            found.append((Act.WITHDREW, Proof(Way.LIST, standing.detail, at=standing.since)))
        return tuple(found)

    def _public_id(self, cells: list[str]) -> str:
        text = self._original(self._of(cells, Field.PUBLIC_ID)) if self._layout.format.ours else ""
        return text if _PUBLIC_ID.fullmatch(text) else ""


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


def wrong_locale(text: str) -> str:
    """Say what is wrong with a locale, or nothing."""
    if not text or _LOCALE.fullmatch(text):
        return ""
    return f'"{text[:_SHOWN]}" is not a locale (write it as in en-GB)'
