"""The addresses of the demo site's pages."""

from __future__ import annotations

from pathlib import Path

from digest.demo.site.entries import Post

PICTURES = Path(__file__).resolve().parent / "pictures"


def picture_url(base_url: str, post: Post) -> str:
    """Return the address of an article's picture, or "" when it has none."""
    if post.picture is None:
        return ""
    return f"{base_url}/wp-content/uploads/{post.at:%Y/%m}/{post.picture.file}"
