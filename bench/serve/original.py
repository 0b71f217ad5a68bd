"""The original's way, to be measured: original.py MODEL PORT [gaussian]. One Flask process, one Keras model, the uploaded
photograph written to a file, read, resized and graded; with `gaussian` the step that the model was trained with as well.
"""
import os
import sys
import tempfile

import cv2
import flask
import keras
import numpy as np


def main():
    model = keras.models.load_model(sys.argv[1], compile=False)
    height, width = model.input_shape[1:3]
    app = flask.Flask("original")
    folder = tempfile.mkdtemp()

    @app.post("/submit")
    def submit():
        handle, path = tempfile.mkstemp(dir=folder)
        os.close(handle)
        flask.request.files["my_image"].save(path)
        picture = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
        os.unlink(path)
        if "gaussian" in sys.argv[3:]:
            picture = cv2.addWeighted(picture, 4, cv2.GaussianBlur(picture, (0, 0), 40), -4, 128)
        pixels = cv2.resize(picture, (width, height), interpolation=cv2.INTER_CUBIC)[np.newaxis].astype(np.float32) / 255
        return f"<p>{int(np.argmax(model.predict(pixels, verbose=0)[0]))}</p>"
    print("ready", flush=True)
    app.run("127.0.0.1", int(sys.argv[2]))


main()
