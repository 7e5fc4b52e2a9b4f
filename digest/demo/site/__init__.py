"""The Harbour Post: a bundled news site, modelled on WordPress, that tests and the demo read."""

from digest.demo.site.app import NewsletterForm, make_app
from digest.demo.site.newsroom import DemoSite

__all__ = ["DemoSite", "NewsletterForm", "make_app"]
