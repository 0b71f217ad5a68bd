"""The instruction sets of kernels/isa.def, for the checks."""
import re
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).resolve().parents[2] / "kernels" / "isa.def"
LINE = re.compile(r'^FOVEA_ISA\((\w+), ([^,]+), (\w+), \d+, ([^,]+), ([^,]*), "([^"]*)", "([^"]*)"\)$', re.MULTILINE)


class Isa(NamedTuple):
    """One line: `emulated` is qemu's processor that has this set and none of its family's following, or empty."""
    name: str
    processors: list
    vocabulary: str
    architecture: str
    flags: list
    emulated: str

    def definitions(self):
        """What cmake/isa.cmake defines for the copy, and the flags of its compiler."""
        return [f"-DFOVEA_NS={self.name}", f"-DFOVEA_ARCH={self.architecture}", f"-Dxsimd=xsimd_{self.name}",
                f'-DFOVEA_SIMD="kernels/simd/{self.vocabulary}.h"', *self.flags]


def known_isas():
    """All of them, worst first."""
    found = []
    for name, processors, vocabulary, architecture, features, flags, emulated in LINE.findall(TABLE.read_text()):
        has = [f"-m{feature}" for feature in re.findall(r"FOVEA_HAS\((\w+)\)", features)]
        found.append(Isa(name, processors.split("|"), vocabulary, architecture, has + flags.split(), emulated))
    return found
