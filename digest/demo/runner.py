"""The whole way on this machine: a news site, its digest, three readers, and their inbox.

Everything is real and on loopback: the site is explored and collected over HTTP, the issue is sent
over SMTP, the readers' pages work. It all lives in a temporary folder and is gone afterwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from digest.config import CollectorSettings, Settings
from digest.demo.inbox import guarded_inbox
from digest.demo.receiver import Receiver
from digest.demo.site import DemoSite, NewsletterForm, make_app
from digest.pipeline.configured.loading import load_settings
from digest.pipeline.gathering.collecting import collect_articles
from digest.pipeline.gathering.report import CollectReport, SourceReport
from digest.pipeline.operator.audience import Enrolment, NewSubscriber, add_subscriber
from digest.pipeline.readers.postman import posting
from digest.pipeline.sending.report import SendReport
from digest.pipeline.sending.sending import RunControl, SendOrder, send_issue
from digest.pipeline.setup.exploring import explore
from digest.pipeline.setup.skeleton import write_configuration
from digest.plurals import counted
from digest.store import Store, open_store
from digest.web.public_pages import PublicOptions, public_pages
from digest.web.server.front import Front
from digest.web.server.serving import serving

_KEY = "a-key-for-the-demo-that-signs-links-on-this-machine-only"
_ARRIVAL_SECONDS = 10.0

READERS = (
    NewSubscriber("amara@reader.example", "Amara Osei"),
    NewSubscriber("ben@reader.example", "Ben Whitlock", ("world-news", "tech-trends")),
    NewSubscriber("chiara@reader.example", "Chiara Ferrari", ("travel-culture", "entertainment")),
)


@dataclass(frozen=True, slots=True)
class Running:
    """A demo whose mails have arrived: where to look, and what happened."""

    site_url: str
    inbox_url: str
    pages_url: str
    collected: CollectReport
    sent: SendReport
    receiver: Receiver


@dataclass(frozen=True, slots=True)
class Heard:
    """The listeners to the demo's progress: a sentence a step, and each source as it is read."""

    step: Callable[[str], None]
    source: Callable[[SourceReport], None]


@contextmanager
def running_demo(heard: Heard, *, inbox_port: int = 0) -> Iterator[Running]:
    """Run the whole way once, and keep site, inbox and readers' pages until the block ends."""
    now = _now()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="digest-demo-")))
        receiver = stack.enter_context(Receiver())
        inbox_url = stack.enter_context(serving(guarded_inbox(receiver), port=inbox_port))
        signup = NewsletterForm()
        site_url = stack.enter_context(serving(lambda base: make_app(DemoSite(now, base), signup)))
        heard.step(f"A news site runs at {site_url}")
        opened: list[tuple[Settings, Store]] = []

        def readers_pages(base_url: str) -> Front:
            settings = _configured(folder, site_url, base_url, receiver.port, now)
            store = open_store(settings.store.url, settings.folder, settings.secret_keys)
            stack.callback(store.close)
            opened.append((settings, store))
            postman = stack.enter_context(posting(settings, store, _now))
            return public_pages(settings, store, _now, PublicOptions(postman.hurry))

        pages_url = stack.enter_context(serving(readers_pages))
        settings, store = opened[0]
        signup.url = f"{pages_url}/subscribe"
        heard.step(f"Explored it: {counted(len(settings.section), 'section')} found")
        collected = asyncio.run(collect_articles(settings, store, now, heard.source))
        heard.step(f"Collected {counted(collected.articles, 'article')}")
        for reader in READERS:
            add_subscriber(settings, store, reader, Enrolment("daily", now, confirmed=True))
        sent = asyncio.run(_send(settings, store))
        receiver.wait_for(sent.sent_now, _ARRIVAL_SECONDS)
        heard.step(sent.sentence())
        yield Running(site_url, inbox_url, pages_url, collected, sent, receiver)


def _configured(
    folder: Path, site_url: str, pages_url: str, smtp_port: int, now: datetime
) -> Settings:
    """Do what an operator does: `digest init`, then fill in what only they can know."""
    found = asyncio.run(explore(site_url, CollectorSettings(allow_private_hosts=True)))
    draft = replace(
        found,
        host="harbourpost.example",
        public_url=pages_url,
        postal_address="The Harbour Post, 4 Quay Street, Porthaven",
        transport="smtp",
        smtp_port=smtp_port,
        schedule=f"{now.minute} {now.hour} * * *",
    )
    path = folder / "digest.toml"
    write_configuration(path, draft, secret_key=_KEY)
    return load_settings(path, {})


def _now() -> datetime:
    return datetime.now(UTC)


def _send(settings: Settings, store: Store) -> Coroutine[object, object, SendReport]:
    return send_issue(settings, store, SendOrder("daily"), RunControl(_now, asyncio.Event()))
