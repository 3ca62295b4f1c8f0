"""Compile the Python of an archive. Runs within Pyodide, so that the page's Python finds its own bytecode.

A reader's browser would otherwise compile SymPy each time that it starts: ten seconds in place of three.
"""
import marshal
from importlib.util import MAGIC_NUMBER, source_hash
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

UNCHECKED = (1).to_bytes(4, "little")  # the bytecode holds whatever the source may have become


def pack(source, target, folder, with_source):
    """Write the archive with bytecode in the place of Python, or beside it where its text is shown.

    `folder` is where the archive lies, or is unpacked, in the page: tracebacks name it.
    """
    with ZipFile(source) as given, ZipFile(target, "w") as made:
        for name in given.namelist():
            body = given.read(name)
            if name.endswith(".py"):
                if with_source:
                    _write(made, name, body)
                code = compile(body, f"{folder}/{name}", "exec", dont_inherit=True)
                name = _cached(name) if with_source else name + "c"
                body = MAGIC_NUMBER + UNCHECKED + source_hash(body) + marshal.dumps(code)
            _write(made, name, body)


def _cached(name):
    parent, _, module = name.rpartition("/")
    return f"{parent}/__pycache__/{module.removesuffix('.py')}.cpython-312.pyc".lstrip("/")


def _write(archive, name, body):
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    archive.writestr(entry, body, ZIP_DEFLATED, 9)
