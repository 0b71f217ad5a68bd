"""Opens report.html of benchmark-compare in Chromium at phone, tablet and desktop width and as paper.

Several comparisons, chosen for what breaks a layout: long names, many classes, few images, absent grades, two models.
report_check.js says what a reader would trip over; that it sees such things at all is tried first. Skipped where there
is no Chromium.
"""
import base64
import csv
import os
import random
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

SOURCE = Path(os.environ["FOVEA_SOURCE_DIR"])
sys.path.insert(0, str(SOURCE / "tests/serve"))
from browser import Browser, missing  # noqa: E402

WIDTHS = (360, 768, 1440)
PAPER = 680  # CSS pixels between the margins of an A4 page
SKIP = 77
CHECK = Path(__file__).with_name("report_check.js").read_text(encoding="utf-8")
LONG = ["No apparent diabetic retinopathy whatsoever in any of the seven standard fields",
        "<b>Mild</b> & non-proliferative: microaneurysms only",
        "Moderate non-proliferative diabetic retinopathy, more than just microaneurysms but less than severe",
        "Severe (4-2-1 rule): Venenkaliberschwankungsunregelmaessigkeitenbeurteilung", "W" * 80]

# What each planted fault changes in a good page, and what is to be said of it.
FAULTS = {
    "text of 8": "document.querySelector('svg text').setAttribute('font-size', 8)",
    "lies under a text": "const [a, b] = document.querySelectorAll('svg text');"
                         "for (const n of ['x', 'y', 'text-anchor']) b.setAttribute(n, a.getAttribute(n) || '')",
    "text outside its chart": "document.querySelector('svg text').setAttribute('x', -9)",
    "a chart of 0 texts": "document.querySelectorAll('svg')[1].querySelectorAll('text').forEach(t => t.remove())",
    "a chart without role": "document.querySelector('svg desc').remove()",
    "cannot be selected": "document.querySelector('svg text').style.userSelect = 'none'",
    "px wide": "document.querySelector('section').style.width = '2000px'",
    "cut without a sign": "const t = document.querySelector('.facts'); t.style.overflow = 'hidden';"
                          "t.firstChild.style.width = '3000px'",
    "in a chart": "document.querySelector('svg text').setAttribute('fill', '#999999')",
    "contrast": "document.querySelector('h2').style.color = '#999999'",
    "without headers": "document.querySelector('tbody th').outerHTML = '<td>x</td>'",
    "used twice": "document.querySelector('h1').id = document.querySelector('svg title').id",
    "JSON": "document.querySelector('h2').textContent = '{\"fovea_card\": 1}'",
}


def write_lists(folder, name, rows, classes, probabilities=True, absent=(), seed=1):
    """A benchmark and predictions of it, the made-up model being right in 7 of 10 cases."""
    rng, count = random.Random(seed), len(classes)
    known, predicted = folder / f"{name}-benchmark.csv", folder / f"{name}.csv"
    with known.open("w", newline="") as first, predicted.open("w", newline="") as second:
        truths, grades = csv.writer(first), csv.writer(second)
        truths.writerow(["id_code", "Actual"])
        columns = [f"p{i}" for i in range(count)] if probabilities else []
        grades.writerow(["id_code", "diagnosis", "class", *columns])
        for row in range(rows):
            truth = rng.choice([grade for grade in range(count) if grade not in absent])
            grade = truth if rng.random() < 0.7 else rng.randrange(count)
            weights = [rng.random() + 4 * rng.random() * (i == grade) for i in range(count)]
            shares = [weight / sum(weights) for weight in weights]
            given = shares.index(max(shares)) if probabilities else grade
            truths.writerow([f"eye_{row:05}", truth])
            grades.writerow([f"eye_{row:05}", given, classes[given], *(shares if probabilities else [])])
        truths.writerow(["an_id_without_a_prediction_" + "x" * 60, 0])
    return ["--benchmark", known, "--predictions", predicted]


def comparisons(folder):
    """Name -> arguments, the model's name in the title, and how many pages there may be."""
    (folder / "second.csv").write_text(
        "id_code,diagnosis\n" + "".join(f"eye_{row:05},{row % 5}\n" for row in range(150)))
    five = ["No DR", "Mild", "Moderate", "Severe", "Proliferative DR"]
    return {
        "demo": (["--benchmark", SOURCE / "weights/samples/labels.csv", "--demo", "--timing"], "demo.h5", (4, 12)),
        "long": (write_lists(folder, "long", 150, LONG) + ["--compare", folder / "second.csv"],
                 "long.csv and second.csv", (4, 20)),
        "ten": (write_lists(folder, "ten", 3000, [f"Stage {i} of ten" for i in range(10)]), "ten.csv", (4, 18)),
        "twelve": (write_lists(folder, "twelve", 12, five, absent=(3, 4)), "twelve.csv", (4, 12)),
        "grades": (write_lists(folder, "grades", 2000, five, probabilities=False), "grades.csv", (3, 10)),
        "binary": (write_lists(folder, "binary", 90, ["healthy", "diseased"]) + ["--referable", "1"], "binary.csv",
                   (3, 10)),
    }


def show(browser, report, width, media="screen", scheme="light"):
    browser.devtools("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    browser.devtools("Emulation.setEmulatedMedia", media=media,
                     features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.open(report.as_uri())


def self_test(browser, report):
    """Every kind of fault, planted in a good page, must be seen."""
    problems = []
    for said, change in FAULTS.items():
        show(browser, report, 768)
        browser.script(change)
        if not any(said in line for line in browser.script(CHECK, 12, False)):
            problems.append(f"a planted fault goes unnoticed: {said}")
    show(browser, report, 768)
    browser.script("console.error('seen')")
    return problems if browser.console() else problems + ["an error on the console of a page goes unnoticed"]


def check(browser, folder, title, pages):
    report, problems = folder / "report.html", []
    for width in WIDTHS:
        for scheme in ("light", "dark") if width == 360 else ("light",):
            show(browser, report, width, scheme=scheme)
            problems += [f"{width} px {scheme}: {line}" for line in browser.script(CHECK, 12, False)]
    heading = browser.script("return [document.title, document.querySelector('h1').innerText]")
    if any(not re.fullmatch(re.escape(title) + r" on [\w-]+\.csv, \d{4}-\d\d-\d\d", text) for text in heading):
        problems.append(f"title {heading} does not say model, data and date")
    show(browser, report, PAPER, media="print")
    problems += [f"paper: {line}" for line in browser.script(CHECK, 11, True)]
    browser.devtools("Emulation.setEmulatedMedia", media="")
    printed = base64.b64decode(browser.devtools("Page.printToPDF", preferCSSPageSize=True)["data"])
    count = len(re.findall(rb"/Type\s*/Page\b", printed))
    if not pages[0] <= count <= pages[1] or not re.search(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12]", printed):
        problems.append(f"printed on {count} pages, or not on A4")
    problems += [f"console: {line}" for line in browser.console()]
    for file in folder.glob("*.svg"):
        ET.parse(file)
        show(browser, file, 1440)
        problems += [f"{file.name}: {line}" for line in browser.script(CHECK, 12, False)]
    return problems


def main():
    if reason := missing():
        print(f"skipped: no Chromium here (Debian packages {reason})")
        return SKIP
    problems = []
    with tempfile.TemporaryDirectory() as name, Browser() as browser:
        folder = Path(name)
        for index, (case, (arguments, title, pages)) in enumerate(comparisons(folder).items()):
            output = folder / case
            done = subprocess.run([Path(os.environ["FOVEA_BIN_DIR"]) / "benchmark-compare", *arguments, "--output",
                                   output, "--resamples", "50", "--quiet"], stderr=subprocess.PIPE, text=True)
            if done.returncode not in (0, 1):
                problems.append(f"{case}: {done.stderr}")
                continue
            problems += [f"{case}: {line}" for line in check(browser, output, title, pages)]
            if index == 0 and not problems:
                problems += self_test(browser, output / "report.html")
        count = index + 1
    print("\n".join(problems) or f"{count} reports hold at {', '.join(map(str, WIDTHS))} px and on paper")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
