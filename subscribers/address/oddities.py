"""Oddities of an address that is valid: a domain that looks mistyped, a role's mailbox.

No address is left out for one: a mistyped domain may exist, and a role may want the news.
It is told.
"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from subscribers.address.spelling import Address


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


# The mailboxes that most readers have, by their domains.
_COMMON = _each(
    "gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.es yahoo.it"
    " yahoo.co.in yahoo.com.br hotmail.com hotmail.co.uk hotmail.fr hotmail.de hotmail.es"
    " hotmail.it outlook.com outlook.de outlook.fr live.com live.fr live.co.uk msn.com"
    " icloud.com aol.com proton.me protonmail.com fastmail.com zoho.com gmx.de gmx.net gmx.at"
    " gmx.ch web.de t-online.de freenet.de posteo.de mailbox.org orange.fr wanadoo.fr free.fr"
    " laposte.net sfr.fr libero.it virgilio.it tiscali.it comcast.net verizon.net att.net"
    " sbcglobal.net btinternet.com sky.com ntlworld.com bluewin.ch telenet.be skynet.be ziggo.nl"
    " kpnmail.nl terra.com.br uol.com.br bol.com.br mail.ru yandex.ru rediffmail.com qq.com"
    " naver.com seznam.cz wp.pl interia.pl onet.pl"
)
# Real domains that are one letter from a common one.
_REAL = _each(
    "mail.com ymail.com email.com gmx.com gmx.us gmx.fr gmx.es gmx.it gmx.eu gmx.li live.de"
    " live.it live.ca live.be live.nl live.se live.dk live.at live.cn yahoo.ca yahoo.in yahoo.gr"
    " yahoo.ie yahoo.se yahoo.dk yahoo.cn yahoo.at yahoo.be yahoo.co.id yahoo.co.nz yahoo.co.jp"
    " hotmail.ca hotmail.be hotmail.se hotmail.nl hotmail.ch hotmail.no hotmail.dk outlook.es"
    " outlook.it outlook.at outlook.be outlook.ie aol.de aol.fr aol.co.uk me.com mac.com"
    " mailbox.de wp.eu sky.de proton.ch free.com zoho.eu zoho.in web.com att.com"
)
_ROLES = _each(
    "abuse admin administrator billing contact enquiries feedback help hello helpdesk"
    " hostmaster hr info inquiries it jobs kontakt legal mail mailer-daemon marketing media news"
    " newsletter no-reply noc noreply office postmaster press presse privacy redaktion root"
    " sales security service spam support team usenet uucp webmaster"
)
_LONG_ENOUGH = 6  # of shorter domains, too many are one letter apart


def oddity(address: Address) -> str:
    """Return what is odd about an address, as words; "" if nothing is."""
    local, _, domain = address.key.rpartition("@")
    if meant := meant_domain(domain):
        return f"is {local}@{meant} meant?"
    if local in _ROLES:
        return f"{local}@ is a role's mailbox, not one person's"
    return ""


@lru_cache(maxsize=10_000)
def meant_domain(domain: str) -> str:
    """Return the common domain that this one is a slip from, or ""."""
    if domain in _COMMON or domain in _REAL or len(domain) < _LONG_ENOUGH:
        return ""
    near = [one for one in _COMMON if OSA.distance(domain, one, score_cutoff=1) <= 1]
    return min(near, default="")
