"""The [2, 3, 1] network of every worked number, with parameters that fit a blackboard.

Its third hidden unit sits at z = 0, where the sigmoid is steepest, and its
second at z = 1.55, where it has begun to saturate. Lesson 13 gives the same
network another cost, and a second output with softmax.
"""
import numpy as np

from bp.network import Network


def _with_parameters(net):
    """The network with a blackboard's parameters, for one output or two."""
    outputs = net.sizes[-1]
    net.weights = [np.array([[0.2, 0.6], [0.9, -0.4], [-0.3, 0.1]]),
                   np.array([[0.4, -0.6, 0.9], [-0.2, 0.5, 0.3]][:outputs])]
    net.biases = [np.array([[0.1], [0.0], [0.5]]), np.array([[0.2], [-0.1]][:outputs])]
    return net


net = _with_parameters(Network([2, 3, 1]))
with_cross_entropy = _with_parameters(Network([2, 3, 1], cost="binary_cross_entropy"))
with_softmax = _with_parameters(Network([2, 3, 2], cost="cross_entropy", output="softmax"))

x = np.array([[1.5], [-0.5]])
y = np.array([[1.0]])
first_class = np.array([[1.0], [0.0]])  # a target for the two outputs of softmax

# Each network with a sample; what one of them doesn't have, a later one does.
SAMPLES = ((net, x, y), (with_cross_entropy, x, y), (with_softmax, x, first_class))
