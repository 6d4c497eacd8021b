# SPDX-License-Identifier: GPL-2.0-or-later
"""msiccp-calls report: in the terminal, and as a page in a real browser."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import time
import urllib.parse

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

import browser
import many
import tool

pytestmark = pytest.mark.xdist_group("archive")

# A folder for pictures of the page, as those in docs/screenshots/.
SCREENSHOTS = os.environ.get("MSICCP_SCREENSHOTS")
SIZE_LIMIT = 5_000_000
LOAD_SECONDS = 3
TYPE_SECONDS = 2


@pytest.fixture(scope="module")
def page(archive, tmp_path_factory):
    file = tmp_path_factory.mktemp("page") / "calls.html"
    tool.run("report", archive, "--html", file)
    return file


@contextlib.contextmanager
def opened(page, profile, **how):
    """The page in a browser, with its list."""
    with browser.chromium(profile, **how) as driver:
        driver.get(page.as_uri())
        WebDriverWait(driver, 30).until(
            lambda _driver: driver.execute_script("return document.documentElement.dataset.ready"))
        yield driver


def shown(driver):
    return [article for article in driver.find_elements(By.TAG_NAME, "article")
            if article.is_displayed()]


def listed(driver):
    """How many calls the list says that it has."""
    text = driver.find_element(By.ID, "list_info").text
    match = re.search(r" of ([0-9,]+) calls", text)
    return int(match[1].replace(",", "")) if match else 0


def comes_to(driver, number):
    WebDriverWait(driver, 5).until(lambda _driver: listed(driver) == number)


def column(driver, number):
    return [cell.text for cell in driver.find_elements(
        By.CSS_SELECTOR, f"#list tbody td:nth-child({number})")]


def test_in_the_terminal(archive):
    text = tool.run("report", archive).stdout
    calls = tool.one(archive, "SELECT count(*) FROM calls")
    failing = tool.one(archive, "SELECT count(*) FROM calls WHERE failing = 1")
    assert f"{calls} calls in {len(tool.ARCHIVE)} captures, " \
           f"{failing} of them failing" in text
    for title in ("Verdicts and outcomes", "What was found", "Failing calls, the worst first",
                  "Calls by hour", "Pairs of hosts", "Codecs"):
        assert title in text
    block = next(block for block in text.split("\n\n") if "derived-one-way-media.pcap" in block)
    who, when, *said, where = block.splitlines()
    assert who == "near (10.73.1.10) calls 1000 (10.73.1.20)"
    assert re.fullmatch(r"  2026-11-22 17:\d\d:\d\d UTC: no audio to the (caller|callee)", when)
    (sentence,) = tool.rows(archive, """SELECT explanation FROM failing_calls
                                        WHERE capture LIKE '%/derived-one-way-media.pcap'""")[0]
    assert " ".join(line.strip() for line in said).startswith(sentence)
    assert where == f"  {tool.CAPTURES}/derived-one-way-media.pcap, session 1"


@pytest.mark.parametrize("columns", [80, 100, 120, None])
def test_it_fits(archive, columns):
    """No longer line but of a path; no address is broken, and no line ends in a space."""
    env = tool.environment(**({"COLUMNS": str(columns)} if columns else {}))
    text = tool.run("report", archive, env=env).stdout
    for line in text.splitlines():
        longest = max(map(len, line.split()), default=0)
        assert len(line) <= (columns or 100) or line.strip() == line.split()[0] and longest > 70, line
        assert line == line.rstrip()
    words = set(text.replace("(", " ").replace(")", " ").split())
    for caller, callee in tool.rows(archive, """SELECT caller_address, callee_address FROM calls_by_pair
            ORDER BY failing DESC, calls DESC, caller_address, callee_address LIMIT 20"""):
        assert {caller or "?", callee or "?"} <= words
    assert any(len(line) > (columns or 100) - 20 for line in text.splitlines())


def test_tables_of_answers_fit_too(archive):
    text = tool.run("sql", archive, "SELECT caller_address, explanation FROM failing_calls",
                    env=tool.environment(COLUMNS="80")).stdout
    assert max(map(len, text.splitlines())) == 80
    assert all(line == line.rstrip() for line in text.splitlines())


def test_some_of_the_calls(archive):
    conditions = {
        ("--since", "2026-11-22 17:40"): "start >= '2026-11-22 17:40'",
        ("--since", "1d"): "start >= datetime('now', '-1 day')",
        ("--host", "10.73.1.10"): "'10.73.1.10' IN (caller_address, callee_address)",
        ("--host", "NEAR"): "'near' IN (caller_alias, callee_alias)",
        ("--failing",): "failing = 1",
        ("--host", "near", "--failing", "--since", "2026-11-22"):
            "'near' IN (caller_alias, callee_alias) AND failing = 1 AND start >= '2026-11-22'"}
    for options, condition in conditions.items():
        report = json.loads(tool.run("report", archive, *options, "--json").stdout)
        chosen = f"SELECT id FROM calls WHERE {condition}"
        calls, failing = tool.rows(archive, f"""SELECT count(*), coalesce(sum(failing), 0) FROM calls
                                                WHERE id IN ({chosen})""")[0]
        assert (report["totals"]["calls"], report["totals"]["failing"]) == (calls, failing)
        assert len(report["failing"]) == failing
        assert sum(row["calls"] for row in report["findings"]) == tool.one(
            archive, f"SELECT count(*) FROM findings WHERE call_id IN ({chosen})")
        assert sum(row["streams"] for row in report["codecs"]) == tool.one(
            archive, f"SELECT count(*) FROM streams WHERE call_id IN ({chosen})")
    text = tool.run("report", archive, "--host", "near", "--failing").stdout
    assert "Only failing calls of near.\n" in text
    for wrong in ("yesterday", "1900-01-01", "99999999d", "2026-13-01"):
        assert tool.run("report", archive, "--since", wrong, status=2).stderr.count("\n") == 1


def test_a_host_cannot_become_part_of_the_question(archive):
    for host in ("x' OR 1=1 --", "50%", ":x", '"'):
        report = json.loads(tool.run("report", archive, "--host", host, "--json").stdout)
        assert report["totals"]["calls"] == 0


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


def test_what_a_capture_says_is_text_in_the_list_too(archive, tmp_path):
    database, page = tmp_path / "calls.db", tmp_path / "calls.html"
    shutil.copy(archive, database)
    with contextlib.closing(sqlite3.connect(database)) as connection:
        evil = "<img src=x onerror='document.title=1'></td><b>&amp;"
        connection.execute("UPDATE calls SET caller_alias = ?, explanation = ?, verdict = ?", [evil] * 3)
        connection.commit()
    tool.run("report", database, "--html", page)
    with opened(page, tmp_path / "profile") as driver:
        assert column(driver, 2)[0].startswith(evil) and column(driver, 6)[0].startswith(evil)
        driver.find_element(By.ID, "f-words").send_keys("onerror")
        assert driver.find_elements(By.CSS_SELECTOR, "#list img, #list b") == []
        assert driver.title == "Calls of calls.db"


def test_the_page_in_a_browser(page, archive, tmp_path):
    calls = tool.one(archive, "SELECT count(*) FROM calls")
    failing = tool.one(archive, "SELECT count(*) FROM calls WHERE failing = 1")
    with opened(page, tmp_path / "profile") as driver:
        # What failed comes first, with its sentences; the rest of it is a click away.
        first = driver.find_element(By.CSS_SELECTOR, "main h2")
        assert first.text == "Failing calls"
        assert len(shown(driver)) == 20 < failing
        assert "no audio" in shown(driver)[0].find_element(By.TAG_NAME, "strong").text
        driver.find_element(By.ID, "more").click()
        assert len(shown(driver)) == failing
        for number, sentence in tool.rows(archive, "SELECT id, explanation FROM failing_calls"):
            article = driver.find_element(By.ID, f"call-{number}").find_element(By.XPATH, "..")
            assert article.find_elements(By.TAG_NAME, "p")[1].text == " ".join(sentence.split())
        # All calls are in the list; links choose of them, and the address keeps it.
        assert listed(driver) == calls
        driver.find_element(By.LINK_TEXT, "one way media").click()
        one_way = tool.one(archive, "SELECT count(*) FROM findings WHERE finding = 'one_way_media'")
        comes_to(driver, one_way)
        assert driver.current_url.endswith("#finding=one_way_media")
        driver.refresh()
        WebDriverWait(driver, 30).until(lambda _driver: driver.execute_script(
            "return document.documentElement.dataset.ready"))
        assert listed(driver) == one_way < calls
        driver.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
        comes_to(driver, calls)
        # So does the form, as one types.
        Select(driver.find_element(By.ID, "f-outcome")).select_by_value("busy")
        comes_to(driver, tool.one(archive, "SELECT count(*) FROM calls WHERE outcome = 'busy'"))
        driver.find_element(By.ID, "f-host").send_keys("nobody of this name")
        comes_to(driver, 0)
        driver.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
        driver.find_element(By.ID, "f-words").send_keys("derived-one-way")
        comes_to(driver, tool.one(
            archive, "SELECT count(*) FROM call_list WHERE capture LIKE '%derived-one-way%'"))
        # Nothing came from elsewhere, and nothing went wrong.
        asked = browser.requests(driver)
        assert page.as_uri() in asked       # it would be noticed
        assert [url for url in asked if re.match("(https?|wss?|ftp):", url)] == []
        assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_every_link_leads_to_rows(page, archive, tmp_path):
    conditions = {
        "verdict": "verdict = '{}'", "outcome": "outcome = '{}'",
        "finding": "id IN (SELECT call_id FROM findings WHERE finding = '{}')",
        "host": "'{0}' IN (caller_address, callee_address, caller_alias, callee_alias)"}
    with opened(page, tmp_path / "profile") as driver:
        links = {link.get_attribute("href").partition("#")[2]
                 for link in driver.find_elements(By.CSS_SELECTOR, "main a[href]")}
        choices = [link for link in links if "=" in link]
        assert len(choices) > 20
        for link in choices:
            condition = " AND ".join(conditions[key].format(value) for key, value in
                                     urllib.parse.parse_qsl(link))
            driver.execute_script("location.hash = arguments[0]", link)
            expected = tool.one(archive, f"SELECT count(*) FROM calls WHERE {condition}")
            comes_to(driver, expected)
            assert expected > 0, link
        for link in links - set(choices):
            assert driver.find_elements(By.ID, link), link
        # From the list to a failing call that is not shown at once.
        last = driver.find_elements(By.CSS_SELECTOR, ".more article h3")[-1]
        driver.execute_script("location.hash = arguments[0]", last.get_attribute("id"))
        WebDriverWait(driver, 5).until(lambda _driver: last.is_displayed())


def test_the_list_is_sorted(page, archive, tmp_path):
    with opened(page, tmp_path / "profile") as driver:
        assert column(driver, 1) == sorted(column(driver, 1), reverse=True)
        start = driver.find_element(By.CSS_SELECTOR, "#list thead th")
        start.click()
        assert column(driver, 1)[0] == tool.one(archive, "SELECT substr(min(start), 1, 19) FROM calls")
        assert start.get_attribute("aria-sort") == "ascending"
        talked = driver.find_element(By.CSS_SELECTOR, "#list thead th:nth-child(5)")
        talked.send_keys(Keys.ENTER)
        talked.send_keys(Keys.ENTER)
        assert column(driver, 5)[0] == f"{tool.one(archive, 'SELECT max(talk_time_us) FROM calls') / 1e6:.1f}"


def test_the_ladder_draws_what_failed(folder, tmp_path):
    expected = {
        "h323-fail-control-dropped-near-1731": ["call control: SYN, not answered"] * 4,
        "h323-fail-nobody-listens-1731": ["call control: SYN", "reset: refused"] * 2,
        "h323-fail-h245-dropped-near-1731": ["H.245: SYN, not answered"] * 4,
        "h323-fail-h245-unreachable-1731": ["ICMP: H.245 refused"] * 4,
        "h323-fail-rtp-prohibited-near-1731": ["ICMP: RTP refused"] * 3}
    for name in expected:
        shutil.copy(tool.CAPTURES / f"diagnosis/{name}.pcap", folder)
    database, page = tmp_path / "calls.db", tmp_path / "calls.html"
    tool.run("scan", folder, "-o", database)
    tool.run("report", database, "--html", page)
    with opened(page, tmp_path / "profile") as driver:
        driver.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
        for article in shown(driver):
            name = next(name for name in expected if name in article.text)
            drawn = [text.text for text in article.find_elements(By.CSS_SELECTOR, "svg .what")]
            failed = [text for text in drawn if re.search("SYN|reset|ICMP", text)]
            assert [re.sub(r" \(and \d+ more\)", "", text) for text in failed][:len(expected[name])] == (
                expected[name]), name
            for text in drawn[2:]:
                assert any(text in item.text for item in article.find_elements(By.TAG_NAME, "li"))
            crosses = article.find_elements(By.CSS_SELECTOR, "svg .cross")
            assert len(crosses) == sum("not answered" in text for text in failed)


def test_by_keyboard(page, tmp_path):
    with opened(page, tmp_path / "profile") as driver:
        body = driver.find_element(By.TAG_NAME, "body")
        body.send_keys(Keys.TAB)
        assert driver.switch_to.active_element.text == "To the list of all calls"
        driver.switch_to.active_element.send_keys(Keys.ENTER)
        assert driver.switch_to.active_element.get_attribute("id") == "calls"
        # From there the form is next; a choice by letter filters.
        driver.switch_to.active_element.send_keys(Keys.TAB)
        assert driver.switch_to.active_element.get_attribute("id") == "f-words"
        driver.switch_to.active_element.send_keys(Keys.TAB + Keys.TAB)
        driver.switch_to.active_element.send_keys("busy")
        assert set(column(driver, 4)) == {"not connected: busy"}
        # Everything that can be reached shows that it is.
        reached = set()
        for _ in range(25):
            driver.switch_to.active_element.send_keys(Keys.TAB)
            element = driver.switch_to.active_element
            reached.add((element.tag_name, element.get_attribute("role")))
            style = element.value_of_css_property("outline-style")
            assert element.tag_name == "body" or style != "none"
        assert {("th", "columnheader"), ("a", "button")} <= reached


def test_for_a_screen_reader(page, tmp_path):
    with opened(page, tmp_path / "profile") as driver:
        nodes = browser.accessibility(driver)
        headings = [name for role, name in nodes if role == "heading"]
        assert headings[0].startswith("Calls of calls.db")
        titles = [title for title in headings if " calls " not in title][1:]
        assert titles[:3] == ["Failing calls", "What was found", "Hosts"]
        assert titles[3].startswith("Calls by ") and titles[-1] == "All calls"
        roles = {role for role, _name in nodes}
        assert {"main", "banner", "navigation", "table", "columnheader", "link", "combobox", "status",
                "article", "cell"} - roles == set()
        # What is operated or looked at has a name.
        for role in ("link", "combobox", "searchbox", "button", "image", "img", "region", "table",
                     "article"):
            assert all(name for found, name in nodes if found == role), role
        assert sum(role in ("image", "img") for role, _name in nodes) == 1     # the plot
        assert driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
        # The ladder is a drawing for the eyes; its steps are a list.
        driver.find_element(By.ID, "more").click()
        article = next(article for article in shown(driver) if ": busy" in article.text)
        article.find_element(By.TAG_NAME, "summary").click()
        steps = [item.text for item in article.find_elements(By.TAG_NAME, "li")]
        assert steps[0] == "0.000 s, caller: request" and ", callee: release" in steps[-1]


@pytest.mark.parametrize("how", [
    {"width": 1200}, {"width": 360, "dark": True},
    *(pytest.param(how, marks=pytest.mark.long) for how in ({"width": 360}, {"width": 1200, "dark": True}))], ids=str)
def test_axe_finds_nothing(page, tmp_path, how):
    with opened(page, tmp_path / "profile", **how) as driver:
        driver.find_element(By.ID, "more").click()
        driver.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
        assert browser.axe(driver) == []
        driver.execute_script("document.querySelector('img, h1').innerHTML = '<img src=data:,>'")
        assert any("image-alt" in line for line in browser.axe(driver))     # it would be noticed


def test_on_paper(tmp_path):
    """A hundred failing calls are no book, and no address is broken."""
    database, page, paper = (tmp_path / f"calls.{end}" for end in ("db", "html", "pdf"))
    many.make(database, 700)
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("""DELETE FROM calls WHERE failing = 1 AND id NOT IN (
                                SELECT id FROM calls WHERE failing = 1 ORDER BY id LIMIT 100)""")
        connection.commit()
    assert tool.one(database, "SELECT count(*) FROM calls WHERE failing = 1") == 100
    tool.run("report", database, "--html", page)
    with opened(page, tmp_path / "profile", dark=True) as driver:
        browser.printed(driver, paper)
    text = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True,
                          check=True).stdout
    pages = text.count("\f")
    assert 5 < pages < 25
    for caller, callee in tool.rows(database, """SELECT caller_address, callee_address FROM calls
                                                 WHERE failing = 1"""):
        assert f"({caller})" in text and f"({callee})" in text
    for (sentence,) in tool.rows(database, "SELECT DISTINCT explanation FROM failing_calls"):
        assert sentence in " ".join(text.split())


def take_screenshot(driver, name):
    """The top of the page, and a failing call with its ladder."""
    driver.save_screenshot(str(pathlib.Path(SCREENSHOTS) / name))
    driver.execute_script("""const call = document.querySelector('article');
                             call.querySelector('details').open = true; call.scrollIntoView()""")
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
    with opened(page, tmp_path / "profile", width=width, height=800, dark=dark) as driver:
        body = driver.find_element(By.TAG_NAME, "body")
        background = body.value_of_css_property("background-color")
        assert (contrast(background, "rgb(0,0,0)") < 2) == dark
        for selector in ("body", "a[href^='#finding']", ".soft", "svg.plot text", ".ladder .what",
                         ".ladder .time", "select", ".paginate_button"):
            element = driver.find_element(By.CSS_SELECTOR, selector)
            drawn = "fill" if "svg" in selector or "ladder" in selector else "color"
            assert contrast(element.value_of_css_property(drawn), background) >= 4.5, selector
        # The plot's letters are no smaller than they can be read, and its times name their year.
        plot = next(plot for plot in driver.find_elements(By.CSS_SELECTOR, "svg.plot") if plot.is_displayed())
        scale = driver.execute_script("return arguments[0].getScreenCTM().a", plot)
        assert scale * 10 >= 9
        assert all(re.match(r"20\d\d", text) for text in (
            label.text for label in plot.find_elements(By.CSS_SELECTOR, "[id*=xtick] text")))
        if SCREENSHOTS:
            take_screenshot(driver, f"report-{'dark' if dark else 'light'}-"
                                    f"{'phone' if width < 600 else 'desk'}.png")
        # Nothing is wider than the window; what must be scrolls by itself.
        assert driver.execute_script(
            "return document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.long
@pytest.mark.slow
def test_a_hundred_thousand_calls_stay_small_and_open_fast(tmp_path):
    database, file = tmp_path / "many.db", tmp_path / "many.html"
    many.make(database, 100_000)
    tool.run("report", database, "--html", file)
    assert file.stat().st_size < SIZE_LIMIT
    with opened(file, tmp_path / "profile") as driver:
        assert listed(driver) == 100_000
        assert driver.execute_script(
            "return performance.getEntriesByType('navigation')[0].loadEventEnd"
        ) < LOAD_SECONDS * 1000
        assert "100,000" in driver.find_element(By.CLASS_NAME, "totals").text
        # As one types.
        driver.find_element(By.ID, "f-words").send_keys("bus")
        started = time.monotonic()
        driver.find_element(By.ID, "f-words").send_keys("y")
        assert 0 < listed(driver) < 100_000 and time.monotonic() - started < TYPE_SECONDS
