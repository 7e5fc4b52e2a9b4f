"""digest.toml: what is right is read, and what is wrong is named with line and fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.errors import ConfigError, ExitCode
from digest.pipeline.configured.loading import load_settings, parse_settings

GOOD = """\
[site]
name = "Example News"
url = "https://news.example"
public_url = "https://digest.news.example"
postal_address = "1 Example Street, Exampletown"

[mail]
from = "Example News <digest@news.example>"

[[source]]
id = "world-feed"
url = "https://news.example/category/world-news/feed/"

[[section]]
id = "world"
title = "World News"
sources = ["world-feed"]

[[edition]]
id = "daily"
title = "Daily briefing"
schedule = "0 7 * * *"
timezone = "Europe/London"
sections = ["world"]
"""


def parse(text: str, environment: dict[str, str] | None = None) -> object:
    return parse_settings(text, Path("digest.toml"), environment or {})


def fault(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert caught.value.exit_code is ExitCode.USAGE
    return str(caught.value)


def test_a_good_file_is_read() -> None:
    """Values arrive, and defaults fill what is not said."""
    settings = parse_settings(GOOD, Path("digest.toml"), {})
    assert settings.mail.addr_spec == "digest@news.example"
    assert settings.mail.domain == "news.example"
    assert settings.section[0].top == 3
    assert [part.id for part in settings.sections_of(settings.edition[0])] == ["world"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'url = "https://news.example/category',
            'url = "htps://news.example/category',
            'digest.toml:12 source "world-feed": "url": "htps://',
        ),
        ('url = "https://news.example/category', 'url = "htps://x', "Did you mean https://?"),
        ('postal_address = "1', 'postal_adress = "1', 'Did you mean "postal_address"?'),
        ('name = "Example News"', "", 'digest.toml:1 [site]: "name" is missing'),
        (
            'schedule = "0 7 * * *"',
            'schedule = "7 o\'clock"',
            'digest.toml:22 edition "daily": "schedule"',
        ),
        ("Europe/London", "Europe/Londn", 'digest.toml:23 edition "daily": "timezone"'),
        ('sections = ["world"]', 'sections = ["word"]', 'Did you mean "world"?'),
        ('sources = ["world-feed"]', 'sources = ["x"]', 'there is no source "x"'),
        ('from = "Example News <digest@news.example>"', 'from = "nobody"', "is not a mailbox"),
        ("[mail]", '[smtp]\nhost = "mail.example"\ntls = "none"\n[mail]', "in plain text"),
        ("[mail]", "[mial]\nx = 1\n[mail]", '"mial" is not known here. Did you mean "mail"?'),
        ("[mail]", '[store]\nurl = "mysql://x"\n[mail]', "not a store this version knows"),
        ('[[section]]\nid = "world"', '[[section]]\nid = "The World"', "only lower-case"),
        ("[mail]", "[mail]\ntransport = 'smpt'", 'is not a transport. Did you mean "smtp"?'),
        ("[mail]", "[mail]\ntransport = 'smpt'", 'digest.toml:8 [mail]: "transport"'),
        (
            "[mail]",
            "[smtp]\nhosst = 'x'\n[mail]",
            '"hosst" is not known here. Did you mean "host"?',
        ),
        ("[mail]", "[outbox]\npth = 'x'\n[mail]", "digest.toml:8 [outbox]"),
        ("[mail]", "[[smtp.also]]\nhosst = 'x'\n[mail]", 'Did you mean "host"?'),
        ("[mail]", "[secrets]\nx = 'y'\n[mail]", '"secrets" is not known here'),
        ("[site]", "smtp = 7\n[site]", '"smtp": must be a table, as in [smtp]'),
        ("[[source]]", '[[source]]\nkind = "fed"', '"fed" is not a kind of source. Did you mean'),
        ("[[source]]", "[[source]]\nrequird = true", 'Did you mean "required"?'),
        ("[[source]]", '[[source]]\nkind = "ghost"\nky = 1', "digest.toml:12 source"),
        ('title = "Daily', 'lint_allow = ["contrst"]\ntitle = "Daily', 'Did you mean "contrast"?'),
        ('title = "Daily', 'lint_allow = ["contrst"]\ntitle = "Daily', "digest.toml:21 edition"),
    ],
)
def test_a_fault_names_file_line_key_and_fix(old: str, new: str, message: str) -> None:
    """Every fault says where it is and what would be right."""
    assert old in GOOD
    assert message in fault(GOOD.replace(old, new, 1))


def test_all_faults_are_told_at_once() -> None:
    """A person mends the file in one go."""
    text = GOOD.replace("Europe/London", "Nowhere").replace("https://digest", "htps://digest")
    assert len(fault(text).splitlines()) == 2


def test_an_id_that_stands_twice_is_named_where_it_stands_again() -> None:
    """Two sources of one id would silently be one."""
    text = GOOD + '\n[[source]]\nid = "world-feed"\nurl = "https://news.example/feed/"\n'
    assert "digest.toml:27" in fault(text)
    assert "stands twice" in fault(text)


def test_broken_toml_says_the_line() -> None:
    """The TOML parser's own position reaches the person."""
    assert "line 2" in fault("[site]\nname = Example\n")


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    """The first thing a newcomer sees."""
    with pytest.raises(ConfigError, match="digest init"):
        load_settings(tmp_path / "digest.toml", {})


@pytest.mark.parametrize("content", [b"\xff\xfe[site]", b"name = '\xe9'"])
def test_a_file_that_is_not_utf8_is_said(tmp_path: Path, content: bytes) -> None:
    """Bytes that are no text are named, not guessed at."""
    path = tmp_path / "digest.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="UTF-8"):
        load_settings(path, {})


def test_secrets_come_from_env_file_and_environment_wins(tmp_path: Path) -> None:
    """`.env` beside the file serves a laptop; a CI's own variables override it."""
    (tmp_path / "digest.toml").write_text("\ufeff" + GOOD, encoding="utf-8")
    (tmp_path / ".env").write_text("DIGEST_SECRET_KEY=from-file\nDIGEST_SMTP_USERNAME=user\n")
    settings = load_settings(tmp_path / "digest.toml", {"DIGEST_SECRET_KEY": "from-environment"})
    assert settings.secret_key == "from-environment"
    assert settings.secrets.value("DIGEST_SMTP_USERNAME") == "user"


def test_secrets_are_masked_wherever_settings_are_shown() -> None:
    """A traceback or a debug print never shows a password."""
    settings = parse(GOOD, {"DIGEST_SMTP_PASSWORD": "canary-1", "DIGEST_SECRET_KEY": "canary-2"})
    assert "canary" not in repr(settings)


def test_the_store_can_be_named_by_the_environment() -> None:
    """A password for PostgreSQL stays out of the file."""
    settings = parse_settings(
        GOOD, Path("digest.toml"), {"DIGEST_STORE_URL": "postgresql://u:p@db.example/d"}
    )
    assert settings.store.url.startswith("postgresql://")


def test_how_an_edition_chooses_may_be_said() -> None:
    """Caps, weights and limits of sections and editions arrive."""
    text = GOOD.replace('title = "World News"\n', _SECTION).replace(
        'sections = ["world"]\n', _EDITION
    )
    settings = parse_settings(text, Path("digest.toml"), {})
    section, edition = settings.section[0], settings.edition[0]
    assert (section.per_source, section.per_author, section.minimum) == (2, 1, 3)
    assert section.weight == 1.5
    assert (edition.max_age_hours, edition.max_stories) == (240.0, 30)
    assert edition.boosts == {"https://news.example/a": 1.5}
    assert edition.lead_apart_hours == 12


def test_an_edition_can_only_avoid_an_edition_that_exists() -> None:
    """The nearest name is offered."""
    said = fault(GOOD + 'without_stories_of = ["dayly"]\n')
    assert 'there is no edition "dayly". Did you mean "daily"?' in said


_SECTION = 'title = "World News"\nper_source = 2\nper_author = 1\nminimum = 3\nweight = 1.5\n'
_EDITION = (
    'sections = ["world"]\nmax_age_hours = 240\nmax_stories = 30\nlead_apart_hours = 12\n'
    'boosts = { "https://news.example/a" = 1.5 }\n'
)


def test_the_environment_names_store_and_mark() -> None:
    """A machine without a disk keeps both elsewhere; the file's own words give way."""
    text = GOOD + '\n[store]\nurl = "sqlite:///here.db"\nmark = "here.json"\n'
    settings = parse_settings(text, Path("digest.toml"), {})
    assert (settings.store.url, settings.store.mark) == ("sqlite:///here.db", "here.json")
    named = {"DIGEST_STORE_URL": "postgresql://u@h/d", "DIGEST_LEDGER_MARK": "/var/mark.json"}
    settings = parse_settings(text, Path("digest.toml"), named)
    assert (settings.store.url, settings.store.mark) == tuple(named.values())


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('kind = "table"', "needs either url or path"),
        ('kind = "table"\nurl = "https://a.example"\npath = "x"', "needs either url or path"),
        ('kind = "wpp"\npath = "x"', '"path" is not known here. Known: '),
        ('kind = "wpp"\nulr = "https://a.example"', '"ulr" is not known here. Did you mean "url"?'),
        ('kind = "matomo"\nsite = "1"', "needs url: where Matomo is"),
        ('kind = "plausible"', 'kind = "plausible" needs site: what the service calls yours'),
        ('kind = "plausibel"', 'is not a kind of counter. Did you mean "plausible"?'),
        ("limit = 7", '"kind" is missing'),
    ],
)
def test_a_counter_says_what_it_needs(table: str, message: str) -> None:
    """Each kind of counter names the key that is missing or too many."""
    assert message in fault(f'{GOOD}\n[[popularity]]\nid = "views"\n{table}\n')


def test_no_server_gets_plain_text_over_a_network() -> None:
    """Neither the first nor one beside it, unless the operator says whose network it is."""
    more = '\n[smtp]\ntls = "none"\n\n[[smtp.also]]\nhost = "mail.news.example"\ntls = "none"\n'
    with pytest.raises(ConfigError, match=r"plain text to mail\.news\.example"):
        parse(GOOD + more)
    assert parse(GOOD + more + "allow_plain_text = true\n")


def test_8bit_mails_and_signatures_do_not_go_together() -> None:
    """A server on the way may turn one into 7bit, and the other is void: told with its line."""
    eight_bit = '\n[smtp]\nhost = "mail.news.example"\neight_bit = true\n'
    assert parse(GOOD + eight_bit)
    said = fault(f'{GOOD}{eight_bit}\n[[dkim]]\nselector = "mail"\nkey = "dkim.pem"\n')
    line = (GOOD + eight_bit).count("\n")
    assert f"digest.toml:{line} [smtp]: eight_bit does not go with [[dkim]]" in said


@pytest.mark.parametrize(
    "cron", ["0 7 * *", "0 0 7 * * *", "0 7 30 2 *", "61 7 * * *", "often", ""]
)
def test_a_schedule_that_cannot_be_kept_is_refused_at_once(cron: str) -> None:
    """Four fields, six (seconds), a day that no month has: with the line, and what to write."""
    text = GOOD.replace('schedule = "0 7 * * *"', f'schedule = "{cron}"')
    assert text != GOOD
    with pytest.raises(ConfigError, match="minute hour day month weekday") as refused:
        parse_settings(text, Path("digest.toml"), {})
    assert "digest.toml:" in str(refused.value)
