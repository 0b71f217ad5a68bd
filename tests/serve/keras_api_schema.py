"""Asks a running grade-server all that /openapi.json allows, and some that it does not, by schemathesis.

Runs in the tests' Python environment (tests/requirements.txt); skipped where schemathesis is not in it.
"""
import shutil
import subprocess
import sys
from pathlib import Path

from server import Server

SKIP = 77
# A picture is bytes that no schema can describe: arbitrary ones are refused with 400 or 422, and that is right.
WITHOUT = "positive_data_acceptance"


def main():
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    if program is None:
        print("skipped: schemathesis is not installed beside this Python")
        return SKIP
    with Server("--max-pixels", "4") as server:
        done = subprocess.run([program, "run", f"http://127.0.0.1:{server.port}/openapi.json", "--checks", "all",
                               "--exclude-checks", WITHOUT, "--max-examples", "100", "--seed", "8"],
                              cwd=server.folder.name, timeout=900)
        alive = server.is_alive()
    return 0 if done.returncode == 0 and alive else 1


if __name__ == "__main__":
    sys.exit(main())
