"""Keras on TensorFlow: the model itself, traced once for its batch."""

TITLE = "Keras/TensorFlow"
PACKAGE = "tensorflow-cpu"
FORMAT = "h5"
LAYOUT = "nhwc"
HELD_TO_AVX2 = {"ONEDNN_MAX_CPU_ISA": "AVX2"}


class Peer:
    def __init__(self, threads):
        import keras
        import tensorflow

        self.keras, self.library = keras, tensorflow
        tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
        tensorflow.config.threading.set_inter_op_parallelism_threads(1)

    def load(self, path):
        self.model = self.keras.models.load_model(path, compile=False)

    def set_input(self, images):
        self.images = self.library.constant(images)
        signature = [self.library.TensorSpec(images.shape, "float32")]
        self.function = self.library.function(lambda x: self.model(x, training=False), input_signature=signature)

    def run(self):
        self.answer = self.function(self.images).numpy()

    def output(self):
        return self.answer

    def precision(self):
        types = {layer.compute_dtype for layer in self.model.layers} | {weight.dtype for weight in self.model.weights}
        return "/".join(sorted(types))
