"""Pictures to grades: the same as batch-predict, whatever form the pictures come in."""

import csv
import json
import subprocess

import cv2
import numpy as np

import fovea
from conftest import BIN, DEMO, SAMPLES


def rows_of_batch_predict(tmp_path, *options):
    output = tmp_path / "grades.csv"
    subprocess.run([BIN / "batch-predict", "--model", DEMO, "--input", *SAMPLES, "--output", output, "--details",
                    "--quiet", *options], check=True)
    with open(output, newline="", encoding="utf-8") as file:
        return {row["id_code"]: row for row in csv.DictReader(file)}


def assert_row(row, grade):
    assert int(row["diagnosis"]) == grade.grade and row["class"] == grade.name and row["note"] == grade.note
    assert [np.float32(row[f"p{k}"]) for k in range(5)] == [np.float32(p) for p in grade.probabilities]
    assert bool(int(row["referable"])) == grade.referable and np.float32(row["confidence"]) == np.float32(grade.confidence)


def test_as_batch_predict(demo, tmp_path):
    rows = rows_of_batch_predict(tmp_path)
    for grade, path in zip(fovea.grade(demo, SAMPLES), SAMPLES):
        assert_row(rows[path.stem], grade)
        assert grade.picture == str(path) and grade.error == ""
    rows = rows_of_batch_predict(tmp_path, "--tta", "3", "--referable", "1", "--threads", "1")
    for grade, path in zip(fovea.grade(demo, SAMPLES, views=3, threads=3, card=fovea.Card(DEMO.with_suffix(".json"), referable=1)),
                           SAMPLES):
        assert_row(rows[path.stem], grade)
    assert len({row["diagnosis"] for row in rows.values()}) > 2


def test_paths_bytes_and_arrays(demo):
    path = SAMPLES[2]
    data = path.read_bytes()
    pixels = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    expected = fovea.grade(demo, path)
    turned = np.ascontiguousarray(pixels[::-1])[::-1]
    for form in (str(path), data, bytearray(data), memoryview(data), pixels, turned, np.asfortranarray(pixels)):
        got = fovea.grade(demo, form)
        assert (got.grade, got.probabilities) == (expected.grade, expected.probabilities)
        assert got.outputs.tobytes() == expected.outputs.tobytes()
    assert fovea.grade(demo, pixels[..., ::-1]).outputs.tobytes() != expected.outputs.tobytes()
    assert demo(fovea.prepare(demo, pixels)).tobytes() == expected.outputs.tobytes()
    png = cv2.imencode(".png", pixels[..., ::-1])[1].tobytes()
    tiff = cv2.imencode(".tiff", pixels[..., ::-1])[1].tobytes()
    bmp = cv2.imencode(".bmp", pixels[..., ::-1])[1].tobytes()
    assert {g.probabilities for g in fovea.grade(demo, (png, tiff, bmp))} == {expected.probabilities}


def test_one_bad_picture_costs_no_other(demo, tmp_path):
    (tmp_path / "cut.jpg").write_bytes(SAMPLES[0].read_bytes()[:2000])
    given = [SAMPLES[0], tmp_path / "cut.jpg", "/none.png", b"", SAMPLES[1]]
    grades = fovea.grade(demo, given)
    assert [bool(g.error) for g in grades] == [False, True, True, True, False]
    assert all(g.grade is None and g.outputs is None and g.referable is None and "\n" not in g.error for g in grades[1:4])
    assert grades[3].picture == "picture 3"
    alone = fovea.grade(demo, SAMPLES[1])
    assert grades[4].outputs.tobytes() == alone.outputs.tobytes()
    assert fovea.grade(demo, []) == []
    assert fovea.grade(demo, (path for path in SAMPLES[:2]))[1].grade == alone.grade
    assert fovea.grade(demo, tmp_path / "cut.jpg", accept_damaged=True).note


def test_a_failing_self_test_grades_nothing(tmp_path):
    card = json.loads(DEMO.with_suffix(".json").read_text())
    card["self_test"]["outputs"][0] += 0.5
    (tmp_path / "wrong.json").write_text(json.dumps(card))
    model = fovea.load(DEMO, card=tmp_path / "wrong.json")
    for _ in range(2):
        try:
            fovea.grade(model, SAMPLES[0])
        except fovea.Error as error:
            assert "self-test" in str(error)
        else:
            raise AssertionError("a network that fails its self-test graded a picture")


def test_cards(demo):
    card = demo.card
    assert card.demo and card.referable == 2 and card.has_self_test and len(card.classes) == 5
    assert card.grade_names[0] == "No DR" and json.loads(card.json)["classes"] == card.classes
    assert fovea.load(DEMO, card=False).card is None
    other = fovea.Card.preset("imagenet-torch", resize="256x256", classes=["a", "b", "c", "d", "e"], mean=(0.5, 0.4, 0.3))
    grade = fovea.grade(demo, SAMPLES[0], card=other)
    assert grade.name in "abcde" and grade.note == ""
    assert "imagenet-torch" in fovea.presets()
