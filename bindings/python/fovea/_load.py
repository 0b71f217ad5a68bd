"""From a file that Keras wrote to a model."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Literal

from fovea import _core

Path = str | os.PathLike
Buffer = bytes | bytearray | memoryview


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


def _text(value: Path | dict | None) -> tuple[bytes, bytes]:
    """(path, JSON) of what is a file, or a dict of what could stand in one."""
    if isinstance(value, dict):
        return b"", json.dumps(value).encode()
    return existing(value), b""


def load(source: Path | Buffer, *, isa: str = "", arithmetic: Literal["fast", "direct"] = "fast", threads: int = 0,
         card: _core.Card | Path | dict | Literal[False] | None = None, height: int | None = None,
         width: int | None = None, config: Path | dict | None = None, architecture: str = "",
         layers: Path | dict | None = None, resizable: bool = False,
         progress: Callable[[float], None] | None = None) -> _core.Model:
    """Loads a `.keras` archive, an `.h5` of Keras 1, 2 or 3, or a `.weights.h5`, told apart by content.

    Parameters
    ----------
    source : the path of the file, or what stands in it: bytes are read where they lie, other buffers are copied.
    isa : instruction set, one of `fovea.isas()`; "" is the environment's FOVEA_ISA, or the best.
    arithmetic : "fast", or "direct": no Winograd, slower and closest to exact sums.
    threads : that one run uses; 0 is as many as this process may.
    card : how pictures are prepared and grades decided, for `grade`; None is the one beside the file, if there is one
        (`M.json` beside `M.h5`), False none.
    height, width : of the input where the model leaves them open; of rows, `width` is their length. A card that resizes
        pictures says it as well.
    config, architecture : of a file of weights alone: what `to_json` wrote, as a file or a dict, or "resnet50",
        "resnet50-notop".
    layers : JSON, as a file or a dict, that says what to run in place of Lambda and own layers (docs/layers.md).
    progress : called with the share that is done, from 0 to 1; what it raises ends the load, as Ctrl-C does.
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
    if source is None:
        raise TypeError("source must be a path or bytes, got None")
    in_memory = isinstance(source, (bytes, bytearray, memoryview))
    name = bytes(source) if in_memory else existing(source)
    if card is None:
        card = None if in_memory else _core._card_beside(name)
    elif card is not False and not isinstance(card, _core.Card):
        card = _core.Card(card)
    return _core._load(name, not in_memory, isa, arithmetic, threads, card or None, height or 0, width or 0,
                       *_text(config), architecture, *_text(layers), resizable, progress)
