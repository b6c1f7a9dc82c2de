"""Times the reference ballot in headless Chromium: tables, making, checking. Prints medians in milliseconds.

Usage: python scripts/bench_browser.py [--chromium /usr/bin/chromium-headless-shell] [--rounds 9] [--throttle 4]
"""

import argparse
import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parent.parent / "voting" / "static"
# 1 question of 10 answers 0..10 and 6 of 4 answers exactly 1: 34 ciphertexts, 20 kB.
SCRIPT = """
async (rounds) => {
  const at = "/js/protocol/";
  const [group, elections, ballots, credentials] = await Promise.all(
    ["group.js", "election.js", "ballot.js", "credential.js"].map((name) => import(at + name)));
  const question = (n, min, max) => ({ answers: Array.from({ length: n }, (_, i) => "a" + i), min, max, question: "q" });
  const fields = {
    version: 1, description: "d", name: "n", group: "Ed25519", public_key: group.text(group.secretPower(group.G, 12345n)),
    questions: [question(10, 0, 10)].concat(Array.from({ length: 6 }, () => question(4, 1, 1))), uuid: "Fm4yKUjwzupD35",
  };
  const election = elections.parseElection(new TextEncoder().encode(JSON.stringify(fields)));
  const choices = [[1, 0, 1, 0, 1, 0, 1, 0, 1, 0]].concat(Array.from({ length: 6 }, () => [0, 1, 0, 0]));
  const timed = (work) => { const t = performance.now(); const out = work(); return [performance.now() - t, out]; };
  const [tables] = timed(() => { for (const s = elections.warmSteps(election); !s.next().done; ); });
  const secret = credentials.credentialKeys(election.uuid, credentials.newCredential());
  const [first, made] = timed(() => ballots.makeBallot(election, secret, choices));
  const making = [], checking = [];
  for (let i = 0; i < rounds; i++) {
    making.push(timed(() => ballots.makeBallot(election, secret, choices))[0]);
    checking.push(timed(() => ballots.checkBallot(made.raw, election))[0]);
  }
  const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
  return { tables, first_after_tables: first, make: median(making), check: median(checking), bytes: made.raw.length };
}
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves the static files without a line per request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Run the benchmark and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default="/usr/bin/chromium-headless-shell")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--throttle", type=float, default=1)
    options = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(STATIC)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/vendor/VENDORED.md")
        if options.throttle != 1:
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": options.throttle})
        found = page.evaluate(SCRIPT, options.rounds)
        browser.close()
    server.shutdown()
    print(json.dumps({name: round(value, 1) for name, value in found.items()}))


if __name__ == "__main__":
    main()
