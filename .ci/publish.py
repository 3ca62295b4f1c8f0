"""Put a built site among the published versions of the book.

Usage: publish.py SITE PUBLISHED VERSION [--replace]

SITE is what `make site` has built, for the book's public address (see
bp/citation.py). PUBLISHED is what that address serves, for instance a checkout of the
branch gh-pages; afterwards it holds

    0.1.0/ 0.2.0/ …   each version as it was built, never touched again
    latest/           a copy of the newest, whose address search engines are given
    versions.json     for the menu: versions, newest first, with their pages
    index.html        leads to latest/
    404.html          for wrong addresses; this is where hosts look for it
    .nojekyll         serve the files as they are
"""
import argparse
import filecmp
import json
import re
import shutil
import sys
from pathlib import Path

VERSION = re.compile(r"\d+\.\d+\.\d+")
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)/latest/"')
TO_LATEST = """\
<!doctype html>
<html lang="en">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=latest/">
<title>bp</title>
<p><a href="latest/">bp: Backpropagation that proves itself</a></p>
</html>
"""


class CannotPublish(Exception):
    """Why nothing was published, for the person who asked for it."""


def publish(site, published, version, replace=False):
    """Add the version; what is published already stays as it is, unless `replace` names it anew.

    Raises CannotPublish before anything is changed.
    """
    check(site, published, version)
    folder = published / version
    if not folder.exists() or replace:
        put(site, folder)
    elif not same(site, folder):
        raise CannotPublish(f"{folder} is published and differs from {site}; published versions stay as they are: "
                            "give the change a version of its own, or say --replace")
    versions = published_versions(published)
    put(published / versions[0], published / "latest")
    shutil.copy(published / "latest" / "404.html", published / "404.html")
    (published / "index.html").write_text(TO_LATEST, encoding="utf-8")
    (published / ".nojekyll").touch()
    listed = [{"version": name, "pages": pages(published / name)} for name in versions]
    (published / "versions.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


def check(site, published, version):
    """Make sure that the site is whole, and built for this version and for an address."""
    if not VERSION.fullmatch(version):
        raise CannotPublish(f"VERSION: expected three numbers such as 0.1.0, got {version!r}")
    for path in (site / "index.html", site / "zh-TW" / "index.html", site / "404.html"):
        if not path.is_file():
            raise CannotPublish(f"SITE: {path} is missing; build it with `make site`")
    if not published.is_dir():
        raise CannotPublish(f"PUBLISHED: {published} is no folder")
    page = (site / "index.html").read_text(encoding="utf-8")
    address = CANONICAL.search(page)
    if address is None:
        raise CannotPublish(f"SITE: {site} was built without an address; give it one, as "
                            "Documentation under [project.urls] in pyproject.toml or as BP_SITE_URL, and build again")
    if f"{address[1]}/{version}/" not in page:
        raise CannotPublish(f"SITE: {site} does not cite itself as {address[1]}/{version}/; is it another version?")


def put(source, target):
    """Copy a folder to a place where it is either absent or complete."""
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(source, partial)
    if target.exists():
        shutil.rmtree(target)
    partial.rename(target)


def files(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def same(one, other):
    """Whether two folders hold the same files, byte for byte."""
    names = files(one)
    return names == files(other) and filecmp.cmpfiles(one, other, names, shallow=False)[1:] == ([], [])


def published_versions(published):
    """The versions that have a folder, newest first."""
    names = [path.name for path in published.iterdir() if path.is_dir() and VERSION.fullmatch(path.name)]
    return sorted(names, key=lambda name: [int(part) for part in name.split(".")], reverse=True)


def pages(folder):
    """The addresses of the pages within a version, "" for the first."""
    parents = [path.parent for path in files(folder) if path.name == "index.html"]
    return ["" if parent == Path() else f"{parent.as_posix()}/" for parent in parents]


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="publish.py", description="Put a built site among the published versions.")
    parser.add_argument("site", type=Path, metavar="SITE")
    parser.add_argument("published", type=Path, metavar="PUBLISHED")
    parser.add_argument("version", metavar="VERSION")
    parser.add_argument("--replace", action="store_true", help="exchange a version that is published already")
    options = parser.parse_args(arguments)
    try:
        publish(options.site, options.published, options.version, options.replace)
    except CannotPublish as problem:
        print(f"publish.py: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
