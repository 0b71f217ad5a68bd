"""OpenVINO on its own IR file (float32 weights), latency hint, held to f32: alone it takes bf16 where a CPU has it."""
import collections

TITLE = "OpenVINO"
PACKAGE = "openvino"
FORMAT = "xml"
LAYOUT = "nchw"
HELD_TO_AVX2 = {"ONEDNN_MAX_CPU_ISA": "AVX2"}


class Peer:
    def __init__(self, threads):
        import openvino

        self.library = openvino
        self.settings = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY",
                         "INFERENCE_NUM_THREADS": threads}

    def load(self, path):
        self.compiled = self.library.Core().compile_model(path, "CPU", self.settings)
        self.request = self.compiled.create_infer_request()

    def set_input(self, images):
        self.request.set_input_tensor(self.library.Tensor(images, shared_memory=True))

    def run(self):
        self.request.infer()

    def output(self):
        return self.request.get_output_tensor().data

    def precision(self):
        """The hint as it took it, and precision and implementation of the convolutions in the graph it executes."""
        hint = self.compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
        kinds = collections.Counter()
        for node in self.compiled.get_runtime_model().get_ops():
            info = node.get_rt_info()
            if info["layerType"].astype(str) == "Convolution":
                kinds[f"{info['runtimePrecision'].astype(str)} {info['primitiveType'].astype(str)}"] += 1
        return f"{hint}, convolutions: " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
