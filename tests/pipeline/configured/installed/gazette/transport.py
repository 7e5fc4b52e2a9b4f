"""A transport: each mail is a note in a pigeon's loft."""

from __future__ import annotations

from pathlib import Path

from digest.extension.secret import Secret
from digest.models.deliveries import Outcome, Receipt
from digest.models.mails import Message
from digest.sender.declaration import Opening, TransportKind, TransportSettings

_RING = "PIGEON_RING"


class PigeonSettings(TransportSettings):
    """The table [pigeon]."""

    loft: Path


class Pigeon:
    """Carries notes to one loft; each bears the ring's number."""

    usable = True

    def __init__(self, loft: Path, ring: str) -> None:
        """Keep where it flies."""
        self._loft = loft
        self._ring = ring

    async def connect(self) -> Pigeon:
        """Be ready."""
        self._loft.mkdir(parents=True, exist_ok=True)
        return self

    async def send(self, message: Message, following: Message | None = None) -> Receipt:
        """Leave the note."""
        del following
        (self._loft / f"{self._ring}-{message.recipient}").write_bytes(message.data)
        return Receipt(message.delivery_id, Outcome.ACCEPTED)

    async def close(self) -> None:
        """Rest."""

    def abort(self) -> None:
        """Fall."""


def open_pigeon(opening: Opening[PigeonSettings]) -> Pigeon:
    """Return a pigeon that knows its loft."""
    return Pigeon(opening.folder / opening.settings.loft, opening.secrets[_RING])


TRANSPORT = TransportKind(
    name="pigeon",
    keys=PigeonSettings,
    open=open_pigeon,
    secrets=lambda _: (Secret(_RING, "the number of the pigeon's ring"),),
)
