"""A branch of the checkout's own remote: one commit without a parent, replaced at every push.

    refs/heads/BRANCH           STATE and the parts
    refs/heads/BRANCH-mark      MARK
    refs/heads/BRANCH-requests  REQUESTS, once there was one

A file that did not change is the same blob in the next commit, so a push carries what is new and
the branch never grows a history. State and mark move in one push (`--atomic`), and only from the
commit that was read (`--force-with-lease`, see git-push(1)). git itself does the speaking, with the
checkout's own credentials; objects go to a folder of ours and not into the checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from digest.store.remote.contract import (
    MARK,
    REQUESTS,
    STATE,
    RemoteFailed,
    RemoteMoved,
    RemoteState,
    SealedFile,
)

_THAT_CHANGE = frozenset({STATE, MARK, REQUESTS})
_SECONDS = 120
_READS = 3  # a branch that moves between listing and fetching is listed again
_LINES_SHOWN = 3
_IDENTITY = {
    "GIT_AUTHOR_NAME": "Digest",
    "GIT_AUTHOR_EMAIL": "digest@localhost",
    "GIT_COMMITTER_NAME": "Digest",
    "GIT_COMMITTER_EMAIL": "digest@localhost",
}
# A command that a git hook starts would work in the repository of the hook.
_OF_A_HOOK = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
_MESSAGE = "The sealed ledger of Digest [skip ci]"
_WRITE = "The job needs the right to write there: on GitHub, `permissions: contents: write`."


class GitBranch:
    """The state of a newsroom on a branch of its repository."""

    def __init__(self, checkout: Path, branch: str, remote: str = "origin") -> None:
        """Keep it on `branch` of the checkout's remote. RemoteFailed if this is no checkout."""
        self._checkout = checkout
        self._remote = remote
        self._branch = branch
        self._state_ref = f"refs/heads/{branch}"
        self._mark_ref = f"refs/heads/{branch}-mark"
        self._requests_ref = f"refs/heads/{branch}-requests"
        self._mark_at = ""
        self._parts: dict[str, str] = {}  # the blob of each part that was written, by its name
        self._folder = Path(tempfile.mkdtemp(prefix="digest-git-"))
        self._environment = {
            **{name: value for name, value in os.environ.items() if name not in _OF_A_HOOK},
            **_IDENTITY,
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }
        # Named by its address, so that git keeps no branch of ours in the checkout: its objects are
        # not there.
        self._address = self._git("remote", "get-url", "--push", remote).decode().strip()
        # Asked before our own folder is named, or git would name that. The checkout's objects are
        # only read: git wants to find what the checkout's branches point to.
        own = Path(self._git("rev-parse", "--git-path", "objects").decode().strip())
        objects = self._folder / "objects"
        objects.mkdir()
        self._environment["GIT_OBJECT_DIRECTORY"] = str(objects)
        self._environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = str((checkout / own).absolute())

    @property
    def place(self) -> str:
        """The branch and the remote; the remote's address may hold a password."""
        return f"branch {self._branch} of {self._remote}"

    def close(self) -> None:
        """Take the folder of objects away."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def fetch(self) -> RemoteState:
        """List both refs and fetch what they point to."""
        refs = self._fetched(self._state_ref, self._mark_ref)
        return self._read(refs) if refs else RemoteState()

    def requests(self) -> SealedFile:
        """List the ref and fetch what it points to; where there is none, that is one answer."""
        commit = self._fetched(self._requests_ref).get(self._requests_ref)
        if commit is None:
            return SealedFile()
        return SealedFile(commit, self._files(commit).get(REQUESTS, b""))

    def swap(self, version: str, files: Mapping[str, bytes], mark: bytes) -> str:
        """Push both refs at once, the state only from the commit that was read."""
        state, marked = self._commits(files, {MARK: mark})
        try:
            self._git(
                *("push", "--porcelain", "--quiet", "--atomic", "--no-verify"),
                f"--force-with-lease={self._state_ref}:{version}",
                f"--force-with-lease={self._mark_ref}:{self._mark_at}",
                self._address,
                f"{state}:{self._state_ref}",
                f"{marked}:{self._mark_ref}",
            )
        except RemoteFailed as failed:
            self._explain(failed, self._state_ref, version, state)
        self._mark_at = marked
        return state

    def swap_requests(self, version: str, content: bytes) -> None:
        """Push the ref, only from the commit that was read."""
        (commit,) = self._commits({REQUESTS: content})
        lease = f"{self._requests_ref}:{version}"
        try:
            self._git(
                *("push", "--porcelain", "--quiet", "--no-verify", f"--force-with-lease={lease}"),
                self._address,
                f"{commit}:{self._requests_ref}",
            )
        except RemoteFailed as failed:
            self._explain(failed, self._requests_ref, version, commit)

    def set_aside(self, state: RemoteState) -> str:
        """Point another branch at the commit."""
        name = f"{self._branch}-aside-{state.version[:12]}"
        kept = f"{state.version}:refs/heads/{name}"
        self._git("push", "--quiet", "--no-verify", self._address, kept)
        return f"branch {name}"

    def _explain(self, failed: RemoteFailed, ref: str, before: str, wanted: str) -> None:
        """Look what became of a push that failed; raise unless it arrived after all."""
        found = self._refs(ref).get(ref, "")
        if found == wanted:
            return
        if found != before:
            raise RemoteMoved(
                "another run has changed the ledger since this one read it", where=self.place
            ) from failed
        failed.fix = f"{_WRITE} Nothing more was sent."
        raise failed

    def _read(self, refs: Mapping[str, str]) -> RemoteState:
        state, self._mark_at = refs.get(self._state_ref, ""), refs.get(self._mark_ref, "")
        mark = self._files(self._mark_at).get(MARK) if self._mark_at else None
        return RemoteState(state, self._files(state) if state else {}, mark)

    def _fetched(self, *names: str) -> dict[str, str]:
        """List refs, fetch commits that are not here yet, and return those there are by name."""
        for _ in range(_READS):
            refs = self._refs(*names)
            missing = self._missing(refs.values())
            if not missing:
                return refs
            options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-gc")
            wanted = (name for name, commit in refs.items() if commit in missing)
            self._git("fetch", *options, self._address, *wanted)
            if not self._missing(missing):
                return refs
        raise RemoteFailed("the branch changes faster than it can be read", where=self.place)

    def _refs(self, *names: str) -> dict[str, str]:
        said = self._git("ls-remote", self._address, *names).decode()
        rows = (line.split("\t") for line in said.splitlines())
        return {name: commit for commit, name in rows}

    def _missing(self, commits: Iterable[str]) -> set[str]:
        """Return those of the commits that are not here."""
        wanted = "".join(f"{commit}\n" for commit in commits)
        if not wanted:
            return set()
        rows = self._git("cat-file", "--batch-check", given=wanted.encode()).decode().splitlines()
        return {row.split()[0] for row in rows if row.endswith(" missing")}

    def _files(self, commit: str) -> dict[str, bytes]:
        """Return a commit's files by name: git-cat-file(1), "BATCH OUTPUT"."""
        rows = self._git("ls-tree", "-z", commit).decode().split("\0")
        heads = [row.partition("\t") for row in rows if row]
        wanted = "".join(f"{head.split()[2]}\n" for head, _, _ in heads)
        said, files = self._git("cat-file", "--batch", given=wanted.encode()), {}
        for _, _, name in heads:
            head, _, said = said.partition(b"\n")
            size = int(head.split()[2])
            files[name], said = said[:size], said[size + 1 :]
        return files

    def _commits(self, *trees: Mapping[str, bytes]) -> list[str]:
        """Write a commit without a parent for each tree of files; return their names.

        A part never changes, and an issue has many pushes: it is written once.
        """
        given = {name: content for files in trees for name, content in files.items()}
        new = [name for name in given if name not in self._parts]
        blobs = {**self._parts, **dict(zip(new, self._blobs(given[n] for n in new), strict=True))}
        self._parts = {name: blobs[name] for name in blobs if name not in _THAT_CHANGE}
        rows = (
            "".join(f"100644 blob {blobs[name]}\t{name}\0" for name in files) for files in trees
        )
        made = self._git("mktree", "-z", "--batch", given="\0".join(rows).encode()).decode()
        commits = (self._git("commit-tree", tree, "-m", _MESSAGE) for tree in made.splitlines())
        return [commit.decode().strip() for commit in commits]

    def _blobs(self, contents: Iterable[bytes]) -> list[str]:
        """Write each content as an object, all by one command that reads them from files."""
        paths = []
        for number, content in enumerate(contents):
            paths.append(self._folder / f"content-{number}")
            paths[-1].write_bytes(content)
        given = "".join(f"{path}\n" for path in paths).encode()
        options = ("-w", "--no-filters", "--stdin-paths")
        return self._git("hash-object", *options, given=given).decode().split()

    def _git(self, *arguments: str, given: bytes = b"") -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - no shell, and arguments of our own
                ["git", "-C", str(self._checkout), *arguments],  # noqa: S607 - the user's own git
                input=given,
                capture_output=True,
                env=self._environment,
                timeout=_SECONDS,
                check=False,
            )
        except FileNotFoundError:
            raise RemoteFailed(
                "git is not installed", where=self.place, fix="Install it."
            ) from None
        except subprocess.TimeoutExpired:
            raise RemoteFailed(
                f"git {arguments[0]} took more than {_SECONDS} seconds",
                where=self.place,
                fix="Check the network and run this again.",
            ) from None
        if done.returncode:
            raise RemoteFailed(
                f"git {arguments[0]} failed: {_said(done.stderr or done.stdout)}",
                where=self.place,
                fix=f"Check that {self._checkout} is a clone whose remote can be reached, and run"
                " this again.",
            )
        return done.stdout


def _said(words: bytes) -> str:
    """Return the first lines of what git said; a password in an address is left out."""
    lines = [line.strip() for line in words.decode(errors="replace").splitlines() if line.strip()]
    return " / ".join(_without_password(line) for line in lines[:_LINES_SHOWN])


def _without_password(line: str) -> str:
    head, sign, rest = line.partition("://")
    user, at, host = rest.partition("@")
    return f"{head}{sign}{host if at and '/' not in user else rest}"
