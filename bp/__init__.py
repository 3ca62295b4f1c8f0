"""bp: backpropagation as equations that are code, derivation and evidence at once.

`import bp` loads NumPy alone. The spec and the verification, which need
SymPy, load when they are first asked for.
"""
from importlib import import_module as _import_module

from bp.equations import (activate, bias_gradient, hidden_delta, mean_cost, output_delta,
                          sigmoid_output_delta, softmax_output_delta, weight_gradient,
                          weighted_input)
from bp.functions import (ACTIVATIONS, COSTS, OUTPUTS, binary_cross_entropy,
                          binary_cross_entropy_prime, cross_entropy, cross_entropy_prime, identity,
                          identity_prime, quadratic, quadratic_prime, relu, relu_prime, sigmoid,
                          sigmoid_prime, softmax, softplus, softplus_prime, tanh, tanh_prime)
from bp.network import Network, backprop, feedforward

__version__ = "0.1.0"
__all__ = [
    "ACTIVATIONS", "COSTS", "Network", "OUTPUTS", "activate", "backprop", "bias_gradient",
    "binary_cross_entropy", "binary_cross_entropy_prime", "check", "cross_entropy", "cross_entropy_prime",
    "feedforward", "hidden_delta", "identity", "identity_prime", "mean_cost", "output_delta",
    "quadratic", "quadratic_prime", "relu", "relu_prime", "sigmoid", "sigmoid_output_delta",
    "sigmoid_prime", "softmax", "softmax_output_delta", "softplus", "softplus_prime", "spec",
    "tanh", "tanh_prime", "verify", "weight_gradient", "weighted_input",
]


def __getattr__(name):
    if name == "spec":
        return _import_module("bp.spec")
    if name == "verify":
        return _import_module("bp.evidence").verify
    if name == "check":
        return _import_module("bp.diagnosis.check").check
    raise AttributeError(f"module 'bp' has no attribute {name!r}")
