"""The command line: `bp verify` and `bp cite`."""
import argparse
import sys

from bp import __version__
from bp.citation import FORMATS, LANGUAGES, cite_book, cite_equation


def main(arguments=None):
    """Run one command; return its exit status: 0, 1 if a check failed, 2 for bad input."""
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
