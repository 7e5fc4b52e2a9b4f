"""Finds a WordPress site's REST API: at /wp-json/, below it, or behind ?rest_route=.

Sites say it in their pages' heads (developer.wordpress.org/rest-api/using-the-rest-api/discovery):
WordPress may live in a folder of the site, and without pretty permalinks routes are a parameter.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from digest.collector.articles.urls import absolute

ROOT = "/wp-json/"
PARAMETER = "rest_route"


def api_root(said: str, url: str) -> str:
    """Return the API's address: what the page at `url` says, or where it mostly is."""
    return absolute(said, url) or absolute(ROOT, url)


def route(root: str, path: str, query: str = "") -> str:
    """Return the address of a route ("wp/v2/posts") of the API at `root`."""
    parts = urlsplit(root)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if PARAMETER in asked:
        asked |= {PARAMETER: f"/{path}"} | dict(parse_qsl(query, keep_blank_values=True))
        return urlunsplit(parts._replace(query=urlencode(asked, safe=",/")))
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{path}", query=query))


def home_of(root: str) -> str:
    """Return the address that /wp-json/ is added to; "" where routes are a parameter."""
    parts = urlsplit(root)
    if not parts.path.endswith(ROOT):
        return ""
    return urlunsplit((parts.scheme, parts.netloc, parts.path.removesuffix(ROOT), "", ""))
