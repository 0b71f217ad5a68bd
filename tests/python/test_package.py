"""The package: what model-info tells, names and types as the stubs say, nothing printed."""

import ast
import json
import pathlib
import subprocess
import sys

import fovea
from conftest import BIN, DEMO


def test_info_is_that_of_model_info(demo, picture):
    for path, model in ((DEMO, demo), (picture.path, picture.fovea)):
        printed = subprocess.run([BIN / "model-info", "--json", path], check=True, capture_output=True, text=True).stdout
        assert model.info() == json.loads(printed)
        assert model.layers == model.info()["layers"]


def test_version_and_instruction_sets():
    printed = subprocess.run([BIN / "model-info", "--version"], check=True, capture_output=True, text=True).stdout
    assert fovea.__version__ in printed and ", ".join(fovea.isas()) in printed
    assert fovea.allowed_threads() >= 1


def stub_names(body):
    names = {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    return names | {node.target.id for node in body if isinstance(node, ast.AnnAssign)}


def test_stubs_name_what_is_there():
    package = pathlib.Path(fovea.__file__).parent
    assert (package / "py.typed").is_file()
    tree = ast.parse((package / "_core.pyi").read_text(encoding="utf-8"))
    def public(thing):
        return {name for name in vars(thing) if not name.startswith("__") or name in ("__call__", "__version__")}
    assert stub_names(tree.body) == public(fovea._core)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not issubclass(getattr(fovea, node.name), Exception):
            names = stub_names(node.body) - {"__init__"}
            assert names == public(getattr(fovea, node.name)) - {"__init__"}, node.name


def test_everything_public_has_words():
    for name in fovea.__all__:
        if not name.startswith("__"):
            assert getattr(fovea, name).__doc__, name


def test_nothing_is_printed(tmp_path):
    program = f"import fovea; m = fovea.load({str(DEMO)!r}); s = m.session(); v = s.input(); s.run(); m.info()"
    done = subprocess.run([sys.executable, "-X", "dev", "-W", "error", "-c", program], capture_output=True, text=True,
                          check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
