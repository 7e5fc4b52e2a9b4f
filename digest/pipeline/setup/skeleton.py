"""The files `digest init` writes: a commented digest.toml, .env, and folders for a newsroom's own.

The comments are the first documentation an operator reads; docs/configuration.md has all keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from digest.config.lines import quoted
from digest.config.site import PLACEHOLDER_ADDRESS


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """A section with its one source, as found on the site; `found_by` says in words how."""

    id: str
    title: str
    url: str
    feed_url: str
    kind: str
    found_by: str = ""


_SERVED_HERE = "http://127.0.0.1:8026"  # where `digest serve` listens unless it is told otherwise
_NO_DOMAIN = "news.example"
_EXAMPLE_SECTION = SectionDraft(
    id="world",
    title="World News",
    url="https://news.example/category/world-news/",
    feed_url="https://news.example/category/world-news/feed/",
    kind="auto",
)


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """A site as `init` found it, before the configuration was edited.

    `host` is the domain that mail comes from, "" where the site has none. `logo` is a URL and the
    colours are "#rrggbb", or "" where the site does not say. `rules` are further lines of
    [collector]. Without a `public_url` readers' pages
    stand at digest.<host>.
    """

    name: str = "Example News"
    url: str = "https://news.example"
    host: str = "news.example"
    language: str = "en"
    sections: tuple[SectionDraft, ...] = (_EXAMPLE_SECTION,)
    left_out: tuple[str, ...] = ()
    logo: str = ""
    accent: str = ""
    paper: str = ""
    ink: str = ""
    popularity: str = ""
    popularity_url: str = ""
    allow_private_hosts: bool = False
    rules: tuple[str, ...] = ()
    public_url: str = ""
    postal_address: str = PLACEHOLDER_ADDRESS
    transport: str = "outbox"
    smtp_port: int = 2525
    schedule: str = "0 7 * * *"


def write_configuration(path: Path, draft: SiteDraft, *, secret_key: str) -> tuple[Path, ...]:
    """Write the files and give their paths. An .env or .gitignore that is there stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(configuration_text(draft), encoding="utf-8")
    written = [path]
    environment = path.parent / ".env"
    if not environment.exists():
        environment.touch(mode=0o600)
        environment.write_text(environment_text(secret_key), encoding="utf-8")
        written.append(environment)
    ignored = path.parent / ".gitignore"
    if not ignored.exists():
        ignored.write_text(_KEPT_OUT, encoding="utf-8")
        written.append(ignored)
    for folder, words in (
        ("overlays", "An issue's overlay: <edition>/<slot>.toml. See docs/editorial.md.\n"),
        ("themes", "Your own theme, or single files over a shipped one. See docs/rendering.md.\n"),
    ):
        place = path.parent / folder
        place.mkdir(exist_ok=True)
        readme = place / "README"
        if not readme.exists():
            readme.write_text(words, encoding="utf-8")
            written.append(readme)
    return tuple(written)


# What a newsroom's repository must not hold: keys, readers' addresses, mails.
_KEPT_OUT = """\
# Secrets.
.env

# The store: readers' addresses, articles and the ledger. Back it up, do not publish it.
*.db
*.db-journal
*.db-shm
*.db-wal

# What `transport = "outbox"` and `digest build --out build` write.
/outbox/
/build/
"""


def environment_text(secret_key: str) -> str:
    """Return the text of .env with a fresh key."""
    return (
        "# Secrets of this newsroom. Keep this file out of version control.\n\n"
        "# Signs the links in the mails. Keep it for good: a new key breaks the links already sent."
        f"\nDIGEST_SECRET_KEY={secret_key}\n\n"
        "# Only if your mail server asks for a login.\n"
        "#DIGEST_SMTP_USERNAME=\n#DIGEST_SMTP_PASSWORD=\n"
    )


def configuration_text(draft: SiteDraft) -> str:
    """Return the text of digest.toml."""
    private = "true " if draft.allow_private_hosts else "false"
    sources = "\n".join(_source(section) for section in draft.sections)
    sections = "\n".join(_section(section) for section in draft.sections)
    names = ", ".join(quoted(section.id) for section in draft.sections)
    mailbox = f"{_display_name(draft.name)} <digest@{draft.host or _NO_DOMAIN}>"
    guessed = "" if draft.host else "  # your own domain: the site's address tells none"
    return f"""\
# Digest. Every key is described in docs/configuration.md; secrets live in .env.

[site]
name = {quoted(draft.name)}
url = {quoted(draft.url)}
{_public_url(draft)}
postal_address = {quoted(draft.postal_address)}  # the law wants one in every newsletter
language = {quoted(draft.language)}
{_looks(draft)}
[mail]
from = {quoted(mailbox)}{guessed}
transport = {quoted(draft.transport)}  # "outbox" writes .eml files to look at; "smtp" sends
# relay_signs = true  # once your mail server signs with DKIM; or add a [[dkim]] table

[outbox]
path = "outbox"

[smtp]
host = "127.0.0.1"
port = {draft.smtp_port}
tls = "none"  # "none" on this machine only, else "starttls" or "implicit"
connections = 16

# Bounces and complaints that come back by mail: `digest feedback read` (docs/feedback.md).
#[feedback]
#address = {quoted(f"feedback@{draft.host or _NO_DOMAIN}")}
#imap = {quoted(f"imap.{draft.host or _NO_DOMAIN}")}
#user = {quoted(f"feedback@{draft.host or _NO_DOMAIN}")}

[store]
url = "sqlite:///digest.db"  # or postgresql://…; on a CI runner: sqlite+git://digest-state

[collector]
allow_private_hosts = {private}  # true only for a site on this machine or network
{"".join(f"{line}{chr(10)}" for line in draft.rules)}
# Where articles come from.
{sources}{_counter(draft)}
# What readers choose from. `top` are the most read, `latest` the newest of the rest.
{sections}
# What readers subscribe to. The schedule is: minute hour day month weekday.
[[edition]]
id = "daily"
title = "Daily briefing"
schedule = {quoted(draft.schedule)}
timezone = "UTC"
sections = [{names}]
subject = "{{{{ lead.title }}}}"
"""


def _public_url(draft: SiteDraft) -> str:
    """Say where readers' pages stand; without a domain to guess from, on this machine for a try."""
    if draft.public_url or draft.host:
        url, words = draft.public_url or f"https://digest.{draft.host}", ""
    else:
        url, words = _SERVED_HERE, "; on this machine only, readers need a public https address"
    return f"public_url = {quoted(url)}  # where `digest serve` is reached{words}"


def looks_of(draft: SiteDraft) -> tuple[tuple[str, str], ...]:
    """Return what the site says of its looks as name and value; a theme decides what to use."""
    said = (
        ("logo", draft.logo),
        ("accent", draft.accent),
        ("paper", draft.paper),
        ("ink", draft.ink),
    )
    return tuple((name, value) for name, value in said if value)


def _looks(draft: SiteDraft) -> str:
    """Note the site's looks: commented out, because contrast and logo want a person's eye."""
    colours = [f"#{name} = {quoted(value)}\n" for name, value in looks_of(draft) if name != "logo"]
    logo = f"# Its logo: {draft.logo}\n" if draft.logo else ""
    if not colours and not logo:
        return ""
    table = f"#[brand]\n{''.join(colours)}" if colours else ""
    return f"\n# How the site looks, as found. Without the # the mails look so.\n{logo}{table}"


def _counter(draft: SiteDraft) -> str:
    if not draft.popularity:
        return ""
    return (
        "\n# Who counts how often articles are read, for `top`.\n"
        f'[[popularity]]\nid = "views"\nkind = {quoted(draft.popularity)}\n'
        + (f"url = {quoted(draft.popularity_url)}\n" if draft.popularity_url else "")
    )


def _source(section: SectionDraft) -> str:
    kind = f'kind = "{section.kind}"\n' if section.kind not in {"auto", "feed"} else ""
    # WordPress posts are often mended in their first minutes.
    settle = "settle_minutes = 10\n" if section.kind == "wordpress" else ""
    address = f"id = {quoted(section.id)}\nurl = {quoted(section.feed_url)}\n"
    return f"[[source]]\n{address}{kind}{settle}"


def _section(section: SectionDraft) -> str:
    url = f"url = {quoted(section.url)}\n" if section.url else ""
    return (
        f"[[section]]\nid = {quoted(section.id)}\ntitle = {quoted(section.title)}\n{url}"
        f"sources = [{quoted(section.id)}]\nlatest = 5\ntop = 3\n"
    )


def _display_name(name: str) -> str:
    """Quote a display name where RFC 5322 wants it quoted."""
    if all(letter.isalnum() or letter in " -'_" for letter in name):
        return name
    return '"' + name.replace("\\", "").replace('"', "") + '"'
