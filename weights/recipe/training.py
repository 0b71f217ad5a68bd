"""The two stages of training, what is measured after them, and what is saved."""

import math
import os
import pathlib

import absl.logging
import keras
import numpy as np

from . import card, scores, self_test
from . import labels as lb
from .batches import Batches
from .network import HEAD_LAYERS, build_network, freeze_backbone
from .preprocess import fill_cache

absl.logging.set_verbosity(absl.logging.ERROR)  # Keras warns at every save that .h5 is its older format, which we want


VALIDATION = "validation images (the best epoch was chosen on them)"


class KeepBest(keras.callbacks.Callback):
    """Grades the validation images after every epoch, keeps the weights with the best kappa and saves them at once, so
    that a training that is stopped leaves its best model behind."""

    def __init__(self, training, batches, options):
        super().__init__()
        self.training, self.batches, self.options, self.best, self.weights = training, batches, options, -math.inf, None

    def on_epoch_end(self, epoch, logs=None):
        settle_batch_norm(self.model, self.training)
        matrix = grade(self.model, self.batches)
        kappa = scores.quadratic_weighted_kappa(matrix)
        logs.update(val_accuracy=scores.accuracy(matrix), val_kappa=kappa)  # printed by Keras with its own figures
        if kappa > self.best:
            self.best, self.weights = kappa, self.model.get_weights()
            save(self.model, self.options, ["Training was not finished.", sentence(VALIDATION, matrix)])

    def restore(self, model):
        if self.weights is not None:
            model.set_weights(self.weights)


class RiseAndFall(keras.optimizers.schedules.LearningRateSchedule):
    """A linear rise over the first tenth of the steps, then half a cosine down to zero."""

    def __init__(self, peak, steps):
        self.peak, self.steps = peak, steps

    def __call__(self, step):
        step = keras.ops.cast(step, "float32")
        rise = max(1.0, self.steps / 10)
        fall = 0.5 * (1 + keras.ops.cos(math.pi * (step - rise) / max(1.0, self.steps - rise)))
        return self.peak * keras.ops.where(step < rise, (step + 1) / (rise + 1), fall)

    def get_config(self):
        return {"peak": self.peak, "steps": self.steps}


def settle_batch_norm(model, training, batches=40):
    """Measures every trainable batch normalisation's mean and variance anew, over some training batches.

    The running averages that Keras keeps trail behind the weights by a hundred steps. After a short training that alone
    moved the grades of our drawings from a kappa of 0.94 to 0.83.
    """
    changing = [layer for layer in model.layers if layer.trainable and type(layer) is keras.layers.BatchNormalization]
    if not changing:
        return
    kept = [layer.momentum for layer in changing]
    body = keras.Model(model.input, model.get_layer(HEAD_LAYERS[0]).output)  # the head has nothing to measure
    for i in range(min(batches, len(training))):
        for layer in changing:
            layer.momentum = i / (i + 1)  # a plain mean over the batches
        body(training[i][0], training=True)
    for layer, momentum in zip(changing, kept):
        layer.momentum = momentum


def grade(model, batches):
    """Confusion matrix of a model on a set."""
    answers = [model.predict_on_batch(batches[i][0]) for i in range(len(batches))]
    return scores.confusion_matrix(batches.grades, np.concatenate(answers).argmax(axis=1))


def open_set(options, images, labels, size, **how):
    files = fill_cache(lb.find_images(images, labels), options.cache, size, options.workers)
    grades = [label.grade for label in labels]
    return Batches(files, grades, options.batch_size, workers=options.workers, seed=options.seed, **how)


def class_weights(options, grades):
    if options.class_weights == "none":
        return None
    counts = np.bincount(grades, minlength=len(lb.CLASSES))
    present = np.count_nonzero(counts)
    return {g: len(grades) / (present * count) if count else 0.0 for g, count in enumerate(counts)}


def fit(model, options, training, keeper, epochs, schedule):
    optimizer = keras.optimizers.Adam(schedule)
    model.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    weights = class_weights(options, training.grades)
    model.fit(training, epochs=epochs, callbacks=[keeper], class_weight=weights, shuffle=False)


def train(options):
    keras.utils.set_random_seed(options.seed)
    pathlib.Path(options.output).resolve().parent.mkdir(parents=True, exist_ok=True)
    train_labels, valid_labels = lb.split(lb.read_labels(options.labels), options.seed)
    print(f"{len(train_labels)} images for training, {len(valid_labels)} for validation")
    training = open_set(options, options.images, train_labels, options.size, augment=not options.no_augment)
    validation = open_set(options, options.images, valid_labels, options.size)

    model = first_weights(options)
    print(f"{model.name}: {model.count_params():,} parameters, input {options.size}x{options.size}")
    keeper = KeepBest(training, validation, options)
    if options.epochs_head:
        print("stage 1: the head alone")
        freeze_backbone(model, True)
        fit(model, options, training, keeper, options.epochs_head, options.rate_head)
    if options.epochs_all:
        print("stage 2: the whole network")
        freeze_backbone(model, False)
        schedule = RiseAndFall(options.rate_all, options.epochs_all * len(training))
        fit(model, options, training, keeper, options.epochs_all, schedule)
    keeper.restore(model)
    freeze_backbone(model, False)
    save(model, options, measure(model, options, validation))
    print(f"model: {options.output}\ncard:  {card.card_path(options.output)}")


def first_weights(options):
    """The network as training finds it."""
    if not options.start:
        imagenet = {"none": None, "download": "imagenet"}.get(options.imagenet, options.imagenet)
        return build_network(options.size, options.width, imagenet)
    model = build_network(options.size, options.width)
    try:
        model.load_weights(options.start)
    except ValueError as error:
        raise lb.RecipeError(f"{options.start}: not a model of width {options.width:g} saved by train.py") from error
    return model


def measure(model, options, validation):
    """Prints the scores; returns them as sentences for the card."""
    matrix = grade(model, validation)
    print(scores.report("validation", matrix))
    sentences = [sentence(VALIDATION, matrix)]
    if options.test_images:
        labels = lb.read_labels(options.test_labels)
        matrix = grade(model, open_set(options, options.test_images, labels, options.size))
        print(scores.report("held-out test set", matrix))
        sentences.append(sentence("held-out test images", matrix))
    return sentences


def sentence(what, matrix):
    return (f"Measured on {matrix.sum()} {what}: accuracy {scores.accuracy(matrix):.4f}, "
            f"quadratic weighted kappa {scores.quadratic_weighted_kappa(matrix):.4f}.")


def save(model, options, measured):
    part = f"{options.output}.part.h5"  # renamed when whole: a stopped run leaves no half model
    model.save(part, include_optimizer=options.keep_optimizer)
    start = "random weights" if options.imagenet == "none" else "ImageNet weights"
    if options.start:
        start = "the weights of an earlier run"
    origin = [options.about, f"ResNet50 at width {options.width:g}, input {options.size}x{options.size}, trained by "
              f"weights/train.py from {start} with seed {options.seed}: {options.epochs_head} epochs of the head, "
              f"{options.epochs_all} of the whole network."] + measured
    text = " ".join(part.strip() for part in origin if part.strip())
    full_card = card.make_card(options.size, text, options.model_version, options.demo)
    try:
        full_card["self_test"] = self_test.make(model, part, self_test.value_range(full_card["preprocessing"]))
    except ValueError as error:
        raise lb.RecipeError(f"{options.output}: {error}") from error
    os.replace(part, options.output)
    card.write_card(options.output, full_card)


def evaluate(options):
    size = card.check_card(options.evaluate)
    model = keras.saving.load_model(options.evaluate, compile=False)
    labels = lb.read_labels(options.labels)
    print(scores.report(options.evaluate, grade(model, open_set(options, options.images, labels, size))))
