"""Addresses → documents, over HTTP: polite, within limits, never to a private network.

    Fetcher → HttpClient → SitePools → GuardedNetwork → site
    redirects  turn, time   connections  checked address

The rest of Digest asks `fetch` (or `page_fetcher`, for web pages: robots.txt decides) and gets a
Document or a SourceError. httpx, httpcore and their errors stay in this room, and so do cookies,
proxies and certificates. Nothing here knows what a feed is.
"""
