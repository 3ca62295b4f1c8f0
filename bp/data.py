"""Samples that come with the package: handwritten digits, 1,797 images of 8 × 8 grey values.

They are the *test* part of the "Optical Recognition of Handwritten Digits" of the
UCI Machine Learning Repository, which scikit-learn has as `load_digits`:
E. Alpaydin and C. Kaynak, 1998, https://doi.org/10.24432/C50P49, under CC BY 4.0.
Each pixel is a whole number from 0 to 16, how many of 4 × 4 points are ink. Here
they are packed without a change; a test compares them with scikit-learn's.

`python -m bp.data` makes digits.npz again; that needs scikit-learn.
"""
from pathlib import Path

import numpy as np

SIDE, CLASSES, INK = 8, 10, 16
TEST_EVERY = 4
_FILE = Path(__file__).with_name("digits.npz")


def digits():
    """Return ((x, y), (x, y)), the samples to train on and those to test with.

    x has shape (64, N), an image for each column, row of pixels after row, from 0
    (paper) to 1 (ink); y has shape (10, N), a 1 in the row of its digit. Every fourth
    sample, in the order of the source, is for the test: 449 of 1,797, each digit 41 to
    50 times. (The source counts from 0 to 9 in places: every fifth would be uneven.)

    >>> (x, y), (test_x, test_y) = digits()
    >>> x.shape, y.shape, test_x.shape, x.min().item(), x.max().item()
    ((64, 1348), (10, 1348), (64, 449), 0.0, 1.0)
    """
    with np.load(_FILE) as packed:
        images, labels = packed["images"], packed["labels"]
    x, y = images.T / INK, np.eye(CLASSES)[:, labels]
    tested = np.arange(len(labels)) % TEST_EVERY == TEST_EVERY - 1
    return (x[:, ~tested], y[:, ~tested]), (x[:, tested], y[:, tested])


def _pack():
    from sklearn.datasets import load_digits
    source = load_digits()
    np.savez_compressed(_FILE, images=source.data.astype(np.uint8),
                        labels=source.target.astype(np.uint8))


if __name__ == "__main__":
    _pack()
