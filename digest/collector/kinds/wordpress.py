"""WordPress REST API (developer.wordpress.org/rest-api/reference/posts) → items.

`per_page` may be at most 100, and there is no ordering by comments; `_embed` brings author,
picture, terms and up to ten comments along in one request. Sticky posts stand in their place by
date, once, and are put forward. Posts carry no validators, so a short list of numbers and dates of
change stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from digest.collector.articles.clean import Item
from digest.collector.articles.images import Image
from digest.collector.kinds.contract import FetchedPage, Kind, ParsedPage
from digest.collector.kinds.json_document import (
    Object,
    from_json,
    load_whole_items,
    member,
    number_at,
    objects,
    text_at,
    torn_note,
)
from digest.collector.kinds.wordpress_api import PARAMETER
from digest.errors import SourceUnreadable
from digest.models.limits import DocumentLimits

_POSTS = "/wp-json/wp/v2/posts"
_A_PAGE = 100
# What is read below. The rest of a record can be as large again: plug-ins add whole HTML heads.
_FIELDS = (
    "id,date,date_gmt,guid,modified,modified_gmt,status,link,title,excerpt,content,sticky,"
    "comment_count,comments_number,yoast_head_json,jetpack_featured_media_url,class_list,lang,"
    "meta,acf,_links,_embedded"
)
# Comments come while no post is edited, so they belong to what is watched.
_FINGERPRINT_FIELDS = "comment_count,id,modified_gmt,sticky,_links.replies,_embedded"
_LOOKS = re.compile(r'^(?:\{\s*"body"\s*:\s*)?(?:\[|\{\s*"\d+"\s*:)\s*\{\s*"id"\s*:\s*\d+')


def address(url: str) -> str:
    """Turn a site, or a posts address with its own filters, into the first page of posts.

    `https://news.example/` and `https://news.example/wp-json/wp/v2/posts?categories=7` both work.
    """
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    whole = "/wp/v2/" in parts.path or PARAMETER in asked
    path = parts.path if whole else parts.path.rstrip("/") + _POSTS
    query = {"per_page": str(_A_PAGE), "_embed": "1", "_fields": _FIELDS, **asked}
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query, safe=",/"), ""))


def fingerprint_url(url: str) -> str:
    """Return the address of a list that changes when a post comes, goes, is edited or commented."""
    parts = urlsplit(address(url))
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    asked |= {"_fields": _FINGERPRINT_FIELDS, "_embed": "replies"}
    return urlunsplit(parts._replace(query=urlencode(asked, safe=",/")))


def recognises(page: FetchedPage) -> bool:
    """Tell a list of posts by its shape: objects with id, link and rendered title."""
    start = from_json(page.text[:400_000])
    empty = start.rstrip() == "[]" and "/wp/v2/" in page.url
    return empty or (bool(_LOOKS.match(start)) and '"rendered"' in start and '"link"' in start)


def parse(page: FetchedPage, limits: DocumentLimits) -> ParsedPage:
    """Read one page of posts; `more` names the pages after the first."""
    answer, torn = load_whole_items(page.text, limits.max_depth)
    listed = _listed(answer)
    if not isinstance(listed, list):
        raise SourceUnreadable(
            f"WordPress answered {text_at(listed, 'code') or 'something else'} instead of posts",
            fix="Check that the site's REST API is open to the public",
        )
    posts = [post for post in objects(listed) if text_at(post, "status") in {"", "publish"}]
    kept = posts[: limits.max_items]
    cut = f"{len(kept)} of {len(posts)} posts of a page: the rest was left out (max_items)"
    return ParsedPage(
        items=tuple(_item(post) for post in kept),
        notes=((cut,) * (len(kept) < len(posts))) + torn_note(torn, len(kept)),
        more=_further(page, len(listed), limits),
    )


def _listed(answer: object) -> object:
    """Return the list of posts, out of its envelope, and where a plug-in's gaps made it an object.

    PHP writes a list as an object once its numbers do not follow each other.
    """
    if not isinstance(answer, dict):
        return answer
    if isinstance(answer.get("body"), (list, dict)):
        return _listed(answer["body"])
    return list(answer.values()) if answer and all(map(str.isdigit, answer)) else answer


def _further(page: FetchedPage, found: int, limits: DocumentLimits) -> tuple[str, ...]:
    """Name pages 2 to X-WP-TotalPages, as many as max_items needs; only the first page does."""
    parts = urlsplit(page.url)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if "page" in asked or not found or not page.pages:
        return ()
    last = min(page.pages, -(-limits.max_items // found))
    return tuple(
        urlunsplit(parts._replace(query=urlencode({**asked, "page": str(number)}, safe=",/")))
        for number in range(2, last + 1)
    )


def _item(post: Object) -> Item:
    return Item(
        url=text_at(post, "link"),
        guid=_rendered(post, "guid"),
        title=_rendered(post, "title"),
        title_type="html",
        summary=_rendered(post, "excerpt"),
        content=_rendered(post, "content"),
        locked=_is_protected(post),
        authors=_authors(post),
        published=_utc(post, "date_gmt") or text_at(post, "date"),
        updated=_utc(post, "modified_gmt") or text_at(post, "modified"),
        images=tuple(_images(post)),
        tags=_terms(post),
        comments=_comments(post),
        language=_language(post),
        flags=tuple(_flags(post)),
        original=text_at(post, "yoast_head_json", "canonical"),
        promoted="sticky" if member(post, "sticky") is True else "",
    )


def _rendered(post: Object, name: str) -> str:
    """Return a text as it is shown; plug-ins for other clients flatten it."""
    return text_at(post, name, "rendered") or text_at(post, name)


def _language(post: Object) -> str:
    """Return what Yoast says, or plug-ins for several languages: Polylang's class, WPML's field."""
    classes = post.get("class_list")
    listed = classes.values() if isinstance(classes, dict) else classes or ()
    named = (one for one in listed if isinstance(one, str) and one.startswith("lang-"))
    polylang = next(named, "").removeprefix("lang-")
    return text_at(post, "yoast_head_json", "og_locale") or text_at(post, "lang") or polylang


def _flags(post: Object) -> Iterator[str]:
    """Yield the names of the custom fields that say yes."""
    for fields in (member(post, "meta"), member(post, "acf")):
        for name, value in fields.items() if isinstance(fields, dict) else ():
            said = value[0] if isinstance(value, list) and value else value
            if said and said not in {"0", "no", "false", "off"}:
                yield name


def _is_protected(post: Object) -> bool:
    return bool(member(post, "content", "protected"))


def _utc(post: Object, name: str) -> str:
    """Add the zone that the API's *_gmt leave out; drafts have an all-zero date."""
    date = text_at(post, name)
    return f"{date}Z" if date and not date.startswith("0000") else ""


def _embedded(post: Object, name: str) -> list[Object]:
    found = member(post, "_embedded", name)
    return list(objects(found))


def _authors(post: Object) -> tuple[str, ...]:
    named = tuple(text_at(author, "name") for author in _embedded(post, "author"))
    return tuple(filter(None, named)) or (text_at(post, "yoast_head_json", "author"),)


def _images(post: Object) -> list[Image]:
    found: list[Image] = []
    for media in _embedded(post, "wp:featuredmedia"):
        alt, details = text_at(media, "alt_text"), member(media, "media_details")
        found.append(_sized(details, text_at(media, "source_url"), alt))
        sizes = member(details, "sizes")
        offered = sizes.values() if isinstance(sizes, dict) else ()
        found.extend(_sized(size, text_at(size, "source_url"), alt) for size in offered)
    found.append(Image(text_at(post, "jetpack_featured_media_url"), None, None, ""))
    shared = objects(member(post, "yoast_head_json", "og_image"))
    found.extend(_sized(image, text_at(image, "url"), "") for image in shared)
    return [image for image in found if image.url]


def _sized(holder: object, url: str, alt: str) -> Image:
    return Image(url, number_at(holder, "width"), number_at(holder, "height"), alt)


def _terms(post: Object) -> tuple[str, ...]:
    groups = member(post, "_embedded", "wp:term")
    listed = groups if isinstance(groups, list) else []
    return tuple(text_at(term, "name") for group in listed for term in objects(group))


def _comments(post: Object) -> str:
    """Take the count that some plug-ins add, else count the embedded ones: ten of them at most."""
    told = text_at(post, "comment_count") or text_at(post, "comments_number")
    embedded = member(post, "_embedded", "replies")
    pages = embedded if isinstance(embedded, list) else []
    return told or (str(sum(len(objects(page)) for page in pages)) if pages else "")


KIND = Kind(
    name="wordpress",
    address=address,
    recognises=recognises,
    parse=parse,
    newest_first=True,
    fingerprint=fingerprint_url,
)
