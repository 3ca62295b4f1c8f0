"""The spec: every equation is whole, its letters are known, and its two sides never meet."""
import ast
import inspect
import re
from pathlib import Path

import numpy as np
import pytest
from sympy import Add, Eq, Function, Indexed, Mul, Pow, Sum, Symbol

import bp
from bp import Network, bias_gradient, quadratic_prime, spec, verify, weight_gradient
from bp.evidence import LINKS
from bp.glossary import BY_NAME, TERMS
from bp.spec import Equation
from bp.symbolic.derivation import Derivation
from bp.symbolic.latex import print_latex
from bp.symbolic.model import Partial
from bp.trace import trace

ROOT = Path(__file__).parents[1]
PACKAGE = Path(bp.__file__).parent
OF_THE_NOTEBOOK, LESSON_13 = re.compile(r"lessons/0[1-8]-[a-z]+(-[a-z]+)*"), "lessons/13-other-activations-and-costs"
every_equation = pytest.mark.parametrize("equation", spec, ids=lambda equation: equation.id)


def statements_of(equation):
    return [equation.statement, *(case.statement for case in equation.special_cases)]


@every_equation
def test_an_equation_has_all_that_an_equation_must_have(equation):
    assert isinstance(equation.statement, Eq)
    assert isinstance(equation.derivation, Derivation) and equation.derivation.steps
    assert " = " in equation.latex
    assert equation.anchor == f"eq-{equation.id}"
    if equation.page != LESSON_13:
        assert OF_THE_NOTEBOOK.fullmatch(equation.page)
        assert re.fullmatch(r"In \d+(, In \d+)*", equation.seed_cell)
    assert all(1 <= int(cell) <= 24 for cell in re.findall(r"\d+", equation.seed_cell))
    english, chinese = equation.title("en"), equation.title("zh-TW")
    assert english.isascii() and english == english.strip() != ""
    assert re.search("[\u4e00-\u9fff]", chinese)


@every_equation
def test_an_equations_function_is_the_one_that_bp_exports(equation):
    assert equation.function is getattr(bp, equation.function.__name__)
    assert equation.function.__name__ in equation.source
    assert inspect.getdoc(equation.function) not in equation.source


@pytest.fixture(scope="module")
def report():
    return verify()


@every_equation
def test_the_evidence_of_an_equation_passes_every_link(equation, report):
    results = [result for result in report.results if result.equation == equation.id]
    assert [result.link for result in results] == list(LINKS) == ["derived", "printed", "bridged", "executed", "refuted"]
    assert all(result.passed for result in results), [result.found.en for result in results]
    assert tuple(results) == equation.evidence


def test_ids_titles_and_functions_are_unique_and_ids_kebab_case():
    for values in ([e.id for e in spec], [e.title("en") for e in spec], [e.title("zh-TW") for e in spec],
                   [e.function for e in spec], [e.alias for e in spec if e.alias]):
        assert len(values) == len(set(values))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", equation.id) for equation in spec)


def test_the_ids_that_others_cite_are_there():
    assert {"sigmoid", "sigmoid-prime", "quadratic-cost", "cost-derivative", "cost", "weighted-input",
            "activation", "output-delta", "hidden-delta", "bias-gradient",
            "weight-gradient"} <= {equation.id for equation in spec}
    aliases = {equation.alias: equation.id for equation in spec if equation.alias}
    assert aliases == {"BP1": "output-delta", "BP2": "hidden-delta", "BP3": "bias-gradient",
                       "BP4": "weight-gradient"}


def test_the_module_is_its_registry():
    assert len(spec) == len(list(spec)) and "hidden-delta" in spec and "bp5" not in spec
    assert all(isinstance(equation, Equation) and spec[equation.id] is equation for equation in spec)


@every_equation
def test_every_letter_of_a_statement_is_in_the_glossary(equation):
    for statement in statements_of(equation):
        bases = {str(term.base.label) for term in statement.atoms(Indexed)}
        symbols = {symbol.name for symbol in statement.atoms(Symbol)} - bases
        functions = {type(term).__name__ for term in statement.atoms(Function)
                     if type(term).__module__ == Partial.__module__ and not isinstance(term, Partial)}
        letters = bases | symbols | functions
        assert letters and letters <= set(TERMS), letters - set(TERMS)


@every_equation
def test_every_parameter_of_an_equations_function_is_in_the_glossary(equation):
    names = set(inspect.signature(equation.function).parameters)
    assert names and names <= set(BY_NAME), names - set(BY_NAME)


def test_the_shapes_of_the_glossary_are_those_of_the_arrays():
    run = trace(Network([4, 3, 2], seed=0), np.ones((4, 5)), np.ones((2, 5)))
    for l in (1, 2):
        size = {"n_l": run.sizes[l], "n_{l-1}": run.sizes[l-1], "n_0": 4, "n_L": 2, "N": 5, "1": 1}
        shape = lambda key: tuple(size[n] for n in TERMS[key].shape.split(r" \times "))
        for key in ("w", "b", "z", "a", "delta"):
            assert getattr(run, key)[l].shape == shape(key), key
        assert (run.a[0].shape, run.y.shape) == (shape("x"), shape("y"))
        assert bias_gradient(run.delta[l]).shape == shape("E_b")
        assert weight_gradient(run.delta[l], run.a[l-1]).shape == shape("E_w")
        assert quadratic_prime(run.a[2], run.y).shape == shape("E_a")


def test_every_term_has_a_meaning_in_both_languages():
    for term in TERMS.values():
        assert term.meaning("en") and term.meaning("en").isprintable()
        assert re.search("[\u4e00-\u9fff]", term.meaning("zh-TW")), term.key


@every_equation
def test_a_statement_with_linked_letters_is_the_statement_with_its_links_taken_out(equation):
    for statement in statements_of(equation):
        linked = print_latex(statement, linked=True)
        assert r"\class{bp-term " in linked
        assert without_links(linked) == print_latex(statement)


def without_links(latex):
    opening = re.compile(r"\\class\{bp-term bp-term-\w+\}\{")
    while match := opening.search(latex):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(latex[end], 0)
            end += 1
        latex = latex[:match.start()] + latex[match.end():end - 1] + latex[end:]
    return latex


# Which module imports which, read from the sources.

NUMERIC = ["equations", "functions", "network", "training", "history", "storage", "data", "checks", "trace", "example",
           "crosswalk"]


def imports_of(module, package=PACKAGE):
    """The names that a module of the package imports; those of bp as modules."""
    path = package.joinpath(*module.split(".")[1:])
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: write imports from the root"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = package.joinpath(*inner.split(".")[1:]).with_suffix(".py").exists()
                found.add(inner if node.module.startswith("bp") and is_module else node.module)
        elif getattr(node, "id", getattr(node, "attr", "")) in ("__import__", "import_module"):
            found.add("a module whose name is not written")
    return found


def reached_from(modules, package=PACKAGE):
    """Everything that these modules import, and what that imports in turn."""
    reached, waiting = set(), list(modules)
    while waiting:
        module = waiting.pop()
        for found in imports_of(module, package) - reached:
            reached.add(found)
            if found.startswith("bp."):
                waiting.append(found)
    return reached


def sympy_or_symbolic(name):
    return name.startswith(("sympy", "mpmath", "bp.symbolic", "bp.spec", "bp.evidence", "bp.card"))


def numpy_or_numeric(name):
    return name.startswith("numpy") or name == "bp" or name in {f"bp.{module}" for module in NUMERIC} or (
        name.startswith("bp.") and not name.startswith(("bp.symbolic", "bp.glossary")))


def symbolic_modules():
    return [f"bp.symbolic.{path.stem}" for path in (PACKAGE / "symbolic").glob("*.py")
            if path.stem != "__init__"]


@pytest.mark.parametrize("module", NUMERIC)
def test_the_numeric_side_imports_nothing_symbolic(module):
    reached = reached_from([f"bp.{module}"])
    assert not set(filter(sympy_or_symbolic, reached))
    assert "a module whose name is not written" not in reached


@pytest.mark.parametrize("module", symbolic_modules())
def test_the_symbolic_side_imports_neither_numpy_nor_the_numeric_side(module):
    reached = reached_from([module])
    assert not set(filter(numpy_or_numeric, reached))
    assert "a module whose name is not written" not in reached


def test_the_search_for_imports_sees_those_of_imported_modules_and_within_functions(tmp_path):
    (tmp_path / "network.py").write_text("from bp import checks\n")
    (tmp_path / "checks.py").write_text("def late():\n    import sympy.core\n")
    (tmp_path / "model.py").write_text("from bp.helper import x\n")
    (tmp_path / "helper.py").write_text("from numpy import sum\nfrom bp.network import y\n")
    (tmp_path / "hidden.py").write_text("import importlib\nx = importlib.import_module('sympy')\n")
    assert "a module whose name is not written" in reached_from(["bp.hidden"], tmp_path)
    assert set(filter(sympy_or_symbolic, reached_from(["bp.network"], tmp_path))) == {"sympy.core"}
    assert set(filter(numpy_or_numeric, reached_from(["bp.model"], tmp_path))) >= {"numpy", "bp.network"}


def test_the_glossary_imports_neither_side():
    assert not {name for name in reached_from(["bp.glossary"]) if "." in name or name in ("numpy", "sympy")}


@pytest.mark.parametrize("module", ["equations", "network"])
def test_the_core_can_be_read_in_one_sitting(module):
    lines = (PACKAGE / f"{module}.py").read_text(encoding="utf-8").splitlines()
    assert 0 < len(lines) < 150


# Statements on pages are printed from the spec; nobody types them.

UNICODE = {"δ": r"\delta", "σ": r"\sigma", "∂": r"\partial", "Σ": r"\sum", "−": "-", "′": "'"}
NOISE = re.compile(r"^# ?|\\(?:left|right|displaystyle|mathrm|operatorname|cdot|quad|times|[,;:!])(?![a-z])|[\s{}&\\]",
                   re.MULTILINE)
ABOVE_THEN_BELOW = re.compile(r"\^({g})_({g})".format(g=r"\w|\{(?:[^{}]|\{[^{}]*\})*\}"))
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)


def bare(latex):
    """LaTeX without what may be written in more than one way: spaces, braces, sizes, backslashes."""
    for letter, command in UNICODE.items():
        latex = latex.replace(letter, command)
    latex = re.sub(r"\^\{?\\prime\}?|\\prime", "'", latex)
    latex = ABOVE_THEN_BELOW.sub(r"_\2^\1", latex)
    return NOISE.sub("", re.sub(r"\\[dt]frac", r"\\frac", latex))


def typed_statements(text):
    """The ids of equations that a page spells out, and sums over delta, which it should not."""
    page, found = bare(text), set()
    for equation in spec:
        for statement in statements_of(equation):
            whole, right = bare(print_latex(statement)), bare(print_latex(statement.rhs))
            # A right-hand side of one letter, such as f(z), may well stand in a sentence.
            if (right if isinstance(statement.rhs, (Add, Mul, Pow, Sum)) else whole) in page:
                found.add(equation.id)
    for formula in map(bare, map("".join, FORMULA.findall(text))):
        if re.search("sum.*delta|delta.*sum", formula):
            found.add(f"a sum of delta: {formula}")
    return found


def pages():
    docs = ROOT / "docs"
    return sorted([*docs.glob("lessons/*.py"), *docs.glob("en/**/*.md"), *docs.glob("zh-TW/**/*.md")])


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_types_a_statement_by_hand(page):
    assert typed_statements(page.read_text(encoding="utf-8")) == set()


@every_equation
@pytest.mark.parametrize("written", [
    lambda latex: f"# so that ${latex}$ holds",
    lambda latex: f"$$\n{latex}\n$$",
    lambda latex: "# $$\n# " + latex.replace("=", "=\n#  ").replace(r"\,", r"\cdot") + "\n# $$",
    lambda latex: r"\(" + re.sub(r"\{(\w)\}", r"\1", latex).replace("(", r"\left(").replace(")", r"\right)") + r"\)",
    lambda latex: "$" + re.sub(r"(_\{\w+\})(\^\{[\w-]+\})", r"\2\1", latex).replace("'", r"^{\prime}") + "$",
    lambda latex: f'display(Math(r"{latex}"))'],
    ids=["inline", "displayed", "over lines", "spaced", "turned", "code"])
def test_a_statement_typed_on_a_page_is_found(equation, written):
    for statement in statements_of(equation):
        assert equation.id in typed_statements(written(print_latex(statement)))


@pytest.mark.parametrize("formula", [
    r"$\delta_k^{l-1} = \sum_j \delta_j^l w_{jk}^l$", r"\(\sum_{s} \delta_{js}\)",
    "$$\nδ_k = f'(z_k) Σ_j δ_j w_{jk}\n$$"])
def test_a_sum_of_delta_typed_on_a_page_is_found_however_it_is_abbreviated(formula):
    assert typed_statements(formula)


def test_letters_in_a_sentence_are_no_statement():
    assert typed_statements(r"""
# each of $\delta_j^l$, $w_{jk}^l$ and $f'(z_k^{l-1})$ has a part; $a_j^l$, $f(z_j^l)$;
# $\frac{\partial E}{\partial b_j^l}$ and $\delta$. {eq:hidden-delta} $y_j = 1$, while $\sum_k w_{jk}$ is not.
""") == set()
