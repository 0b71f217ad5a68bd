"""The network: parameter count, a flat model, and the builder for reduced widths against keras.applications."""

import unittest

import support  # noqa: F401  (puts weights/ on the path)
import keras
from recipe import network


def described(model):
    """Every layer's name, class, output shape, weight shapes and what it reads."""
    rows = []
    for layer in model.layers:
        reads = [tensor._keras_history.operation.name for tensor in layer._inbound_nodes[0].input_tensors]
        reads = ["input" if name.startswith("input_layer") else name for name in reads]
        name = "input" if layer.name.startswith("input_layer") else layer.name
        settings = {key: layer.get_config().get(key) for key in ("strides", "padding", "epsilon", "activation", "momentum")}
        rows.append((name, type(layer).__name__, layer.output.shape, [w.shape for w in layer.weights], reads, settings))
    return sorted(rows, key=lambda row: row[0])


class Network(unittest.TestCase):
    def test_full_width_parameters(self):
        model = network.build_network(700)
        self.assertEqual(model.count_params(), 27_794_309)
        self.assertEqual(model.get_layer("conv5_block3_out").output.shape, (None, 22, 22, 2048))
        self.assertEqual(model.layers[-1].name, "final_output")
        self.assertFalse([layer.name for layer in model.layers if isinstance(layer, keras.Model)], "not flat")

    def test_own_builder_is_keras_resnet50(self):
        theirs = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(224, 224, 3))
        self.assertEqual(described(network.build_backbone(224, 1.0)), described(theirs))

    def test_reduced_width(self):
        full = network.build_backbone(64, 1.0)
        quarter = network.build_network(64, 0.25)
        names = [layer.name for layer in quarter.layers]
        self.assertEqual(names[: len(full.layers)], [layer.name for layer in full.layers])
        self.assertEqual(quarter.get_layer("conv5_block3_out").output.shape[-1], 512)
        self.assertEqual(quarter.get_layer("head_dense").units, 512)

    def test_freezing_spares_the_head(self):
        model = network.build_network(64, 0.25)
        network.freeze_backbone(model, True)
        trainable = [layer.name for layer in model.layers if layer.trainable and layer.weights]
        self.assertEqual(trainable, ["head_dense", "final_output"])
        network.freeze_backbone(model, False)
        self.assertTrue(all(layer.trainable for layer in model.layers))


if __name__ == "__main__":
    unittest.main()
