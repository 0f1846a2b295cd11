"""An exported site in a real browser, from a plain server of files, with hostile documents."""

import http.server
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from searchkit import SearchIndex, Settings
from tests.conftest import PACT, item
from tests.web.test_browser import CHROME, DRIVER, PHONE, REQUIRED, box, headlines, soon, started
from tests.web.test_page import DOCUMENTS

pytestmark = pytest.mark.skipif(
    not (REQUIRED or (CHROME and DRIVER)), reason="there is no Chromium with its chromedriver"
)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as it is called there
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    with SearchIndex.create(folder / "index", Settings(cache_dir=folder, workers=0)) as index:
        index.add([*DOCUMENTS, item("Pakta dagang batal", page=PACT.id)])
        index.export_site(folder / "site", title="Arsip")
    return folder / "site"


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    handler = partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


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


def said(browser: webdriver.Chrome) -> str:
    """Return what the results say, which may be renewed at any moment."""
    text: str = browser.execute_script("return document.getElementById('results').innerText")
    return text


def shows(browser: webdriver.Chrome, text: str) -> bool:
    return text in said(browser)


def test_typing_shows_results_and_back_goes_back(browser: webdriver.Chrome, url: str) -> None:
    browser.get(url)
    soon(browser, lambda: len(headlines(browser)) == 10)
    box(browser).send_keys("mendukung pakta")
    soon(browser, lambda: headlines(browser) == [PACT.headline])
    marks = browser.find_elements(By.CSS_SELECTOR, ".fragment mark")
    assert {"mendukung", "Dukungan"} <= {each.text for each in marks}
    box(browser).send_keys(Keys.CONTROL, "a")
    box(browser).send_keys("banjir", Keys.ENTER)
    soon(browser, lambda: "q=banjir" in browser.current_url and len(headlines(browser)) == 10)
    browser.back()
    soon(browser, lambda: len(headlines(browser)) == 10 and "q=" not in browser.current_url)


def test_back_writes_the_query_into_the_box_one_is_in(browser: webdriver.Chrome, url: str) -> None:
    browser.get(f"{url}?q=pakta")
    soon(browser, lambda: headlines(browser) == [PACT.headline])
    box(browser).send_keys(Keys.CONTROL, "a")
    box(browser).send_keys("banjir")
    soon(browser, lambda: len(headlines(browser)) == 10)
    browser.back()
    soon(browser, lambda: headlines(browser) == [PACT.headline])
    assert browser.switch_to.active_element == box(browser)
    assert box(browser).get_property("value") == "pakta"


def test_a_hit_clicked_while_typing_stays(browser: webdriver.Chrome, url: str) -> None:
    browser.get(f"{url}?q=pakta")
    soon(browser, lambda: headlines(browser) == [PACT.headline])
    browser.execute_script(
        "const box = document.getElementById('q'); box.focus(); box.value = 'banjir';"
        "box.dispatchEvent(new Event('input')); document.querySelector('.hit h2 a').click()"
    )
    time.sleep(0.5)
    assert browser.find_element(By.CSS_SELECTOR, ".article h1").text == PACT.headline


def test_pages_facets_and_documents_are_links(browser: webdriver.Chrome, url: str) -> None:
    browser.get(f"{url}?q=banjir&page=3&lang=id")
    soon(browser, lambda: len(headlines(browser)) == 5)
    assert "Halaman 3" in said(browser)
    browser.get(url)
    soon(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".facet a"))
    browser.find_element(By.CSS_SELECTOR, ".facet a").click()
    soon(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".chips .clear"))
    assert browser.find_element(By.CSS_SELECTOR, ".facet a[aria-current] .count").text
    browser.get(f"{url}?q=pakta")
    soon(browser, lambda: headlines(browser) == [PACT.headline])
    browser.find_element(By.CSS_SELECTOR, ".hit h2 a").click()
    soon(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".article h1"))
    assert browser.find_element(By.CSS_SELECTOR, ".article h1").text == PACT.headline
    beside = browser.find_element(By.CSS_SELECTOR, ".sidebars")
    assert "Harga beras turun lagi" in beside.text
    browser.find_element(By.CSS_SELECTOR, ".back a").click()
    soon(browser, lambda: headlines(browser))


def test_items_of_sidebars_stand_apart(browser: webdriver.Chrome, url: str) -> None:
    browser.get(f"{url}?q=harga+beras")
    soon(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".sidebars h3"))
    assert browser.find_element(By.CSS_SELECTOR, ".sidebars h3").text == "Harga beras turun lagi"
    assert not headlines(browser)
    shown = "return document.querySelectorAll('.sidebars h3').length"
    for asked, items in (
        ("month=2024-06", 2),
        ("month=2024-06&section=Dunia", 0),
        ("month=2024-06&page=2", 0),
        ("q=harga+beras&section=Dunia", 0),
        ("q=banjir+beras", 1),
        ("q=pakta+pertahanan", 0),
        ("sort=newest", 2),
    ):
        browser.get(f"{url}?{asked}")
        soon(browser, partial(shows, browser, "runs in your browser"))
        assert browser.execute_script(shown) == items, asked


def test_the_keyboard_is_enough(browser: webdriver.Chrome, url: str) -> None:
    browser.get(f"{url}?q=banjir")
    soon(browser, lambda: "25 articles" in said(browser))
    browser.execute_script("document.activeElement.blur()")
    body = browser.find_element(By.TAG_NAME, "body")
    body.send_keys("j")
    first = soon(browser, lambda: browser.switch_to.active_element.text)
    assert first == headlines(browser)[0]
    body.send_keys("/")
    soon(browser, lambda: browser.switch_to.active_element == box(browser))


def test_nothing_in_an_archive_is_run(browser: webdriver.Chrome, url: str) -> None:
    for path in ("?q=jebakan", "?q=%3Cscript%3Ejebakan", "?doc=evil%22%3E%3Cscript%3E&q=jebakan"):
        browser.get(url + path)
        soon(browser, lambda: "Jebakan" in said(browser))
        assert browser.execute_script("return window.hit === undefined")
        links = browser.find_elements(By.CSS_SELECTOR, "a[href^='javascript']")
        assert not links


def test_what_is_not_known_of_a_query_is_named_and_what_turns_it_is_shown(
    browser: webdriver.Chrome, url: str
) -> None:
    browser.get(f"{url}?q=pakta~1+p%3Fkta+a%E2%80%AEb")
    soon(browser, lambda: "does not know ~1, * ?;" in said(browser))
    typed = browser.find_element(By.ID, "q").get_attribute("value")
    assert typed == "pakta~1 p?kta a\ufffdb"


def test_a_phone_shows_it_without_scrolling_sideways(browser: webdriver.Chrome, url: str) -> None:
    metrics = {"width": PHONE, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        for path in ("", "?q=jebakan", "?q=banjir", "?doc=evil%22%3E%3Cscript%3E", "articles.html"):
            browser.get(url + path)
            soon(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "h2, .article h1"))
            width = browser.execute_script("return document.documentElement.scrollWidth")
            assert width <= PHONE, path
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_it_is_dark_and_speaks_as_the_reader_wants(browser: webdriver.Chrome, url: str) -> None:
    def brightness(scheme: str) -> int:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        browser.get(url)
        colour = browser.find_element(By.TAG_NAME, "body").value_of_css_property("background-color")
        return sum(int(each) for each in colour[colour.index("(") + 1 : -1].split(",")[:3])

    assert brightness("dark") < 200
    assert brightness("light") > 600
    for language, word in (("en", "articles"), ("id", "artikel")):
        browser.get(f"{url}?q=banjir&lang={language}")
        soon(browser, partial(shows, browser, f"25 {word} "))
        assert browser.execute_script("return document.documentElement.lang") == language


def test_an_impossible_query_and_an_unknown_document_are_told_of(
    browser: webdriver.Chrome, url: str
) -> None:
    browser.get(f"{url}?q={'(' * 40}pakta")
    soon(browser, lambda: "beyond" in said(browser))
    browser.get(f"{url}?q=pakta&since=2024-02-31")
    soon(browser, lambda: "“2024-02-31” is no date" in said(browser))
    browser.get(f"{url}?q=pakta&since=2024-07&until=2024-06")
    soon(browser, lambda: "The first day is after the last" in said(browser))
    browser.get(f"{url}?doc=none")
    soon(browser, lambda: "not in the archive" in said(browser))


def test_without_scripts_or_a_server_articles_are_listed(url: str, folder: Path) -> None:
    browser = started(prefs={"profile.managed_default_content_settings.javascript": 2})
    try:
        browser.get(url)
        assert len(headlines(browser)) == 27
        browser.find_element(By.LINK_TEXT, "articles.html").click()
        assert PACT.headline in headlines(browser)
    finally:
        browser.quit()
    browser = started()
    try:
        browser.get((folder / "index.html").as_uri())
        assert PACT.headline in headlines(browser)
        assert "web server" in said(browser)
    finally:
        browser.quit()
