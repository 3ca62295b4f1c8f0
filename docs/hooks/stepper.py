"""The numbers of the stepper's other networks: one file for each shape that a reader may type in.

The pages of both languages share the files, which are part of the English site.
"""
import itertools
import json
import re
import shutil
from pathlib import Path

from bp.steps import record, sample
from mkdocs.plugins import event_priority
from mkdocs.utils import get_relative_url

from lessons import package_fingerprint

FOLDER = "assets/traces/"
PARTS = re.compile(r'<(?:link|script)[^>]*assets/stepper\.(?:css|js)[^>]*>(?:</script>)?')
SHAPES = [sizes for layers in (2, 3, 4) for sizes in itertools.product(range(1, 7), repeat=layers)]


@event_priority(-20)
def on_page_content(body, page, config, files):
    """Tell a stepper where the files are, from its page."""
    home = "../" if config.extra["folder"] else ""
    return body.replace('data-traces="traces/"',
                        f'data-traces="{home}{get_relative_url(FOLDER, page.url)}"')


def on_post_page(output, page, config):
    """Only a page with a stepper loads what moves it."""
    return output if 'class="bp-stepper' in output else PARTS.sub("", output)


def on_post_build(config):
    if config.extra["folder"]:
        return
    cache = Path(config.config_file_path).parent / ".cache"
    made = cache / f"traces-{package_fingerprint()}"
    if not made.exists():
        for older in cache.glob("traces-*"):
            shutil.rmtree(older)
        partial = made.with_suffix(".partial")
        partial.mkdir(parents=True)
        for sizes in SHAPES:
            written = json.dumps(record(*sample(sizes)), separators=(",", ":"))
            (partial / f"{'-'.join(map(str, sizes))}.json").write_text(written, encoding="utf-8")
        partial.rename(made)
    shutil.copytree(made, Path(config.site_dir, FOLDER))
