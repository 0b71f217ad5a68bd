"""OpenCV's DNN module on the ONNX file."""

TITLE = "OpenCV DNN"
PACKAGE = "opencv-python-headless"
FORMAT = "onnx"
LAYOUT = "nchw"
HELD_TO_AVX2 = {"OPENCV_CPU_DISABLE": "AVX512-SKX"}


class Peer:
    def __init__(self, threads):
        import cv2

        self.library = cv2
        cv2.setNumThreads(threads)

    def load(self, path):
        self.net = self.library.dnn.readNetFromONNX(path)
        self.net.setPreferableBackend(self.library.dnn.DNN_BACKEND_OPENCV)
        self.net.setPreferableTarget(self.library.dnn.DNN_TARGET_CPU)

    def set_input(self, images):
        self.net.setInput(images)

    def run(self):
        self.answer = self.net.forward()

    def output(self):
        return self.answer

    def precision(self):
        """The type of its answer and of the weights it shows; its CPU target knows no smaller one unless asked for."""
        types = {self.answer.dtype.name}
        for name in self.net.getLayerNames():
            types |= {blob.dtype.name for blob in self.net.getLayer(name).blobs}
        features = [word for word in self.library.getCPUFeaturesLine().split() if not word.endswith("?")]  # ?: held off
        return f"{'/'.join(sorted(types))}, kernels up to {features[-1].strip('*')}"
