"""Opens report.html of benchmark-compare in Chromium at phone, tablet and desktop width.

Fails on anything the browser writes to its console, on a page wider than its window, and on a picture that does not
show. Skipped where there is no Chromium.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WIDTHS = (360, 768, 1440)
SKIP = 77

# The page has no script, and its policy allows none: the probe is a second page that frames the report's file as it is.
PROBE = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
<iframe id="f" src="report.html" style="border:0;width:{width}px;height:800px"></iframe><pre id="r">not loaded</pre>
<script>
addEventListener("load", () => {{
  const page = document.getElementById("f").contentDocument, root = page.documentElement;
  const broken = [...page.images].filter(image => image.naturalWidth === 0);
  document.getElementById("r").textContent = JSON.stringify({{
    wide: root.scrollWidth, broken: broken.length, images: page.images.length,
    sections: page.querySelectorAll("section").length}});
}});
</script>"""


def browser():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    return None


def chromium(program, profile, *arguments):
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr",
               "--allow-file-access-from-files", f"--user-data-dir={profile}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def console_lines(log):
    return [line for line in log.splitlines() if "CONSOLE" in line]


def check(program, folder, profile, width):
    problems = []
    report = (folder / "report.html").as_uri()
    picture = folder / f"report-{width}.png"
    shown = chromium(program, profile, f"--window-size={width},1200", f"--screenshot={picture}", report)
    problems += [f"{width} px: console: {line}" for line in console_lines(shown.stderr)]
    if not picture.is_file() or picture.stat().st_size < 10_000:
        problems.append(f"{width} px: no screenshot, or an empty one")
    probe = folder / f"probe-{width}.html"
    probe.write_text(PROBE.format(width=width), encoding="utf-8")
    dumped = chromium(program, profile, "--window-size=1600,1200", "--dump-dom", probe.as_uri())
    problems += [f"{width} px: console: {line}" for line in console_lines(dumped.stderr)]
    found = re.search(r'"wide":(\d+),"broken":(\d+),"images":(\d+),"sections":(\d+)', dumped.stdout)
    if not found:
        return problems + [f"{width} px: the page did not load: {dumped.stdout[-300:]}"]
    wide, broken, images, sections = map(int, found.groups())
    if wide > width:
        problems.append(f"{width} px: the page is {wide} px wide")
    if broken or images < 6 or sections < 5:
        problems.append(f"{width} px: {broken} broken of {images} pictures, {sections} sections")
    return problems


def self_test(program, folder, profile):
    """The console of a page with an error must be seen, or the checks above see nothing."""
    page = folder / "faulty.html"
    page.write_text("<!DOCTYPE html><script>console.error('seen')</script>", encoding="utf-8")
    log = chromium(program, profile, "--dump-dom", page.as_uri()).stderr
    return [] if console_lines(log) else ["an error on the console of a page goes unnoticed"]


def main():
    program = browser()
    if program is None:
        print("skipped: no Chromium here (Debian package chromium)")
        return SKIP
    source, tools = Path(os.environ["FOVEA_SOURCE_DIR"]), Path(os.environ["FOVEA_BIN_DIR"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([tools / "benchmark-compare", "--benchmark", source / "weights/samples/labels.csv", "--demo",
                        "--output", folder, "--timing", "--quiet"], check=True)
        problems = self_test(program, folder, folder / "profile")
        for width in WIDTHS:
            problems += check(program, folder, folder / "profile", width)
    print("\n".join(problems) or f"report.html opened at {', '.join(map(str, WIDTHS))} px without a word on the console")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
