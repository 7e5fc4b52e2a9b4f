"""Articles' pages: what the collector says of them ↔ what the store remembers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from digest.collector import SourceResult
from digest.collector.articles.identity import article_id
from digest.collector.articles.urls import canonical
from digest.collector.contract import KnownPage
from digest.store import Store, StoredPage

_FIELDS = tuple(KnownPage.__dataclass_fields__)


def known_pages(store: Store, source_ids: Sequence[str]) -> Mapping[str, Mapping[str, KnownPage]]:
    """Return the pages that earlier runs read, by source and URL.

    Those of withdrawn articles are left out: if a site brings one again, it is read and told again.
    """
    stored = store.pages.get(source_ids)
    articles = {page.article_id for pages in stored.values() for page in pages.values()}
    withdrawn = store.articles.withdrawn(articles)
    return {
        source: {
            url: KnownPage(*(getattr(page, name) for name in _FIELDS))
            for url, page in pages.items()
            if page.article_id not in withdrawn
        }
        for source, pages in stored.items()
    }


def is_an_article(store: Store) -> Callable[[str], bool]:
    """Return what tells whether an address is the page of an article that is there."""

    def is_one(url: str) -> bool:
        return store.articles.on_page(article_id(canonical(url), "", ""))

    return is_one


def remember_pages(store: Store, result: SourceResult) -> None:
    """Keep what is to be known of a source's pages; call it once their articles are kept."""
    store.pages.replace(
        result.source_id,
        {
            url: StoredPage(*(getattr(page, name) for name in _FIELDS))
            for url, page in result.pages.items()
        },
    )
