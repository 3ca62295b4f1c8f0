"""The book brings what it talks about: `bp` as a wheel in assets/, whose name a page writes as `{wheel}`.

It is built once for each state of the package, for both languages, and without a network.
"""
import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from lessons import package_fingerprint

FOLDER = "assets/"
PARTS = ("pyproject.toml", "README.md", "LICENSE", "LICENSE-docs")


def wheel(cache):
    """The path of the wheel of the package as it stands."""
    root = Path(importlib.util.find_spec("bp").origin).parents[1]
    digest = hashlib.sha256(package_fingerprint().encode())
    for name in PARTS:
        digest.update((root / name).read_bytes())
    memory = cache / digest.hexdigest()
    if not memory.exists():
        memory.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=memory.parent) as folder:
            source, made = Path(folder, "source"), Path(folder, "made")
            shutil.copytree(root / "bp", source / "bp", ignore=shutil.ignore_patterns("__pycache__"))
            for name in PARTS:
                shutil.copy(root / name, source)
            done = subprocess.run(
                [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps",
                 "--no-build-isolation", "--wheel-dir", made, source],
                stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
            if done.returncode:
                raise PluginError(f"The wheel of bp could not be built:\n{done.stderr.strip()}")
            if not memory.exists():  # the build of the other language may have been faster
                made.rename(memory)
    path, = memory.glob("*.whl")
    return path


def on_files(files, config):
    path = wheel(Path(config.config_file_path).parent / ".cache" / "wheel")
    files.append(File.generated(config, FOLDER + path.name, abs_src_path=str(path)))
    config.extra["wheel"] = path.name


def on_page_markdown(markdown, page, config, files):
    return markdown.replace("{wheel}", config.extra["wheel"])
