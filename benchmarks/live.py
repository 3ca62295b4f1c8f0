"""How long a reader waits for a cell that runs in the page, from the click until it is done.

Usage: live.py SITE [WORD ...]; with words, only lessons whose address has one of them.
Cold is the first Run of a browser that has never been there, warm the first after a
reload, later the slowest of the next cells, what it computes included. A report, no
gate: the goals are 4 s, 3 s and 200 ms, with two cores that nothing else keeps busy.
"""
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

from lighthouse import chromium, lessons, open_server

LATER = range(2, 7)
SECONDS = """number => new Promise(resolve => {
    const bar = document.querySelector(`#cell-${number} > .bp-bar`), begun = performance.now();
    const done = () => /\\d s$|\\d 秒$/.test(bar.querySelector("[role=status]").textContent);
    new MutationObserver(() => done() && resolve((performance.now() - begun) / 1000)).observe(bar, {childList: true, subtree: true});
    bar.querySelector("[data-do=run]").click();
})"""


def measure(browser, address):
    """Seconds of the first Run, of the first after a reload, of later cells; and how many bytes came for the first."""
    with browser.new_context() as context:
        tab, received = context.new_page(), []
        tab.on("response", lambda answer: received.append(int(answer.headers.get("content-length", 0))))
        tab.goto(address, wait_until="networkidle")
        before = sum(received)
        cold = tab.evaluate(SECONDS, 1)
        heavy = sum(received) - before
        later = [tab.evaluate(SECONDS, number) for number in LATER if tab.locator(f"#cell-{number}").count()]
        tab.reload(wait_until="networkidle")
        return cold, tab.evaluate(SECONDS, 1), max(later, default=0), heavy


def main(site, *words):
    with open_server(site, 8765) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        print(f"{'page':44} cold s  warm s  later ms    MB", flush=True)
        for page in lessons(Path(site), words):
            cold, warm, later, heavy = measure(browser, f"http://127.0.0.1:{server.server_address[1]}/{page}")
            print(f"{page:44} {cold:6.2f}  {warm:6.2f}  {1000 * later:8.0f}  {heavy / 1e6:4.1f}", flush=True)
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
