"""The readers' pages of a newsroom: every room over its store and its digest.toml."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from digest.config import Settings
from digest.config.brand import LogoSettings
from digest.pipeline.feedback.webhooks import receive
from digest.pipeline.readers.signup import Signups
from digest.render.brand import in_brand
from digest.render.theme import load_palette
from digest.resources import search_path
from digest.store import Store
from digest.web.embed.endpoint import JsonEndpoint
from digest.web.hooks.endpoint import Hooks
from digest.web.readers.application import Room, make_readers
from digest.web.readers.archive_backend import ArchiveOfStore
from digest.web.readers.archive_pages import ArchivePages
from digest.web.readers.desk import MastheadLogo, ReadersSite
from digest.web.readers.managing import Managing
from digest.web.readers.own_backend import OwnOfStore
from digest.web.readers.own_pages import OwnPages
from digest.web.readers.reader_backend import ReaderBackend
from digest.web.readers.signing_up import BEAT_SECONDS, SigningUp
from digest.web.readers.signup_backend import SignupOfStore
from digest.web.server.front import Front, FrontRules
from digest.web.server.limits import ConnectionLimits

Hurry = Callable[[], None]

_PALETTE = "frontpage"
# Of the pages' own variables (base.css), the one of a theme's palette that says the same.
_VARIABLES = {
    "panel": "paper",
    "ink": "ink",
    "soft": "quiet",
    "line": "rule",
    "accent": "accent",
    "accent-ink": "on-accent",
}


@dataclass(frozen=True, slots=True)
class PublicOptions:
    """The parts that the caller may add to the pages.

    `hurry` is called when a single mail was queued; `more` are rooms beside ours. Answers to the
    form go out on a multiple of `beat` seconds, so that their time tells nothing.
    """

    hurry: Hurry = lambda: None
    more: Sequence[Room] = ()
    beat: float = BEAT_SECONDS


_OPTIONS = PublicOptions()


def public_pages(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime],
    options: PublicOptions = _OPTIONS,
) -> Front:
    """Return the readers' pages of this newsroom as an application to serve."""
    hurry, beat = options.hurry, options.beat
    signups = SignupOfStore(settings, store, clock, Signups(settings, store, clock, hurry))
    rooms: list[Room] = [
        Managing(ReaderBackend(settings, store, clock, hurry)),
        SigningUp(signups, beat),
        JsonEndpoint(signups, settings.readers.origins, settings.site.public_url, beat),
        OwnPages(OwnOfStore(settings, store, clock, hurry)),
        Hooks(partial(receive, settings, store), clock),
        *options.more,
    ]
    if settings.readers.archive:
        rooms.append(ArchivePages(ArchiveOfStore(settings, store)))
    return make_readers(rooms, readers_site(settings), front_rules(settings))


def readers_site(settings: Settings) -> ReadersSite:
    """Return what every page says of the newsroom, and how it looks."""
    site = settings.site
    return ReadersSite(
        name=site.name,
        url=site.url,
        language=site.language,
        privacy_url=settings.readers.privacy_url,
        style=_style(settings),
        archive=settings.readers.archive,
        signup=True,
        logo_light=_logo(settings.brand.logo_light),
        logo_dark=_logo(settings.brand.logo_dark),
    )


def front_rules(settings: Settings) -> FrontRules:
    """Return the rules of [serve] that hold for every request."""
    host = urlsplit(settings.site.public_url).hostname or ""
    return FrontRules(
        hosts=frozenset({host, *settings.serve.hosts}),
        trusted=settings.serve.trusted_proxies,
    )


def server_limits(settings: Settings) -> ConnectionLimits:
    """Return the bounds of the server as [serve] has them."""
    serve = settings.serve
    return ConnectionLimits(
        head_seconds=serve.head_timeout,
        body_seconds=serve.body_timeout,
        answer_seconds=serve.answer_timeout,
        idle_seconds=serve.idle_timeout,
        connections=serve.connections,
        per_network=serve.connections_per_network,
        trusted=serve.trusted_proxies,
    )


def _logo(written: LogoSettings | None) -> MastheadLogo | None:
    if written is None:
        return None
    return MastheadLogo(written.url, written.width, written.height)


def _style(settings: Settings) -> str:
    """Return the newsroom's colours and fonts as the pages' variables; "" if it has none."""
    from digest.pipeline.issue.brand import brand_of

    brand = brand_of(settings, _PALETTE)
    if not any(asdict(brand)[key] for key in ("accent", "paper", "ink", "serif", "sans")):
        return ""
    look = in_brand(load_palette(_PALETTE, search_path(settings.folder)), brand)
    light = [f"--{ours}: {look[theirs]};" for ours, theirs in _VARIABLES.items()]
    light += [f"--serif: {look['serif']};", f"--sans: {look['sans']};"]
    light += [f"--paper: {look['ground']};"]
    dark = [f"--accent: {look['accent-dark']};"]
    return (
        f":root {{ {' '.join(light)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {' '.join([*_dark(look), *dark])} }} }}\n"
    )


def _dark(look: dict[str, str]) -> list[str]:
    """Return the dark scheme's own: a brand in the light one must not come through."""
    names = {name: theirs for name, theirs in _VARIABLES.items() if name != "accent-ink"}
    told = [f"--{ours}: {look[f'{theirs}-dark']};" for ours, theirs in names.items()]
    return [*told, f"--paper: {look['ground-dark']};", f"--accent-ink: {look['paper-dark']};"]
