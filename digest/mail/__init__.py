"""Rendered and a recipient in, the bytes of one mail out.

Each variant is compiled once into byte segments with holes; what is done for a recipient is a
join of bytes. No IO, no clock, no template, and no e-mail library per recipient.
"""

from digest.mail.headers import ListHeaders, name_message
from digest.mail.splice import CompiledMessage, compile_message

__all__ = ["CompiledMessage", "ListHeaders", "compile_message", "name_message"]
