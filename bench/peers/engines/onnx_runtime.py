"""ONNX Runtime on the ONNX file: all graph optimisations, one operator at a time, its threads spinning as they come."""
import pathlib
import tempfile

TITLE = "ONNX Runtime"
PACKAGE = "onnxruntime"
FORMAT = "onnx"
LAYOUT = "nchw"
NOT_HELD = "MLAS chooses its kernels by itself"


class Peer:
    def __init__(self, threads):
        import onnxruntime

        self.library, self.threads = onnxruntime, threads

    def open(self, path, **further):
        options = self.library.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.graph_optimization_level = self.library.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.log_severity_level = 3
        for name, value in further.items():
            setattr(options, name, value)
        return self.library.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def load(self, path):
        self.path = path
        self.session = self.open(path)

    def set_input(self, images):
        value = self.library.OrtValue.ortvalue_from_numpy(images)
        self.binding = self.session.io_binding()
        self.binding.bind_ortvalue_input(self.session.get_inputs()[0].name, value)
        self.binding.bind_output(self.session.get_outputs()[0].name)

    def run(self):
        self.session.run_with_iobinding(self.binding)

    def output(self):
        return self.binding.copy_outputs_to_cpu()[0]

    def precision(self):
        """The types of the tensors in the graph it really executes, which it can write down."""
        import onnx

        with tempfile.TemporaryDirectory() as folder:
            optimised = pathlib.Path(folder) / "optimised.onnx"
            self.open(self.path, optimized_model_filepath=str(optimised))
            graph = onnx.load(optimised).graph
        types = {onnx.TensorProto.DataType.Name(tensor.data_type) for tensor in graph.initializer}
        blocked = sum(node.domain == "com.microsoft.nchwc" and node.op_type == "Conv" for node in graph.node)
        kinds = sorted(name.lower() for name in types - {"INT64"})  # int64: shapes and paddings
        return f"{'/'.join(kinds)}, {blocked} NCHWc convolutions"
