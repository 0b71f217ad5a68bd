"""Drives the whole page in Chromium: one picture, many, a wrong file, drag and drop, heat map, history, downloads, print,
dark, a phone; with accessibility checks, nothing on the console and no request to anywhere else.

FOVEA_SCREENSHOTS=<folder> keeps pictures of what it saw. Skipped where there is no Chromium or no driver for it.
"""
import base64
import json
import os
import sys
import time
import unittest
from pathlib import Path

from browser import Browser, missing
from server import SAMPLES, Server

ACCESSIBILITY = (Path(__file__).parent / "accessibility.js").read_text()
DROP = """
const [files, done] = [arguments[0], null], transfer = new DataTransfer();
for (const [name, type, text] of files) {
  transfer.items.add(new File([Uint8Array.from(atob(text), c => c.charCodeAt(0))], name, {type}));
}
const target = document.getElementById("upload");
target.dispatchEvent(new DragEvent("dragover", {bubbles: true, cancelable: true, dataTransfer: transfer}));
window.wasOver = target.classList.contains("over");
target.dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: transfer}));
"""
FINISHED = "[...document.querySelectorAll('.working')].every(e => e.hidden) && document.querySelectorAll('.result').length"


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().__enter__()
        cls.address = f"http://127.0.0.1:{cls.server.port}"
        cls.heat_maps = json.loads(cls.server.ask("GET", "/api/v1/model")[2])["heatmap"]

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None, None, None)

    def browse(self, **options):
        browser = Browser(**options)
        browser.open(self.address + "/")
        self.addCleanup(browser.__exit__, None, None, None)
        return browser

    def choose(self, browser, *paths):
        before = len(browser.all(".result"))
        browser.type("#files", "\n".join(map(str, paths)))
        browser.wait(f"{FINISHED} === arguments[0]", before + len(paths))

    def keep(self, browser, name):
        if folder := os.environ.get("FOVEA_SCREENSHOTS"):
            browser.screenshot(Path(folder) / f"{name}.png", whole=False)

    def check(self, browser, expected_console=0):
        """What must hold of every page, at any time."""
        browser.wait("document.getAnimations().every(animation => !(animation instanceof CSSTransition))")
        self.assertEqual(browser.script(ACCESSIBILITY), [])
        for element in browser.all("a, button, select, input, summary, [role=region]"):
            if browser.script("return arguments[0].getClientRects().length > 0", element):
                self.assertTrue(browser.name_of(element).strip(),
                                browser.script("return arguments[0].outerHTML", element))
        self.assertEqual(len(messages := browser.console()), expected_console, messages)
        for address in browser.addresses():
            self.assertTrue(address.startswith((self.address + "/", "blob:" + self.address, "data:")), address)

    def test_one_picture(self):
        browser = self.browse()
        self.check(browser)
        self.keep(browser, "empty")
        self.choose(browser, SAMPLES[3])
        result = json.loads(self.server.predict(SAMPLES[3].read_bytes())[2])["results"][0]
        self.assertEqual(browser.text(".verdict .grade"), str(result["grade"]))
        self.assertEqual(browser.text(".verdict .class"), result["class"])
        self.assertEqual(browser.text(".referable"), "Referable" if result["referable"] else "Not referable")
        confidence = result["confidence"]
        self.assertIn("> 99.9" if 0.9995 <= confidence < 1 else f"{100 * confidence:.1f}", browser.text(".confidence"))
        self.assertEqual(len(browser.all(".bars tbody tr")), 5)
        widths = browser.script("return [...document.querySelectorAll('.result .value')].map(e => Number(e.getAttribute('width')))")
        for width, probability in zip(widths, result["probabilities"], strict=True):
            self.assertAlmostEqual(width, 100 * probability, places=3)
        self.assertIn(SAMPLES[3].name, browser.text("#status"))
        browser.wait("document.querySelector('.photo').naturalWidth > 300")
        self.keep(browser, "result")
        browser.script("document.querySelector('.view-seen').click()")
        browser.wait("document.querySelector('.photo').naturalWidth === 256")
        self.keep(browser, "seen")
        self.check(browser)

    def test_heat_map(self):
        if not self.heat_maps:
            self.skipTest("this build computes no heat maps")
        browser = self.browse()
        self.choose(browser, SAMPLES[3])
        self.assertTrue(browser.script("return document.querySelector('.heat').hidden"))
        browser.script("document.querySelector('.opacity input').focus()")
        for _ in range(12):
            browser.press("right")
        self.assertEqual(browser.text(".opacity output"), "60 %")
        place = browser.script("""const heat = document.querySelector('.heat'), photo = document.querySelector('.photo');
            const [a, b] = [heat.getBoundingClientRect(), photo.getBoundingClientRect()];
            return [a.left - b.left, a.top - b.top, a.width - b.width, a.height - b.height, heat.hidden ? 1 : 0,
                    Number(heat.style.opacity) - 0.6]""")
        self.assertLess(max(map(abs, place)), 1.0, place)
        values = browser.script("""const heat = document.querySelector('.heat');
            return [...heat.getContext('2d').getImageData(0, 0, heat.width, heat.height).data]""")
        self.assertGreater(max(values[3::4]), 250)
        self.keep(browser, "heat")
        self.check(browser)
        browser.press("home")
        self.assertTrue(browser.script("return document.querySelector('.heat').hidden"))

    def test_many_with_a_wrong_file(self):
        browser = self.browse(height=1400)
        wrong = Path(browser.profile.name) / "letter.jpg"
        wrong.write_text("no picture")
        left = Path(browser.profile.name) / "patient_OS.jpg"
        left.write_bytes(SAMPLES[5].read_bytes())
        self.choose(browser, SAMPLES[0], wrong, left)
        self.assertEqual(len(browser.all(".error:not([hidden])")), 1)
        self.assertIn("not a JPEG", browser.text(".error:not([hidden])"))
        self.assertEqual(browser.script("return [...document.querySelectorAll('.outcome:not([hidden]) select')].map(e => e.value)"),
                         ["", "left"])
        # The browser itself notes the answer 422.
        self.check(browser, expected_console=1)
        self.keep(browser, "many")
        # History: newest first, kept over a reload of the tab, forgotten when told to.
        self.assertEqual(len(browser.all("#rows tr")), 2)
        browser.open(self.address + "/")
        self.assertEqual(len(browser.all("#rows tr")), 2)
        self.assertIn("patient_OS.jpg", browser.text("#rows"))
        self.check(browser)
        browser.click("#forget")
        browser.open(self.address + "/")
        self.assertFalse(browser.script("return document.getElementById('history').getClientRects().length"))

    def test_drag_and_drop(self):
        browser = self.browse()
        files = [[path.name, "image/jpeg", base64.b64encode(path.read_bytes()).decode()] for path in SAMPLES[:2]]
        browser.script(DROP, files)
        self.assertTrue(browser.script("return window.wasOver"))
        browser.wait(f"{FINISHED} === 2")
        self.assertEqual(len(browser.all(".outcome:not([hidden])")), 2)
        self.assertFalse(browser.script("return document.getElementById('upload').classList.contains('over')"))
        self.check(browser)

    def test_downloads(self):
        browser = self.browse()
        formula = Path(browser.profile.name) / "=1+1.jpg"
        formula.write_bytes(SAMPLES[1].read_bytes())
        self.choose(browser, SAMPLES[0], formula)
        folder = Path(browser.profile.name)
        browser.devtools("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
        for button, name in (("#json", "grades.json"), ("#csv", "grades.csv")):
            browser.click(button)
            end = time.monotonic() + 30
            while not (folder / name).is_file() and time.monotonic() < end:
                time.sleep(0.05)
        entries = json.loads((folder / "grades.json").read_text())
        rows = (folder / "grades.csv").read_text().splitlines()
        self.assertEqual({entry["file"] for entry in entries}, {SAMPLES[0].name, formula.name})
        self.assertNotIn("preprocessed", entries[0])
        self.assertTrue(rows[0].startswith("file,eye,diagnosis,class,p0,p1,p2,p3,p4,"))
        self.assertEqual(len(rows), 3)
        self.assertTrue(any(row.startswith("'=1+1.jpg,") for row in rows), rows)
        browser.click("#clear")
        self.assertEqual(browser.all(".result"), [])

    def test_print(self):
        browser = self.browse()
        self.choose(browser, SAMPLES[3])
        browser.script("window.print = () => { window.printed = true; }")
        browser.click("#print")
        self.assertTrue(browser.script("return window.printed"))
        browser.devtools("Emulation.setEmulatedMedia", media="print")
        for selector, visible in ((".verdict", True), (".bars", True), ("#upload", False), (".actions", False)):
            self.assertEqual(browser.script("return document.querySelector(arguments[0]).getClientRects().length > 0", selector),
                             visible, selector)

    def test_dark_and_phone(self):
        browser = self.browse(width=360, height=780, dark=True)
        self.choose(browser, SAMPLES[3])
        self.check(browser)
        self.keep(browser, "phone-dark")
        dark = browser.script("return getComputedStyle(document.body).backgroundColor")
        browser.click("#theme")
        light = browser.script("return getComputedStyle(document.body).backgroundColor")
        self.assertNotEqual(dark, light)
        self.check(browser)
        browser.open(self.address + "/about")  # has no script: follows the system
        self.check(browser)
        browser.open(self.address + "/")
        self.assertEqual(browser.script("return getComputedStyle(document.body).backgroundColor"), light)

    def test_by_keyboard_alone(self):
        browser = self.browse()
        self.choose(browser, SAMPLES[3])
        browser.script("document.activeElement.blur(); window.scrollTo(0, 0)")
        order = []
        for _ in range(40):
            browser.press("tab")
            at = browser.script("""const e = document.activeElement, r = e.getBoundingClientRect();
                return [e.id || e.className || e.textContent.trim() || e.type, r.top + scrollY, getComputedStyle(e).outlineStyle]""")
            if order and at[0] == order[0][0] or not at[0]:
                break
            order.append(at)
        names = [name for name, _, _ in order]
        self.assertEqual(names[0], "skip")
        for wanted in ("theme", "files", "json", "csv", "print", "clear", "forget"):
            self.assertIn(wanted, names)
        self.assertEqual(names.index("files") < names.index("json") < names.index("forget"), True, names)
        browser.script("document.getElementById('theme').focus()")
        browser.press("enter")
        self.assertEqual(browser.script("return document.documentElement.dataset.theme"), "dark")

    def test_plain_form_and_about(self):
        browser = self.browse()
        browser.devtools("Emulation.setScriptExecutionDisabled", value=True)
        browser.open(self.address + "/")
        browser.type("#files", str(SAMPLES[3]))
        browser.click("#send")
        browser.devtools("Emulation.setScriptExecutionDisabled", value=False)
        browser.wait("document.querySelector('h1').innerText === 'Result'")
        self.check(browser)
        self.keep(browser, "submit")
        browser.open(self.address + "/about")
        self.assertIn("not a medical device", browser.text("main"))
        self.check(browser)
        self.keep(browser, "about")

    def test_the_checks_see_faults(self):
        browser = self.browse()
        browser.script("""document.body.insertAdjacentHTML("beforeend",
            '<p style="color:#999">faint words</p><img src="/assets/icon.svg"><h4>deep</h4>')
            document.querySelector("p:last-of-type").style.color = "#bbbbbb"; console.error("seen")""")
        faults = " ".join(browser.script(ACCESSIBILITY))
        for part in ("contrast", "no alt", "level is left out"):
            self.assertIn(part, faults)
        self.assertTrue(any("seen" in message for message in browser.console()))


if __name__ == "__main__":
    if absent := missing():
        print(f"skipped: needs the Debian packages {absent}")
        sys.exit(77)
    unittest.main()
