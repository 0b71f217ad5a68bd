"""From pictures to grades."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fovea import _core
from fovea._load import expect

Picture = str | os.PathLike | bytes | np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Grade:
    """What became of one picture."""

    picture: str  #: its path, or which one of those that were given
    grade: int | None  #: None where there is an error
    name: str  #: of the grade, "" if the card states none
    probabilities: tuple[float, ...]  #: of all grades; empty for a regression
    referable: bool | None  #: None where that is no question of the card
    outputs: np.ndarray | None  #: of the network, float32, the mean over the views
    note: str  #: what a reader of the result should know
    error: str  #: why there is no grade, "" if there is one

    @property
    def confidence(self) -> float | None:
        """The probability of the grade; None for a regression."""
        return self.probabilities[self.grade] if self.probabilities else None


def grade(model: _core.Model, pictures: Picture | Iterable[Picture], *, card: _core.Card | None = None, views: int = 1,
          threads: int = 0, fast_decode: bool = False, accept_damaged: bool = False) -> Grade | list[Grade]:
    """Grades pictures as batch-predict does: decoded, prepared as the card says, run, decided.

    Parameters
    ----------
    pictures : a path, the bytes of a file (JPEG, PNG, TIFF or BMP), or an array of uint8 (H, W, 3) in RGB; or any
        number of those in a list or another iterable.
    card : in place of the model's own.
    views : average over the first so many of identity, flips and quarter turns, 1 to 8.
    threads : for all pictures together; 0 is what the model was loaded with.
    fast_decode : decode JPEGs at a fraction of their size where they are resized to less: faster, other pixels.
    accept_damaged : grade what is left of pictures that lost pixels, with a note that says how much is lost.

    Returns
    -------
    A Grade; for several pictures a list of them in the same order. Results do not depend on `threads`, not even in
    their last bit.

    Raises
    ------
    fovea.Error : for one picture, why it cannot be graded. Of several, each has its own `error`, and the others their
        grades.
    """
    expect(model, _core.Model, "model")
    if card is not None:
        expect(card, _core.Card, "card")
    if _is_one(pictures):
        result = grade(model, [pictures], card=card, views=views, threads=threads, fast_decode=fast_decode,
                       accept_damaged=accept_damaged)[0]
        if result.error:
            raise _core.Error(f"{result.picture}: {result.error}")
        return result
    given = list(pictures)
    used = card if card is not None else model.card
    rows = _core._grade(model, [_as_picture(one) for one in given], card, views, threads, bool(fast_decode),
                        bool(accept_damaged))
    names = used.grade_names
    return [_result(_name_of(one, i), row, names, used.referable) for i, (one, row) in enumerate(zip(given, rows))]


def prepare(model: _core.Model, picture: Picture, *, card: _core.Card | None = None, fast_decode: bool = False,
            accept_damaged: bool = False) -> np.ndarray:
    """What the network sees of a picture: float32 (1, H, W, 3), for `model(...)` and `heat_map`."""
    expect(model, _core.Model, "model")
    if card is not None:
        expect(card, _core.Card, "card")
    return _core._prepare(model, _as_picture(picture), card, bool(fast_decode), bool(accept_damaged))


def heat_map(model: _core.Model, x: Any, class_index: int | None = None) -> np.ndarray:
    """Grad-CAM: `Model.heat_map`."""
    expect(model, _core.Model, "model")
    return model.heat_map(x, class_index)


def _is_one(pictures) -> bool:
    return isinstance(pictures, (str, os.PathLike, bytes, bytearray, memoryview, np.ndarray)) \
        or hasattr(pictures, "__dlpack__") or hasattr(pictures, "__array__")


def _as_picture(picture):
    """What the module takes: a tuple of a path's bytes, bytes, or an array."""
    if isinstance(picture, (str, os.PathLike)):
        return (os.fsencode(picture),)
    if isinstance(picture, (bytes, bytearray, memoryview)):
        return bytes(picture)  # what may change meanwhile is copied
    array = np.from_dlpack(picture) if not isinstance(picture, np.ndarray) and hasattr(picture, "__dlpack__") \
        else np.asarray(picture)
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3:
        raise TypeError("a picture is a path, bytes of a file, or an array of uint8 (H, W, 3), "
                        f"got {array.dtype} {array.shape}")
    return np.ascontiguousarray(array)


def _name_of(picture, index: int) -> str:
    return os.fsdecode(picture) if isinstance(picture, (str, os.PathLike)) else f"picture {index}"


def _result(picture: str, row, names: list[str], referable: int | None) -> Grade:
    number, outputs, probabilities, note, error = row
    if error:
        return Grade(picture, None, "", (), None, None, "", error)
    name = names[number] if number < len(names) else ""
    return Grade(picture, number, name, probabilities, None if referable is None else number >= referable, outputs,
                 note, "")
