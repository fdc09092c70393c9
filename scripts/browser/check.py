"""Opens the report.html of a run or a sweep in Chromium and checks what a reader relies on.

Usage: check.py SPILLWAY FOLDER [SCREENSHOT-FOLDER]
"""

import base64
import json
import os
import socket
import subprocess
import sys
import time

from chromium import Chromium

SIZES = [(360, 740), (800, 900), (1600, 1000)]
failures = []


def check(holds, what):
    """Notes what doesn't hold."""
    if not holds:
        failures.append(what)
        print("FAIL", what)


def complaints(browser):
    """What the console said, and requests for anything but the page."""
    found = []
    for event in browser.events:
        method, details = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            found.append(details["exceptionDetails"].get("text", "exception"))
        elif method == "Log.entryAdded":
            found.append(details["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            found.append("console." + details["type"])
        elif method == "Network.requestWillBeSent" and details.get("type") != "Document":
            if "favicon" not in details["request"]["url"]:
                found.append("request for " + details["request"]["url"][:80])
    return found


def look(browser, url, size, dark, shots):
    """Checks the page at one size and in one of its two colour schemes."""
    where = "%d px, %s: " % (size[0], "dark" if dark else "light")
    begun = time.monotonic()
    browser.open(url, size[0], size[1], dark)
    took = time.monotonic() - begun
    check(took < 1 or os.environ.get("SPILLWAY_SLOW"), where + "opened in %.2f s" % took)
    for complaint in complaints(browser):
        check(False, where + complaint)
    with open(os.path.join(os.path.dirname(__file__), "page.js"), encoding="utf-8") as file:
        browser.run(file.read())
    for name in ("overlaps", "names", "contrast"):
        for complaint in browser.run("spillwayChecks.%s()" % name)[:10]:
            check(False, where + name + ": " + complaint)
    if shots:
        height = browser.run("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": size[0], "height": min(height, 9000), "scale": 1}
        answer = browser.ask(
            "Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        name = "%d-%s.png" % (size[0], "dark" if dark else "light")
        with open(os.path.join(shots, name), "wb") as file:
            file.write(base64.b64decode(answer["data"]))


def use(browser, url):
    """Uses the cursor by keyboard and pointer, and the toggles."""
    browser.open(url, 1600, 1000)
    if not browser.run("!!document.getElementById('moment')"):
        return
    browser.run("document.getElementById('moment').focus()")
    before = browser.run("document.getElementById('moment-text').textContent")
    for _ in range(100):
        browser.press("ArrowRight")
    after = browser.run("document.getElementById('moment-text').textContent")
    check(before != after, "the arrow key moves the cursor")
    readouts = "[...document.querySelectorAll('.readout li')].map(e => e.textContent).join('|')"
    first = browser.run(readouts)
    box = browser.run(
        "(r => [r.left, r.top, r.width, r.height])"
        "(document.querySelector('figure svg').getBoundingClientRect())")
    browser.run("document.querySelector('figure svg').scrollIntoView()")
    box = browser.run(
        "(r => [r.left, r.top, r.width, r.height])"
        "(document.querySelector('figure svg').getBoundingClientRect())")
    browser.point(box[0] + box[2] * 0.6, box[1] + box[3] * 0.5)
    check(browser.run(readouts) != first, "the pointer moves the values")
    lines = browser.run(
        "[...document.querySelectorAll('.cursor')].map(e => e.getAttribute('x1'))")
    check(len(lines) > 0 and len(set(lines)) == 1, "one cursor runs through all charts")
    if browser.run("!!document.querySelector('button[data-place]')"):
        browser.run("document.querySelector('button[data-place]').focus()")
        browser.press(" ")
        pressed = "document.querySelector('button[data-place]').getAttribute('aria-pressed')"
        check(browser.run(pressed) == "false", "a place can be switched off by keyboard")
        hidden = "document.querySelectorAll('figure [visibility=hidden]').length"
        check(browser.run(hidden) > 0, "its curves vanish")
        browser.press(" ")
        check(browser.run(hidden) == 0, "and come back")
    for complaint in complaints(browser):
        check(False, "in use: " + complaint)


def render_anew(spillway, folder, browser, url):
    """Changes one number of summary.json; the page must change, and back again."""
    path = os.path.join(folder, "summary.json")
    with open(path, encoding="utf-8") as file:
        original = file.read()
    with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
        page = file.read()
    summary = json.loads(original)
    summary["metrics"][0]["mean"] = 123456
    with open(path, "w", encoding="utf-8") as file:
        json.dump(summary, file)
    subprocess.run([spillway, "report", folder], check=True, stdout=subprocess.DEVNULL)
    browser.open(url, 1600, 1000)
    check("123,456" in browser.run("document.body.textContent"), "a changed number is shown")
    with open(path, "w", encoding="utf-8") as file:
        file.write(original)
    subprocess.run([spillway, "report", folder], check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
        check(file.read() == page, "rendered anew from its folder the page is the same")


def answer(port, line, host):
    """The status by which a request is answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        request = "%s HTTP/1.1\r\nHost: %s\r\n\r\n" % (line, host)
        connection.sendall(request.encode())
        return int(connection.recv(64).split()[1])


def view(spillway, folder, browser):
    """Opens the page as `spillway view` serves it."""
    server = subprocess.Popen(
        [spillway, "view", folder, "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        browser.open(url, 800, 900)
        check(browser.run("!!document.getElementById('verdict')"), "view serves the report")
        for complaint in complaints(browser):
            check(False, "served: " + complaint)
        port = int(url.rsplit(":", 1)[1].strip("/"))
        here = "127.0.0.1:%d" % port
        for line, host, status in [
            ("GET /summary.json", here, 200), ("HEAD /", here, 200),
            ("GET /../../../../etc/passwd", here, 404), ("GET /%2e%2e/%2e%2e/etc/passwd", here, 404),
            ("GET /csv", here, 404), ("POST /", here, 405), ("GET /", "example.org", 403),
            ("nonsense", here, 400),
        ]:
            check(answer(port, line, host) == status, "served: %s is answered by %d" % (line, status))
    finally:
        server.terminate()
        server.wait(timeout=10)


def main():
    """Runs all checks; the exit status is 1 if one failed."""
    spillway, folder = sys.argv[1], os.path.abspath(sys.argv[2])
    shots = sys.argv[3] if len(sys.argv) > 3 else None
    if shots:
        os.makedirs(shots, exist_ok=True)
    url = "file://" + os.path.join(folder, "report.html")
    browser = Chromium()
    try:
        for size in SIZES:
            for dark in (False, True):
                look(browser, url, size, dark, shots)
        if os.path.exists(os.path.join(folder, "summary.json")):
            use(browser, url)
            render_anew(spillway, folder, browser, url)
            view(spillway, folder, browser)
    finally:
        browser.close()
    print("%s: %s" % (folder, "%d failures" % len(failures) if failures else "all checks passed"))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
