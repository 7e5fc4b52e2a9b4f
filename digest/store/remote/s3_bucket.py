"""A bucket that speaks S3: parts that are written once, and a state that is swapped by its ETag.

    KEY                the names of the parts, a line, and the sealed state; replaced only from the
                       ETag that was read (If-Match), or made only where there is none
                       (If-None-Match: *)
    KEY.parts/NAME     the parts, written before the state that names them
    KEY.mark           the mark, written after the state: it is never newer
    KEY.requests       what was left for the run that has the state, swapped by its ETag as well

Source: "Conditional writes", Amazon S3 User Guide (November 2026): 412 is another's write, 409 one
that is under way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest.aws_signature import AwsRequest, AwsSigner
from digest.store.remote.contract import (
    STATE,
    RemoteFailed,
    RemoteMoved,
    RemoteState,
    SealedFile,
)

if TYPE_CHECKING:
    import httpx

_SECONDS = 60.0
_OK, _ABSENT = frozenset({200, 201, 204}), 404
_TAKEN = frozenset({409, 412})
_NEW = {"if-none-match": "*"}
_ANOTHER = {"if-match": '"00000000000000000000000000000000"'}
_REFUSED = frozenset({401, 403})
_KEYS = "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and the right to read and write"
_AGAIN = "Check the network and run this again."


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where a state is: `endpoint` is the service's address, `key` the name of the state."""

    endpoint: str
    name: str
    key: str


class S3Bucket:
    """The state of a newsroom in a bucket."""

    def __init__(self, where: Bucket, signer: AwsSigner, clock: Callable[[], datetime]) -> None:
        """Keep it at `where`; requests are signed by `signer` at the clock's time."""
        import httpx

        self._where = where
        self._signer = signer
        self._clock = clock
        self._client = httpx.Client(timeout=_SECONDS)
        self._parts: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The bucket and the key."""
        return f"s3://{self._where.name}/{self._where.key}"

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def fetch(self) -> RemoteState:
        """Read the state and the parts that it names; one that is not there is left out."""
        mark = self._get(".mark")
        found = self._get("")
        if found is None:
            return RemoteState(mark=mark.content if mark else None)
        names, _, sealed = found.content.partition(b"\n")
        self._parts = tuple(names.decode("ascii", "replace").split())
        parts = ((name, self._get(f".parts/{name}")) for name in self._parts)
        files = {name: part.content for name, part in parts if part is not None}
        version = found.headers.get("etag", "")
        return RemoteState(version, {STATE: sealed, **files}, mark.content if mark else None)

    def swap(self, version: str, files: Mapping[str, bytes], mark: bytes) -> str:
        """Write new parts, swap the state, write the mark, and take away parts of no state."""
        names = tuple(name for name in files if name != STATE)
        for name in names:
            if name not in self._parts:
                self._put(f".parts/{name}", files[name])
        whole = " ".join(names).encode() + b"\n" + files[STATE]
        condition = {"if-match": version} if version else _NEW
        answer = self._put("", whole, condition)
        if not version:
            self._prove_conditions(whole)
        self._put(".mark", mark)
        for name in set(self._parts).difference(names):
            self._ask("DELETE", f".parts/{name}")
        self._parts = names
        return str(answer.headers.get("etag", ""))

    def _prove_conditions(self, whole: bytes) -> None:
        """Raise RemoteFailed if the service takes a write whose condition does not hold.

        Asked once, when a state is made: by a service that ignores conditions, two runs would
        overwrite each other and send twice. The bytes are those that are there.
        """
        for condition in (_NEW, _ANOTHER):
            try:
                self._put("", whole, condition)
            except RemoteMoved:
                continue
            self._ask("DELETE", "")
            raise RemoteFailed(
                "this service ignores conditional writes, so two runs could overwrite each other",
                where=self.place,
                fix="Use one that knows If-Match and If-None-Match for PUT, or sqlite+git://branch.",
            )

    def requests(self) -> SealedFile:
        """Read the object; mostly there is none, and that is one answer."""
        found = self._get(".requests")
        return SealedFile(found.headers.get("etag", ""), found.content) if found else SealedFile()

    def swap_requests(self, version: str, content: bytes) -> None:
        """Write the object from the ETag that was read."""
        self._put(".requests", content, {"if-match": version} if version else _NEW)

    def set_aside(self, state: RemoteState) -> str:
        """Write the state once more, under a name of its own; its parts stay where they are."""
        name = f".aside-{state.version.strip(chr(34))[:12]}"
        whole = " ".join(self._parts).encode() + b"\n" + state.files[STATE]
        self._put(name, whole)
        self._parts = ()
        return f"{self.place}{name}"

    def _get(self, ending: str) -> httpx.Response | None:
        answer = self._ask("GET", ending)
        return None if answer.status_code == _ABSENT else answer

    def _put(
        self, ending: str, body: bytes, condition: Mapping[str, str] | None = None
    ) -> httpx.Response:
        answer = self._ask("PUT", ending, body, condition or {})
        if answer.status_code == _ABSENT:
            raise RemoteFailed(
                f"there is no bucket {self._where.name}",
                where=self.place,
                fix="Make it, or correct store.url. Nothing more was sent.",
            )
        return answer

    def _ask(
        self,
        method: str,
        ending: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Return the answer, 404 included; RemoteMoved, RemoteFailed for every other refusal."""
        import httpx

        where = self._where
        path = f"/{where.name}/{where.key}{ending}"
        request = AwsRequest(method, urlsplit(where.endpoint).netloc, path, body, headers or {})
        signed = self._signer.signed(request, self._clock())
        address = f"{where.endpoint.rstrip('/')}{request.quoted_path}"
        try:
            answer = self._client.request(method, address, content=body, headers=signed)
        except httpx.HTTPError as error:
            raise RemoteFailed(
                f"the bucket cannot be reached ({type(error).__name__})",
                where=self.place,
                fix=_AGAIN,
            ) from None
        code = answer.status_code
        if code in _TAKEN:
            raise RemoteMoved(
                "another run has changed the ledger since this one read it", where=self.place
            )
        if code in _OK or code == _ABSENT:
            return answer
        fix = f"{_KEYS} {self.place}*." if code in _REFUSED else _AGAIN
        raise RemoteFailed(f"{method} was answered {code}", where=self.place, fix=fix)
