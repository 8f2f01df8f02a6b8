"""The site in a real browser: built, served on loopback, opened in headless Chromium, read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
SHORTENER = ROOT / "designs" / "url-shortener.yaml"
pytestmark = pytest.mark.browser


def sdplan(*words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "sdplan.entry", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True, timeout=120
    ).stdout


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of one design, built by mkdocs in strict mode and served on loopback."""
    folder = tmp_path_factory.mktemp("site")
    sdplan("site", str(SHORTENER), "--standalone", "--output", str(folder))
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", "built"],
        cwd=folder, env=environment, check=True, timeout=120,
    )  # fmt: skip
    built = next(path.parent for path in folder.rglob("index.html") if "built" in path.parts)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(built)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium(), args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def solved() -> Any:
    return json.loads(sdplan("solve", str(SHORTENER), "--format", "json"))


def test_a_design_page_shows_the_number_that_solve_gives(page: Page, address: str, solved: Any) -> None:
    page.goto(f"{address}/designs/url-shortener.html")

    shown = page.locator('[data-path="flows.redirect.peak_rate"]').first.inner_text().strip()

    number = solved["flows"]["redirect"]["peak_rate"]["value"]
    assert number == pytest.approx(100e6 / 86400 * 100 * 3)
    assert shown.endswith("k/s")
    assert float(shown.removesuffix("k/s")) * 1000 == pytest.approx(number, rel=0.005)


def test_a_page_asks_no_other_host_for_anything(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{address}/designs/url-shortener.html")
    page.wait_for_load_state("networkidle")

    assert asked
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_does_not_scroll_sideways(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/designs/url-shortener.html")

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_can_be_read_in_light_and_in_dark(page: Page, address: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/designs/url-shortener.html")

    ink, paper = page.evaluate(
        """() => [getComputedStyle(document.querySelector('[data-path]')).color,
                  getComputedStyle(document.body).backgroundColor]"""
    )

    assert contrast(ink, paper) >= 4.5


def test_a_derivation_unfolds_to_a_formula(page: Page, address: str) -> None:
    page.goto(f"{address}/designs/url-shortener.html")
    folded = page.locator("details:has(math)").first

    folded.locator("summary").first.click()

    assert folded.locator("math").first.is_visible()


def test_the_diagram_on_the_page_has_every_component(page: Page, address: str) -> None:
    page.goto(f"{address}/designs/url-shortener.html")

    drawn = " ".join(page.locator("svg").all_text_contents())

    for name in ("edge", "lb", "api", "hot-links", "links", "clicks"):
        assert name in drawn


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two opaque colours (WCAG 2.1)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    numbers = [float(part) for part in colour[colour.index("(") + 1 : -1].replace("/", ",").split(",")]
    over = numbers[3] if len(numbers) > 3 else 1.0
    parts = [channel / 255 * over + (1 - over) for channel in numbers[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
