"""What the DNS says of the sender's domain: SPF, DKIM, DMARC, MX, and the way back by PTR.

Asked of the machine's own resolver, for a few seconds in all. Where none answers, that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from digest.config import Settings
from digest.errors import DigestError
from digest.pipeline.mails.signing import signers_of
from digest.pipeline.setup.fit_to_send import is_reserved

_SECONDS = 2.0  # for one question
_LABELS = 2  # of a domain that somebody registers; a longer public suffix has a record more to find

Lookup = Callable[[str, str], Sequence[str]]
"""Answers (name, type) with texts, none if there is no such record. Raises OSError: no answer."""


@dataclass(frozen=True, slots=True)
class DnsFinding:
    """One record: what was found under which name; `ok` is None where nobody answered."""

    record: str
    name: str
    ok: bool | None
    words: str
    fix: str = ""

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "record": self.record,
            "name": self.name,
            "ok": self.ok,
            "words": self.words,
            "fix": self.fix,
        }


def system_lookup(nameservers: Sequence[str] = (), port: int = 53) -> Lookup:
    """Return a lookup by the system's resolver, or by these name servers."""
    import dns.exception
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver(configure=not nameservers)
    except dns.exception.DNSException as error:
        reason = str(error)

        def nobody(_name: str, _kind: str) -> Sequence[str]:
            raise OSError(reason)

        return nobody
    if nameservers:
        resolver.nameservers, resolver.port = list(nameservers), port
    resolver.lifetime = resolver.timeout = _SECONDS

    def ask(name: str, kind: str) -> Sequence[str]:
        try:
            found = resolver.resolve(name, kind, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.DNSException as error:
            raise OSError(type(error).__name__) from None
        return [_text(row) for row in found]

    return ask


def dns_findings(settings: Settings, lookup: Lookup, host: str = "") -> tuple[DnsFinding, ...]:
    """Look the sender's domain up; `host` is the mail server's name, "" where there is none.

    The first question that nobody answers ends it: the others would not be answered either.
    """
    if is_reserved(settings.mail.domain):
        words = "a domain for examples: set [mail] from"
        return (DnsFinding("DNS", settings.mail.domain, None, words),)
    found: list[DnsFinding] = []
    try:
        found += _found(settings, lookup, host)
    except OSError as error:
        domain = settings.mail.domain
        return (DnsFinding("DNS", domain, None, f"no resolver answers ({error})"),)
    return tuple(found)


def _found(settings: Settings, lookup: Lookup, host: str) -> Iterator[DnsFinding]:
    domain = settings.mail.domain
    yield _spf(lookup, domain)
    yield from _dkim(settings, lookup)
    yield _dmarc(lookup, domain)
    yield _mx(lookup, domain)
    if host:
        yield _ptr(lookup, host)


def _spf(lookup: Lookup, domain: str) -> DnsFinding:
    texts = [text for text in lookup(domain, "TXT") if text.lower().startswith("v=spf1")]
    if len(texts) == 1:
        return DnsFinding("SPF", domain, ok=True, words=texts[0])
    words = f"{len(texts)} records, and there may be one" if texts else "no record"
    fix = f'Publish one TXT at {domain}: "v=spf1 … ~all", as your mail server\'s operator says'
    return DnsFinding("SPF", domain, ok=False, words=words, fix=fix)


def _dkim(settings: Settings, lookup: Lookup) -> Iterator[DnsFinding]:
    try:
        records = [signer.record for signer in signers_of(settings, settings.mail.domain)]
    except DigestError as error:
        yield DnsFinding("DKIM", settings.mail.domain, ok=False, words=error.what, fix=error.fix)
        return
    for name, wanted in records:
        texts = [text for text in lookup(name, "TXT") if "p=" in text]
        if any(_key(text) == _key(wanted) for text in texts):
            yield DnsFinding("DKIM", name, ok=True, words="the key that signs is published")
        else:
            words = "another key is published" if texts else "no record"
            yield DnsFinding("DKIM", name, ok=False, words=words, fix=f'Publish TXT: "{wanted}"')
    if not records:
        words = "the mail server or the e-mail API signs; its selector is not known here"
        yield DnsFinding("DKIM", settings.mail.domain, ok=None, words=words)


def _dmarc(lookup: Lookup, domain: str) -> DnsFinding:
    """Look at the domain, then at those above it (RFC 7489 section 6.6.3)."""
    labels = domain.split(".")
    for start in range(len(labels) - _LABELS + 1):
        name = f"_dmarc.{'.'.join(labels[start:])}"
        texts = [text for text in lookup(name, "TXT") if text.upper().startswith("V=DMARC1")]
        if texts:
            return DnsFinding("DMARC", name, ok=True, words=texts[0])
    fix = f'Publish TXT at _dmarc.{domain}: "v=DMARC1; p=none; rua=mailto:…", and tighten it later'
    return DnsFinding("DMARC", f"_dmarc.{domain}", ok=False, words="no record", fix=fix)


def _mx(lookup: Lookup, domain: str) -> DnsFinding:
    rows = lookup(domain, "MX")
    if rows:
        return DnsFinding("MX", domain, ok=True, words=", ".join(sorted(rows)))
    fix = "Publish MX for it, so that bounces and answers arrive"
    return DnsFinding("MX", domain, ok=False, words="no record: nobody can answer", fix=fix)


def _ptr(lookup: Lookup, host: str) -> DnsFinding:
    """Tell whether the mail server's address leads back to a name with that address."""
    import dns.reversename

    addresses = [*lookup(host, "A"), *lookup(host, "AAAA")]
    for address in addresses:
        names = lookup(dns.reversename.from_address(address).to_text(), "PTR")
        if any(address in (*lookup(name, "A"), *lookup(name, "AAAA")) for name in names):
            return DnsFinding("PTR", host, ok=True, words=f"{address} is {names[0].rstrip('.')}")
    words = "no address leads back to its name" if addresses else "the name has no address"
    fix = "Have whoever runs the mail server set its reverse name"
    return DnsFinding("PTR", host, ok=False, words=words, fix=fix)


def _key(record: str) -> str:
    tags = dict(part.strip().partition("=")[::2] for part in record.split(";") if "=" in part)
    return "".join(tags.get("p", "").split())


def _text(row: object) -> str:
    """Return a record's data as text; the strings of a TXT are joined (RFC 7208 section 3.3)."""
    strings = getattr(row, "strings", None)
    if strings is not None:
        return b"".join(strings).decode("utf-8", "replace")
    to_text = getattr(row, "to_text", str)
    return str(to_text() if callable(to_text) else row)
