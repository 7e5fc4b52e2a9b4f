"""Subscribing over store and configuration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from digest.config import Settings
from digest.pipeline.mails.rendering import link_tokens
from digest.pipeline.readers.archive import latest_issue_url
from digest.pipeline.readers.signup import Confirmation, LinkState, Signups, SignUpWish, Taken
from digest.render.languages import languages
from digest.store import Store
from digest.web.readers.contract import LinkProblem, Shown, SignupForm, ToConfirm, WishRefused
from subscribers.address import masked
from subscribers.consent import Way
from subscribers.errors import AddressInvalid
from subscribers.tokens import Purpose

_TOO_MANY = 429  # RFC 6585 section 4


class SignupOfStore:
    """The questions of the form and of the link that confirms."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Callable[[], datetime],
        signups: Signups,
    ) -> None:
        """Take what decides. ConfigError when links cannot be signed."""
        self._settings = settings
        self._store = store
        self._clock = clock
        self._signups = signups
        self._tokens = link_tokens(settings)

    def editions(self) -> tuple[Shown, ...]:
        """Return what there is to subscribe to."""
        return tuple(
            Shown(
                edition.id,
                edition.title,
                tuple((one.id, one.title) for one in self._settings.sections_of(edition)),
            )
            for edition in self._settings.edition
        )

    def ask(self, form: SignupForm) -> None:
        """Take a wish. WishRefused for what no answer can be the same to: a form without sense."""
        known = {edition.id for edition in self._settings.edition}
        if not known & form.editions.keys():
            raise WishRefused("editions")
        wish = SignUpWish(
            email=form.email,
            editions={name: form.editions[name] for name in form.editions if name in known},
            network=form.network,
            words=form.words,
            locale=form.locale if form.locale.replace("-", "_") in languages() else "",
            way=Way(form.way),
        )
        try:
            taken = self._signups.ask(wish)
        except AddressInvalid:
            raise WishRefused("email") from None
        if taken is Taken.BUSY:
            raise WishRefused("busy", _TOO_MANY)

    def to_confirm(self, token: str) -> ToConfirm | LinkProblem:
        """Say what a link stands for; nothing changes."""
        return self._told(self._signups.look(token))

    def confirm(self, token: str, network: str) -> ToConfirm | LinkProblem:
        """Take the reader's word; once more changes nothing."""
        return self._told(self._signups.confirm(token, network))

    def _told(self, found: Confirmation) -> ToConfirm | LinkProblem:
        if found.state is LinkState.EXPIRED:
            return LinkProblem.EXPIRED
        if found.reader is None:
            return LinkProblem.UNKNOWN
        titles = [
            edition.title for edition in self._settings.edition if edition.id in found.editions
        ]
        if not titles:
            return LinkProblem.RETIRED
        first = found.editions[0]
        return ToConfirm(
            address=masked(found.reader.email),
            editions=tuple(titles),
            manage=self._tokens.sign(Purpose.MANAGE, found.reader.public_id, first),
            latest=latest_issue_url(self._settings, self._store, first),
            locale=found.reader.locale or found.locale,
        )
