"""Chromium by its driver: the WebDriver protocol over HTTP, nothing to install beside Debian's chromium-driver."""
import base64
import http.client
import json
import shutil
import socket
import subprocess
import tempfile
import time

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"tab": "\ue004", "enter": "\ue007", "space": " ", "right": "\ue014", "home": "\ue011"}


def missing():
    """Why there is no browser here, empty if there is one."""
    names = {"chromium": "chromium", "chromedriver": "chromium-driver"}
    return ", ".join(package for program, package in names.items() if shutil.which(program) is None)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    def __init__(self, width=1280, height=900, dark=False):
        self.profile = tempfile.TemporaryDirectory()
        self.port = free_port()
        self.driver = subprocess.Popen(["chromedriver", f"--port={self.port}", "--log-level=OFF"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                     f"--user-data-dir={self.profile.name}", f"--window-size={width},{height}"]
        preferences = {"download.default_directory": self.profile.name, "download.prompt_for_download": False}
        options = {"args": arguments, "prefs": preferences, "perfLoggingPrefs": {"enableNetwork": True}}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options,
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        end = time.monotonic() + 60
        while True:
            try:
                self.session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
                break
            except ConnectionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
        # The window's size is not the page's: this is.
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = "dark" if dark else "light"
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None,
                               {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(answer, dict) and "error" in answer:
            raise AssertionError(f"{path}: {answer['error']}: {answer['message']}")
        return answer

    def do(self, method, path, body=None):
        return self.call(method, f"/session/{self.session}{path}", body)

    def devtools(self, command, **parameters):
        return self.do("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, address):
        self.do("POST", "/url", {"url": address})

    def script(self, text, *arguments):
        return self.do("POST", "/execute/sync", {"script": text, "args": list(arguments)})

    def find(self, selector):
        return self.do("POST", "/element", {"using": "css selector", "value": selector})

    def all(self, selector):
        return self.do("POST", "/elements", {"using": "css selector", "value": selector})

    def click(self, selector):
        self.do("POST", f"/element/{self.find(selector)[ELEMENT]}/click", {})

    def type(self, selector, text):
        self.do("POST", f"/element/{self.find(selector)[ELEMENT]}/value", {"text": text})

    def press(self, key):
        actions = [{"type": kind, "value": KEYS[key]} for kind in ("keyDown", "keyUp")]
        self.do("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def name_of(self, element):
        return self.do("GET", f"/element/{element[ELEMENT]}/computedlabel")

    def text(self, selector):
        return self.script("return document.querySelector(arguments[0]).innerText", selector)

    def wait(self, condition, *arguments, seconds=60):
        """Until this JavaScript expression is true."""
        end = time.monotonic() + seconds
        while not (value := self.script(f"return {condition}", *arguments)):
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {condition}")
            time.sleep(0.05)
        return value

    def console(self):
        return [entry["message"] for entry in self.do("POST", "/se/log", {"type": "browser"})]

    def addresses(self):
        """All that pages requested since the last call; chrome:// is the browser's own first tab."""
        events = [json.loads(entry["message"])["message"] for entry in self.do("POST", "/se/log", {"type": "performance"})]
        sent = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
        return [address for address in sent if not address.startswith("chrome://")]

    def screenshot(self, path, whole=True):
        picture = self.devtools("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(picture["data"]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.do("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(timeout=30)
            self.profile.cleanup()
