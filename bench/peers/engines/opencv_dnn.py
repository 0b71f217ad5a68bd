"""OpenCV's DNN module on the ONNX file."""
import cv2


class Peer:
    name = "OpenCV DNN " + cv2.__version__
    precision = "fp32"

    def __init__(self, onnx_path, threads):
        cv2.setNumThreads(threads)
        self.net = cv2.dnn.readNetFromONNX(onnx_path)
        self.net.setPreferableBackend(cv2.dnn.DNN_BACKEND_OPENCV)
        self.net.setPreferableTarget(cv2.dnn.DNN_TARGET_CPU)

    def run(self, batch):
        """`batch` is (N, C, H, W) float32; returns (N, classes)."""
        self.net.setInput(batch)
        return self.net.forward()
