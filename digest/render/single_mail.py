"""Mails outside an issue: one template, and the sentences of each kind in the reader's language.

A kind is a function from words and facts to what the mail says; `KINDS` names them. No theme is
needed: the newsroom's name, colours and fonts are put into the one template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from babel import Locale
from babel.lists import format_list

from digest.models.compositions import Rendered
from digest.models.site import Brand
from digest.render.brand import in_brand
from digest.render.contrast import ENOUGH, contrast
from digest.render.environment import Templates
from digest.render.words import Words, locale_of


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that a single mail may speak of; a kind uses what it needs.

    `editions` are titles; `url` is where its button leads, `preferences_url` where a reader of an
    edition may change their mind; `lasts` is how long the link of the button is good.
    """

    site: str
    url: str
    editions: Sequence[str] = ()
    preferences_url: str = ""
    address: str = ""
    lasts: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Button:
    """A label and where it leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class MailWords:
    """The words of one mail, from its subject to its small print."""

    subject: str
    title: str
    paragraphs: Sequence[str]
    button: Button | None = None
    small: Sequence[str] = ()
    links: Sequence[Button] = field(default=())


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose mail it is, and how it looks: `palette` are a theme's colours and fonts."""

    name: str
    url: str
    postal_address: str
    brand: Brand
    palette: Mapping[str, str]


def render_single_mail(
    kind: str, language: str, facts: Facts, sender: Sender, folder: Path
) -> Rendered:
    """Return a mail of `kind` in `language`; `folder` holds the template. RenderError."""
    locale = locale_of(language)
    said = KINDS[kind](Words(locale), locale, facts)
    rtl = locale.text_direction == "rtl"
    tag = language.replace("_", "-")
    values: dict[str, object] = {
        "subject": said.subject,
        "preheader": said.paragraphs[0],
        "title": said.title,
        "paragraphs": said.paragraphs,
        "button": said.button,
        "small": said.small,
        "links": said.links,
        "site": sender,
        "look": _look(sender),
        "language": tag,
        "direction": "rtl" if rtl else "ltr",
        "near": "right" if rtl else "left",
    }
    templates = Templates([folder])
    return Rendered(
        variant=kind,
        language=tag,
        subject=said.subject,
        html=templates.render("mail.html", values),
        text=templates.render("mail.txt", values),
    )


def _look(sender: Sender) -> dict[str, str]:
    look = in_brand(sender.palette, sender.brand)
    for scheme in ("", "-dark"):
        ground = look[f"accent{scheme}"]
        white = contrast("#ffffff", ground) >= ENOUGH
        look[f"on-accent{scheme}"] = "#ffffff" if white else "#1b1a18"
    return look


def _listed(editions: Sequence[str], locale: Locale) -> str:
    return str(format_list(list(editions), locale=locale))


def _lasts(words: Words, facts: Facts) -> str:
    return words.say("single_lasts", count=max(1, round(facts.lasts / timedelta(days=1))))


def _confirm(words: Words, locale: Locale, facts: Facts) -> MailWords:
    named = _listed(facts.editions, locale)
    return MailWords(
        subject=words.say("single_confirm_subject", site=facts.site),
        title=words["single_confirm"],
        paragraphs=[words.say("single_confirm_text", editions=named)],
        button=Button(words["page_confirm_button"], facts.url),
        small=[words["single_not_you"], _lasts(words, facts)],
    )


def _known(words: Words, locale: Locale, facts: Facts) -> MailWords:
    named = _listed(facts.editions, locale)
    return MailWords(
        subject=words.say("single_known_subject", site=facts.site),
        title=words["single_known"],
        paragraphs=[words.say("single_known_text", editions=named)],
        button=Button(words["preferences"], facts.url),
        small=[words["single_not_you"]],
    )


def _welcome(words: Words, locale: Locale, facts: Facts) -> MailWords:
    named = _listed(facts.editions, locale)
    return MailWords(
        subject=words.say("single_welcome_subject", editions=named),
        title=words["page_welcome"],
        paragraphs=[words.say("single_welcome_text", editions=named)],
        button=Button(words["page_latest"], facts.url) if facts.url else None,
        small=[words["single_leave"]],
        links=[Button(words["preferences"], facts.preferences_url)],
    )


def _address(words: Words, _locale: Locale, facts: Facts) -> MailWords:
    return MailWords(
        subject=words["single_address_subject"],
        title=words["page_use_address"],
        paragraphs=[words.say("single_address_text", site=facts.site)],
        button=Button(words["page_use_address_button"], facts.url),
        small=[words["single_not_you"], _lasts(words, facts)],
    )


def _moved(words: Words, _locale: Locale, facts: Facts) -> MailWords:
    return MailWords(
        subject=words.say("single_moved_subject", site=facts.site),
        title=words["single_moved"],
        paragraphs=[words.say("single_moved_text", address=facts.address)],
        small=[words["single_moved_not_you"]],
    )


def _data(words: Words, _locale: Locale, facts: Facts) -> MailWords:
    return MailWords(
        subject=words.say("single_data_subject", site=facts.site),
        title=words["page_data"],
        paragraphs=[words.say("single_data_text", site=facts.site)],
        button=Button(words["page_data_show"], facts.url),
        small=[words["single_not_you"], _lasts(words, facts)],
    )


KINDS: Mapping[str, Callable[[Words, Locale, Facts], MailWords]] = {
    "confirm": _confirm,
    "known": _known,
    "welcome": _welcome,
    "address": _address,
    "moved": _moved,
    "data": _data,
}
