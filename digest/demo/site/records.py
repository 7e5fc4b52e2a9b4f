"""Articles, terms, authors and pictures as WordPress REST writes them (`context=view`)."""

from __future__ import annotations

from typing import Any

from markupsafe import escape

from digest.demo.site.entries import (
    PICTURE_HEIGHT,
    PICTURE_WIDTH,
    Author,
    Illustration,
    Post,
    Section,
    Tag,
)
from digest.demo.site.links import picture_url
from digest.demo.site.markup import body_html, rendered
from digest.demo.site.newsroom import DemoSite

Record = dict[str, Any]


class Records:
    """Writes records with absolute addresses of one site."""

    def __init__(self, site: DemoSite) -> None:
        self._site = site
        self._root = f"{site.base_url}/wp-json/wp/v2"

    def post(self, post: Post, *, embed: bool) -> Record:
        """Write an article; `embed` adds author, picture and terms under `_embedded`."""
        base = self._site.base_url
        record: Record = {
            "id": post.id,
            "date": f"{post.at:%Y-%m-%dT%H:%M:%S}",
            "date_gmt": f"{post.at:%Y-%m-%dT%H:%M:%S}",
            "guid": {"rendered": f"{base}/?p={post.id}"},
            "modified": f"{post.modified:%Y-%m-%dT%H:%M:%S}",
            "modified_gmt": f"{post.modified:%Y-%m-%dT%H:%M:%S}",
            "slug": post.slug,
            "status": "publish",
            "type": "post",
            "link": base + post.path,
            "title": {"rendered": rendered(post.title)},
            "content": {"rendered": f"{body_html(post)}\n", "protected": False},
            "excerpt": {"rendered": f"<p>{escape(post.excerpt)}</p>\n", "protected": False},
            "author": post.author.id,
            "featured_media": post.picture.id if post.picture else 0,
            "comment_status": "open",
            "ping_status": "closed",
            "sticky": False,
            "format": "standard",
            "categories": [one.id for one in post.sections],
            "tags": [one.id for one in post.tags],
            "_links": self._links(post),
        }
        return {**record, "_embedded": self._embedded(post)} if embed else record

    def category(self, section: Section) -> Record:
        """Write a section as a category."""
        posts = [one for one in self._site.posts if section in one.sections]
        return {
            **self._term(section, "category", f"/category/{section.slug}/"),
            "count": len(posts),
            "description": section.description,
            "parent": 0,
        }

    def tag(self, tag: Tag) -> Record:
        """Write a tag."""
        count = sum(tag in post.tags for post in self._site.posts)
        return {
            **self._term(tag, "post_tag", f"/tag/{tag.slug}/"),
            "count": count,
            "description": "",
        }

    def user(self, author: Author) -> Record:
        """Write an author."""
        return {
            "id": author.id,
            "name": author.name,
            "url": "",
            "description": author.about,
            "link": f"{self._site.base_url}/author/{author.slug}/",
            "slug": author.slug,
        }

    def medium(self, post: Post, picture: Illustration) -> Record:
        """Write a picture of the media library."""
        return {
            "id": picture.id,
            "date": f"{post.at:%Y-%m-%dT%H:%M:%S}",
            "slug": picture.file.removesuffix(".jpg"),
            "type": "attachment",
            "link": self._site.base_url + post.path,
            "title": {"rendered": rendered(picture.alt)},
            "author": post.author.id,
            "alt_text": picture.alt,
            "media_type": "image",
            "mime_type": "image/jpeg",
            "media_details": {
                "width": PICTURE_WIDTH,
                "height": PICTURE_HEIGHT,
                "file": f"{post.at:%Y/%m}/{picture.file}",
                "sizes": {},
            },
            "source_url": picture_url(self._site.base_url, post),
        }

    def _term(self, term: Section | Tag, taxonomy: str, path: str) -> Record:
        return {
            "id": term.id,
            "link": self._site.base_url + path,
            "name": str(escape(term.name)),
            "slug": term.slug,
            "taxonomy": taxonomy,
        }

    def _links(self, post: Post) -> Record:
        links: Record = {
            "self": [{"href": f"{self._root}/posts/{post.id}"}],
            "collection": [{"href": f"{self._root}/posts"}],
            "author": [{"embeddable": True, "href": f"{self._root}/users/{post.author.id}"}],
            "wp:term": [
                {
                    "taxonomy": taxonomy,
                    "embeddable": True,
                    "href": f"{self._root}/{rest}?post={post.id}",
                }
                for taxonomy, rest in (("category", "categories"), ("post_tag", "tags"))
            ],
        }
        if post.picture:
            href = f"{self._root}/media/{post.picture.id}"
            links["wp:featuredmedia"] = [{"embeddable": True, "href": href}]
        return links

    def _embedded(self, post: Post) -> Record:
        sections = [self._term(one, "category", f"/category/{one.slug}/") for one in post.sections]
        tags = [self._term(one, "post_tag", f"/tag/{one.slug}/") for one in post.tags]
        embedded: Record = {"author": [self.user(post.author)], "wp:term": [sections, tags]}
        if post.picture:
            embedded["wp:featuredmedia"] = [self.medium(post, post.picture)]
        return embedded
