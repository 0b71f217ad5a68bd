"""From a file that Keras wrote to a model."""

from __future__ import annotations

import os
from typing import Literal

from fovea import _core

Path = str | os.PathLike


def expect(value, kind: type, name: str) -> None:
    """Raises TypeError, in one line, for what is of another type."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {kind.__name__}, got {type(value).__name__}")


def existing(path: Path | None) -> bytes:
    """The bytes of a path, b"" for None; FileNotFoundError and the like, as open() would raise them."""
    if path is None:
        return b""
    name = os.fsencode(path)
    os.stat(name)
    return name


def load(path: Path, *, isa: str = "", arithmetic: Literal["fast", "direct"] = "fast", threads: int = 0,
         card: _core.Card | Path | Literal[False] | None = None, height: int | None = None, width: int | None = None,
         config: Path | None = None, architecture: str = "", layers: Path | None = None,
         resizable: bool = False) -> _core.Model:
    """Loads a `.keras` archive, an `.h5` of Keras 1, 2 or 3, or a `.weights.h5`, told apart by content.

    Parameters
    ----------
    path : the file.
    isa : instruction set, one of `fovea.isas()`; "" is the environment's FOVEA_ISA, or the best.
    arithmetic : "fast", or "direct": no Winograd, slower and closest to exact sums.
    threads : that one run uses; 0 is as many as this process may.
    card : how pictures are prepared and grades decided, for `grade`; None is the one beside the file, if there is one
        (`M.json` beside `M.h5`), False none.
    height, width : of the input where the model leaves them open; of rows, `width` is their length. A card that resizes
        pictures says it as well.
    config, architecture : of a file of weights alone: what `to_json` wrote, or "resnet50", "resnet50-notop".
    layers : JSON that says what to run in place of Lambda and own layers (docs/layers.md).
    resizable : keep what `Session.resize` needs: the weights once more.

    Raises
    ------
    fovea.Error : one line that names the file, the place and the reason. It is a ValueError.
    fovea.UnsupportedError : the model uses what is not implemented. It is a NotImplementedError too.
    OSError : there is no such file.
    """
    expect(isa, str, "isa")
    expect(arithmetic, str, "arithmetic")
    expect(architecture, str, "architecture")
    expect(resizable, bool, "resizable")
    if path is None:
        raise TypeError("path must be the path of a file, got None")
    name, config, layers = existing(path), existing(config), existing(layers)
    if card is None:
        card = _core._card_beside(name)
    elif card is not False and not isinstance(card, _core.Card):
        card = _core.Card(card)
    return _core._load(name, isa, arithmetic, threads, card or None, height or 0, width or 0, config,
                       architecture, layers, resizable)
