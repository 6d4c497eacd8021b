# SPDX-License-Identifier: GPL-2.0-or-later
"""A real Chromium without a window, steered by its own driver."""

import base64
import contextlib
import json
import pathlib

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

AXE = pathlib.Path(__file__).parent / "node_modules/axe-core/axe.min.js"


@contextlib.contextmanager
def chromium(profile, width=1200, height=900, dark=False):
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     f"--user-data-dir={profile}", f"--window-size={width},{height}",
                     "--hide-scrollbars"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    try:
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}]})
        yield driver
    finally:
        driver.quit()


def axe(driver):
    """What axe-core finds wrong with the page: a line each."""
    if not AXE.exists():
        raise AssertionError(f"{AXE} is not there: script/test-tools fetches it with npm.")
    driver.execute_script(AXE.read_text())
    driver.set_script_timeout(120)
    found = driver.execute_async_script(
        "const done = arguments[0]; axe.run().then(result => done(result.violations))")
    return [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def printed(driver, file):
    """The page on paper: a PDF of A4."""
    made = driver.execute_cdp_cmd("Page.printToPDF", {
        "preferCSSPageSize": True, "paperWidth": 8.27, "paperHeight": 11.69})
    file.write_bytes(base64.b64decode(made["data"]))


def requests(driver):
    """Every address that the browser asked for."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    return [message["params"]["request"]["url"] for message in messages
            if message["method"] == "Network.requestWillBeSent"]


def accessibility(driver):
    """(role, name) of everything that a screen reader is told."""
    nodes = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    return [(node["role"]["value"], node.get("name", {}).get("value", ""))
            for node in nodes if not node.get("ignored") and "role" in node]
