"""Every call that a short run makes fails once, and the run is killed at each: nothing is lost, nothing is half there."""
import http.client
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from faults import FAULTS, SOURCE, TOOLS, Result, Scenario, clean_end, environment, leftovers, pictures, run, whole, whole_png

sys.path.insert(0, str(SOURCE / "tests/serve"))
from server import form, sample  # noqa: E402  (beside the other tests of the server)

ALL = list(FAULTS)
OLD = b"id_code,diagnosis\nold,1\n"
made = tempfile.TemporaryDirectory(prefix="fovea-fault-model-")
MODEL = Path(made.name) / "tiny.h5"


def setUpModule():
    subprocess.run([TOOLS / "fovea-tiny-model", MODEL], check=True)


def tearDownModule():
    made.cleanup()


class BatchPredict(Scenario):
    good = None

    def prepare(self, folder):
        pictures(folder / "pictures")
        (folder / "pictures/broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
        for name in ("labels.csv", "labels.run.json"):
            (folder / name).write_bytes(OLD)

    def command(self, folder, *more):
        return [TOOLS / "batch-predict", "--model", MODEL, "--preprocess", "resize-255", "--input", folder / "pictures",
                "--output", folder / "labels.csv", "--details", "--quiet", "--threads", "1", "--write-ids",
                folder / "ids.csv", *more]

    def results(self, folder):
        errors = (folder / "labels.errors.csv").read_text().replace(str(folder), "")
        return (folder / "labels.csv").read_bytes(), errors, (folder / "ids.csv").read_bytes()

    def undisturbed(self):
        if BatchPredict.good is None:
            with tempfile.TemporaryDirectory(prefix="fovea-fault-") as name:
                folder = Path(name)
                self.prepare(folder)
                assert run(self.command(folder)).code == 1
                BatchPredict.good = self.results(folder)
        return BatchPredict.good

    def judge(self, folder, result, fault):
        labels, errors, ids = self.undisturbed()
        journal = folder / "labels.csv.journal"
        if not result.killed and result.code not in (1, 2):
            return "an exit code that says nothing went wrong, or a signal"
        record = (folder / "labels.run.json").read_bytes()
        if record != OLD:
            json.loads(record)
        if not whole(folder / "ids.csv", ids):
            return "half a list of ids"
        if not result.killed:
            if wrong := clean_end(result, "batch-predict", (1, 2)):
                return wrong
            # Where memory gives out within a library's destructor (nlohmann's JSON), the process ends at once: temporary
            # files stay, under names that say so.
            if leftovers(folder) and not fault.startswith(("remove", "memory")):
                return f"left over: {leftovers(folder)}"
        if result.code == 1:
            return self.judge_partial(folder, labels)
        if not whole(folder / "labels.csv", OLD, labels):
            return "labels.csv is neither the old nor the new one"
        # What was kept is of use: the run goes on to the same files.
        how = ["--resume"] if journal.exists() else []
        again = run(self.command(folder, *how))
        if again.code != 1:
            return f"cannot go on: {again.err}"
        if self.results(folder) != (labels, errors, ids):
            return "the run that went on has other results"
        return None

    def judge_partial(self, folder, good):
        """Exit code 1: each picture has its row, or a reason why not."""
        rows = {line.split(b",")[0]: line for line in good.splitlines()[1:]}
        written = (folder / "labels.csv").read_bytes().splitlines()[1:]
        if any(rows.get(line.split(b",")[0]) != line for line in written):
            return "a row is another than without the fault"
        errors = (folder / "labels.errors.csv").read_text().splitlines()[1:]
        named = {line.split(b",")[0].decode() for line in written} | {line.split(",")[0] for line in errors}
        wanted = {path.stem for path in (folder / "pictures").iterdir()}
        return None if named == wanted else f"lost in silence: {wanted - named}"


class ModelLoad(Scenario):
    def prepare(self, folder):
        pass

    def command(self, folder):
        return [TOOLS / "model-info", MODEL]

    def judge(self, folder, result, fault):
        if result.killed or result.code == 0 and result.out == run(self.command(folder)).out:
            return None
        return clean_end(result, "model-info")


class ModelPack(Scenario):
    most = 20
    good = None

    def prepare(self, folder):
        (folder / "model.fovea").write_bytes(OLD)

    def command(self, folder):
        return [TOOLS / "model-pack", MODEL, "--output", folder / "model.fovea", "--isa", "portable", "--quiet"]

    def judge(self, folder, result, fault):
        if ModelPack.good is None:
            with tempfile.TemporaryDirectory(prefix="fovea-fault-") as name:
                assert run(self.command(Path(name))).code == 0
                ModelPack.good = (Path(name) / "model.fovea").read_bytes()
        if (folder / "model.fovea").read_bytes() not in (OLD, ModelPack.good):
            return "the pack file is neither the old nor the new one"
        if result.killed or result.code == 0:
            return None
        if leftovers(folder) and not fault.startswith(("remove", "memory")):
            return f"left over: {leftovers(folder)}"
        return clean_end(result, "model-pack")


class PackLoad(ModelLoad):
    most = 20

    def prepare(self, folder):
        command = [TOOLS / "model-pack", MODEL, "--output", folder / "model.fovea", "--isa", "portable", "--quiet"]
        assert run(command).code == 0

    def command(self, folder):
        return [TOOLS / "model-info", folder / "model.fovea", "--isa", "portable", "--verify"]


class Compare(Scenario):
    most = 6  # drawing takes its time
    good = None

    def prepare(self, folder):
        rows = [(i, i % 5, (i * 3) % 5) for i in range(12)]
        (folder / "benchmark.csv").write_text("id_code,diagnosis\n" + "".join(f"{i},{a}\n" for i, a, _ in rows))
        (folder / "predictions.csv").write_text("id_code,diagnosis\n" + "".join(f"{i},{p}\n" for i, _, p in rows))
        (folder / "out").mkdir()
        for name in ("metrics.csv", "report.html", "confusion.png"):
            (folder / "out" / name).write_bytes(OLD)

    def command(self, folder):
        return [TOOLS / "benchmark-compare", "--benchmark", folder / "benchmark.csv", "--predictions",
                folder / "predictions.csv", "--output", folder / "out", "--resamples", "20", "--quiet"]

    def undisturbed(self):
        if Compare.good is None:
            with tempfile.TemporaryDirectory(prefix="fovea-fault-") as name:
                folder = Path(name)
                self.prepare(folder)
                assert run(self.command(folder)).code == 0
                Compare.good = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
        return Compare.good

    def judge(self, folder, result, fault):
        good = self.undisturbed()
        for path in (folder / "out").iterdir():
            content = path.read_bytes()
            if path.name.startswith(".fovea-"):
                if not result.killed and not fault.startswith(("remove", "memory")):
                    return f"left over: {path.name}"
            elif path.name in ("metrics.json", "report.html"):  # they hold the time
                end = b"}\n" if path.suffix == ".json" else b"</html>\n"
                if content != OLD and not content.endswith(end):
                    return f"half a {path.name}"
            elif content not in (OLD, good.get(path.name)) and not self.drawn_otherwise(path, content, fault):
                return f"{path.name} is neither the old nor the new one"
        if result.killed:
            return None
        if result.code != 0:
            return clean_end(result, "benchmark-compare")
        missing = [name for name in good if not (folder / "out" / name).exists()]
        stale = [name for name in good if not missing and (folder / "out" / name).read_bytes() == OLD]
        return f"success is reported without {missing or stale}" if missing or stale else None

    @staticmethod
    def drawn_otherwise(path, content, fault):
        """A font that cannot be read is one that is not there: the letters are another font's, the picture is whole."""
        return path.suffix == ".png" and fault.startswith(("open", "read", "close", "memory")) and whole_png(content)


class Serve(Scenario):
    """A server that starts, answers the same picture twice, and ends."""

    most = 8
    good = None

    def prepare(self, folder):
        pass

    def attempt(self, folder, fault, report=None):
        command = [TOOLS / "grade-server", "--model", MODEL, "--preprocess", "resize-255", "--threads", "1", "--port", "0",
                   "--audit-log", folder / "audit.jsonl"]
        out, err = folder / "out", folder / "err"
        with out.open("wb") as output, err.open("wb") as errors:
            process = subprocess.Popen(command, stdout=output, stderr=errors, env=environment(fault, report))
        try:
            end = time.monotonic() + 60
            while not re.search(r"^ready$", out.read_text(), re.MULTILINE) and process.poll() is None:
                assert time.monotonic() < end, "never ready"
                time.sleep(0.01)
            found = re.search(r"http://127.0.0.1:([0-9]+)/", out.read_text())
            answers = [self.ask(int(found[1])) for _ in range(2)] if process.poll() is None else []
            process.send_signal(signal.SIGTERM)
            code = process.wait(60)
        except (subprocess.TimeoutExpired, AssertionError) as error:
            process.kill()
            return Result(-1, "[]", f"{error}; {err.read_text(errors='replace')}")
        return Result(code, json.dumps(answers), err.read_text(errors="replace"))

    @staticmethod
    def ask(port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        body, kind = form([("image", sample())])
        try:
            connection.request("POST", "/api/v1/predict", body, {"Content-Type": kind})
            answer = connection.getresponse()
            text = answer.read()
            return [answer.status, json.loads(text)["results"][0]
                    if answer.status == 200 else None]
        except (OSError, http.client.HTTPException):
            return [0, None]
        finally:
            connection.close()

    def undisturbed(self):
        if Serve.good is None:
            with tempfile.TemporaryDirectory(prefix="fovea-fault-") as name:
                first, second = json.loads(self.attempt(Path(name), "count").out)
                assert first == second and first[0] == 200, (first, second)
                Serve.good = first
        return Serve.good

    def judge(self, folder, result, fault):
        good, answers = self.undisturbed(), json.loads(result.out)
        wrong = [answer for answer in answers if answer != good]
        told = [answer for answer in wrong if answer[0] == 200 and "error" not in answer[1]]
        if told:
            return f"another answer: {told}"
        log = folder / "audit.jsonl"
        lines = log.read_text().splitlines(keepends=True) if log.exists() else []
        entries = [json.loads(line) for line in lines if line.endswith("\n")]
        if len(entries) < len([answer for answer in answers if answer[0] == 200]):
            return "an answer that the audit log does not hold"
        if result.killed:
            return None
        if not answers:
            return clean_end(result, "grade-server")
        # A log that cannot be written stops all answers; any other fault costs one.
        if len(wrong) == 2 and not all(answer[0] >= 500 for answer in wrong):
            return f"goes on failing: {wrong}"
        return f"exit code {result.code}" if result.code not in (0, 2) else None


class Faults(unittest.TestCase):
    def survive(self, scenario, kinds):
        found = scenario.failures(kinds)
        self.assertFalse(found, "\n".join(found))

    def test_batch_predict(self):
        self.survive(BatchPredict(), ALL)

    def test_model_load(self):
        self.survive(ModelLoad(), ["open", "read", "close", "memory"])

    def test_model_pack(self):
        self.survive(ModelPack(), ALL)

    def test_pack_load(self):
        self.survive(PackLoad(), ["open", "read", "close", "memory"])

    def test_served_request(self):
        self.survive(Serve(), ALL)

    def test_benchmark_compare(self):
        self.survive(Compare(), ALL)


if __name__ == "__main__":
    unittest.main()
