"""An issue's mails before anybody gets them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.errors import ConfigError, ExitCode, GateHeld, UsageError
from digest.pipeline.desk.linting import LintOrder, LintReport, lint_file, lint_issue
from digest.resources import templates_folder

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom


def _without_an_address(newsroom: Newsroom) -> None:
    """Return the newsroom a footer of its own that forgot the postal address."""
    for name in ("macros/brand.html", "blocks/footer.txt"):
        shipped = templates_folder() / "email" / "shared" / name
        text = shipped.read_text(encoding="utf-8")
        assert "edition.site.postal_address" in text
        own = newsroom.folder / "themes" / "shared" / name
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(text.replace("edition.site.postal_address", "''"), encoding="utf-8")


def _linted(newsroom: Newsroom, order: LintOrder | None = None) -> LintReport:
    return lint_issue(newsroom.settings, newsroom.store, order or LintOrder("daily"), newsroom.now)


def test_a_sound_issue_has_no_errors(newsroom: Newsroom) -> None:
    """What ships with Digest passes its own gate."""
    newsroom.write()
    report = _linted(newsroom)
    assert report.errors == ()
    assert report.exit_code is ExitCode.DONE
    assert report.variants == 1


def test_what_the_overlay_asks_in_vain_is_said_and_holds_nothing(newsroom: Newsroom) -> None:
    """With its file and line, beside what was found in the mails."""
    newsroom.configure(r'sources = \["world"\]\n', 'sources = ["world"]\ntop = 0\nlatest = 1\n')
    file = newsroom.folder / "overlays" / "daily" / f"{newsroom.now.date()}.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[[replace]]\nstory = "article-0-3"\nheadline = "Better"\n')
    report = _linted(newsroom)
    (note,) = report.notes
    assert note.startswith('overlays/daily/2026-11-23.toml:1: replace: "article-0-3" is not shown')
    assert report.as_json()["notes"] == [note]
    assert report.exit_code is ExitCode.DONE


def test_an_error_holds_the_send_and_plans_nothing(newsroom: Newsroom) -> None:
    """Exit 4, every error with its fix, no mail and no issue; a dry run says the same."""
    newsroom.subscribe("amara@reader.example")
    newsroom.write()
    _without_an_address(newsroom)
    with pytest.raises(GateHeld, match="missing-address") as caught:
        newsroom.send()
    assert caught.value.exit_code is ExitCode.HELD
    assert "digest lint daily" in caught.value.fix
    assert newsroom.store.issues.list() == ()
    assert newsroom.mailbox.kept == []
    assert {one.rule for _, one in _linted(newsroom).errors} == {"missing-address"}


def test_an_edition_may_live_with_a_rule(newsroom: Newsroom) -> None:
    """`lint_allow` turns its errors into warnings, and the mail goes out."""
    newsroom.subscribe("amara@reader.example")
    newsroom.write()
    _without_an_address(newsroom)
    newsroom.configure(
        'title = "Daily briefing"\n', 'title = "x"\nlint_allow = ["missing-address"]\n'
    )
    report = _linted(newsroom)
    assert report.errors == ()
    assert "missing-address" in {one.rule for _, one in report.findings}
    newsroom.send()
    assert "amara@reader.example" in newsroom.mailbox.recipients


def test_a_rule_that_does_not_exist_is_told(newsroom: Newsroom) -> None:
    """A misspelt name would silently allow nothing."""
    newsroom.write()
    newsroom.configure('title = "Daily briefing"\n', 'title = "x"\nlint_allow = ["contrst"]\n')
    with pytest.raises(ConfigError, match="contrst"):
        _linted(newsroom)


def test_any_file_can_be_looked_at(tmp_path: Path) -> None:
    """Whoever made it; one that cannot be read is a fault of the command."""
    page = tmp_path / "mail.html"
    page.write_text("<html><body><script>1</script></body></html>", encoding="utf-8")
    report = lint_file(page, frozenset())
    assert report.exit_code is ExitCode.HELD
    assert {"active-content", "missing-lang", "missing-unsubscribe"} <= {
        one.rule for _, one in report.errors
    }
    page.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError):
        lint_file(page, frozenset())
