"""fovea held to direct arithmetic: no Winograd."""
from engines import fovea

TITLE = "fovea direct"
FORMAT = fovea.FORMAT
HELD_TO_AVX2 = fovea.HELD_TO_AVX2


def measure(job):
    return fovea.time_arithmetic(job, "direct")
