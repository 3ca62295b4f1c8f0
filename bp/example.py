"""The [2, 3, 1] network of every worked number, with parameters that fit a blackboard.

Its third hidden unit sits at z = 0, where the sigmoid is steepest, and its
second at z = 1.55, where it has begun to saturate.
"""
import numpy as np

from bp.network import Network

net = Network([2, 3, 1], seed=1)
net.weights = [np.array([[0.2, 0.6], [0.9, -0.4], [-0.3, 0.1]]), np.array([[0.4, -0.6, 0.9]])]
net.biases = [np.array([[0.1], [0.0], [0.5]]), np.array([[0.2]])]

x = np.array([[1.5], [-0.5]])
y = np.array([[1.0]])
