"""msiccp-calls report: in the terminal, and as a page in a real browser."""

import contextlib
import os
import pathlib
import re
import shutil
import sqlite3
import time

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import browser
import many
import tool

pytestmark = pytest.mark.xdist_group("archive")

# A folder for pictures of the page, as those in docs/screenshots/.
SCREENSHOTS = os.environ.get("MSICCP_SCREENSHOTS")
SIZE_LIMIT = 5_000_000
LOAD_SECONDS = 3


@pytest.fixture(scope="module")
def page(archive, tmp_path_factory):
    file = tmp_path_factory.mktemp("page") / "calls.html"
    tool.run("report", archive, "--html", file)
    return file


def shown(driver):
    return [article for article in driver.find_elements(By.TAG_NAME, "article")
            if article.is_displayed()]


def test_in_the_terminal(archive):
    text = tool.run("report", archive).stdout
    calls = tool.one(archive, "SELECT count(*) FROM calls")
    failing = tool.one(archive, "SELECT count(*) FROM calls WHERE failing = 1")
    assert f"{calls} calls in {len(tool.ARCHIVE)} captures, " \
           f"{failing} of them failing" in text
    for title in ("Verdicts and outcomes", "What was found", "Failing calls, the worst first",
                  "Calls by hour", "Pairs of hosts", "Codecs"):
        assert title in text
    line = next(line for line in text.splitlines() if "derived-one-way-media.pcap" in line)
    assert re.search(r"one.way.media|no.audio", line) and "near (10.73.1.10)" in line


def test_an_empty_database_has_a_report(folder, tmp_path):
    shutil.copy(tool.CAPTURES / "foreign-http-1732.pcap", folder)
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database)
    assert "0 calls in 1 capture" in tool.run("report", database).stdout
    tool.run("report", database, "--html", tmp_path / "calls.html")
    assert "No calls" in (tmp_path / "calls.html").read_text()


def test_text_of_a_capture_cannot_become_part_of_the_page(folder, tmp_path):
    shutil.copy(tool.CAPTURES / "h323-busy-1731.pcap", folder / "<script>alert(1)<script>.pcap")
    database = tmp_path / "calls.db"
    tool.run("scan", folder, "-o", database)
    evil = """"><script>alert(2)</script>\x1b[2J\u202e"""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE calls SET caller_alias = ?, cause_text = ?", (evil, evil))
        connection.commit()
    tool.run("report", database, "--html", tmp_path / "calls.html")
    text = (tmp_path / "calls.html").read_text()
    assert "<script>alert" not in text and "&lt;script&gt;alert(2)" in text
    assert "&lt;script&gt;alert(1)&lt;" in text
    for printed in (text, tool.run("report", database).stdout):
        assert "\x1b" not in printed and "\u202e" not in printed


def test_the_page_in_a_browser(page, archive, tmp_path):
    failing = tool.one(archive, "SELECT count(*) FROM calls WHERE failing = 1")
    with browser.chromium(tmp_path / "profile") as driver:
        driver.get(page.as_uri())
        assert len(shown(driver)) == failing
        # Links filter, the address keeps it, and the page says how many are shown.
        driver.find_element(By.LINK_TEXT, "one way media").click()
        status = driver.find_element(By.CSS_SELECTOR, "[role=status]")
        one_way = tool.one(archive, """SELECT count(*) FROM calls WHERE failing = 1 AND id IN (
            SELECT call_id FROM findings WHERE finding = 'one_way_media')""")
        assert 0 < one_way < failing
        assert all("one_way_media" in article.get_attribute("data-finding").split()
                   for article in shown(driver))
        assert status.text == f"{one_way} of {failing} shown"
        assert driver.current_url.endswith("#finding=one_way_media")
        driver.refresh()
        assert len(shown(driver)) == one_way
        driver.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
        time.sleep(0.2)
        assert len(shown(driver)) == failing
        # So does the form.
        Select(driver.find_element(By.ID, "f-outcome")).select_by_value("busy")
        busy = tool.one(archive,
                        "SELECT count(*) FROM calls WHERE failing = 1 AND outcome = 'busy'")
        assert len(shown(driver)) == busy > 0
        driver.find_element(By.ID, "f-host").send_keys("nobody of this name")
        assert shown(driver) == []
        # Nothing came from elsewhere, and nothing went wrong.
        asked = browser.requests(driver)
        assert page.as_uri() in asked       # it would be noticed
        assert [url for url in asked if re.match("(https?|wss?|ftp):", url)] == []
        assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_by_keyboard(page, tmp_path):
    with browser.chromium(tmp_path / "profile") as driver:
        driver.get(page.as_uri())
        body = driver.find_element(By.TAG_NAME, "body")
        body.send_keys(Keys.TAB)
        assert driver.switch_to.active_element.text == "To the failing calls"
        driver.switch_to.active_element.send_keys(Keys.ENTER)
        assert driver.switch_to.active_element.get_attribute("id") == "calls"
        # From there the form is next; a choice by letter filters.
        driver.switch_to.active_element.send_keys(Keys.TAB)
        first = driver.switch_to.active_element
        assert first.get_attribute("id") == "f-verdict"
        first.send_keys(Keys.TAB)
        driver.switch_to.active_element.send_keys("busy")
        assert {article.get_attribute("data-outcome") for article in shown(driver)} == {"busy"}
        # Everything that can be reached shows that it is.
        reached = set()
        for _ in range(25):
            driver.switch_to.active_element.send_keys(Keys.TAB)
            element = driver.switch_to.active_element
            reached.add(element.tag_name)
            style = element.value_of_css_property("outline-style")
            assert element.tag_name == "body" or style != "none"
        assert "summary" in reached


def test_for_a_screen_reader(page, archive, tmp_path):
    with browser.chromium(tmp_path / "profile") as driver:
        driver.get(page.as_uri())
        nodes = browser.accessibility(driver)
        headings = [name for role, name in nodes if role == "heading"]
        assert headings[0].startswith("Calls of calls.db")
        for title in ("Verdicts and outcomes", "What was found", "Pairs of hosts",
                      "Failing calls"):
            assert title in headings
        roles = {role for role, _name in nodes}
        assert {"main", "banner", "table", "columnheader", "link", "combobox", "status",
                "article"} <= roles
        # What is operated or looked at has a name.
        for role in ("link", "combobox", "searchbox", "button", "image", "img", "region", "table",
                     "article"):
            assert all(name for found, name in nodes if found == role), role
        assert sum(role in ("image", "img") for role, _name in nodes) == 2     # the plots
        assert driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
        # The ladder is a drawing for the eyes; its steps are a list.
        article = driver.find_element(By.CSS_SELECTOR, "article[data-outcome=busy]")
        article.find_element(By.TAG_NAME, "summary").click()
        steps = [item.text for item in article.find_elements(By.TAG_NAME, "li")]
        assert steps[0] == "0.000 s caller request" and "callee release" in steps[-1]


def take_screenshot(driver, name):
    """The top of the page, and the first failing call."""
    driver.save_screenshot(str(pathlib.Path(SCREENSHOTS) / name))
    driver.execute_script("document.querySelector('article').scrollIntoView()")
    driver.save_screenshot(str(pathlib.Path(SCREENSHOTS) / name.replace("report-", "report-call-")))


def contrast(one, other):
    """The contrast of two colours rgb(...) by WCAG 2."""
    def luminance(colour):
        channels = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360], ids=["desk", "phone"])
def test_on_a_desk_and_a_phone_light_and_dark(page, tmp_path, dark, width):
    with browser.chromium(tmp_path / "profile", width=width, height=800, dark=dark) as driver:
        driver.get(page.as_uri())
        body = driver.find_element(By.TAG_NAME, "body")
        background = body.value_of_css_property("background-color")
        assert (contrast(background, "rgb(0,0,0)") < 2) == dark
        for selector in ("body", "a[href^='#finding']", ".soft", "svg.plot text", ".ladder .what",
                         ".ladder .time", "select"):
            element = driver.find_element(By.CSS_SELECTOR, selector)
            drawn = "fill" if "svg" in selector or "ladder" in selector else "color"
            assert contrast(element.value_of_css_property(drawn), background) >= 4.5, selector
        if SCREENSHOTS:
            take_screenshot(driver, f"report-{'dark' if dark else 'light'}-"
                                    f"{'phone' if width < 600 else 'desk'}.png")
        # Nothing is wider than the window; what must be scrolls by itself.
        assert driver.execute_script(
            "return document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.slow
def test_a_hundred_thousand_calls_stay_small_and_open_fast(tmp_path):
    database, file = tmp_path / "many.db", tmp_path / "many.html"
    many.make(database, 100_000)
    tool.run("report", database, "--html", file)
    assert file.stat().st_size < SIZE_LIMIT
    with browser.chromium(tmp_path / "profile") as driver:
        driver.get(file.as_uri())
        assert len(shown(driver)) > 100
        assert driver.execute_script(
            "return performance.getEntriesByType('navigation')[0].loadEventEnd"
        ) < LOAD_SECONDS * 1000
        assert "100,000" in driver.find_element(By.CLASS_NAME, "totals").text
