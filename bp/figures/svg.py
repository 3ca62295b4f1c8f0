"""SVG in the colour of the text, with a text alternative that says what it shows."""
from dataclasses import dataclass
from decimal import Decimal
from html import escape


@dataclass(frozen=True)
class Svg:
    """An SVG image; Jupyter and the site show it as it is."""
    markup: str

    def _repr_svg_(self):
        return self.markup


def svg(width, height, parts, alt):
    """An image of these parts; `alt` is what somebody reads who doesn't see it."""
    return Svg(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
               f'width="{width:.0f}" role="img" aria-label="{escape(alt)}" '
               'style="max-width:100%;height:auto" font-family="inherit">'
               f'{"".join(parts)}</svg>')


def text(x, y, text, weight=400, size=15, opacity=1, anchor="middle", turned=False):
    """A text whose middle, start or end is at x; turned by a quarter to read upwards."""
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
            f'font-weight="{weight}" fill="currentColor" fill-opacity="{opacity}"{turn}>'
            f"{escape(text)}</text>")


def number(value, digits=4):
    """A number to so many digits, with a true minus sign; a Decimal as it is written, a text as it is.

    >>> number(-0.123456)
    '−0.1235'
    """
    if isinstance(value, str):
        return value
    written = str(value) if isinstance(value, Decimal) else f"{value:.{digits}g}"
    return written.replace("-", "−")


BELOW, ABOVE = "₋₀₁₂₃₄₅₆₇₈₉", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"


def small(number, digits):
    """A whole number in small digits, BELOW or ABOVE the line.

    >>> small(-12, ABOVE)
    '⁻¹²'
    """
    return str(number).translate(str.maketrans("-0123456789", digits))
