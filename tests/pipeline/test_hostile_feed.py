"""A feed that wants to do harm, from its bytes on the wire to the mail that readers get."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.desk.building import build_issue
from digest.pipeline.gathering.collecting import collect_articles
from digest.store import open_store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
_TOML = """\
[site]
name = "Example News"
url = "https://news.example"
public_url = "https://digest.news.example"
postal_address = "1 Example Street, Exampletown"
[mail]
from = "digest@news.example"
[collector]
allow_private_hosts = true
timeout = 5
[[source]]
id = "world"
url = "{url}"
[[section]]
id = "world"
title = "World"
sources = ["world"]
top = 20
[[edition]]
id = "daily"
title = "Daily"
recheck = "off"
theme = "{theme}"
sections = ["world"]
"""
_GOOD = "The <em>ferry</em> stays in <a href='/port'>the port</a>."
_HARM = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=x>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<a href='javascript:alert(1)'>a link</a>",
    "<a href='java&#9;script:alert(1)'>a link</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>a link</a>",
    "<b onclick=alert(1) style='position:fixed;background:url(javascript:x)' class=ink id=x>b</b>",
    "<iframe src='//evil.example'></iframe><form action=x><input><button>Pay</button></form>",
    "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=//evil.example'>",
    "</p></td></tr></table></body></html><h1>Taken over</h1>",
    "<!-- cut --><![if mso]><b>x</b><![endif]>",
    "{{ hole.unsubscribe_url }}{% raw %}<b>{{ 7 * 7 }}</b>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<b><i><em>" * 90 + "deep",
)
_SLASH = "http://purl.org/rss/1.0/modules/slash/"
_OURS = {"mailto", "https", "http"}


@pytest.fixture
def feed() -> Iterator[str]:
    """Serve a feed of harm on loopback, each item in its summary and in its text; its address."""
    items = "".join(
        f"<item><title>{['', one][number % 2]} Story {number}</title>"
        f"<link>https://news.example/{number}</link>"
        f"<description><![CDATA[{one} Tale {number}. {_GOOD}]]></description>"
        # Without a count no story is top, and a letter tells only the top ones at length.
        f"<slash:comments>{number + 10}</slash:comments></item>"
        for number, one in enumerate(one.replace("]]>", "") for one in _HARM)
    )
    head = f"<rss version='2.0' xmlns:slash='{_SLASH}'>"
    body = f"{head}<channel>{_escaped_titles(items)}</channel></rss>".encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/feed"
    server.shutdown()
    thread.join()
    server.server_close()


def _escaped_titles(items: str) -> str:
    """Let titles hold their harm as CDATA, as feeds do."""
    return items.replace("<title>", "<title><![CDATA[").replace("</title>", "]]></title>")


@pytest.mark.parametrize("theme", ["letter", "frontpage", "briefing", "plain"])
def test_a_feed_of_harm_becomes_a_mail_without_any(feed: str, tmp_path: Path, theme: str) -> None:
    """Every element, attribute and address of the mail is the theme's, or harmless and absolute."""
    settings = parse_settings(_TOML.format(url=feed, theme=theme), tmp_path / "digest.toml", {})
    with open_store("sqlite:///digest.db", tmp_path) as store:
        asyncio.run(collect_articles(settings, store, NOW))
        built = build_issue(settings, store, "daily", None, tmp_path / "out", NOW)
    assert built.stories >= 10
    assert not [one for _, one in built.findings if one.rule == "active-content"]
    html = (tmp_path / "out" / "all.html").read_text(encoding="utf-8")
    body = LexborHTMLParser(html).body
    assert body is not None
    assert not body.css(
        "script, iframe, form, input, button, svg, math, base, meta, noscript, object"
    )
    assert len(body.css("h1")) == 1
    for node in body.css("*"):
        assert not [name for name in node.attributes if name.startswith("on")]
        address = node.attributes.get("href") or "https:"
        assert address.partition(":")[0] in _OURS
        assert "evil.example" not in address
    assert "position" not in html
    if theme == "letter":
        linked = body.css("a[href='https://news.example/port']")
        assert len(linked) >= 10
        assert {node.text() for node in linked} == {"the port"}
