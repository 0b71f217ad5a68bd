"""Batch normalisation's statistics are measured anew over whole batches, and only where they are being trained."""

import unittest

import support  # noqa: F401  (puts weights/ on the path)
import keras
import numpy as np
from recipe import network, training


class Settle(unittest.TestCase):
    def setUp(self):
        keras.utils.set_random_seed(0)
        self.model = network.build_network(32, 0.125)
        rng = np.random.default_rng(0)
        self.batches = [(rng.uniform(0, 1, (4, 32, 32, 3)).astype(np.float32), None) for _ in range(3)]
        self.layer = self.model.get_layer("conv1_bn")

    def test_mean_and_variance_of_the_batches(self):
        training.settle_batch_norm(self.model, self.batches)
        body = keras.Model(self.model.inputs, self.model.get_layer("conv1_conv").output)
        outputs = [np.asarray(body(images)).reshape(-1, 8) for images, _ in self.batches]
        mean = np.mean([output.mean(axis=0) for output in outputs], axis=0)
        variance = np.mean([output.var(axis=0) for output in outputs], axis=0)
        np.testing.assert_allclose(np.asarray(self.layer.moving_mean), mean, rtol=1e-3, atol=1e-5)
        np.testing.assert_allclose(np.asarray(self.layer.moving_variance), variance, rtol=1e-3, atol=1e-5)
        self.assertEqual(self.layer.momentum, 0.99)

    def test_frozen_layers_keep_theirs(self):
        network.freeze_backbone(self.model, True)
        before = [np.asarray(weight) for weight in self.model.weights]
        training.settle_batch_norm(self.model, self.batches)
        for old, weight in zip(before, self.model.weights):
            np.testing.assert_array_equal(old, np.asarray(weight))


if __name__ == "__main__":
    unittest.main()
