"""Ghost Content API (docs.ghost.org/content-api) → items."""

from __future__ import annotations

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
from digest.errors import SourceUnreadable
from digest.models.limits import DocumentLimits

_POSTS = "/ghost/api/content/posts/"
_A_PAGE = "100"  # since Ghost 6 a page holds at most 100


def address(url: str) -> str:
    """Turn `https://news.example/?key=…` or a full posts address into the first page of posts."""
    parts = urlsplit(url)
    path = parts.path if "/api/content/" in parts.path else parts.path.rstrip("/") + _POSTS
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    query = {"limit": _A_PAGE, "include": "authors,tags", **asked}
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query, safe=","), ""))


def configured(url: str, _keys: None, secret: str) -> str:
    """Add the Content API key from the environment, where the address holds none."""
    parts = urlsplit(url)
    asked = parse_qsl(parts.query, keep_blank_values=True)
    if not secret or "key" in dict(asked):
        return url
    return urlunsplit(parts._replace(query=urlencode([*asked, ("key", secret)], safe=",")))


def recognises(page: FetchedPage) -> bool:
    """Tell Ghost by its posts' own fields; nothing else has both."""
    start = from_json(page.text[:400_000])
    return start.startswith("{") and '"posts"' in start and '"feature_image"' in start


def parse(page: FetchedPage, limits: DocumentLimits) -> ParsedPage:
    """Read one page of posts; `more` names the next one."""
    answer, torn = load_whole_items(page.text, limits.max_depth)
    if not isinstance(member(answer, "posts"), list):
        raise SourceUnreadable(
            "Ghost answered without posts",
            fix="Check the Content API key in the address (Ghost: Settings, Integrations)",
        )
    posts = [post for post in objects(answer["posts"]) if _is_article(post)]
    kept = posts[: limits.max_items]
    cut = f"{len(kept)} of {len(posts)} posts of a page: the rest was left out (max_items)"
    return ParsedPage(
        items=tuple(_item(post) for post in kept),
        notes=((cut,) * (len(kept) < len(posts))) + torn_note(torn, len(kept)),
        more=_next(page.url, member(answer, "meta", "pagination", "next")),
    )


def _is_article(post: Object) -> bool:
    """Keep what is published on the site; members' posts too, for their page teases them."""
    return text_at(post, "status") in {"", "published"} and member(post, "page") is not True


def _next(url: str, number: object) -> tuple[str, ...]:
    if not isinstance(number, int) or isinstance(number, bool):
        return ()
    parts = urlsplit(url)
    asked = {**dict(parse_qsl(parts.query)), "page": str(number)}
    return (urlunsplit(parts._replace(query=urlencode(asked, safe=","))),)


def _item(post: Object) -> Item:
    named = tuple(text_at(author, "name") for author in objects(post.get("authors")))
    return Item(
        url=text_at(post, "url"),
        guid=text_at(post, "uuid") or text_at(post, "id"),
        title=text_at(post, "title"),
        title_type="text",
        summary=text_at(post, "custom_excerpt") or text_at(post, "excerpt"),
        content=text_at(post, "html"),
        authors=named or (text_at(post, "primary_author", "name"),),
        published=text_at(post, "published_at"),
        updated=text_at(post, "updated_at"),
        images=tuple(_images(post)),
        # Tags whose names start with # are internal to the newsroom.
        tags=tuple(name for name in _tags(post) if not name.startswith("#")),
        labels=tuple(_tags(post)),
        original=text_at(post, "canonical_url"),
        promoted="featured" if member(post, "featured") is True else "",
        reading_minutes=number_at(post, "reading_time") or None,
    )


def _tags(post: Object) -> list[str]:
    return [text_at(tag, "name") for tag in objects(post.get("tags"))]


def _images(post: Object) -> list[Image]:
    alt = text_at(post, "feature_image_alt")
    urls = (text_at(post, name) for name in ("feature_image", "og_image", "twitter_image"))
    return [Image(url, None, None, alt) for url in urls if url]


KIND = Kind(
    name="ghost",
    address=address,
    recognises=recognises,
    parse=parse,
    newest_first=True,
    configured=configured,
)
