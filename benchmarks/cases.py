"""What is timed: networks with their samples, drawn from one seed, and the digits."""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

MOST_EXACT = 1e9  # products: so many are done again in long doubles


@dataclass(frozen=True)
class Case:
    """The gradient of one network on a batch, in one dtype.

    >>> Case((2, 3, 1), 1).parameters, Case((2, 3, 1), 10).operations
    (13, 420)
    """
    sizes: tuple[int, ...]
    batch: int
    dtype: str = "float64"

    @property
    def layers(self):
        """The widths below and above each layer of weights."""
        return list(zip(self.sizes, self.sizes[1:]))

    @property
    def parameters(self):
        return sum(n * (m + 1) for m, n in self.layers)

    @property
    def operations(self):
        """Multiplications and additions in the matrix products that a gradient needs."""
        (m, n), *above = self.layers
        return 2 * self.batch * (2 * m * n + sum(3 * m * n for m, n in above))

    @cached_property
    def _drawn(self):
        draw = np.random.default_rng(1).standard_normal
        return (draw((self.sizes[0], self.batch)), np.random.default_rng(2).random((self.sizes[-1], self.batch)),
                [draw((n, m)) / m**0.5 for m, n in self.layers], [draw((n, 1)) for _, n in self.layers])

    def arrays(self, dtype=None):
        """(x, y, weights, biases), as `backprop` takes them."""
        as_floats = lambda array: array.astype(dtype or self.dtype)
        x, y, weights, biases = self._drawn
        return as_floats(x), as_floats(y), [*map(as_floats, weights)], [*map(as_floats, biases)]


LARGE = (784, 512, 512, 10)
FIFTY_LAYERS = (64,) * 51
GRADIENTS = (Case((2, 3, 1), 1), *(Case((784, 30, 10), batch) for batch in (1, 10, 128, 1024)),
             *(Case(LARGE, batch, dtype) for dtype in ("float64", "float32") for batch in (128, 1024)),
             *(Case(FIFTY_LAYERS, 32, dtype) for dtype in ("float64", "float32")))


@dataclass(frozen=True)
class Training:
    """Epochs of gradient descent on the digits that come with bp; all take the same batches."""
    sizes: tuple[int, ...] = (64, 30, 10)
    batch: int = 10
    epochs: int = 5
    rate: float = 3.0
    seed: int = 1
    most_steps: int | None = None

    @cached_property
    def samples(self):
        """x (64, N) and y (10, N), in whole batches, which is what a fused loop can take."""
        from bp.data import digits
        (x, y), _ = digits()
        steps = min(x.shape[1] // self.batch, self.most_steps or x.shape[1])
        return tuple(np.ascontiguousarray(array[:, :steps * self.batch]) for array in (x, y))

    @property
    def steps(self):
        """Batches in an epoch."""
        return self.samples[0].shape[1] // self.batch

    def network(self):
        """The network before it is trained."""
        from bp import Network
        return Network(self.sizes, seed=self.seed)

    def orders(self):
        """The order of the samples in each epoch, as `Network.train` draws it."""
        draw = np.random.default_rng(self.seed)
        return [draw.permutation(self.steps * self.batch) for _ in range(self.epochs)]


TRAINING = Training()
