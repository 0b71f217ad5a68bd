"""TFLite (LiteRT's interpreter) with the XNNPACK delegate, on the .tflite file."""

TITLE = "TFLite/XNNPACK"
PACKAGE = "ai-edge-litert"
FORMAT = "tflite"
LAYOUT = "nhwc"
NOT_HELD = "XNNPACK chooses its kernels by itself"


class Peer:
    def __init__(self, threads):
        from ai_edge_litert import interpreter

        self.library, self.threads = interpreter, threads

    def load(self, path):
        self.interpreter = self.library.Interpreter(path, num_threads=self.threads)  # XNNPACK is its default delegate
        self.interpreter.allocate_tensors()

    def set_input(self, images):
        self.interpreter.set_tensor(self.interpreter.get_input_details()[0]["index"], images)

    def run(self):
        self.interpreter.invoke()

    def output(self):
        return self.interpreter.get_tensor(self.interpreter.get_output_details()[0]["index"])

    def precision(self):
        """The types of its tensors, and in how many pieces the delegate took the network: one is all of it."""
        types = {tensor["dtype"].__name__ for tensor in self.interpreter.get_tensor_details()}
        types -= {"int32"}  # paddings
        operations = [operation["op_name"] for operation in self.interpreter._get_ops_details()]
        delegates = operations.count("DELEGATE")
        return f"{'/'.join(sorted(types))}, {delegates} XNNPACK delegate{'s' if delegates != 1 else ''}"
