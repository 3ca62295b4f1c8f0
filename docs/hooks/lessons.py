"""Execute the lessons and write one notebook for each language.

A lesson is one jupytext file: prose cells carry the tag `en` or `zh`, code cells
are shared. MkDocs gets executed notebooks, `.cache/lessons/<language>/`, which
are also what a reader downloads.

Execution is remembered. mkdocs-jupyter's own cache does not look at imported
code, so ours depends on the code cells *and* on the whole package `bp`: pages
never show numbers of an older `bp`, and correcting prose executes nothing.
"""
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import bp
import jupytext
import nbformat
from bp.citation import public_address
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager
from markdown.extensions.toc import slugify, unique
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.filters import strip_ansi

from equations import quote_statements

PROSE_TAGS = {"en": "en", "zh-TW": "zh"}
CELL_SECONDS = 300
TRACEBACK_LINES = 12
DATA = re.compile(r'"([\w./-]+/[\w-]+\.json)"')
HEADING = re.compile(r"(#{1,6}) (.*)")
EXPLICIT_ANCHOR = re.compile(r"\{#([\w-]+)\}\s*$")
KERNEL_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def package_fingerprint():
    """A digest of everything but the cells that an output depends on."""
    digest = hashlib.sha256()
    package = Path(importlib.util.find_spec("bp").origin).parent
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    for name in ("numpy", "sympy", "ipykernel"):
        digest.update(importlib.metadata.version(name).encode())
    digest.update(platform.python_version().encode())
    return digest.hexdigest()


def read_lesson(path, language):
    """The lesson as a notebook in one language, not yet executed, with stable cell ids."""
    notebook = jupytext.read(path, fmt="py:percent")
    prose = {tag: [] for tag in PROSE_TAGS.values()}
    cells = []
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number}"
        if cell.cell_type == "markdown":
            tag = tag_of(cell, f"{path.name}: prose cell {number}")
            prose[tag].append(cell)
            cell.source = quote_statements(cell.source, "lessons", path.name)
            if tag != PROSE_TAGS[language]:
                continue
        cells.append(cell)
    set_anchors(path.name, prose["en"], prose["zh"])
    return nbformat.v4.new_notebook(cells=cells, metadata=KERNEL_METADATA)


def tag_of(cell, name):
    tags = set(cell.metadata.get("tags", ())) & set(PROSE_TAGS.values())
    if len(tags) != 1:
        raise PluginError(f'{name} needs one tag, "en" or "zh": {cell.source.strip()[:60]!r}')
    return tags.pop()


def set_anchors(name, english, chinese):
    """Give each Chinese heading the anchor of the English one, so that a link holds in both languages.

    The anchors go into the cells' metadata, line by line, and from there to the
    page; in the notebook the headings stay as they were written.
    """
    originals, translations = list(headings(english)), list(headings(chinese))
    if [level for _, _, level, _ in originals] != [level for _, _, level, _ in translations]:
        raise PluginError(f"{name}: the headings differ between the languages:\n"
                          f"{[text for *_, text in originals]}\n{[text for *_, text in translations]}")
    taken = set()
    for (cell, line, _, text), (translation, its_line, _, _) in zip(originals, translations):
        explicit = EXPLICIT_ANCHOR.search(text)
        anchor = explicit[1] if explicit else unique(slugify(text, "-"), taken)
        cell.metadata.setdefault("anchors", {})[str(line)] = anchor
        translation.metadata.setdefault("anchors", {})[str(its_line)] = anchor


def headings(cells):
    """Each heading outside code: its cell, line, level and text."""
    for cell in cells:
        fenced = False
        for number, line in enumerate(cell.source.splitlines()):
            fenced ^= line.lstrip().startswith("```")
            heading = HEADING.fullmatch(line)
            if heading and not fenced:
                yield cell, number, len(heading[1]), heading[2]


def execute(notebook, name, root, language):
    """Run the code cells in a kernel of this very Python; whatever raises fails the build."""
    environment = {**os.environ, "BP_LANG": language, "PYTHONHASHSEED": "0",
                   "IPYTHONDIR": str(root / ".cache" / "ipython")}
    with TemporaryDirectory() as folder:
        kernel = KernelManager(transport="ipc", connection_file=f"{folder}/kernel.json",
                               kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
        client = NotebookClient(notebook, km=kernel, timeout=CELL_SECONDS, record_timing=False, coalesce_streams=True,
                                resources={"metadata": {"path": str(root)}})
        try:
            client.execute(env=environment)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as problem:
            number, cell = failed_cell(notebook)
            ending = "\n".join(strip_ansi(str(problem)).rstrip().splitlines()[-TRACEBACK_LINES:])
            raise PluginError(f"{name} ({language}): code cell {number} failed:\n{cell.source}\n\n{ending}") from problem
        finally:
            kernel.shutdown_kernel(now=True)


def failed_cell(notebook):
    """The code cell that was running when execution stopped: the last one that began."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    failed = [any(output.output_type == "error" for output in cell.outputs) for cell in code]
    position = failed.index(True) if True in failed else sum(c.execution_count is not None for c in code)
    position = min(position, len(code) - 1)
    return position + 1, code[position]


def executed(path, root, language, fingerprint):
    """The executed notebook, from memory if neither its code nor `bp` nor a file that it names has changed."""
    notebook = read_lesson(path, language)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    address = public_address()  # cards cite it
    data = [hashlib.sha256((root / name).read_bytes()).hexdigest()
            for cell in code for name in DATA.findall(cell.source)]
    key = hashlib.sha256(json.dumps([fingerprint, language, address, [c.source for c in code], data]).encode()).hexdigest()
    memory = root / ".cache" / "execution" / f"{key}.json"
    if memory.exists():
        for number, (cell, outputs) in enumerate(zip(code, json.loads(memory.read_text(encoding="utf-8"))), 1):
            cell.outputs, cell.execution_count = [nbformat.from_dict(o) for o in outputs], number
    else:
        execute(notebook, path.name, root, language)
        write_whole(memory, json.dumps([cell.outputs for cell in code]))
    return notebook


def write_whole(path, text):
    """Write a file that is either absent or complete, though builds be interrupted or run side by side."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def verified(root, fingerprint):
    """The report of `bp verify` that every card shows; the site isn't built unless all of it passed."""
    path = root / ".cache" / f"report-{fingerprint}.json"
    if not path.exists():
        report = bp.verify()
        if not report.passed:
            raise PluginError(f"bp verify failed:\n{report}")
        write_whole(path, report.to_json())
    return path


@event_priority(100)
def on_config(config):
    """Runs before mkdocs-jupyter looks for the folder of notebooks."""
    root, language = Path(config.config_file_path).parent, config.theme["language"]
    os.environ["BP_LANG"] = language
    sources = sorted((root / "docs" / "lessons").glob("*.py"))
    target = root / ".cache" / "lessons" / language
    target.mkdir(parents=True, exist_ok=True)
    fingerprint = package_fingerprint()
    os.environ["BP_REPORT"] = str(verified(root, fingerprint))
    with ThreadPoolExecutor(max_workers=2) as workers:
        notebooks = workers.map(lambda path: executed(path, root, language, fingerprint), sources)
        for path, notebook in zip(sources, notebooks):
            write_whole(target / f"{path.stem}.ipynb", nbformat.writes(notebook) + "\n")
    for leftover in {p.stem for p in target.glob("*.ipynb")} - {p.stem for p in sources}:
        (target / f"{leftover}.ipynb").unlink()
