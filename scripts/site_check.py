"""Look at every page of the site in Chromium: its pictures, its links, and the search.

    python3 scripts/site_check.py [--site build/site] [--pictures build/site-pictures]

The site is served on this machine only. A page of ours opens one page after the other in a frame
and reports what a reader would see. Needs chromium; standard library only.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
QUERY = "stride"
SHOWN = ("index.html", "start/first-polygons.html", "howto/lakes.html", "encoderaster.html")
TIME = 300  # seconds
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
_CHECKER = """\
<!DOCTYPE html>
<meta charset="utf-8">
<iframe id="frame" width="1200" height="800"></iframe>
<script>
const pages = PAGES, frame = document.getElementById("frame");
const open = (address) => new Promise((done) => {
  frame.onload = () => done(frame.contentDocument);
  frame.src = address;
});
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
(async () => {
  const broken = [], links = new Map();
  let pictures = 0;
  for (const page of pages) {
    const seen = await open("/" + page);
    for (const image of seen.images) {
      image.loading = "eager";
      await image.decode().catch(() => {});
      pictures += 1;
      if (!image.naturalWidth) broken.push(page + ": picture " + image.getAttribute("src"));
    }
    for (const link of seen.links) {
      if (link.origin === location.origin) links.set(link.href, page);
    }
  }
  const texts = new Map();
  for (const [address, page] of links) {
    const [path, place] = address.split("#");
    if (!texts.has(path)) {
      const answer = await fetch(path);
      texts.set(path, answer.ok ? await answer.text() : null);
    }
    const text = texts.get(path);
    const found = text !== null && (!place || text.includes('id="' + decodeURI(place) + '"'));
    if (!found) broken.push(page + ": link " + address);
  }
  const home = await open("/index.html?q=QUERY");
  let results = [];
  for (let turn = 0; turn < 200 && !results.length; turn++) {
    await wait(100);
    const found = home.querySelectorAll(".md-search-result__item h1");
    results = [...found].map((each) => each.innerText);
  }
  await fetch("/report", {method: "POST", body: JSON.stringify(
    {pages: pages.length, pictures, links: links.size, broken, results})});
})();
</script>
"""


class _Handler(http.server.SimpleHTTPRequestHandler):
    """The site, the page that looks at it, and the place for its report."""

    checker = ""
    report: dict[str, Any]
    done: threading.Event

    def do_GET(self) -> None:
        if self.path != "/check":
            super().do_GET()
            return
        body = self.checker.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.report.update(json.loads(self.rfile.read(length)))
        self.send_response(204)
        self.end_headers()
        self.done.set()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def look_at(site: Path, pictures: Path) -> dict[str, Any]:
    """Return what the browser reports of a site, and leave pictures of some pages.

    Raises:
        SystemExit: there is no browser, or it did not report in time.
    """
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        raise SystemExit("chromium is missing: install it (Debian: apt install chromium)")
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    checker = _CHECKER.replace("PAGES", json.dumps(pages)).replace("QUERY", QUERY)
    report: dict[str, Any] = {}
    done = threading.Event()
    members = {"checker": checker, "report": report, "done": done}
    handler = functools.partial(type("Handler", (_Handler,), members), directory=str(site))
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
        tempfile.TemporaryDirectory() as profile,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        flags = (*_FLAGS, f"--user-data-dir={profile}")
        window = subprocess.Popen(
            [browser, *flags, "--remote-debugging-port=0", f"{address}/check"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            if not done.wait(TIME):
                raise SystemExit(f"the browser did not report within {TIME} s")
        finally:
            window.terminate()
            window.wait()
        pictures.mkdir(parents=True, exist_ok=True)
        for page in filter(pages.__contains__, SHOWN):
            target = pictures / f"{Path(page).stem}.png"
            command = [browser, *flags, "--window-size=1300,1100", "--virtual-time-budget=5000"]
            command += [f"--screenshot={target}", f"{address}/{page}"]
            subprocess.run(command, check=True, timeout=TIME, capture_output=True)
        server.shutdown()
    return report


def main() -> int:
    """The command line; returns 1 if something is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "site")
    parser.add_argument("--pictures", type=Path, default=ROOT / "build" / "site-pictures")
    chosen = parser.parse_args()
    report = look_at(chosen.site, chosen.pictures)
    print(f"{report['pages']} pages, {report['pictures']} pictures, {report['links']} links")
    print(f'Search for "{QUERY}": {len(report["results"])} pages, {report["results"][:3]}')
    for each in report["broken"]:
        print(f"broken: {each}")
    return 1 if report["broken"] or not report["results"] else 0


if __name__ == "__main__":
    sys.exit(main())
