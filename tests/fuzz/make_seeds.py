"""Seeds for the fuzzers out of the small real files of tests/keras/golden: make_seeds.py FOLDER fills FOLDER/load and
FOLDER/config."""

import pathlib
import re
import sys
import zipfile

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "keras" / "golden"
CONFIG = re.compile(rb'\{"class_name": "(?:Sequential|Functional|Model)"[\x20-\x7e]*')


def main():
    load, config = (pathlib.Path(sys.argv[1]) / name for name in ("load", "config"))
    for folder in (load, config):
        folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(GOLDEN.glob("*.h5")):
        data = path.read_bytes()
        (load / path.name).write_bytes(data)
        for number, found in enumerate(CONFIG.findall(data)):
            (config / f"{path.stem}{number}.json").write_bytes(found)
            with zipfile.ZipFile(load / f"{path.stem}{number}.keras", "w") as archive:
                archive.writestr("metadata.json", '{"keras_version": "3.6.0"}')
                archive.writestr("config.json", found)
                archive.writestr("model.weights.h5", data)
    for path in sorted(GOLDEN.glob("*.json")):
        (config / path.name).write_bytes(path.read_bytes())
    print(f"{len(list(load.iterdir()))} files and {len(list(config.iterdir()))} configurations")


if __name__ == "__main__":
    main()
