"""`python -m tests.contract ST [MORE …]`: serve a newsroom's pages and let `ST run` try them.

ST is the program of schemathesis, which brings twelve packages that nothing else here needs; `make
contract` keeps it in an environment of its own. The exit code is its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.readers.signup import Signups
from digest.store import open_store
from digest.web.embed.endpoint import JsonEndpoint
from digest.web.public_pages import front_rules, readers_site
from digest.web.readers.application import make_readers
from digest.web.readers.signup_backend import SignupOfStore
from digest.web.server.serving import serving

_KEY = "a-key-of-forty-characters-that-signs-links"
_TOML = """\
[site]
name = "Example News"
url = "https://news.example"
public_url = "http://127.0.0.1:8026"
postal_address = "1 Example Street"

[mail]
from = "Example News <digest@news.example>"

[readers]
origins = ["https://news.example"]
per_network = 1000000
over_all = 1000000

[[source]]
id = "world"
url = "https://news.example/feed/"

[[section]]
id = "world"
title = "World News"
sources = ["world"]

[[edition]]
id = "daily"
title = "Daily briefing"
sections = ["world"]
"""
# 413 refuses as well: a wish of too many sections may be larger than is read at all.
_CONFIGURATION = """\
[checks.negative_data_rejection]
expected-statuses = [400, 404, 405, 413, 415, 422, 429]
"""
_CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "negative_data_rejection,unsupported_method"
)


def main(program: str, *more: str) -> int:
    """Serve without the beat that hides how long an answer took, and without bounds on asking."""
    with tempfile.TemporaryDirectory() as name:
        settings = parse_settings(_TOML, Path(name) / "digest.toml", {"DIGEST_SECRET_KEY": _KEY})
        store = open_store("sqlite:///digest.db", Path(name), [_KEY])

        def clock() -> datetime:
            return datetime.now(UTC)

        signups = SignupOfStore(settings, store, clock, Signups(settings, store, clock))
        room = JsonEndpoint(signups, settings.readers.origins, settings.site.public_url, beat=0)
        app = make_readers([room], readers_site(settings), front_rules(settings))
        with serving(app) as url:
            (file := Path(name) / "schemathesis.toml").write_text(_CONFIGURATION)
            command = [program, "--config-file", str(file), "run", f"{url}/api/openapi.json"]
            done = subprocess.run([*command, "--url", url, "--checks", _CHECKS, *more], check=False)
        store.close()
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
