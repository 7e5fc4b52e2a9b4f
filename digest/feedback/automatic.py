"""Automatic replies: on holiday, received, no longer here (RFC 3834)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.feedback.parts import MimePart, decoded

_FIELDS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from")
_SUBJECT = re.compile(
    r"^\W*(auto(matic|mated)?[ -]?(reply|response|responder|answer)|automatische (antwort|reactie)"
    r"|(i am |i'm |re: ?)?(out of (the )?office|away (from|until))|(on )?vacation\b"
    r"|on (annual |maternity |parental )?leave\b|abwesen|r[ée]ponse automatique|absence du bureau"
    r"|respuesta autom|resposta autom|risposta automatica|afwezig|autosvar|automatiskt? svar"
    r"|automaattinen|autoodpowied|自動返信|自动回复)",
    re.IGNORECASE,
)


def is_automatic_reply(parts: Sequence[MimePart]) -> bool:
    """Whether a program answered for its owner and reports no failure.

    `Auto-Submitted: auto-replied` alone does not say so: RFC 3834 allows it in bounces too.
    """
    top = parts[0]
    if top.content_type == "multipart/report":
        return False
    if _SUBJECT.search(decoded(top.first("subject"))):
        return True
    return any(top.first(name) for name in _FIELDS)


def says_replied(parts: Sequence[MimePart]) -> bool:
    """Whether the mail's own word is that a program replied; asked once it is no bounce."""
    top = parts[0]
    said = top.first("auto-submitted").lower()
    precedence = top.first("precedence").lower()
    return said.startswith(("auto-replied", "auto-generated")) or precedence == "auto_reply"
