"""The search page in a real browser, with an index that is out to harm it."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
import uvicorn
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from searchkit import SearchIndex, Settings
from searchkit.web.app import create_app
from searchkit.web.options import WebOptions
from tests.conftest import PACT
from tests.web.test_page import DOCUMENTS

T = TypeVar("T")

REQUIRED = bool(os.environ.get("SEARCHKIT_REQUIRE_BROWSER"))
CHROME = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (REQUIRED or (CHROME and DRIVER)), reason="there is no Chromium with its chromedriver"
)
PHONE = 390


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browser")
    with SearchIndex.create(folder / "index", Settings(cache_dir=folder, workers=0)) as index:
        index.add(DOCUMENTS)
        app = create_app(index, WebOptions(rate="off"))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
        with socket.create_server(("127.0.0.1", 0)) as listening:
            thread = threading.Thread(target=server.run, args=([listening],))
            thread.start()
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
            server.should_exit = True
            thread.join()


def started(**experimental: Any) -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROME or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--lang=en"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for name, value in experimental.items():
        options.add_experimental_option(name, value)
    return webdriver.Chrome(options, webdriver.ChromeService(DRIVER or ""))


@pytest.fixture(scope="module")
def one_browser() -> Iterator[webdriver.Chrome]:
    browser = started(prefs={"intl.accept_languages": "en"})
    yield browser
    browser.quit()


@pytest.fixture
def browser(one_browser: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """A browser that has nothing to complain of in the end: no fault, no refusal by the policy."""
    one_browser.set_window_size(1200, 900)
    one_browser.get_log("browser")
    yield one_browser
    complaints = [each for each in one_browser.get_log("browser") if each["level"] == "SEVERE"]
    assert complaints == []


def soon(browser: webdriver.Chrome, found: Callable[[], T]) -> T:
    """Return what `found` returns, once it is true."""
    return WebDriverWait(browser, 10).until(lambda _: found())


def headlines(browser: webdriver.Chrome) -> list[str]:
    texts: list[str] = browser.execute_script(
        "return [...document.querySelectorAll('.hit h2')].map(each => each.textContent.trim())"
    )
    return texts


def box(browser: webdriver.Chrome) -> WebElement:
    return browser.find_element(By.NAME, "q")


def options_shown(browser: webdriver.Chrome) -> list[WebElement]:
    return [e for e in browser.find_elements(By.CSS_SELECTOR, "[role=option]") if e.is_displayed()]


def test_typing_shows_completions_and_results(browser: webdriver.Chrome, url: str) -> None:
    browser.get(url)
    box(browser).send_keys("pakta")
    soon(browser, lambda: headlines(browser) == [PACT.headline])
    box(browser).send_keys(Keys.CONTROL, "a")
    box(browser).send_keys("harga b")
    soon(browser, lambda: [e.text for e in options_shown(browser)] == ["Harga beras turun lagi"])
    box(browser).send_keys(Keys.ARROW_DOWN)
    active = box(browser).get_attribute("aria-activedescendant")
    assert active
    assert browser.find_element(By.ID, active).get_attribute("aria-selected") == "true"
    box(browser).send_keys(Keys.ESCAPE)
    soon(browser, lambda: not options_shown(browser))


def test_half_a_word_shows_results_until_it_is_submitted(
    browser: webdriver.Chrome, url: str
) -> None:
    browser.get(f"{url}?q=banjir")
    box(browser).send_keys(Keys.CONTROL, "a")
    box(browser).send_keys("pakta pertah")
    soon(browser, lambda: headlines(browser) == [PACT.headline])
    assert "prefix=1" in browser.current_url
    box(browser).send_keys(Keys.CONTROL, "a")
    box(browser).send_keys("pak")
    soon(browser, lambda: "q=pak&" in browser.current_url)
    soon(browser, lambda: headlines(browser) == [PACT.headline])
    box(browser).send_keys(Keys.ENTER)
    soon(browser, lambda: not headlines(browser))
    assert "prefix" not in browser.current_url
    browser.back()
    soon(browser, lambda: len(headlines(browser)) == 10)


def test_back_shows_what_was_there_before(browser: webdriver.Chrome, url: str) -> None:
    browser.get(f"{url}?q=pakta")
    box(browser).send_keys(Keys.CONTROL, "a")
    box(browser).send_keys("banjir", Keys.ENTER)
    soon(browser, lambda: len(headlines(browser)) == 10)
    assert "q=banjir" in browser.current_url
    browser.back()
    soon(browser, lambda: headlines(browser) == [PACT.headline])
    assert box(browser).get_property("value") == "pakta"


def test_results_that_could_not_be_renewed_say_so(browser: webdriver.Chrome, url: str) -> None:
    def cut_off(offline: bool) -> None:
        conditions = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        command = "Network.emulateNetworkConditions"
        browser.execute_cdp_cmd(command, {"offline": offline, **conditions})

    def notices() -> list[str]:
        return [e.text for e in browser.find_elements(By.CSS_SELECTOR, "#results .failed")]

    browser.get(f"{url}?q=pakta")
    browser.execute_cdp_cmd("Network.enable", {})
    cut_off(True)
    try:
        for typed in ("banjir", "banjir kota"):
            box(browser).send_keys(Keys.CONTROL, "a")
            box(browser).send_keys(typed, Keys.ENTER)
            soon(browser, notices)
            assert len(notices()) == 1
            assert "could not be renewed" in notices()[0]
    finally:
        cut_off(False)
        browser.get_log("browser")  # complains of the network
    box(browser).send_keys(Keys.ENTER)
    soon(browser, lambda: len(headlines(browser)) == 10)
    assert not notices()


def test_the_keyboard_is_enough(browser: webdriver.Chrome, url: str) -> None:
    browser.get(f"{url}?q=banjir")
    body = browser.find_element(By.TAG_NAME, "body")
    browser.execute_script("document.activeElement.blur()")
    body.send_keys("/")
    soon(browser, lambda: browser.switch_to.active_element == box(browser))
    browser.execute_script("document.activeElement.blur()")
    body.send_keys("j")
    first = soon(browser, lambda: browser.switch_to.active_element.text)
    assert first == headlines(browser)[0]


def test_a_phone_shows_it_without_scrolling_sideways(browser: webdriver.Chrome, url: str) -> None:
    metrics = {"width": PHONE, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        for path in ("", "?q=jebakan", "?q=banjir", "doc/evil%22%3E%3Cscript%3E"):
            browser.get(url + path)
            width = browser.execute_script("return document.documentElement.scrollWidth")
            assert width <= PHONE, path
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_it_is_dark_where_the_reader_wants_it(browser: webdriver.Chrome, url: str) -> None:
    def brightness(scheme: str) -> int:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        browser.get(url)
        colour = browser.find_element(By.TAG_NAME, "body").value_of_css_property("background-color")
        return sum(int(each) for each in colour[colour.index("(") + 1 : -1].split(",")[:3])

    assert brightness("dark") < 200
    assert brightness("light") > 600


def test_nothing_in_an_index_is_run(browser: webdriver.Chrome, url: str) -> None:
    for path in ("?q=jebakan", "?q=%3Cscript%3Ejebakan", "doc/evil%22%3E%3Cscript%3E?q=jebakan"):
        browser.get(url + path)
        time.sleep(0.2)
        assert browser.execute_script("return window.hit === undefined")
    browser.get(url)
    box(browser).send_keys("jebakan")
    soon(browser, lambda: any("Jebakan" in each for each in headlines(browser)))
    assert browser.execute_script("return window.hit === undefined")


def test_without_scripts_the_form_is_enough(url: str) -> None:
    browser = started(prefs={"profile.managed_default_content_settings.javascript": 2})
    try:
        browser.get(url)
        box(browser).send_keys("pakta", Keys.ENTER)
        titles = soon(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".hit h2"))
        assert [each.text for each in titles] == [PACT.headline]
    finally:
        browser.quit()
