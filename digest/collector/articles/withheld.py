"""What a site or a newsroom keeps from the newsletter: protected posts, and what it has marked.

Each function returns the reason in a few words, "" where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from digest.models.sources import SourceRules, label_key

# WordPress' "Protected: %s" and "Private: %s" in the languages of the press.
_LOCKED = re.compile(
    "^(?:"
    "Protected|Private|Gesch\u00fctzt|Privat|Prot\u00e9g\u00e9|Priv\u00e9|"
    "Protegido|Protegida|Privado|Protetto|Privato|Beveiligd|L\u00f6senordsskyddad|"
    "Skyddad|Beskyttet|Passordbeskyttet|Chroniony|Zabezpieczony|Prywatny|"
    "Korumal\u0131|Parola korumal\u0131|"
    "\u0417\u0430\u0449\u0438\u0449\u0435\u043d\u043e|"
    "\u041b\u0438\u0447\u043d\u043e\u0435|\u4fdd\u8b77\u4e2d|"
    "\u53d7\u4fdd\u62a4\u7684|\u4fdd\u8b77"
    ")\\s*[:\uff1a]\\s*\\S",
    re.IGNORECASE,
)
_LOCKED_WORDS = "protected by a password, or private"
_FORM = re.compile(
    r"action=postpass|name=[\"']?post_password|class=[\"'][^\"']*post-password", re.IGNORECASE
)
_CANNED = re.compile(
    "protected post|password[- ]protected|passwortgesch\u00fctzt|"
    "gesch\u00fctzten? Beitrag|prot\u00e9g\u00e9 par un mot de passe|"
    "article prot\u00e9g\u00e9|protegid[oa] (?:con|por)|entrada protegida|"
    "protetto da password|post protetto|met een wachtwoord|beveiligd bericht|"
    "l\u00f6senord|adgangskode|passordbeskyttet|has\u0142em|parola korumal\u0131|"
    "\u30d1\u30b9\u30ef\u30fc\u30c9|\u5bc6\u7801\u4fdd\u62a4|\u5bc6\u78bc",
    re.IGNORECASE,
)
# What `exclude` may name, with the words that tags, headlines and addresses have for it.
KINDS = {
    "sponsored": (
        "sponsored", "sponsoredcontent", "sponsoredpost", "sponsor", "advertorial",
        "advertisement", "paidpost", "paidcontent", "partnercontent", "brandedcontent",
        "brandvoice", "promoted", "anzeige", "werbung", "sponsoris\u00e9", "publireportage",
        "publicit\u00e9", "patrocinado", "contenidopatrocinado", "publirreportaje",
        "conte\u00fadopatrocinado", "publieditorial", "sponsorizzato", "advertentie",
        "gesponsord", "annons", "annonce", "reklam",
    ),
    "obituaries": (
        "obituary", "obituaries", "deathnotice", "deathnotices", "deaths", "nachruf",
        "nachrufe", "todesanzeigen", "traueranzeigen", "n\u00e9crologie",
        "avisded\u00e9c\u00e8s", "obituario", "obituarios", "esquelas", "necrol\u00f3gicas",
        "obitu\u00e1rios", "necrologi", "necrologie", "overlijdensberichten",
        "d\u00f6dsfall", "d\u00f8dsfall", "d\u00f8dsannoncer", "vefatlar",
    ),
}  # fmt: skip


def locked(title: str, text: str, *, said: bool = False) -> str:
    """Tell a post that only some may read; `said` where the source says so itself."""
    return _LOCKED_WORDS if said or _has_form(text) or _is_locked(title, text) else ""


def _has_form(text: str) -> bool:
    # "in" is a tenth of the time, and no other text holds these words.
    maybe = "postpass" in text or "post_password" in text or "post-password" in text
    return maybe and bool(_FORM.search(text))


def _is_locked(title: str, text: str) -> bool:
    """Tell "Protected: Minutes" where nothing but a notice stands below it."""
    if not _LOCKED.match(title.strip()):
        return False
    return not text.strip() or bool(_CANNED.search(text[:2_000]))


def excluded(
    title: str, url: str, labels: Iterable[str], flags: Iterable[str], rules: SourceRules
) -> str:
    """Tell what the newsroom has marked: by tag or category, by a custom field, by its kind."""
    if rules.exclude_field and rules.exclude_field in flags:
        return f"marked by the field {rules.exclude_field}"
    unwanted = {label_key(name): name for name in rules.exclude_labels}
    keys = {label_key(label) for label in labels} if unwanted or rules.exclude else set()
    for key in keys & set(unwanted):
        return f'tagged "{unwanted[key]}"'
    for kind in rules.exclude:
        if _is_of_kind(KINDS[kind], title, url, keys):
            return kind
    return ""


def _is_of_kind(words: Iterable[str], title: str, url: str, keys: set[str]) -> bool:
    known = set(words)
    head = re.match(r"\s*[\[(]?([^\[\](){}:|]{3,30})[\])]?\s*[:|\])]", title)
    folders = {label_key(part) for part in urlsplit(url).path.split("/")[:-1]} if url else set()
    return bool(known & (keys | folders)) or (head is not None and label_key(head[1]) in known)
