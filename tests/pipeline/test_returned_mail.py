"""What comes back by mail: from a mailbox to what it does to a reader, once."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from multiprocessing import Pipe
from pathlib import Path
from signal import SIGKILL
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from digest.config.feedback import Afterwards
from digest.errors import ConfigError, TransportUnavailable
from digest.mail.verp import ReversePaths
from digest.models.events import EventKind
from digest.pipeline.feedback.mailboxes.imap import ImapAccount, ImapMailbox
from digest.pipeline.feedback.mailboxes.maildir import MaildirMailbox
from digest.pipeline.feedback.mailboxes.mbox import StreamMailbox
from digest.pipeline.feedback.proving import Proofs
from digest.pipeline.feedback.reading import FeedbackReader, FeedbackReport
from digest.pipeline.setup.doctor import examine
from digest.pipeline.setup.examination import Examination
from digest.store.single_mails.queue import NewSingleMail
from tests.feedback.mails import abuse, report, written
from tests.forked import forked
from tests.pipeline.imap_server import PASSWORD, USER, ImapServer
from tests.pipeline.process_that_reads_feedback import read_until_recorded

if TYPE_CHECKING:
    from digest.pipeline.feedback.mailboxes.contract import FeedbackMailbox
    from tests.pipeline.conftest import Newsroom

PATTERN = "bounce+{}@news.example"
SEALED = b"bounce+7-abcdefghij@news.example"
HARD = "550 5.1.1 <reader@recipient.example>: User unknown"


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    """Return a newsroom with return paths of its own, that has sent to three readers."""
    newsroom.configure(r"(\[mail\]\n)", rf'\1verp = "{PATTERN}"' + "\n")
    newsroom.toml += '\n[feedback]\naddress = "feedback@news.example"\n'
    newsroom.send()
    return newsroom


def rows(room: Newsroom) -> dict[str, str]:
    """Return each reader's reverse path, as the mail server saw it."""
    return dict(zip(room.mailbox.recipients, room.mailbox.paths, strict=True))


def about(room: Newsroom, raw: bytes, address: str = "", named: str = "") -> bytes:
    """Return a report for the first reader's delivery, or another's; it names the reader."""
    address = address or next(iter(rows(room)))
    raw = raw.replace(SEALED, rows(room)[address].encode())
    return raw.replace(b"Reader@Recipient.example", (named or address).encode())


def read(room: Newsroom, *mails: bytes, mailbox: FeedbackMailbox | None = None) -> FeedbackReport:
    if mailbox is None:
        box = b"".join(b"From daemon Mon Nov 23 06:31:00 2026\n" + raw + b"\n" for raw in mails)
        mailbox = StreamMailbox(io.BytesIO(box))
    proofs = Proofs(room.settings, room.store)
    return FeedbackReader(room.store, proofs, room.now, rehearsal=False).read(mailbox)


def suppressed(room: Newsroom) -> list[str]:
    return [name for name in room.states if room.store.subscribers.suppressions(name)]


def active(room: Newsroom) -> list[str]:
    return [row.email for row in room.store.subscribers.list("daily") if row.state == "active"]


def test_a_hard_bounce_suppresses_its_reader_once(room: Newsroom) -> None:
    """The reverse path finds the delivery; the same mail again changes nothing."""
    first, *others = rows(room)
    mail = about(room, report(said=HARD))
    assert read(room, mail).kinds == {EventKind.BOUNCED_HARD: 1}
    assert suppressed(room) == [first]
    again = read(room, mail, mail)
    assert (again.read, again.known) == (2, 2)
    assert suppressed(room) == [first]
    assert set(others) <= set(active(room))


def test_a_complaint_ends_all_mail(room: Newsroom) -> None:
    """An abuse report about a mail of ours suppresses and unsubscribes."""
    first = next(iter(rows(room)))
    assert read(room, about(room, abuse())).kinds == {EventKind.COMPLAINED: 1}
    assert suppressed(room) == [first]
    assert first not in active(room)


@pytest.mark.parametrize(
    "said", ["550 5.7.1 Blocked by spamhaus", "552 5.3.4 Message too big", "452 4.2.2 Mailbox full"]
)
def test_policy_content_and_a_full_mailbox_suppress_nobody(room: Newsroom, said: str) -> None:
    """They say nothing of the reader, or nothing lasting."""
    read(room, about(room, report(said=said)))
    assert not suppressed(room)


def single_mail(room: Newsroom, email: str, address: str = "") -> str:
    """Take in a mail outside an issue; return its reverse path."""
    found = room.store.subscribers.find_by_email(email)
    assert found is not None
    mail = NewSingleMail(
        "welcome", f"welcome {email} {address}", found.id, room.now + timedelta(days=1),
        address=address, address_key=address,
    )  # fmt: skip
    mail_id = room.store.single_mails.put(mail, room.now)
    assert mail_id is not None
    return ReversePaths(PATTERN, room.settings.secret_key).of_single_mail(mail_id)


def bounced_single(path: str, named: str) -> bytes:
    raw = report(said=HARD).replace(SEALED, path.encode())
    return raw.replace(b"Reader@Recipient.example", named.encode())


def test_a_single_mail_that_bounces_suppresses_its_reader(room: Newsroom) -> None:
    """A confirmation or a welcome that came back, once; it is an event of no delivery."""
    first, second, *_ = rows(room)
    mail = bounced_single(single_mail(room, first), first)
    told = read(room, mail, mail)
    assert (told.known, told.unmatched) == (1, 0)
    assert suppressed(room) == [first]
    assert room.store.events.counts(room.issue.id) == {}
    elsewhere = single_mail(room, second, "other@reader.example")
    later = bounced_single(elsewhere, "other@reader.example").replace(b"20261123.1", b"20261123.2")
    assert read(room, later).unmatched == 1
    assert suppressed(room) == [first]


def test_a_forged_bounce_changes_nothing(room: Newsroom) -> None:
    """A seal that is not ours, a foreign address, or no seal at all is an event of no delivery."""
    first, second, *_ = rows(room)
    forged = report(said=HARD).replace(b"Reader@Recipient.example", first.encode())
    told = read(room, forged, forged.replace(SEALED, b"digest@news.example"))
    assert told.unmatched == 1  # one Message-ID: one event
    assert not suppressed(room)
    foreign = about(room, report(said=HARD), first, named=second)
    assert read(room, foreign).kinds == {EventKind.BOUNCED_SOFT: 1}
    assert not suppressed(room)


def test_a_bounce_that_comes_months_later_changes_nothing(room: Newsroom) -> None:
    """A seal proves the delivery, not that anybody still tries it."""
    mail = about(room, report(said=HARD))
    room.now += timedelta(days=90)
    assert read(room, mail).kinds == {EventKind.UNKNOWN: 1}
    assert not suppressed(room)


def test_a_mail_to_leave_ends_one_subscription(room: Newsroom) -> None:
    """List-Unsubscribe has a mailto beside its link, sealed for each reader."""
    kept = {address: raw.decode() for address, raw in room.mailbox.kept}
    first = next(iter(kept))
    header = kept[first].replace("\r\n ", " ").partition("List-Unsubscribe: ")[2].splitlines()[0]
    link, mailto = header.split(", ")
    assert link.startswith("<https://digest.news.example/u/")
    where, _, subject = mailto.strip("<>").partition("?subject=")
    assert where == "mailto:feedback@news.example"
    wish = written(subject.replace("%20", " ").upper())
    stranger = written("unsubscribe 1-aaaaaaaaaa").replace(b"written.1", b"written.2")
    told = read(room, wish, stranger, written("A letter").replace(b"written.1", b"written.3"))
    assert (told.kinds, told.personal) == ({EventKind.UNSUBSCRIBED: 1}, 2)
    assert first not in active(room)
    assert len(active(room)) == len(kept) - 1


def test_without_verp_a_link_and_the_message_id_prove_the_delivery(newsroom: Newsroom) -> None:
    """The mail that came back holds both; a foreign Message-ID beside the link proves nothing."""
    newsroom.send()
    first, raw = newsroom.mailbox.kept[0]
    head = raw.split(b"\r\n\r\n")[0].replace(b"\r\n", b"\n")
    bounce = report(said=HARD).replace(b"Reader@Recipient.example", first.encode())
    start = bounce.index(b"Return-Path: <bounce+7")
    returned = bounce[:start] + head + b"\n\n--edge--\n"
    forged = returned.replace(b"Message-ID: <", b"Message-ID: <other")
    assert read(newsroom, forged.replace(b"20261123.1", b"20261123.2")).unmatched == 1
    assert not suppressed(newsroom)
    read(newsroom, returned)
    assert suppressed(newsroom) == [first]


def test_no_address_is_kept_in_an_event(room: Newsroom) -> None:
    """What a server said is kept without the address in it."""
    first = next(iter(rows(room)))
    read(room, about(room, report(said=HARD.replace("reader@recipient.example", first))))
    with room.store.subscribers._engine.begin() as connection:  # noqa: SLF001 - what is on disk
        said = str(connection.execute(text("select detail, raw from delivery_event")).all())
    assert "User unknown" in said
    assert first not in said


def maildir(folder: Path, *mails: bytes) -> Path:
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    for number, raw in enumerate(mails):
        (folder / "new" / f"{number}.mx").write_bytes(raw)
    return folder


@pytest.mark.parametrize(
    ("after", "left"),
    [
        (Afterwards.LEAVE, {"new/0.mx", "new/1.mx"}),
        (Afterwards.MARK, {"cur/0.mx:2,S", "new/1.mx"}),
        (Afterwards.MOVE, {".Digest/cur/0.mx:2,S", "new/1.mx"}),
    ],
)
def test_a_maildir_is_left_marked_or_moved(
    room: Newsroom, tmp_path: Path, after: Afterwards, left: set[str]
) -> None:
    """What is recorded is done with as configured; a person's mail stays where it is."""
    folder = maildir(tmp_path / "mail", about(room, report(said=HARD)), written("A letter"))
    for _ in range(2):
        read(room, mailbox=MaildirMailbox(folder, after, "Digest"))
        there = {str(path.relative_to(folder)) for path in folder.rglob("*.mx*")}
        assert there == left
    assert room.store.events.counts(room.issue.id) == {EventKind.BOUNCED_HARD: 1}


def test_a_run_that_is_killed_loses_nothing(room: Newsroom, tmp_path: Path) -> None:
    """SIGKILL between record and mark: the next run finds the mail again, and it is one event."""
    folder = maildir(tmp_path / "mail", about(room, report(said=HARD)))
    (room.folder / "digest.toml").write_text(room.toml)
    recorded, theirs = Pipe(duplex=False)
    process = forked(read_until_recorded, room.folder, folder, room.now, theirs)
    theirs.close()
    with recorded:
        assert recorded.recv() == "new/0.mx"
    process.kill()
    process.join()
    assert process.exitcode == -SIGKILL
    assert [path.name for path in (folder / "new").iterdir()] == ["0.mx"]
    assert len(suppressed(room)) == 1
    told = read(room, mailbox=MaildirMailbox(folder, Afterwards.MARK, ""))
    assert (told.read, told.known) == (1, 1)
    assert not list((folder / "new").iterdir())
    assert room.store.events.counts(room.issue.id) == {EventKind.BOUNCED_HARD: 1}


DONE_FOLDER = "Gelöscht & gelesen/日本"


@pytest.fixture(scope="module")
def certificate(certificate_for: Callable[[str], tuple[Path, Path]]) -> Path:
    """Return the file of a certificate for this machine; its key is beside it."""
    return certificate_for("localhost")[0]


@pytest.fixture
def imap(certificate: Path) -> Iterator[ImapServer]:
    server = ImapServer()
    with server.serving(certificate, certificate.with_name("key.pem")):
        yield server


def account(imap: ImapServer, certificate: Path, after: Afterwards) -> ImapAccount:
    return ImapAccount(
        "localhost", imap.port, USER, PASSWORD, "INBOX", after, DONE_FOLDER, certificate
    )


@pytest.mark.parametrize("after", Afterwards)
@pytest.mark.parametrize(
    "capabilities", ["IMAP4rev1 UIDPLUS MOVE", "IMAP4rev1 UIDPLUS", "IMAP4rev1"]
)
def test_imap_mails_are_left_marked_or_moved(
    room: Newsroom, imap: ImapServer, certificate: Path, after: Afterwards, capabilities: str
) -> None:
    """Whatever the server can, each mail is one event, and a person's mail stays unseen."""
    imap.capabilities = capabilities
    imap.put(about(room, report(said=HARD)), written("A letter"))
    for _ in range(2):
        read(room, mailbox=ImapMailbox(account(imap, certificate, after)))
    assert room.store.events.counts(room.issue.id) == {EventKind.BOUNCED_HARD: 1}
    inbox = imap.folders["INBOX"]
    assert not inbox[2].flags
    moved = imap.folders.get(DONE_FOLDER, {})
    assert len(moved) == (after is Afterwards.MOVE)
    if after is Afterwards.MOVE:
        assert (1 in inbox) == ("UIDPLUS" not in capabilities)
        assert any("UID MOVE" in one for one in imap.commands) == ("MOVE" in capabilities)
    if after is Afterwards.MARK:
        assert inbox[1].flags == {"\\Seen"}
    if after is Afterwards.LEAVE:
        assert not inbox[1].flags


def test_a_look_changes_nothing(imap: ImapServer, certificate: Path, tmp_path: Path) -> None:
    """As `digest doctor` looks: login and folder; no mail is seen, no folder is made."""
    imap.put(report(said=HARD), written("A letter"))
    mailbox = ImapMailbox(account(imap, certificate, Afterwards.MOVE))
    with closing(mailbox):
        assert mailbox.look() == f'{USER} at localhost, folder "INBOX": 2 unseen'
    assert list(imap.folders) == ["INBOX"]
    assert not any(mail.flags for mail in imap.folders["INBOX"].values())
    wrong = ImapMailbox(replace(account(imap, certificate, Afterwards.MARK), password="other"))
    with closing(wrong), pytest.raises(ConfigError, match="wrong password"):
        wrong.look()
    folder = maildir(tmp_path / "mail", written("A letter"))
    assert MaildirMailbox(folder, Afterwards.MARK, "").look().endswith("1 in new/")
    assert len(list((folder / "new").iterdir())) == 1


def test_doctor_looks_at_the_mailbox(room: Newsroom, tmp_path: Path) -> None:
    """Named in [feedback], and only then; a folder that is no Maildir is a fault."""

    def found() -> list[Examination]:
        return [one for one in examine(room.settings, room.now) if one.name == "feedback"]

    assert found() == []
    maildir(tmp_path / "mail", written("A letter"))
    room.toml += f'maildir = "{tmp_path / "mail"}"\n'
    assert [(one.ok, one.words.endswith("1 in new/")) for one in found()] == [(True, True)]
    (tmp_path / "mail" / "new" / "0.mx").unlink()
    (tmp_path / "mail" / "new").rmdir()
    assert [one.ok for one in found()] == [False]


def test_what_imap_refuses_is_said(room: Newsroom, imap: ImapServer, certificate: Path) -> None:
    """A wrong password, a missing folder, an untrusted certificate and no server: each says so."""
    right = account(imap, certificate, Afterwards.MARK)
    with pytest.raises(ConfigError, match="wrong password"):
        read(room, mailbox=ImapMailbox(replace(right, password="other")))
    with pytest.raises(ConfigError, match='no folder "Bounces"'):
        read(room, mailbox=ImapMailbox(replace(right, folder="Bounces")))
    with pytest.raises(TransportUnavailable, match="certificate"):
        read(room, mailbox=ImapMailbox(replace(right, ca=None)))
    with pytest.raises(TransportUnavailable):
        read(room, mailbox=ImapMailbox(replace(right, port=1)))
