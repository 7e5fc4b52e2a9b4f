"""The base of every table of digest.toml, and the values that any of them may hold."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import AfterValidator, BaseModel, ConfigDict

# What pydantic calls a key that a table does not have: in a model, and in a dataclass.
UNKNOWN_KEY = frozenset({"extra_forbidden", "unexpected_keyword_argument"})


class Table(BaseModel):
    """Frozen, and an unknown key is an error: an option that is read by nobody is a lie."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f'"{value}" is not a URL. It must start with https:// (or http://)')
    return value


def _ascii_url(value: str) -> str:
    """Write host and path as mails carry them: IDNA 2008 (RFC 5891) and percent-encoded UTF-8."""
    value = _http_url(value)
    if value.isascii():
        return value
    import idna

    parts = urlsplit(value)
    try:
        host = idna.encode(parts.hostname or "", uts46=True).decode()
        port = f":{parts.port}" if parts.port else ""
    except (idna.IDNAError, ValueError) as error:
        raise ValueError(f'"{value}" has a name that no domain can have ({error})') from None
    path, query = quote(parts.path, safe="/%:@!$&'()*+,;=~"), quote(parts.query, safe="%=&?/:@+")
    return urlunsplit((parts.scheme, f"{host}{port}", path, query, ""))


def _optional_http_url(value: str) -> str:
    return _http_url(value) if value else value


def _identifier(value: str) -> str:
    allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_"
    if not value or any(letter not in allowed for letter in value):
        raise ValueError(f'"{value}" may hold only lower-case letters, digits, - and _')
    return value


def _optional_identifier(value: str) -> str:
    return _identifier(value) if value else value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
AsciiUrl = Annotated[str, AfterValidator(_ascii_url)]
OptionalHttpUrl = Annotated[str, AfterValidator(_optional_http_url)]
Identifier = Annotated[str, AfterValidator(_identifier)]
OptionalIdentifier = Annotated[str, AfterValidator(_optional_identifier)]
