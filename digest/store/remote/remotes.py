"""From `store.url` to a remote: the schemes, and what each needs from the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from digest.aws_signature import AwsCredentials, AwsSigner
from digest.errors import ConfigError
from digest.store.remote.contract import Remote
from digest.store.remote.git_branch import GitBranch
from digest.store.remote.s3_bucket import Bucket, S3Bucket

_GIT, _S3 = "sqlite+git", "sqlite+s3"
# What a bucket is reached with, by the names that every tool of S3 reads.
S3_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL",
)
_DEFAULT_REGION = "us-east-1"


def _nobody(_worker: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Access:
    """What a remote is reached with: values of the environment, and a clock to sign by.

    `adopting`: a state that is not as it was left is taken as it is. `gone` knows of a run whether
    it certainly is no more.
    """

    clock: Callable[[], datetime]
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    adopting: bool = False
    gone: Callable[[str], bool] = _nobody


def is_remote(url: str) -> bool:
    """Whether a store's URL names a place that is fetched and pushed."""
    return urlsplit(url).scheme in {_GIT, _S3}


def is_on_a_branch(url: str) -> bool:
    """Whether a store's URL names a branch of the checkout's remote."""
    return urlsplit(url).scheme == _GIT


def access_variables(url: str) -> tuple[str, ...]:
    """Name the variables that a store's place is reached with; git brings its own credentials."""
    return S3_VARIABLES if urlsplit(url).scheme == _S3 else ()


def remote_for(url: str, folder: Path, access: Access) -> Remote:
    """Return the remote; `folder` is in the checkout. ConfigError if a variable is missing."""
    parts = urlsplit(url)
    if not parts.netloc or (parts.scheme == _S3 and not parts.path.strip("/")):
        fix = "Write sqlite+git://branch or sqlite+s3://bucket/key."
        raise ConfigError(f"{url} names no place", where="store.url", fix=fix)
    if parts.scheme == _GIT:
        named = parse_qs(parts.query).get("remote", ["origin"])
        return GitBranch(folder, f"{parts.netloc}{parts.path}".rstrip("/"), named[0])
    return S3Bucket(_bucket(parts.netloc, parts.path, access), _signer(access), access.clock)


def _bucket(name: str, path: str, access: Access) -> Bucket:
    held = access.variables
    endpoint = held.get("AWS_ENDPOINT_URL_S3") or held.get("AWS_ENDPOINT_URL")
    return Bucket(endpoint or f"https://s3.{_region(access)}.amazonaws.com", name, path.strip("/"))


def _signer(access: Access) -> AwsSigner:
    held = access.variables
    missing = [name for name in S3_VARIABLES[:2] if not held.get(name)]
    if missing:
        raise ConfigError(
            f"{' and '.join(missing)} not set",
            where="store.url",
            fix="Put the bucket's keys into the environment, as secrets of the job.",
        )
    key, secret = (held[name] for name in S3_VARIABLES[:2])
    credentials = AwsCredentials(key, secret, held.get("AWS_SESSION_TOKEN", ""))
    return AwsSigner(credentials, _region(access), "s3")


def _region(access: Access) -> str:
    return access.variables.get("AWS_REGION") or _DEFAULT_REGION
