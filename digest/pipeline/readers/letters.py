"""A single mail from its facts: rendered in the newsroom's look, compiled, named, signed.

It goes the way of every mail: the same header code, read back before it is sent, the same
signatures. Its content is decided when it is queued; its links are signed when it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from digest.config import Settings
from digest.mail import ListHeaders, compile_message, name_message
from digest.models.mails import Message, Recipient
from digest.pipeline.issue.brand import brand_of
from digest.pipeline.mails.newsroom_mail import WRITTEN, as_written
from digest.pipeline.mails.rendering import link_tokens
from digest.pipeline.mails.signing import seal_of, single_reverse_path_of
from digest.render.single_mail import Facts, Sender, render_single_mail
from digest.render.theme import load_palette
from digest.resources import search_path, templates_folder
from digest.store import Store
from digest.store.single_mails.queue import SingleMail
from subscribers.tokens import LinkTokens, Purpose

_PALETTE = "frontpage"  # of the shipped themes; a brand replaces what it names
_OF_A_LIST = frozenset({"confirm", "known", "welcome"})


def letter_composer(
    settings: Settings, store: Store, clock: Callable[[], datetime]
) -> Callable[[Recipient], Message]:
    """Return the function that makes a single mail for the sender.

    Raises ConfigError as `link_tokens` and `seal_of` do.
    """
    letters = _Letters(settings, clock())

    def compose(recipient: Recipient) -> Message:
        mail = store.single_mails.get(recipient.delivery_id)
        if mail is None:
            raise LookupError(f"single mail {recipient.delivery_id} is gone")
        return letters.compose(mail, recipient)

    return compose


class _Letters:
    """The parts that all single mails of one run share."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        self._settings = settings
        self._tokens: LinkTokens = link_tokens(settings)
        self._seal = seal_of(settings, settings.mail.domain, now)
        self._reverse_path = single_reverse_path_of(settings)
        site = settings.site
        self._sender = Sender(
            name=site.name,
            url=site.url,
            postal_address=site.postal_address,
            brand=brand_of(settings, _PALETTE),
            palette=load_palette(_PALETTE, search_path(settings.folder)),
        )

    def compose(self, mail: SingleMail, recipient: Recipient) -> Message:
        settings, edition = self._settings, _edition_of(mail.facts)
        language = mail.locale or settings.site.language
        rendered = (
            as_written(mail.kind, language, mail.facts)
            if mail.kind in WRITTEN
            else render_single_mail(
                mail.kind,
                language,
                self._facts(mail, recipient),
                self._sender,
                templates_folder() / "single",
            )
        )
        compiled = compile_message(rendered, self._headers(mail, edition))
        message_id = name_message(f"single/{mail.id}", recipient.public_id, settings.mail.domain)
        manage = self._tokens.sign(Purpose.MANAGE, recipient.public_id, edition)
        data = compiled.join(
            {"unsubscribe_url": f"{settings.site.public_url}/u/{manage}"},
            to_addr_spec=recipient.addr_spec,
            to_name=recipient.name,
            message_id=message_id,
        )
        return Message(
            delivery_id=recipient.delivery_id,
            reverse_path=self._reverse_path(mail.id),
            recipient=recipient.addr_spec,
            message_id=message_id,
            data=self._seal(data),
            dotless=compiled.dotless,
        )

    def _headers(self, mail: SingleMail, edition: str) -> ListHeaders:
        settings = self._settings
        listed = mail.kind in _OF_A_LIST and edition
        found = settings.edition_of(edition) if listed else None
        return ListHeaders(
            from_header=settings.mail.from_,
            reply_to=settings.mail.reply_to,
            date=mail.created_at,
            list_id=f"{edition}.{settings.mail.domain}" if listed else "",
            list_title=found.title if found else "",
            feedback_id=f"{mail.kind}:single:digest:{settings.mail.domain}",
            help_url=f"{settings.site.public_url}/help" if listed else "",
            archive_url=self._archive(edition) if listed else "",
        )

    def _facts(self, mail: SingleMail, recipient: Recipient) -> Facts:
        base, who = self._settings.site.public_url, recipient.public_id
        edition = _edition_of(mail.facts)
        manage = f"{base}/p/{self._tokens.sign(Purpose.MANAGE, who, edition)}"
        return Facts(
            site=self._settings.site.name,
            url=self._button(mail, who, manage),
            editions=[self._title(one) for one in mail.facts.get("editions", [])],
            preferences_url=manage,
            address=str(mail.facts.get("masked", "")),
            lasts=mail.expires_at - mail.created_at,
        )

    def _button(self, mail: SingleMail, who: str, manage: str) -> str:
        """Return where the button leads: what it may do is the power of its token."""
        base = self._settings.site.public_url
        sign, until = self._tokens.sign, mail.expires_at
        if mail.kind == "confirm":
            return f"{base}/c/{sign(Purpose.CONFIRM, who, str(mail.id), until)}"
        if mail.kind == "address":
            return f"{base}/n/{sign(Purpose.ADDRESS, who, str(mail.id), until)}"
        if mail.kind == "data":
            return f"{base}/d/{sign(Purpose.DATA, who, str(mail.id), until)}"
        if mail.kind == "welcome":
            return str(mail.facts.get("latest", ""))
        return manage

    def _archive(self, edition: str) -> str:
        settings = self._settings
        base = settings.site.public_url
        return f"{base}/archive/{edition}" if settings.readers.archive else ""

    def _title(self, edition_id: str) -> str:
        edition = self._settings.edition_of(edition_id)
        return edition.title if edition else edition_id


def _edition_of(facts: Mapping[str, Any]) -> str:
    return next(iter(facts.get("editions", [])), "")
