"""Networks in files: .npz archives of plain arrays, which run nothing when they are read."""
import os
import secrets
from pathlib import Path

import numpy as np

from bp import checks
from bp.functions import ACTIVATIONS, COSTS, OUTPUTS

FORMAT = "bp network 1"
_FUNCTIONS = "activation", "cost", "output"


def save(network, path):
    """Write a network to the file `path`, whole or not at all.

    It is written beside the file under another name, and put in its place when it
    is on the disk: if that fails or is interrupted, a file that was there stays as it
    was, and nothing else is left. Functions are kept by their names, so they must be
    registered. Raises ValueError, TypeError or OSError.

    >>> from bp import Network
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     Network([2, 3, 1], activation="tanh").save(f"{folder}/net.npz")
    ...     Network.load(f"{folder}/net.npz")
    Network([2, 3, 1], activation='tanh', cost='quadratic')
    """
    entries = _entries(network)
    path = Path(os.path.realpath(path))  # a link stays a link
    if path.exists() and not path.is_file() or not path.parent.is_dir():  # a device would be replaced too
        raise FileNotFoundError("path: expected a file, in a folder that is there, "
                                f"got {str(path)!r}")
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}.partial")
    try:
        with open(partial, "xb") as file:
            np.savez(file, **entries)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            partial.chmod(path.stat().st_mode)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def load(path, make):
    """Return the network that `save` wrote to `path`, made by `make`, such as `Network`.

    Raises OSError where there is no file to be read, and ValueError, which says what is
    wrong, if it holds anything but such a network.
    """
    with open(path, "rb") as file:
        try:
            return _network(_read(file), make)
        except OSError:
            raise
        except Exception as error:  # bytes that anybody may have written raise anything
            found = " ".join(str(error).split()) or type(error).__name__
            raise ValueError(f"path: expected a file written by Network.save, got {str(path)!r}: "
                             f"{found}") from error


def _entries(network):
    """What is saved of a network: a name and an array for each part."""
    sizes, dtype = checks.parameters(network.weights, network.biases)
    if dtype.kind == "O":
        raise TypeError("dtype: expected a network of floats or complex numbers, to be saved "
                        "without pickle, got one of objects")
    entries = {"format": np.array(FORMAT), "sizes": np.array(sizes)}
    tables = ACTIVATIONS, COSTS, ACTIVATIONS | OUTPUTS
    for part, table in zip(_FUNCTIONS, tables):
        function = getattr(network, part)
        name = getattr(function, "__name__", None)
        if name not in table or table[name] is not function:
            raise ValueError(f"{part}: expected a registered function, which is saved by its name, "
                             f"got {function!r}")
        entries[part] = np.array(name)
    for name, arrays in (("weights", network.weights), ("biases", network.biases)):
        entries.update({f"{name}[{l}]": array for l, array in enumerate(arrays)})
    return entries


def _read(file):
    """All entries of an archive."""
    if file.read(4) != b"PK\x03\x04":
        raise ValueError("there is no .npz archive")
    file.seek(0)
    with np.load(file, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _network(entries, make):
    """The network of these entries, if they are all there and fit each other."""
    if _text(entries, "format") != FORMAT:
        raise ValueError(f"format: expected {FORMAT!r}, got {_text(entries, 'format')!r}")
    sizes = checks.sizes(_entry(entries, "sizes").tolist())
    layers = range(len(sizes) - 1)
    of_layers = (f"{name}[{l}]" for name in ("weights", "biases") for l in layers)
    wanted = {"format", "sizes", *_FUNCTIONS, *of_layers}
    if strange := sorted(set(entries) - wanted):
        raise ValueError(f"entries: expected those of a network of sizes {sizes}, "
                         f"got also {', '.join(strange)}")
    weights, biases = ([_entry(entries, f"{name}[{l}]") for l in layers]
                       for name in ("weights", "biases"))
    found, _ = checks.parameters(weights, biases)
    if found != sizes:
        raise ValueError(f"weights: expected shapes for the sizes {sizes}, got those of {found}")
    functions = {part: _text(entries, part) for part in _FUNCTIONS}
    network = make(sizes, seed=0, **functions)
    network.weights, network.biases = weights, biases
    return network


def _entry(entries, name):
    if name not in entries:
        raise ValueError(f"{name}: expected an entry of that name, got none")
    return entries[name]


def _text(entries, name):
    array = _entry(entries, name)
    if array.dtype.kind != "U" or array.ndim:
        raise ValueError(f"{name}: expected a text, got an array of {array.dtype}")
    return array.item()
