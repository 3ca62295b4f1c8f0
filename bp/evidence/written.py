"""Links 3 and 4 for what `spec.compile` writes: its lines, run alone, in floats, on symbols and in the field.

Alone, because the compiled function hands to the shipped one whatever its lines
don't take, and would then be compared with that.
"""
from dataclasses import replace
from functools import cache

from bp import compiled, spec
from bp.evidence import bridged
from bp.evidence.bridged import TOLERANCE, Place
from bp.evidence.executed import (check_every_parameter, differentiate_matched_costs,
                                  differentiate_whole_cost)
from bp.evidence.fixtures import Fixture, on_each, settings
from bp.evidence.mistakes import SHIPPED, Algorithm
from bp.evidence.outcome import FULL, Checked

SYMBOLIC = (Fixture((2, 3, 1), 1), Fixture((1, 2, 2), 2), Fixture((2, 2, 2), 1), Fixture((2, 1, 2, 2), 2))
MATCHED = (Fixture((2, 2), 1), Fixture((2, 2, 2), 1))
IN_FIELD = Fixture((3, 5, 4, 2), 2)


def lines(names):
    """Backprop by the lines alone, which call these names; it takes what `bp.backprop` takes."""
    def backprop(x, y, weights, biases, activation, cost, output=None):
        output = output or activation
        source = _source(_sizes(weights), activation, cost, output)
        own = {"f": activation, "fprime": activation.prime, "g": output,
               "gprime": getattr(output, "prime", None)}
        return compiled.run(source, {**names, **own})(x, y, weights, biases)
    return backprop


def bridge_compiled(scope=FULL):
    """Compare what the lines return with the statements, every gradient of every network."""
    small = [fixture for fixture in bridged.fixtures(scope) if fixture.parameters <= compiled.LIMIT]
    chosen = small[:2] if scope.quick else small
    compared = sum(on_each(chosen, lambda fixture: sum(map(compare_lines, bridged.references(fixture)))))
    sizes, pairs = ", ".join(map(str, chosen)), len(settings())
    return Checked(
        f"{compared:,} entries",
        f"{compared:,} gradients of the lines that spec.compile writes agree to {TOLERANCE:g} of the largest, on "
        f"networks with {pairs} combinations of output activation and cost; sizes×samples: {sizes}",
        f"spec.compile 寫出的程式算出的 {compared:,} 個梯度一致，誤差不超過最大值的 {TOLERANCE:g} 倍；"
        f"輸出函數與成本共 {pairs} 種搭配，各層大小×樣本數：{sizes}", f"{compared:,} 個元素")


def compare_lines(reference, backprop=lines(compiled.OF_FLOATS)):
    """Compare every gradient with its statement; return how many entries agreed."""
    layers = range(1, reference.L + 1)
    place = Place(reference.fixture, "spec.compile")
    returned = place.call(backprop, reference.a[0], reference.y, [reference.w[l] for l in layers],
                          [reference.b[l] for l in layers], reference.activation, reference.cost,
                          reference.output)
    return sum(replace(place, parameter=f"{name}[{l-1}]").compare(arrays[l-1], reference.values(spec[id], l))
               for name, id, arrays in zip(("nabla_b", "nabla_w"), ("bias-gradient", "weight-gradient"), returned)
               for l in layers)


def execute_compiled(scope=FULL, backprop=lines(compiled.OF_OBJECTS)):
    """Run the lines on symbols and in the field, against derivatives that assume no chain rule."""
    few = slice(1) if scope.quick else slice(None)
    whole = lambda fixture: differentiate_whole_cost(fixture, backprop=backprop)
    matched = lambda fixture: differentiate_matched_costs(fixture, Algorithm(SHIPPED.feedforward, backprop))
    field = lambda fixture: check_every_parameter(fixture, backprop=backprop)
    symbolic = sum(on_each(SYMBOLIC[few], whole)) + sum(on_each(MATCHED[few], matched))
    parameters, = on_each([replace(IN_FIELD, seed=scope.seed)], field)
    return Checked(
        f"{symbolic:,} + {parameters} exact",
        f"{symbolic:,} gradients of the lines that spec.compile writes equal SymPy's derivative of the composed "
        f"cost, for any f, those of the sigmoid and of softmax with their cross-entropies among them; modulo 2⁶¹−1, "
        f"{parameters} parameters of {IN_FIELD}",
        f"spec.compile 寫出的程式算出的 {symbolic:,} 個梯度等於 SymPy 對整個成本的微分，對任意 f 都成立，"
        f"其中也有 sigmoid、softmax 搭配各自的交叉熵；在模 2⁶¹−1 之下，{IN_FIELD} 的 {parameters} 個參數也相等",
        f"{symbolic:,} + {parameters} 個完全相等")


_source = cache(compiled.write)


def _sizes(weights):
    return (weights[0].shape[1], *(weight.shape[0] for weight in weights))
