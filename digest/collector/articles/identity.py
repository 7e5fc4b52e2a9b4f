"""The identity of an item: what tells it apart, and the names under which it may be known.

It is made of the item alone, of its guid and its address together, and never of what else is in
the feed: so no order, subset or growth of a feed loses an item or tells one twice. The store
decides by the names which of its articles an item is (digest/store/news/article_matching.py).
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from digest.collector.articles.urls import absolute, canonical, host_of, page_of
from digest.models.articles import Article, ArticleNames

# Guids of these forms are given once in the world; others only once in their source.
_WORLDWIDE = re.compile(
    r"(?:https?://[^/]+/.+|tag:.+|urn:.+|\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?)",
    re.IGNORECASE | re.DOTALL,
)
_COUNTER = re.compile(r"#\d{1,3}$")  # the BBC's guids are the address and a count of its versions
# What a server gives where it has no address: no page of an article.
_PLACEHOLDER = re.compile(
    r"/(?:(?:error-?|page-?|pagina-)?404(?:-[\w-]{1,40})?|(?:page-)?not-found|page-introuvable|"
    r"pagina-no-encontrada|pagina-nao-encontrada|pagina-non-trovata|seite-nicht-gefunden|"
    r"undefined|null|false)(?:\.\w+)?/?$|/wp-admin/",
    re.IGNORECASE,
)
_PREVIEW = re.compile(r"(?:^|&)preview=true(?:&|$)")
_FRONT_PAGE = re.compile(r"/?(?:index\.\w{3,5})?", re.IGNORECASE)
_NOWHERE = re.compile(r"(?:.*\.)?localhost|.*\.local|127\..*|\[?::1\]?|0\.0\.0\.0")
_USUAL_HOST = re.compile(r"^(?:www|m|mobile|amp)\.(?=[^/]+\.[a-z])")
_AMP = re.compile(r"/amp/?$")
# Letters beyond ASCII, with the one before that an accent may belong to.
_ESCAPED = re.compile(r"(?:(?<!%)(?<!%[0-9A-F])[a-z])?(?:%[89A-F][0-9A-F])+", re.IGNORECASE)
# An address of a feed is no page: items that carry it are told apart by guid or headline.
_FEED_PATH = re.compile(r"(?:/(?:rss|feed|feeds|atom)/?|[./](?:rss|atom|rdf)(?:\.xml)?|feed\.xml)$")
# Parameters that were cut off every address once (see `_earlier`).
_ONCE_CUT = re.compile(
    r"(?:at_|pk_|_hs).*|partner|rss|cmp|emc|spm|ito|ncid|cmpid|ftag|smid|s_cid", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class StatedIdentity:
    """What an item says of itself: address and guid as written, its headline.

    `page` is the address as page_of reads it.
    `own_page` is set where the item was read from the page at its address.
    """

    url: str
    page: str
    guid: str
    title: str
    own_page: bool = False


def identify(said: StatedIdentity, source_id: str, base: str) -> tuple[str, ArticleNames]:
    """Return an item's id and names; `base` is the feed's own address."""
    page, guid = said.page, said.guid.strip()
    if not said.own_page and not is_own_page(page, base):
        guid_name = _guid_name(guid, source_id) if guid else ""
        return article_id("", guid or said.title, source_id), ArticleNames(guid=guid_name)
    name = article_id(page, "", source_id)
    others = tuple(_spellings(page))
    earlier = tuple(one for one in _earlier(said.url, page, base) if one not in (name, *others))
    if said.own_page or (guid and _repeats(guid, page, base)):
        return name, ArticleNames((name, *others), earlier, name)
    if not guid:
        return name, ArticleNames((name, *others), earlier)
    guid_name = _guid_name(guid, source_id)
    return _digest(f"{name}\n{guid_name}"), ArticleNames((name, *others), earlier, guid_name)


def beside(article: Article) -> str:
    """Return the id of another story on the page of one, where no guid tells them apart."""
    return _digest(f"{article.id}\n{_letters(article.title)}")


def article_id(page: str, guid: str, source_id: str) -> str:
    """Return the name of a page, or of a guid where there is none.

    The scheme and a closing slash do not count, so a site that moves to https keeps its articles;
    nor does how its letters are escaped (RFC 3986 section 6.2.2).
    """
    return _page_name(_one_spelling(page)) if page else _digest(f"{source_id}\n{guid}")


def _page_name(page: str) -> str:
    return _digest(page.partition("://")[2].rstrip("/"))


def _one_spelling(page: str) -> str:
    """Return an address with its escapes in capitals, of composed letters: "%D0%B9"."""
    return _ESCAPED.sub(_composed, page) if "%" in page else page


def _composed(found: re.Match[str]) -> str:
    try:
        letters = unquote(found[0], errors="strict")
    except UnicodeDecodeError:
        return found[0].upper()
    return quote(unicodedata.normalize("NFC", letters), safe="")


_canonical = functools.lru_cache(maxsize=64)(canonical)


@functools.lru_cache(maxsize=64)
def is_placeholder(page: str) -> bool:
    """Tell an address that leads nowhere, as Ghost's /404/ of a post that it does not show."""
    parts = urlsplit(page)
    return bool(_PLACEHOLDER.search(parts.path) or (parts.query and _PREVIEW.search(parts.query)))


def leads_nowhere(page: str, base: str) -> bool:
    """Tell an address that no reader can use: a placeholder, the feed itself, the writer's machine.

    A feed that is served from such a machine is read there.
    """
    host, own = host_of(page), host_of(base)
    return (
        is_placeholder(page)
        or (bool(page) and page == _canonical(base))
        or (host != own and bool(_NOWHERE.fullmatch(host)))
    )


def is_front_page(page: str) -> bool:
    """Tell a site's first page, which several articles cannot be at."""
    parts = urlsplit(page)
    return bool(page) and not parts.query and bool(_FRONT_PAGE.fullmatch(parts.path))


def is_own_page(page: str, base: str) -> bool:
    """Tell whether an address says what an item is; a front page or a feed says where it came from.

    Items that all carry such an address would be one.
    """
    path = page.partition("://")[2].partition("/")[2]
    if not path or page.partition("#")[0] == _canonical(base) or is_placeholder(page):
        return False
    return not _FEED_PATH.search("/" + path.partition("?")[0].partition("#")[0])


def _guid_name(guid: str, source_id: str) -> str:
    scope = "" if _WORLDWIDE.fullmatch(guid) else source_id
    return _digest(f"guid\n{scope}\n{_COUNTER.sub('', guid) if scope == '' else guid}")


def _repeats(guid: str, page: str, base: str) -> bool:
    """Tell whether a guid is only the address once more, however it is spelled."""
    if guid == page:
        return True
    if not (guid.startswith(("http://", "https://", "/")) or "/" in guid):
        return False
    named = page_of(_COUNTER.sub("", guid), base)
    return _key(named) == _key(page)


def _key(page: str) -> str:
    return page.partition("://")[2].removeprefix("www.").rstrip("/")


def _spellings(page: str) -> Iterator[str]:
    """Yield the names of the same page: as it is escaped, without AMP, at the other usual host."""
    if _one_spelling(page) != page:
        yield _page_name(page)
    if amp := _AMP.search(page):
        yield article_id(page[: amp.start()], "", "")
    scheme, _, rest = page.partition("://")
    host, slash, path = rest.partition("/")
    bare = _USUAL_HOST.sub("", host)
    for other in dict.fromkeys((f"www.{bare}", bare)):
        if other != host and "." in bare:
            yield article_id(f"{scheme}://{other}{slash}{path}", "", "")


def _earlier(url: str, page: str, base: str) -> Iterator[str]:
    """Yield the names of the address as Digest wrote addresses before.

    Blanks inside went, and so did more parameters, and its place on the page.
    """
    bare, _, place = page.partition("#")
    if " " in url.strip():
        bare = canonical(re.sub(r"\s", "", url), base)
        yield article_id(bare, "", "")
    parts = urlsplit(bare)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if not _ONCE_CUT.fullmatch(pair[0])]
    if len(kept) != len(pairs):
        bare = urlunsplit(parts._replace(query=urlencode(kept, safe="/:,;@!*'()")))
        yield article_id(absolute(bare), "", "")
    elif place:
        yield article_id(bare, "", "")


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
