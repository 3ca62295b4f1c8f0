"""Exact arithmetic for checks at random points: integers modulo a large prime, with a slope.

An element a + b·ε has ε² = 0, so b is the derivative of a along the direction
in which the inputs were given their slopes: by the rules of arithmetic alone,
with no chain rule assumed. NumPy's object arrays carry elements through the
shipped functions unchanged.
"""

PRIME = 2**61 - 1


class Element:
    """a + b·ε modulo PRIME; + − × and division by whole numbers that PRIME doesn't divide.

    >>> x = Element(3, 1)
    >>> x * x - 2
    Element(7, 6)
    >>> (x / 2) * 2 == x
    True
    """
    __slots__ = ("value", "slope")

    def __init__(self, value, slope=0):
        self.value, self.slope = value % PRIME, slope % PRIME

    def __repr__(self):
        return f"Element({self.value}, {self.slope})"

    def __eq__(self, other):
        other = _element(other)
        return (self.value, self.slope) == (other.value, other.slope)

    def __hash__(self):
        return hash((self.value, self.slope))

    def __neg__(self):
        return Element(-self.value, -self.slope)

    def __add__(self, other):
        other = _element(other)
        return Element(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other):
        other = _element(other)
        return Element(self.value - other.value, self.slope - other.slope)

    def __rsub__(self, other):
        return _element(other) - self

    def __mul__(self, other):
        other = _element(other)
        return Element(self.value * other.value,
                       self.value * other.slope + self.slope * other.value)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, number):
        return self * pow(number, -1, PRIME)

    def __pow__(self, exponent):
        power = Element(1)
        for _ in range(exponent):
            power = power * self
        return power


EPSILON = Element(0, 1)


def _element(value):
    return value if isinstance(value, Element) else Element(value)
