"""What the judges said, as a table and in the documentation."""

from __future__ import annotations

from datetime import date

from judges.report import as_json, recorded, summary, table
from judges.verdict import JudgedMail, Judgement, Verdict

_MAILS = [JudgedMail("plain", language, "short", "", b"") for language in ("en", "ar")]
_SAID = Judgement(
    "Jury", "jury 1.2", "nothing bad",
    (Verdict("plain-en-short", "0 bad"), Verdict("plain-ar-short", "2 bad", ("this", "that"))),
    notes=("lenient",), faults=("the list is old",),
)  # fmt: skip
_PAGE = """# Page
<!-- judges: written by `python -m judges --record` -->
old
<!-- judges: end -->
rest"""


def test_a_fault_shows_in_its_mail_s_line() -> None:
    """Every mail has a line, every judge a column."""
    head, first, second = table(_MAILS, [_SAID]).splitlines()
    assert head.split() == ["mail", "Jury"]
    assert first.endswith("0 bad")
    assert second.endswith("2 bad *2 faults*")


def test_faults_are_told_with_their_mail() -> None:
    """Those of a judge's own list too; a count comes first."""
    said = summary([_SAID])
    assert "Jury (jury 1.2): 3 faults" in said
    for line in ("  * plain-ar-short: this", "  * the list is old", "  lenient"):
        assert line in said.splitlines()
    assert as_json([_SAID])[0]["faults"] == _SAID.all_faults()


def test_only_what_stands_between_the_marks_is_written_again() -> None:
    """The worst score of a theme, with date and versions."""
    page = recorded(_PAGE, _MAILS, [_SAID], date(2026, 11, 23))
    assert page.startswith("# Page\n")
    assert page.endswith("rest")
    assert "old" not in page.replace("the list is old", "")
    assert "2026-11-23: 2 mails, 3 faults." in page
    assert "| Jury<br>jury 1.2 | nothing bad | 2 bad *2 faults* |" in page
