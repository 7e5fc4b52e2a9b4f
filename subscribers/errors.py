"""The errors of people and addresses, each with what to do next.

SubscriberError              what happened · where · fix
├── AddressInvalid           this cannot be an e-mail address
├── TransitionRefused        this subscription cannot do that from where it is
├── TokenInvalid             a reader's link is forged, damaged, or for another purpose
│   └── TokenExpired         it was ours, and its time is over
├── AddressTaken             another reader has this address
├── SubscriberUnknown        nobody here has this address or identifier
├── KeyMissing               a keyed hash is needed, and its key is not at hand
└── ImportUnreadable         the file as a whole cannot be imported; nothing was

One bad line of an import is a `RejectedLine` of that line, not an error.
"""

from __future__ import annotations


class SubscriberError(Exception):
    """The root: `what` happened, `where`, and the `fix` a person can carry out."""

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        """Keep the three parts apart, so that whoever shows them can choose how."""
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        """Read as one line: `where: what. fix`."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head.rstrip('.')}. {self.fix}" if self.fix else head


class AddressInvalid(SubscriberError):
    """This cannot be an e-mail address."""


class TransitionRefused(SubscriberError):
    """This subscription cannot do that from the state it is in."""


class TokenInvalid(SubscriberError):
    """A reader's link is forged, damaged, or was made for another purpose."""


class TokenExpired(TokenInvalid):
    """A reader's link was made here, and its time is over."""


class AddressTaken(SubscriberError):
    """Another reader has this address: two people are not made one."""


class SubscriberUnknown(SubscriberError):
    """No subscriber has this address or identifier, or they do not have that edition."""


class KeyMissing(SubscriberError):
    """A keyed hash is to be made or compared, and its key is not at hand."""


class ImportUnreadable(SubscriberError):
    """The file as a whole cannot be imported."""
