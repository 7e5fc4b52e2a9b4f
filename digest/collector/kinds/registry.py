"""Every kind of source: one line each, in the order in which `auto` asks them."""

from __future__ import annotations

from digest.collector.kinds.contract import Kind
from digest.extension.registry import Registry

KINDS: Registry[Kind] = Registry(
    "kind of source",
    Kind,
    "digest.source_kinds",
    {
        "feed": "digest.collector.kinds.feed:KIND",
        "jsonfeed": "digest.collector.kinds.jsonfeed:KIND",
        "wordpress": "digest.collector.kinds.wordpress:KIND",
        "ghost": "digest.collector.kinds.ghost:KIND",
        "sitemap": "digest.collector.kinds.sitemap:KIND",
        "webpage": "digest.collector.kinds.webpage:KIND",
    },
)
