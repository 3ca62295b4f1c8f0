"""The command line: `bp verify`, `bp check`, `bp grader` and `bp cite`."""
import argparse
import sys

from bp import __version__
from bp.citation import FORMATS, LANGUAGES, cite_book, cite_equation

SECONDS = 0.1, 86_400
MEMORY = 256, 2 ** 20  # in MiB; NumPy alone needs some


def main(arguments=None):
    """Run one command; return its exit status: 0, 1 if a check failed or code is wrong, 2 for bad input."""
    parser = argparse.ArgumentParser(prog="bp", description="Backpropagation that proves itself.")
    parser.add_argument("--version", action="version", version=f"bp {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    verify = commands.add_parser("verify", help="run every link of the proof for every equation")
    verify.add_argument("--equation", action="append", metavar="ID",
                        help="only this equation; may be given more than once")
    verify.add_argument("--quick", action="store_true", help="fewer networks, a few seconds")
    verify.add_argument("--seed", type=int, default=0, metavar="N", help="draw other parameters and samples")
    verify.add_argument("--json", action="store_true", help="print the report as JSON")
    verify.set_defaults(run=_verify)

    check = commands.add_parser("check", help="what is wrong with somebody's own backpropagation",
                                description="Checks a function in a process of its own, or a whole folder of submissions.")
    check.add_argument("target", metavar="PATH[:FUNCTION]",
                       help="mine.py:backprop, mine.ipynb:backprop, mine.py:Network.backprop; or a folder of submissions")
    check.add_argument("--function", default="backprop", metavar="NAME", help="what to check where no name is given; backprop by default")
    check.add_argument("--csv", default="results.csv", metavar="FILE", help="the table of a folder, results.csv by default; "
                       "what is in it already is not run again")
    check.add_argument("--jobs", type=_positive(int), metavar="N", help="processes for a folder; one for each processor by default")
    check.add_argument("--format", choices=("text", "json", "junit", "gradescope"), default="text", help="text by default")
    check.add_argument("--points", type=_positive(float), default=1, metavar="N", help="points in Gradescope; 1 by default")
    check.add_argument("--lang", choices=LANGUAGES, default="en", help="en by default")
    check.add_argument("--seconds", type=_positive(float, SECONDS), default=5.0, metavar="N", help="limit of one call; 5 by default")
    check.add_argument("--memory", type=_positive(int, MEMORY), default=1024, metavar="MIB", help="limit of memory; 1024 by default")
    _add_options(check)
    check.set_defaults(run=_check)

    grader = commands.add_parser("grader", help="what Gradescope, nbgrader or otter-grader need to check submissions")
    grader.add_argument("system", choices=("gradescope", "nbgrader", "otter"))
    grader.add_argument("--function", default="backprop", metavar="NAME", help="what is checked; backprop by default")
    grader.add_argument("--points", type=_positive(float), default=1, metavar="N", help="1 by default")
    grader.add_argument("--lang", choices=LANGUAGES, default="en", help="en by default")
    grader.add_argument("-o", "--output", metavar="FILE", help="where to write it; autograder.zip, backprop.ipynb or backprop.py by default")
    _add_options(grader)
    grader.set_defaults(run=_grader)

    cite = commands.add_parser("cite", help="how to cite the book or one of its equations")
    cite.add_argument("equation", nargs="?", metavar="ID", help="an equation; without it, the book")
    cite.add_argument("--format", choices=FORMATS, default="bibtex", help="bibtex by default")
    cite.add_argument("--lang", choices=LANGUAGES, default="en", help="en by default")
    cite.set_defaults(run=_cite)

    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except KeyboardInterrupt:  # it may come while SymPy is still loading
        print(f"bp {options.command}: interrupted; no report was written", file=sys.stderr)
        return 130


def _verify(options):
    from tqdm import tqdm

    from bp.evidence import verify
    from bp.spec import UnknownEquation

    def progress(checks):
        # disable=None: the bar is drawn on a terminal and nowhere else.
        return tqdm(checks, desc="verify", unit="check", leave=False, disable=None)

    try:
        report = verify(equations=options.equation, quick=options.quick, seed=options.seed,
                        progress=progress)
    except (UnknownEquation, ValueError) as error:
        print(f"bp verify: {error}", file=sys.stderr)
        return 2
    print(report.to_json() if options.json else report)
    return 0 if report.passed else 1


def _positive(kind, between=None):
    """What reads a positive number, within two bounds if they are given."""
    least, most = between or (0, float("inf"))

    def number(text):
        value = kind(text)
        if not 0 < value < float("inf") or not least <= value <= most:
            raise ValueError
        return value
    number.__name__ = f"{kind.__name__} from {least} to {most}" if between else f"positive {kind.__name__}"
    return number


def _add_options(parser):
    """Those of `bp.diagnosis.check`, which say what the code is meant to compute."""
    group = parser.add_argument_group("what the code computes")
    group.add_argument("--activation", metavar="NAME", help="sigmoid by default")
    group.add_argument("--cost", metavar="NAME", help="quadratic by default")
    group.add_argument("--output-activation", dest="output_function", metavar="NAME", help="of the last layer; as the others by default")
    group.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")], metavar="N,N,N",
                       help="the widths of the only network that it takes")
    group.add_argument("--layout", metavar="NAME", help="how the arrays lie; any that is recognised, by default")
    group.add_argument("--returns", metavar="NAME", help="the form in which the gradients come back; any that is recognised, by default")
    group.add_argument("--scale", metavar="NAME", help="how the cost is scaled; any that is recognised, by default")


def _options(options):
    given = {"activation": options.activation, "cost": options.cost, "output": options.output_function,
             "sizes": options.sizes, "layout": options.layout, "returns": options.returns, "scale": options.scale}
    return {name: value for name, value in given.items() if value is not None}


def _check(options):
    from pathlib import Path

    from bp.diagnosis import files, reports
    from bp.diagnosis.sandbox import Limits, keep_memory_private

    keep_memory_private()
    path, _, name = options.target.rpartition(":")
    if not path or Path(options.target).exists():
        path, name = options.target, options.function
    limits = Limits(call=options.seconds, total=6 * options.seconds, memory=options.memory * 2 ** 20)
    try:
        files.check_options(**_options(options))
        files.check_name(name)
        if not Path(path).exists():
            raise files.NotFound(f"no such file: {path}", f"沒有這個檔案：{path}")
        if Path(path).is_dir() and path == options.target:
            if options.format != "text":
                raise ValueError(f"a folder of submissions gives a table, not {options.format}; for one, say {path}:{name}")
            return _check_folder(path, limits, options)
        file = files.find(path, name) if Path(path).is_dir() else Path(path)
        checked = files.check_file(file, name, limits=limits, **_options(options))
    except (ValueError, OSError) as error:
        if options.format == "gradescope":  # students see this, and an autograder that failed otherwise
            print(reports.as_gradescope(files.not_found(path, name, error), options.lang, options.points))
            return 1
        print(f"bp check: {error}", file=sys.stderr)
        return 2
    print(reports.FORMATS[options.format](checked, options.lang, options.points))
    return 0 if checked.diagnosis.correct else 1


def _check_folder(path, limits, options):
    from functools import partial

    from tqdm import tqdm

    from bp.diagnosis import submissions

    bar = partial(tqdm, desc="check", unit="submission", leave=False, disable=None)
    try:
        rows = submissions.check_folder(path, options.function, options.csv, jobs=options.jobs, limits=limits, language=options.lang,
                                        progress=bar, **_options(options))
    except KeyboardInterrupt:
        print(f"bp check: interrupted; what is finished stands in {options.csv}, and the same command goes on from there",
              file=sys.stderr)
        return 130
    print(submissions.summary(rows))
    print(f"The table is {options.csv}.")
    return 0 if rows and all(row["verdict"] == "correct" for row in rows) else 1


def _grader(options):
    from bp.diagnosis import graders
    try:
        written = graders.write(options.system, options.output, options.function, options.points, options.lang,
                                _options(options))
    except (ValueError, OSError, ImportError) as error:
        print(f"bp grader: {error}", file=sys.stderr)
        return 2
    print(f"written: {written}")
    return 0


def _cite(options):
    citation = cite_book(options.lang)
    if options.equation is not None:
        from bp import spec
        try:
            citation = cite_equation(spec[options.equation], options.lang)
        except spec.UnknownEquation as error:
            print(f"bp cite: {error}", file=sys.stderr)
            return 2
    print(getattr(citation, options.format)())
    return 0


if __name__ == "__main__":
    sys.exit(main())
