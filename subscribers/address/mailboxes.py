"""The mailbox that an address most likely ends in: for bounds on mail, never for who is who.

`jane+news@` is delivered to `jane@` by most services (RFC 5233 subaddressing), and Gmail reads no
dots (support.google.com/mail/answer/7436150, looked at in November 2026). They are addresses of
their own here, and a thousand of them can be typed into a form to fill one mailbox.
"""

from __future__ import annotations

from subscribers.address.spelling import Address

_WITHOUT_DOTS = frozenset({"gmail.com", "googlemail.com"})


def likely_mailbox(address: Address) -> Address:
    """Return the address without its tag, and without dots where its service reads none."""
    local, _, domain = address.key.rpartition("@")
    bare = local.partition("+")[0] or local
    if domain in _WITHOUT_DOTS:
        bare, domain = bare.replace(".", "") or bare, "gmail.com"
    mailbox = f"{bare}@{domain}"
    return Address(mailbox, mailbox)
