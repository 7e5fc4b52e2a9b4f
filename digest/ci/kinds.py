"""One recipe a kind: which templates it fills, where the files go, and what is left to a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from digest.ci.pushed_ledger import first_time, is_on_a_branch
from digest.ci.secrets import STORE_URL, Variable, variables_of
from digest.ci.ticks import Ticks
from digest.config import Settings

# Read in the workflows of public projects in November 2026 (kurtmckee/feedparser, lemon24/reader,
# anymail/django-anymail): each SHA stands there beside its version.
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
PYTHON = "actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0"
UPLOAD = "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1"

_INDENT = 6
# Where git itself checks out, in the words of the shell: whether the job goes on with the token.
_FORGET = 'git config --unset "$header"'
_KEEP = "# The token is kept: the job pushes the ledger's branch."


@dataclass(frozen=True, slots=True)
class Place:
    """The values that a recipe is filled with: the newsroom, its ticks, and where it runs."""

    settings: Settings
    ticks: Ticks
    digest: str
    user: str

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that a run may read."""
        return variables_of(self.settings)

    def values(self) -> dict[str, str]:
        """Return what stands for each @NAME@ of a template."""
        on_a_branch = is_on_a_branch(self.settings)
        editions = self.settings.edition
        first = editions[0].id if editions else "daily"
        return {
            "CRON": self.ticks.cron,
            "HOURLY": self.ticks.hourly,
            "CALENDAR": self.ticks.calendar,
            "CONTENTS": "write # the ledger's own branch" if on_a_branch else "read",
            "FIRST": self._first(),
            "PERSIST": "true # it pushes the ledger's branch" if on_a_branch else "false",
            "FORGET": _KEEP if on_a_branch else _FORGET,
            "CHECKOUT": CHECKOUT,
            "PYTHON": PYTHON,
            "UPLOAD": UPLOAD,
            "SECRETS": self._secrets(),
            "NEEDED": ", ".join(one.name for one in self.variables if one.needed),
            "EDITIONS": ", ".join(edition.id for edition in editions),
            "IMPORT": f'--edition {first} --confirmed --consent "the list of the newsroom"',
            "FOLDER": str(self.settings.folder.resolve()),
            "DIGEST": self.digest,
            "USER": self.user,
            "MAILTO": self.settings.mail.addr_spec,
            "IMAGE": "digest-newsroom:1",
        }

    def _first(self) -> str:
        """Return the lines of a file's head that say what is done once on one's own machine."""
        words = first_time(self.settings)
        return f"\n# Then say {words}." if words else ""

    def _secrets(self) -> str:
        rows = (
            f"{' ' * _INDENT}{one.name}: ${{{{ secrets.{one.name} }}}} # "
            f"{'' if one.needed else 'optional: '}{one.words}"
            for one in self.variables
        )
        return "\n".join(rows)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A kind: the template of each file by its path, and what a person does then."""

    files: Mapping[str, str]
    left: Callable[[Place], str]
    review: Mapping[str, str] | None = None
    installs: bool = True
    has_checkout: bool = True


_PUSH_ON_GITLAB = (
    " Allow the job to push: Settings → CI/CD → Job token permissions → Allow Git push requests."
)


def _named(place: Place) -> str:
    return ", ".join(one.name for one in place.variables if one.needed)


def _named_on_a_disk(place: Place) -> str:
    """Name what a machine needs that keeps its disk: the ledger may be a file there."""
    needed = (one.name for one in place.variables if one.needed and one.name != STORE_URL)
    return ", ".join(needed)


KINDS: Mapping[str, Recipe] = {
    "github": Recipe(
        {".github/workflows/digest.yml": "github.yml"},
        lambda place: (
            'Commit, push, and set in Settings → Environments → "newsletter" the'
            f" secrets {_named(place)}. Then start the workflow once by hand: it rehearses."
        ),
        {".github/workflows/digest-review.yml": "github-review.yml"},
    ),
    "gitlab": Recipe(
        {".gitlab-ci.yml": "gitlab.yml"},
        lambda place: (
            f"Commit, push, set {_named(place)} in Settings → CI/CD → Variables, and add"
            f' the schedule "{place.ticks.cron}" (UTC) in Build → Pipeline schedules.'
            f"{_PUSH_ON_GITLAB if is_on_a_branch(place.settings) else ''}"
        ),
    ),
    "forgejo": Recipe(
        {".forgejo/workflows/digest.yml": "forgejo.yml"},
        lambda place: (
            "Commit, push, and set in Settings → Actions → Secrets:"
            f" {_named(place)}. The artifact is left out: Forgejo has an action of its own for it."
        ),
    ),
    "cron": Recipe(
        {"digest.cron": "digest.cron"},
        lambda place: (
            f"Install it with `crontab digest.cron`; put {_named_on_a_disk(place)} into .env."
        ),
        installs=False,
    ),
    "systemd": Recipe(
        {"digest.service": "digest.service", "digest.timer": "digest.timer"},
        lambda place: (
            "Copy both to /etc/systemd/system and say `systemctl enable --now"
            f" digest.timer`; put {_named_on_a_disk(place)} into .env."
        ),
        installs=False,
    ),
    "kubernetes": Recipe(
        {
            "digest-cronjob.yml": "kubernetes.yml",
            "Dockerfile": "Dockerfile",
            ".dockerignore": "dockerignore",
        },
        lambda place: (
            "Build and push the image, make the secret `digest` with"
            f" {_named(place)}, and apply digest-cronjob.yml."
        ),
        has_checkout=False,
    ),
}
