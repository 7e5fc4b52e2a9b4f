"""`digest send` over an e-mail API: from digest.toml to what the API kept."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.errors import ConfigError, ExitCode
from digest.models.deliveries import DeliveryState as D
from digest.pipeline.configured.transports import transport_checks
from digest.pipeline.sending.sending import RunControl, SendOrder, send_issue
from digest.pipeline.sending.testing import TestOrder, send_test_issue
from digest.sender.registry import TRANSPORTS
from digest.store import open_store
from tests.sender.providers.conftest import Api, Fault, served
from tests.sender.providers.fakes import all_fakes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.pipeline.sending.report import SendReport
    from tests.pipeline.conftest import Newsroom

KEY = "canary-key"
SECRETS = {
    "brevo": {"DIGEST_BREVO_KEY": KEY},
    "mailersend": {"DIGEST_MAILERSEND_TOKEN": KEY},
    "mailgun": {"DIGEST_MAILGUN_KEY": KEY},
    "mailjet": {"DIGEST_MAILJET_SECRET": KEY, "DIGEST_MAILJET_KEY": "public"},
    "mailtrap": {"DIGEST_MAILTRAP_TOKEN": KEY},
    "mandrill": {"DIGEST_MANDRILL_KEY": KEY},
    "postal": {"DIGEST_POSTAL_KEY": KEY},
    "postmark": {"DIGEST_POSTMARK_TOKEN": KEY},
    "resend": {"DIGEST_RESEND_TOKEN": KEY},
    "scaleway": {"DIGEST_SCALEWAY_SECRET_KEY": KEY},
    "sendgrid": {"DIGEST_SENDGRID_KEY": KEY},
    "ses": {"DIGEST_SES_SECRET": KEY, "DIGEST_SES_KEY_ID": "key"},
    "sparkpost": {"DIGEST_SPARKPOST_KEY": KEY},
}
TABLES = {
    "mailgun": 'domain = "news.example"',
    "mailersend": "headers = true",
    "scaleway": 'project = "project"',
    "ses": 'region = "eu-west-1"',
}


# They do not keep all of our headers.
CHANGED = {"brevo", "mailersend", "mailjet", "mailtrap", "scaleway", "ses", "sparkpost"}


@pytest.fixture(params=sorted(all_fakes()))
def api(request: pytest.FixtureRequest) -> Iterator[Api]:
    with served(all_fakes()[request.param]()) as running:
        yield running


def configure(newsroom: Newsroom, api: Api) -> None:
    """Name the transport and its secret, as a user would; the base URL is the fake's."""
    name = api.fake.name
    more = TABLES.get(name, "") + "\n"
    newsroom.configure(r"(\[mail\]\n)", rf'\1transport = "{name}"' + "\n")
    newsroom.toml += f'\n[{name}]\nurl = "{api.url}"\n{more}'
    newsroom.environment |= SECRETS[name]


def send(newsroom: Newsroom) -> SendReport:
    control = RunControl(lambda: newsroom.now + timedelta(seconds=1), asyncio.Event())
    order = SendOrder("daily")
    return asyncio.run(send_issue(newsroom.settings, newsroom.store, order, control))


def test_an_issue_goes_out_in_calls(newsroom: Newsroom, api: Api) -> None:
    """Everybody has it, with their own links; running again sends nothing.

    What the provider does to our headers is said once, by the run that plans.
    """
    configure(newsroom, api)
    report = send(newsroom)
    assert api.faults == []
    assert report.exit_code is ExitCode.DONE
    assert set(newsroom.states.values()) == {D.ACCEPTED}
    assert sorted(one.to for one in api.kept) == sorted(newsroom.states)
    if api.fake.lists:
        links = {one.headers["List-Unsubscribe"] for one in api.kept}
        assert len(links) == len(api.kept)
    told = [hint for hint in report.hints if hint.startswith(f"{api.fake.name}: it ")]
    assert len(told) == (api.fake.name in CHANGED)
    assert not [one for one in send(newsroom).hints if one in told]
    assert len(api.kept) == len(newsroom.states)


@pytest.mark.parametrize("api", ["resend"], indirect=True)
def test_a_run_that_sleeps_past_its_lease_in_a_call(newsroom: Newsroom, api: Api) -> None:
    """The next run makes the call again under its key; what the first one hears comes too late."""
    configure(newsroom, api)
    api.fault = Fault("hold", kept=True, times=1)
    with open_store("sqlite:///digest.db", newsroom.folder) as store:
        asleep = replace(newsroom, store=store)
        with ThreadPoolExecutor(1) as thread:
            first = thread.submit(send, asleep)
            while not api.held and not first.done():
                time.sleep(0.01)
            assert set(newsroom.states.values()) == {D.INFLIGHT}
            second = send(replace(newsroom, now=newsroom.now + timedelta(hours=1)))
            assert set(newsroom.states.values()) == {D.ACCEPTED}
            api.let_go.set()
            assert (first.result().sent_now, second.sent_now) == (0, len(newsroom.states))
    assert second.exit_code is ExitCode.DONE
    assert sorted(one.to for one in api.kept) == sorted(newsroom.states)


def test_a_test_mail_goes_the_same_way(newsroom: Newsroom, api: Api) -> None:
    """Marked as a test, to an address that is no reader's."""
    configure(newsroom, api)
    order = TestOrder("daily", None, ["editor@desk.example"])
    report = send_test_issue(newsroom.settings, newsroom.store, order, newsroom.now)
    assert (report.exit_code, api.faults) == (ExitCode.DONE, [])
    assert [(one.to, one.subject[:6]) for one in api.kept] == [("editor@desk.example", "[Test]")]


def test_a_secret_that_is_missing_is_named(newsroom: Newsroom, api: Api) -> None:
    """Before anything is planned."""
    configure(newsroom, api)
    variable = next(iter(SECRETS[api.fake.name]))
    del newsroom.environment[variable]
    with pytest.raises(ConfigError, match=variable):
        send(newsroom)
    assert newsroom.store.issues.list() == ()


def test_doctor_tries_the_key(newsroom: Newsroom, api: Api) -> None:
    """In words that name the provider."""
    configure(newsroom, api)
    api.fault = Fault("status", 200, body={"data": {"code": "MessageNotFound"}})
    (check,) = transport_checks(newsroom.settings)

    async def asked() -> str:
        return (await check()).words

    words = asyncio.run(asked())
    assert words.startswith(f"{api.fake.name} takes our key; it ")
    assert ("button leave at" in words) == (api.fake.name in {"mailjet", "sparkpost"})


def test_every_provider_is_tried_here() -> None:
    """A new one brings its fake, its secrets and a place in the suite."""
    assert set(all_fakes()) == set(SECRETS) == set(TRANSPORTS) - {"smtp", "outbox"}
