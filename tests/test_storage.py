"""Saving and loading: all of a network comes back, a file is whole or not there, and a bad one is named."""
import os
import re
import stat
import zipfile

import numpy as np
import pytest

from bp import ACTIVATIONS, Network, storage


@pytest.fixture
def path(tmp_path):
    return tmp_path / "net.npz"


def assert_equal(one, other):
    assert (one.sizes, one.activation, one.cost, one.output) == (other.sizes, other.activation, other.cost, other.output)
    for got, want in zip((*one.weights, *one.biases), (*other.weights, *other.biases), strict=True):
        np.testing.assert_array_equal(got, want, strict=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble, complex])
@pytest.mark.parametrize("options", [{}, {"activation": "tanh", "output": "identity"},
                                     {"activation": "relu", "output": "softmax", "cost": "cross_entropy"}], ids=str)
def test_what_is_loaded_is_what_was_saved(path, options, dtype):
    net = Network([3, 5, 4, 2], seed=1, dtype=dtype, **options)
    net.save(path)
    assert_equal(Network.load(path), net)
    assert_equal(Network.load(str(path)), net)


def test_a_loaded_network_computes_and_trains_as_the_saved_one(path):
    net, x = Network([2, 3, 1], seed=1), np.ones((2, 4))
    net.save(path)
    again = Network.load(path)
    for one in (net, again):
        one.train(x, np.zeros((1, 4)), epochs=2, rate=1, batch=2, seed=1)
    assert_equal(again, net)


def test_load_makes_a_network_of_the_class_it_is_called_on(path):
    class Own(Network):
        pass
    Own([2, 1]).save(path)
    assert type(Own.load(path)) is Own and type(Network.load(path)) is Network


def test_a_file_has_plain_arrays_by_the_names_of_the_code(path):
    Network([2, 3, 1], seed=1).save(path)
    with np.load(path, allow_pickle=False) as archive:
        assert {*archive} == {"format", "sizes", "activation", "cost", "output",
                              "weights[0]", "weights[1]", "biases[0]", "biases[1]"}
        assert archive["activation"].item() == "sigmoid" and archive["weights[0]"].shape == (3, 2)


def test_the_name_is_taken_as_it_is_and_a_link_and_the_rights_of_a_file_stay(tmp_path):
    target, link = tmp_path / "net", tmp_path / "link"
    Network([2, 1], seed=1).save(target)
    fresh = tmp_path / "fresh"
    fresh.write_bytes(b"")
    assert target.stat().st_mode == fresh.stat().st_mode
    link.symlink_to(target)
    target.chmod(0o640)
    Network([2, 1], seed=2).save(link)
    assert link.is_symlink() and stat.S_IMODE(target.stat().st_mode) == 0o640
    assert_equal(Network.load(target), Network([2, 1], seed=2))
    assert {entry.name for entry in tmp_path.iterdir()} == {"net", "link", "fresh"}


# A file is whole or not there.

def full_disk(*_, **__):
    raise OSError(28, "No space left on device")


def interrupted(*_, **__):
    raise KeyboardInterrupt


@pytest.mark.parametrize("fail", [full_disk, interrupted])
@pytest.mark.parametrize("place", ["open", "midway", "fsync", "replace"])
def test_a_full_disk_or_an_interrupt_leaves_the_old_file_whole_and_no_litter(path, monkeypatch, fail, place):
    old = Network([2, 3, 1], seed=1)
    old.save(path)
    before = path.read_bytes()
    if place == "open":
        monkeypatch.setattr(storage, "open", fail, raising=False)
    elif place == "midway":
        original = zipfile.ZipFile.open
        def open_entry(self, name, *arguments, **options):
            if "biases" in str(name):
                fail()
            return original(self, name, *arguments, **options)
        monkeypatch.setattr(zipfile.ZipFile, "open", open_entry)
    else:
        monkeypatch.setattr(os, place, fail)
    with pytest.raises((OSError, KeyboardInterrupt)):
        Network([2, 30, 1], seed=2).save(path)
    monkeypatch.undo()
    assert path.read_bytes() == before and [entry.name for entry in path.parent.iterdir()] == ["net.npz"]
    assert_equal(Network.load(path), old)


def test_a_file_is_on_the_disk_before_it_takes_the_place_of_the_old_one(path, monkeypatch):
    done = []
    for name in ("fsync", "replace"):
        original = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, name=name, original=original: (done.append(name), original(*a)))
    Network([2, 1]).save(path)
    assert done == ["fsync", "replace"]


def test_a_full_device_is_an_error(monkeypatch, path):
    opened = open
    monkeypatch.setattr(storage, "open", lambda name, mode: opened("/dev/full", "wb"), raising=False)
    with pytest.raises(OSError):
        Network([300, 300]).save(path)
    assert not list(path.parent.iterdir())


# What cannot be saved, and what is no saved network.

def test_a_network_of_objects_and_one_that_is_not_finite_are_refused(path):
    broken, objects = Network([2, 1]), Network([2, 1], dtype=object)
    broken.weights[0][0, 0] = np.nan
    with pytest.raises(TypeError, match="^dtype: expected .* got one of objects"):
        objects.save(path)
    with pytest.raises(ValueError, match=r"^weights\[0\]: expected finite values"):
        broken.save(path)
    assert not list(path.parent.iterdir())


def test_a_function_that_is_not_registered_is_refused(path, monkeypatch):
    def cubed(z):
        return z ** 3
    cubed.prime = lambda z: 3 * z ** 2
    monkeypatch.setitem(ACTIVATIONS, "cubed", cubed)
    net = Network([2, 1], activation="cubed")
    net.save(path)
    monkeypatch.undo()
    with pytest.raises(ValueError, match="^activation: expected a registered function.* got <function"):
        net.save(path.with_name("other"))
    with pytest.raises(ValueError, match="^path: .*net.npz': activation: expected one of .*, got 'cubed'$"):
        Network.load(path)


@pytest.mark.parametrize("name", ["missing/net.npz", "."])
def test_a_place_where_no_file_can_be_is_refused(tmp_path, name):
    with pytest.raises(OSError, match="^path: expected a file, in a folder that is there, got '"):
        Network([2, 1]).save(tmp_path / name)


def test_what_is_no_file_stays_what_it_is(path):
    os.mkfifo(path)
    with pytest.raises(OSError, match="^path: expected a file"):
        Network([2, 1]).save(path)
    assert path.is_fifo()


def test_a_file_that_is_not_there_is_an_os_error(path):
    with pytest.raises(FileNotFoundError):
        Network.load(path)


class Trap:
    ran = False

    def __reduce__(self):
        return setattr, (Trap, "ran", True)


CHANGES = {
    "an entry left out": ({"biases[1]": None}, "biases[1]: expected an entry of that name, got none"),
    "no sizes": ({"sizes": None}, "sizes: expected an entry of that name"),
    "another entry": ({"weights[2]": np.ones((1, 1))}, "got also weights[2]"),
    "another format": ({"format": "bp network 2"}, "format: expected 'bp network 1', got 'bp network 2'"),
    "a format of numbers": ({"format": np.ones(3)}, "format: expected a text, got an array of float64"),
    "sizes of one": ({"sizes": np.array([2])}, "sizes: expected two or more"),
    "sizes that are one number": ({"sizes": np.array(3)}, "sizes: expected two or more"),
    "other sizes": ({"sizes": np.array([2, 4, 1])}, "expected shapes for the sizes [2, 4, 1], got those of [2, 3, 1]"),
    "a shape": ({"weights[1]": np.ones((1, 4))}, "weights[1]: expected shape (any, 3), got (1, 4)"),
    "a flat bias": ({"biases[0]": np.ones(3)}, "biases[0]: expected shape (3, 1), got (3,)"),
    "whole numbers": ({"weights[0]": np.ones((3, 2), int)}, "weights[0]: expected float"),
    "nan": ({"weights[0]": np.full((3, 2), np.nan)}, "weights[0]: expected finite values"),
    "an unknown activation": ({"activation": "sigmiod"}, "activation: expected one of"),
    "an unknown cost": ({"cost": "price"}, "cost: expected one of"),
    "an output that doesn't suit the cost": ({"output": "softmax"}, "output: expected a function with its derivative"),
    "objects": ({"weights[0]": np.array([[Trap()]], dtype=object)}, "Object arrays cannot be loaded"),
}


@pytest.mark.parametrize("changes, said", CHANGES.values(), ids=CHANGES)
def test_an_archive_that_is_no_network_is_refused_and_says_why(path, changes, said):
    Network([2, 3, 1], seed=1).save(path)
    with np.load(path) as archive:
        entries = {**archive, **changes}
    np.savez(path, **{name: value for name, value in entries.items() if value is not None})
    with pytest.raises(ValueError, match="^path: expected a file written by Network.save, got '.*net.npz': ") as caught:
        Network.load(path)
    assert said in str(caught.value) and "\n" not in str(caught.value) and not Trap.ran


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x93NUMPY\x01\x00", b"PK\x03\x04", b"PK\x03\x04" + 200 * b"\0",
                                     b"\x80\x04K\x01."], ids=str)
def test_bytes_that_are_no_archive_are_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(ValueError, match="^path: expected a file written by Network.save, got '.*': "):
        Network.load(path)


def test_a_saved_network_with_any_byte_changed_or_cut_off_is_refused_or_the_same(path):
    net = Network([2, 3, 1], seed=1)
    net.save(path)
    whole, draw = path.read_bytes(), np.random.default_rng(0)
    for place in draw.integers(0, len(whole), 200):
        for content in (whole[:place], whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1:]):
            path.write_bytes(content)
            try:
                assert_equal(Network.load(path), net)
            except ValueError as error:
                assert re.match("path: expected a file written by Network.save, got '", str(error))
