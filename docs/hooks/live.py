"""Cells that run in the page: carry what docs/live put together to the site, and say whether it is there.

The pages of both languages share it, as a part of the English site. Where it is
missing, pages are as if nothing of the kind existed.
"""
import json
import os
import shutil
from pathlib import Path

from bp.citation import public_address
from mkdocs.plugins import event_priority

FOLDER = "assets/live"


@event_priority(100)
def on_config(config):
    """Comes before pages are written, which have a place for buttons only if there is something to press them for."""
    config.extra["live"] = runtime(config).is_dir()


def runtime(config):
    return Path(config.config_file_path).parent / ".cache" / "live" / "runtime"


def on_post_build(config):
    """Beside the runtime stand the evidence that cards show, and the size of each file that a worker loads."""
    if config.extra["folder"] or not config.extra["live"]:
        return
    made = Path(config.site_dir, FOLDER)
    shutil.copytree(runtime(config), made)
    shutil.copyfile(os.environ["BP_REPORT"], made / "report.json")
    loaded = [path for path in sorted(made.iterdir()) if path.suffix in (".zip", ".wasm", ".bin") or path.name == "report.json"]
    settings = {"address": public_address(), "files": {path.name: path.stat().st_size for path in loaded}}
    (made / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
