"""Code that is not trusted: what it tries, and what becomes of it. Every attack here is really made."""
import json
import os
import random
import signal
import struct
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from bp import backprop
from bp.diagnosis.check import diagnose
from bp.diagnosis.conventions import Answer, Call, Convention, Crash
from bp.diagnosis.files import check_file
from bp.diagnosis.isolated import confine, wire
from bp.diagnosis.problems import draw
from bp.diagnosis.sandbox import Limits, Sandbox, Unloadable, cells_from, cells_of

linux = pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")

QUICK = Limits(call=1.0, total=8.0, memory=2 ** 29, output=2 ** 18)
PROBLEM = draw((3, 5, 4, 2), 4)
CONVENTION = Convention(Call(("x", "y", "weights", "biases")), "columns", "lists", "nabla_b, nabla_w")

RIGHT = '''
import numpy as np

def backprop(x, y, weights, biases):
    activations = [x]
    for w, b in zip(weights, biases):
        activations.append(1 / (1 + np.exp(-(w @ activations[-1] + b))))
    nabla_b, nabla_w = [], []
    delta = (activations[-1] - y) * activations[-1] * (1 - activations[-1])
    for l in range(len(weights), 0, -1):
        nabla_b.insert(0, delta.mean(axis=1, keepdims=True))
        nabla_w.insert(0, delta @ activations[l-1].T / x.shape[1])
        delta = (weights[l-1].T @ delta) * activations[l-1] * (1 - activations[l-1])
    return nabla_b, nabla_w
'''
SIGN = RIGHT.replace("(activations[-1] - y)", "(y - activations[-1])")


def file(folder, source, name="mine.py"):
    path = folder / name
    path.write_text(textwrap.dedent(source), encoding="utf-8")
    return path


def inside(statement):
    """A right backprop whose body begins with something else."""
    head = "def backprop(x, y, weights, biases):\n"
    return RIGHT.replace(head, head + textwrap.indent(textwrap.dedent(statement).strip(), "    ") + "\n")


def answered(folder, source, limits=QUICK, name="backprop"):
    """What the checker gets from `source` for one problem."""
    with Sandbox(file(folder, source), name, limits=limits) as sandbox:
        sandbox.load()
        return sandbox.answer(PROBLEM, CONVENTION)


def right(answer):
    return isinstance(answer, Answer) and all(
        np.allclose(got, want, rtol=1e-12, atol=0)
        for got, want in zip(answer.arrays, [a for kind in backprop(*PROBLEM.arguments) for a in kind], strict=True))


def test_the_helper_tells_right_from_wrong(tmp_path):
    assert right(answered(tmp_path, RIGHT))
    assert not right(answered(tmp_path, SIGN))


# What a file may do beside its function, without being wrong for it.
HARMLESS = {
    "prints": RIGHT + "print('hello ' * 1000)\n",
    "prints in the function": inside("print('x' * 100000)"),
    "exits at the end": RIGHT + "import sys\nsys.exit(3)\n",
    "never ends": RIGHT + "while True: pass\n",
    "swallows the interruption": RIGHT + "while True:\n    try:\n        while True: pass\n    except BaseException: break\n",
    "asks": RIGHT + "input('how many layers?')\n",
    "reads a file that isn't there": RIGHT + "open('data.csv')\n",
    "writes a file": RIGHT + "np.save('weights.npy', np.zeros(3))\n",
    "draws": "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nline, = ax.plot([1, 2])\nplt.show()\n" + RIGHT,
    "guards its main": RIGHT + "if __name__ == '__main__': raise SystemExit('not imported')\n",
    "changes its inputs": inside("x = x.copy(); weights = list(weights)") + RIGHT.replace("return", "x *= 0; weights[0] *= 0; return", 1),
    "returns what it keeps": RIGHT.replace("    return nabla_b, nabla_w", '''
    for name, arrays in (("b", nabla_b), ("w", nabla_w)):
        for i, array in enumerate(arrays):
            kept = KEPT.setdefault((name, array.shape), np.zeros(array.shape))
            kept[:] = array
            arrays[i] = kept[:]
    return nabla_b, nabla_w
KEPT = {}
'''),
    "returns matrices": RIGHT.replace("return nabla_b, nabla_w", "return [np.asmatrix(b) for b in nabla_b], [np.asmatrix(w) for w in nabla_w]"),
    "returns an array of arrays": RIGHT.replace("return nabla_b, nabla_w", '''
    both = [np.empty(len(nabla_b), dtype=object) for _ in range(2)]
    both[0][:], both[1][:] = nabla_b, nabla_w
    return tuple(both)'''),
    "returns long doubles": RIGHT.replace("return nabla_b, nabla_w", "return [b.astype(np.longdouble) for b in nabla_b], nabla_w"),
    "takes down its own tools": RIGHT + "import builtins, json, sys\njson.dumps = json.loads = None\nsys.stdout = sys.stderr = None\n",
}


@pytest.mark.parametrize("source", HARMLESS.values(), ids=HARMLESS)
def test_what_stands_beside_the_function_does_not_count(tmp_path, source):
    assert right(answered(tmp_path, source))
    assert not (tmp_path / "weights.npy").exists()


# What ends a process, or never ends: each becomes a Crash of its kind.
FATAL = {
    "never ends": (inside("while True: pass"), "time"),
    "never ends and can't be interrupted": (inside("while True:\n    try:\n        while True: pass\n    except BaseException: pass"), "time"),
    "sleeps": (inside("import time; time.sleep(60)"), "time"),
    "exits": (inside("raise SystemExit"), "raised"),
    "ends the process": (inside("import os; os._exit(0)"), "exit"),
    "crashes the process": (inside("import faulthandler; faulthandler._read_null()"), "exit"),
    "calls itself": (inside("return backprop(x, y, weights, biases)"), "raised"),
    "fills memory": (inside("kept = []\nwhile True: kept.append(np.zeros(10**6))"), "raised"),
    "fills memory at once": (inside("np.ones(10**10)"), "raised"),
    "floods": (inside("import os\nwhile True: os.write(1, b'x' * 65536)"), "output"),
    "floods the errors": (inside("import os\nwhile True: os.write(2, b'x' * 65536)"), "output"),
    "closes its pipes": (inside("import os\nfor fd in range(3, 128):\n    try: os.close(fd)\n    except OSError: pass\nos.kill = None"), "exit"),
    "writes garbage": (inside("import os\nfor fd in range(3, 128):\n    try: os.write(fd, b'Traceback (most recent call last):')\n    except OSError: pass"), "exit"),
    "writes a long header": (inside("import os, struct\nfor fd in range(3, 128):\n    try: os.write(fd, struct.pack('<II', 2**32 - 1, 2**32 - 1))\n    except OSError: pass"), "exit"),
    "promises more than it sends": (inside("import os, struct, time\nfor fd in range(3, 128):\n    try: os.write(fd, struct.pack('<II', 1000, 10)); time.sleep(60)\n    except OSError: pass"), "time"),
    "raises what can't be told": (inside("class E(Exception):\n    def __str__(self): raise self\nraise E"), "raised"),
    "raises what is told for ever": (inside("class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E"), "time"),
    "raises a long story": (inside("raise ValueError('x' * 10**7)"), "raised"),
    "interrupts": (inside("raise KeyboardInterrupt"), "raised"),
    "returns nothing": (inside("return None"), "returned"),
    "returns texts": (inside("return ['a'] * 3, ['b'] * 3"), "returned"),
    "returns objects": (inside("return [np.array([object()])] * 3, [np.array([object()])] * 3"), "returned"),
    "returns an enormous array": (inside("return [np.broadcast_to(1.0, (10**6, 10**6))] * 3, [np.zeros(1)] * 3"), "returned raised"),
    "returns a large array": (inside("return [np.zeros((2900, 2900)), *biases[1:]], weights"), "returned"),
    "returns itself": (inside("a = []; a.append(a); return a, a"), "returned"),
    "returns a generator": (inside("return (i for i in range(10**12)), ()"), "returned"),
}


@pytest.mark.parametrize("source, kind", FATAL.values(), ids=FATAL)
def test_what_ends_a_process_becomes_a_crash(tmp_path, source, kind):
    start = time.monotonic()
    found = answered(tmp_path, source)
    assert isinstance(found, Crash) and found.kind in kind.split(), found
    assert len(found.error) <= 2000 and time.monotonic() - start < 15


# What must not be possible: each returns the right gradient if it was, and stops if it wasn't.
FORBIDDEN = {
    "imports the answers": "from bp import backprop as theirs",
    "imports the answers from another path": "import sys; sys.path.insert(0, {bp!r}); import bp.network",
    "opens the answers": "open({bp!r} + '/bp/network.py').read()",
    "looks into the checker": "import os; open(f'/proc/{{os.getppid()}}/mem', 'rb')",
    "looks into its surroundings": "import os; open(f'/proc/{{os.getppid()}}/environ', 'rb')",
    "reads a neighbour": "open({neighbour!r}).read()",
    "lists its neighbours": "import os; os.listdir({folder!r})",
    "reads by another name": "import os; os.open({neighbour!r}, os.O_RDONLY)",
    "writes": "open('result', 'w')",
    "overwrites itself": "open({mine!r}, 'a')",
    "removes itself": "import os; os.remove({mine!r})",
    "makes a folder": "import os; os.mkdir('new')",
    "forks": "import os; os.fork()",
    "runs a program": "import subprocess; subprocess.run(['true'])",
    "runs a shell": "import os; assert os.system('true') == 0",
    "starts a process": "import multiprocessing as m; m.get_context('fork').Process(target=print).start()",
    "kills the checker": "import os; os.kill(os.getppid(), 0)",
    "kills everything": "import os; os.kill(-1, 0)",
    "connects": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "calls the system itself": "import ctypes; ctypes.CDLL(None).getppid()",
    "takes the limits off": "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1)); 1 / (resource.getrlimit(resource.RLIMIT_AS)[0] == -1)",
    "finds the hook": "import gc; gc.get_objects()",
}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_is_not_allowed_stops_the_code(tmp_path, statement):
    own = tmp_path / "own"
    own.mkdir()
    neighbour = file(tmp_path, RIGHT, "neighbour.py")
    places = {"bp": str(Path(wire.__file__).parents[3]), "neighbour": str(neighbour), "folder": str(tmp_path),
              "mine": str(own / "mine.py")}
    found = answered(own, inside(statement.format(**places)))
    assert isinstance(found, Crash) and found.kind == "raised", found
    assert found.error.split(":")[0] in ("PermissionError", "ImportError", "ValueError", "BlockingIOError"), found.error
    assert [path.name for path in own.iterdir()] == ["mine.py"]


def test_the_environment_of_the_checker_stays_there(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET", "42")
    assert right(answered(tmp_path, inside("import os; assert 'SECRET' not in os.environ and 'HOME' not in os.environ")))


PATCHES = {
    "numpy.allclose": "np.allclose = np.array_equal = np.isclose = lambda *a, **k: True",
    "numpy.abs": "np.abs = np.absolute = np.maximum = lambda *a, **k: 0.0",
    "builtins": "import builtins; builtins.abs = builtins.all = lambda *a: True",
    "the harness": "import sys; m = sys.modules['__main__']; m.numpy.array_equal = lambda *a: True; m.Missing = m._told = None",
    "equality": '''
        class Equal(np.ndarray):
            def __eq__(self, other): return True
            def __sub__(self, other): return np.zeros(self.shape)
            def __array_ufunc__(self, *a, **k): return np.zeros(self.shape)
            def __array_function__(self, *a, **k): return True
        inner = backprop
        def backprop(x, y, weights, biases):
            return tuple([a.view(Equal) for a in kind] for kind in inner(x, y, weights, biases))''',
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES)
@pytest.mark.parametrize("source", [RIGHT, SIGN], ids=["right", "wrong"])
def test_patches_do_not_make_wrong_code_right(tmp_path, patch, source):
    checked = check_file(file(tmp_path, source + textwrap.dedent(patch)), "backprop", limits=QUICK)
    assert not (checked.diagnosis.correct and source is SIGN)
    if source is SIGN and patch != PATCHES["numpy.abs"]:
        assert ("sign",) in checked.diagnosis.matches


@pytest.mark.parametrize("forged", ["[0 * b for b in biases]", "[]", "[1.0] * len(biases)", "[np.zeros((1, 0))] * len(biases)", "None",
                                    "[np.zeros((1, 1, 1))] * len(biases)", "[np.zeros(1, complex)] * len(biases)"])
def test_a_forged_answer_is_only_a_wrong_answer(tmp_path, forged):
    source = inside(f'''
        import os, sys
        message = sys.modules['__main__'].wire.pack({{"nabla_b": {forged}, "nabla_w": [0 * w for w in weights], "changed": [], "forms": []}})
        for fd in range(3, 128):
            try: os.write(fd, message)
            except OSError: pass''')
    assert not check_file(file(tmp_path, source), "backprop", limits=QUICK).diagnosis.correct


@pytest.mark.parametrize("load", ["{'roles': ['zzz'], 'L': None}", "{'roles': ['x', 'y'], 'L': 10**30}", "{'roles': 3, 'L': [1]}", "[]", "{}",
                                  "{'crash': {}}", "{'roles': ['x', 'y'], 'L': None, 'guessed': [['x', 'zzz']]}", "{'missing': 1, 'functions': 2}", "{'roles': ['w' + '9' * 10**5], 'L': 'x', 'stopped': [1]}"])
def test_a_forged_signature_stops_the_check(tmp_path, load):
    source = f'''
        import os, sys
        message = sys.modules['__main__'].wire.pack({load})
        for fd in range(3, 128):
            try: os.write(fd, message)
            except OSError: pass'''
    assert check_file(file(tmp_path, source), "backprop", limits=QUICK).diagnosis.verdict == "stops"


def test_what_is_not_finite_is_wrong(tmp_path):
    source = RIGHT.replace("return nabla_b, nabla_w", "nabla_w[0][0, 0] = float('nan'); return nabla_b, nabla_w")
    assert check_file(file(tmp_path, source), "backprop", limits=QUICK).diagnosis.verdict == "wrong"


@pytest.mark.parametrize("statement, kind", [("import os; os._exit(0)", "exit"), ("import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass", "time"),
                                             ("import os\nwhile True: os.write(1, b'x' * 65536)", "output")])
def test_a_file_that_ends_the_process_while_it_loads_is_told_so(tmp_path, statement, kind):
    with Sandbox(file(tmp_path, statement + "\n" + RIGHT), "backprop", limits=Limits(call=0.5, total=3.0, output=2 ** 18)) as sandbox:
        with pytest.raises(Unloadable) as caught:
            sandbox.load()
    assert caught.value.crash.kind == kind


def test_a_file_that_stops_before_its_function_is_told_where(tmp_path):
    path = file(tmp_path, "import numpy as np\n\nraise SystemExit('bye')\n" + RIGHT)
    checked = check_file(path, "backprop", limits=QUICK)
    assert checked.diagnosis.verdict == "stops"
    assert "There is no backprop" in checked.diagnosis.text("en") and "The file stops at line 3: SystemExit: bye." in checked.diagnosis.text("en")
    assert "這個檔案裡沒有 backprop" in checked.diagnosis.text("zh-TW")


def test_arguments_that_were_read_by_their_order_are_told(tmp_path):
    source = "def backprop(this, t, one, other): return [0 * b for b in other], [0 * w for w in one]"
    text = check_file(file(tmp_path, source), "backprop", limits=QUICK).diagnosis.text("en")
    assert "`this` was taken for x, `one` was taken for weights, `other` was taken for biases." in text


def test_a_file_that_stops_between_its_functions_is_told_where(tmp_path):
    source = RIGHT.replace("1 / (1 + np.exp(-(w @ activations[-1] + b)))", "sigmoid(w @ activations[-1] + b)")
    text = check_file(file(tmp_path, source + "open('data.csv')\ndef sigmoid(z): return 1 / (1 + np.exp(-z))\n"), "backprop").diagnosis.text("en")
    assert "nothing is called `sigmoid`" in text
    assert f"The file stops at line {source.count(chr(10)) + 1}: FileNotFoundError" in text


def test_modules_of_the_same_names_as_the_checkers_are_the_codes_own(tmp_path):
    file(tmp_path, "def f(x): return x\n", "wire.py")
    file(tmp_path, "def f(x): return x\n", "conventions.py")
    assert right(answered(tmp_path, "from wire import f\nfrom conventions import f as g\n" + RIGHT.replace("activations = [x]", "activations = [g(f(x))]")))


def test_syntax_errors_and_other_names_are_told(tmp_path):
    text = check_file(file(tmp_path, "def backprop(:\n"), "backprop").diagnosis.text("en")
    assert "line 1: SyntaxError" in text
    text = check_file(file(tmp_path, RIGHT), "back_prop").diagnosis.text("en")
    assert "There is no back_prop in this file. It has backprop." in text


def test_what_was_printed_is_kept_and_cut(tmp_path):
    with Sandbox(file(tmp_path, RIGHT + "print('begin'); print('x' * 100000)"), "backprop", limits=QUICK) as sandbox:
        sandbox.load()
        sandbox.answer(PROBLEM, CONVENTION)
    assert sandbox.printed.startswith("begin\nxxx") and len(sandbox.printed) == 4000


@pytest.mark.parametrize("statement, said", [("while True: pass", "花的時間太久（> 1 s）"), ("import os; os._exit(0)", "自己結束了行程（exit status 0）"),
                                             ("np.zeros(10**10)", "MemoryError"), ("undefined", "NameError")])
def test_what_has_nothing_to_do_with_equations_names_no_mistake(tmp_path, statement, said):
    diagnosis = check_file(file(tmp_path, inside(statement)), "backprop", limits=QUICK).diagnosis
    assert diagnosis.verdict == "stops" and said in diagnosis.text("zh-TW") and diagnosis.matches == ()


def test_a_process_that_ended_is_started_again_but_not_for_ever(tmp_path):
    path = file(tmp_path, inside("import os; os._exit(7)"))
    with Sandbox(path, "backprop", limits=QUICK) as sandbox:
        sandbox.load()
        start = time.monotonic()
        found = [sandbox.answer(PROBLEM, CONVENTION) for _ in range(200)]
    assert {crash.error for crash in found} == {"exit status 7"}
    assert time.monotonic() - start < 8


def test_the_time_of_all_calls_together_is_limited(tmp_path):
    limits = Limits(call=5.0, total=2.0)
    with Sandbox(file(tmp_path, inside("import time; time.sleep(0.4)")), "backprop", limits=limits) as sandbox:
        sandbox.load()
        found = [sandbox.answer(PROBLEM, CONVENTION) for _ in range(20)]
    assert isinstance(found[0], Answer) and found[-1].kind == "time"


def test_nothing_is_left_running(tmp_path):
    source = RIGHT + "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n"
    with Sandbox(file(tmp_path, source), "backprop", limits=QUICK) as sandbox:
        sandbox.load()
        pid = sandbox._process.popen.pid
        assert right(sandbox.answer(PROBLEM, CONVENTION))
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@linux
def test_the_process_ends_with_the_checker(tmp_path):
    path = file(tmp_path, inside("while True: pass"))
    checker = textwrap.dedent(f'''
        import os, threading, time
        from bp.diagnosis.problems import draw
        from bp.diagnosis.conventions import Convention
        from bp.diagnosis.sandbox import Sandbox
        sandbox = Sandbox({str(path)!r}, "backprop")
        convention = Convention(sandbox.load(), "columns", "lists")
        threading.Thread(target=sandbox.answer, args=(draw((3, 2), 1), convention)).start()
        time.sleep(0.5)
        print(sandbox._process.popen.pid, flush=True)
        os.kill(os.getpid(), 9)''')
    done = subprocess.run([sys.executable, "-c", checker], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    pid, deadline = int(done.stdout), time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and "zombie" not in Path(f"/proc/{pid}/status").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)


SEALED = '''
import ctypes, os, sys
sys.path.insert(0, {folder!r})
import confine
assert confine.seal()
for attempt in (os.fork, lambda: os.kill(os.getppid(), 0), lambda: os.open({path!r}, os.O_WRONLY), lambda: os.unlink({path!r}),
                lambda: os.open({path!r} + "2", os.O_CREAT), lambda: os.execv("/bin/true", ["true"]), lambda: os.rename({path!r}, {path!r} + "2"),
                lambda: __import__("socket").socket(), lambda: os.posix_spawn("/bin/true", ["true"], {{}}),
                lambda: os.truncate({path!r}, 0), lambda: os.mkdir({path!r} + "3"), lambda: os.chmod({path!r}, 0o777),
                lambda: os.symlink("a", {path!r} + "4"), lambda: open(f"/proc/{{os.getppid()}}/mem", "rb")):
    try:
        attempt()
    except PermissionError:
        continue
    os.write(1, b"possible\\n")
import threading
thread = threading.Thread(target=os.write, args=(1, b"threads run\\n"))
thread.start()
thread.join()
'''


@linux
def test_the_kernel_holds_the_fence_without_python(tmp_path):
    path = file(tmp_path, RIGHT)
    done = subprocess.run([sys.executable, "-c", SEALED.format(folder=str(Path(confine.__file__).parent), path=str(path))],
                          capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("threads run\n", 0), done.stderr
    assert path.read_text() == RIGHT and [p.name for p in tmp_path.iterdir()] == ["mine.py"]


@linux
def test_the_sandbox_is_sealed_here(tmp_path):
    with Sandbox(file(tmp_path, RIGHT), "backprop") as sandbox:
        sandbox.load()
        assert sandbox.sealed


SEED = '''
import numpy as np
sizes = [2, 3, 1]
num_layers = len(sizes)
biases = [np.random.randn(y, 1) for y in sizes[1:]]
weights = [np.random.randn(y, x) for x, y in zip(sizes[:-1], sizes[1:])]

def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))

def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))

def backprop(x, y):
    nabla_b = [np.zeros(b.shape) for b in biases]
    nabla_w = [np.zeros(w.shape) for w in weights]
    activation, activations, zs = x, [x], []
    for b, w in zip(biases, weights):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)
    delta = (activations[-1] - y) * sigmoid_prime(zs[-1])
    nabla_b[-1], nabla_w[-1] = delta, np.dot(delta, activations[-2].T)
    for l in range(2, num_layers):
        delta = np.dot(weights[-l+1].T, delta) * sigmoid_prime(zs[-l])
        nabla_b[-l], nabla_w[-l] = delta, np.dot(delta, activations[-l-1].T)
    return nabla_b, nabla_w
'''


def as_class(source):
    """The functions of SEED as a class, in the manner of Nielsen's network.py."""
    head, _, body = source.partition("def backprop(x, y):\n")
    for name in ("biases", "weights", "num_layers"):
        body = body.replace(name, f"self.{name}")
    method = textwrap.indent("def backprop(self, x, y):\n" + body, "    ")
    init = '''
class Network(object):
    def __init__(self, sizes):
        self.num_layers, self.sizes = len(sizes), sizes
        self.biases = [np.random.randn(y, 1) for y in sizes[1:]]
        self.weights = [np.random.randn(y, x) for x, y in zip(sizes[:-1], sizes[1:])]

'''
    return head + init + method


STYLES = {"the seed, with globals": (SEED, "backprop"), "a class": (as_class(SEED), "Network.backprop"),
          "a method of another name": (as_class(SEED).replace("def backprop", "def slope"), "Network.slope")}


@pytest.mark.parametrize("source, name", STYLES.values(), ids=STYLES)
def test_globals_and_classes_are_checked_in_the_process(tmp_path, source, name):
    assert check_file(file(tmp_path, source), name).diagnosis.correct
    wrong = source.replace("* sigmoid_prime(zs[-l])", "")
    assert wrong != source
    assert ("no-prime-hidden",) in check_file(file(tmp_path, wrong), name).diagnosis.matches


def test_the_cells_of_a_notebook_are_run_each_as_far_as_it_goes(tmp_path):
    head, _, body = RIGHT.partition("\n\n")
    cells = [{"cell_type": "markdown", "source": "# text"}, {"cell_type": "code", "source": ["%matplotlib inline\n", head]},
             {"cell_type": "code", "source": "1 / 0"}, {"cell_type": "code", "source": "%%time\nnot python"},
             {"cell_type": "code", "source": body}]
    cells[3:3] = [{"cell_type": "code", "source": "while True: pass"}] * 3
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}))
    assert [source for _, source in cells_of(path)][1:] == ["pass\n" + head, "1 / 0", *["while True: pass"] * 3, "pass\nnot python", body]
    assert check_file(path, "backprop", limits=QUICK).diagnosis.correct
    text = check_file(path, "backward", limits=QUICK).diagnosis.text("zh-TW")
    assert "這個檔案裡沒有 backward。有的是 backprop。儲存格 2 停在第 1 行：ZeroDivisionError: division by zero。" in text


def test_what_only_ipython_understands_is_left_out_and_the_rest_stays():
    sources = ["a = (7\n% 3)", "x?\ny = 1", "  np.dot??", "out, = %sql 1", "%%capture out\nz = 1", "%%html\n<p>", "!ls\nif a:\n    %pylab\n    b = 1"]
    assert [source for _, source in cells_from(sources)][1:] == [
        "a = (7\n% 3)", "pass\ny = 1", "  pass", "out, = None", "pass\nz = 1", "", "pass\nif a:\n    pass\n    b = 1"]


def test_a_notebook_may_display_and_ask_for_its_shell(tmp_path):
    code = 'display(1)\nget_ipython().run_line_magic("matplotlib", "inline")\n'
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": code + RIGHT}], "nbformat": 4}))
    assert check_file(path, "backprop", limits=QUICK).diagnosis.correct
    assert "It has backprop." in check_file(path, "backward", limits=QUICK).diagnosis.text("en")


def test_arguments_that_mean_nothing_are_told(tmp_path):
    text = check_file(file(tmp_path, "def backprop(a, b, c, d, e): pass"), "backprop").diagnosis.text("en")
    assert "The arguments of `backprop` were not understood: `(a, b, c, d, e)`. Not known: `a, c, e`." in text


def test_the_diagnosis_is_that_of_the_same_function_in_this_process(tmp_path):
    from bp.diagnosis.check import check
    scope = {}
    exec(compile(SIGN, "mine", "exec"), scope)
    there, here = check_file(file(tmp_path, SIGN), "backprop").diagnosis, check(scope["backprop"])
    assert (there.verdict, there.matches, there.text("en")) == (here.verdict, here.matches, here.text("en"))


def test_the_process_is_told_inputs_alone(tmp_path):
    """Nothing that is sent holds an array that isn't one of the problem's."""
    sent = []

    def answer(problem, convention):
        sent.append(problem)
        return sandbox.answer(problem, convention)

    with Sandbox(file(tmp_path, SIGN), "backprop") as sandbox:
        call, real = sandbox.load(), sandbox._process.ask
        asked = []
        sandbox._process.ask = lambda request, seconds: asked.append(request) or real(request, seconds)
        diagnose(answer, call)
    assert len(asked) == len(sent) > 5
    for problem, request in zip(sent, asked):
        assert set(request) == {"problem", "roles", "L", "layout", "container", "returns"}
        given = request["problem"]
        assert given["x"] is problem.x and given["y"] is problem.y and set(given) == {"x", "y", "weights", "biases"}
        assert all(a is b for a, b in zip(given["weights"] + given["biases"], [*problem.weights, *problem.biases], strict=True))


def test_the_wire_carries_what_it_is_given():
    tree = {"a": [1, 2.5, None, True, "text"], "b": (np.arange(6.0).reshape(2, 3), np.float32(1)), 3: {"c": np.array([1j])}}
    back = wire.unpack(wire.pack(tree))
    assert back["a"] == tree["a"] and list(back) == ["a", "b", 3]
    assert np.array_equal(back["b"][0], tree["b"][0]) and back["b"][1].dtype == np.float32
    assert wire.unpack(wire.pack([print, ValueError()])) == [wire.Opaque("builtin_function_or_method"), wire.Opaque("ValueError")]


def test_whatever_comes_is_a_tree_or_a_wire_error():
    draw_from = random.Random(1)
    good = wire.pack({"nabla_b": [np.ones((2, 1))], "changed": ["x"], "n": 3})
    texts = [b'{"array": ["<f8", [1000000000000]]}', b'{"array": ["|O", [1]]}', b'{"array": ["<f8", [-1]]}', b"[1]", b"{}",
             b'{"list": ' * 5000, b'{"array": ["<f8", ["1"]]}', b'{"dict": [[[1], 2]]}', b'{"array": 3}', b"\xff\xfe",
             b'{"array": ["<f8", [' + b"1," * 70 + b"1]]}", b'{"list": 7}', b"1" * 10000, b'{"a": 1, "b": 2}']
    messages = [struct.pack("<II", len(text), 8) + text + bytes(8) for text in texts]
    for _ in range(3000):
        changed = bytearray(good)
        for _ in range(draw_from.randint(1, 4)):
            changed[draw_from.randrange(len(changed))] = draw_from.randrange(256)
        messages.append(bytes(changed[:draw_from.randint(8, len(changed))]))
    refused = 0
    for message in messages:
        try:
            wire.unpack(message)
        except wire.WireError:
            refused += 1
    assert refused > 1000 and all_refused(messages[:len(texts)])


def all_refused(messages):
    for message in messages:
        with pytest.raises(wire.WireError):
            wire.unpack(message)
    return True
