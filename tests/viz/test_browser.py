"""The page as a person uses it, in a real Chromium."""

from __future__ import annotations

import io
import os
import re
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from chromium import FOUND, Browser, Page, chromium

from viz.settings import from_document

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(FOUND is None, reason="no Chromium on this machine: the dashboard's page is not tried"),
]

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL = "place=england&practices=12&horizon=14&seed=1"
COLLABORATIVE = "place=england&practices=16&horizon=30&seed=2&supportiveness=1&clarity=1&fund_per_head=6"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "gpfed.py", "dashboard", "--no-open", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        words, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if "The dashboard is at" in line:
            break
    else:
        raise AssertionError("".join(said))
    yield f"http://127.0.0.1:{port}/"
    process.terminate()
    rest = process.communicate(timeout=30)[0]
    assert "Traceback" not in rest and "Could not load" not in rest, rest


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def opened(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    pages: list[Page] = []

    def make(query: str = SMALL, *, ready: bool = True) -> Page:
        page = browser.page()
        pages.append(page)
        page.open(f"{server}?{query}")
        if ready:
            page.until("['ready', 'finished'].includes(document.querySelector('[data-phase]').dataset.phase)", "a run")
        return page

    yield make
    for page in pages:
        assert page.errors == []
        browser.close(page)


def shown(page: Page, month: int) -> None:
    page.until(
        f"document.querySelector('[data-shown]').dataset.shown === '{month}' && "
        f"document.querySelector('[data-inside]').dataset.month === '{month}'",
        f"month {month}",
    )


def finish(page: Page) -> None:
    page.click("button", "To the end")
    page.until("document.querySelector('[data-phase]').dataset.phase === 'finished'", "the end")
    shown(page, int(page.data("month")))


def packed(page: Page) -> str:
    """What the picture shows, as its own words."""
    return str(page.run("document.querySelector('canvas').getAttribute('aria-label')"))


def test_the_page_asks_nobody_but_its_server(opened: Callable[..., Page], server: str) -> None:
    page = opened()
    elsewhere = [url for url in page.asked if not url.startswith((server, "data:", "blob:", "ws://127.0.0.1"))]
    assert elsewhere == []
    assert page.run("document.documentElement.lang") == "en-GB"
    assert "user-scalable" not in page.run("document.querySelector('meta[name=viewport]').content")


def test_playing_reaches_the_end_and_pausing_stops(opened: Callable[..., Page]) -> None:
    page = opened()
    page.choose("select[aria-label=Speed]", "8")
    page.click("button", "Play")
    page.until("Number(document.querySelector('[data-month]').dataset.month) >= 2", "month 2")
    page.click("button", "Pause")
    page.until("document.querySelector('[data-phase]').dataset.phase === 'ready'", "a pause")
    month = int(page.data("month"))
    time.sleep(0.6)
    assert int(page.data("month")) == month
    page.click("button", "One month")
    shown(page, month + 1)
    page.click("button", "Play")
    page.until("document.querySelector('[data-phase]').dataset.phase === 'finished'", "the end")
    shown(page, 14)
    assert len(page.run("[...document.querySelectorAll('.gp-chart path')].map((one) => one.getAttribute('d'))")) > 20


def test_a_lever_moved_during_the_run_changes_it_and_leaves_its_mark(opened: Callable[..., Page]) -> None:
    plain, moved = opened(COLLABORATIVE), opened(COLLABORATIVE)
    for page in (plain, moved):
        for month in range(1, 5):
            page.click("button", "One month")
            shown(page, month)
    assert packed(plain) == packed(moved)
    moved.choose("#lever-fund_per_head", 0)
    moved.until(
        "document.querySelector('[data-query]').dataset.query.includes('change=5:fund_per_head:0')", "the change"
    )
    for page in (plain, moved):
        finish(page)
    paid = "document.querySelector('[data-chart=payments] path').getAttribute('d')"
    assert plain.run(paid) != moved.run(paid)
    marks = moved.run(
        "[...document.querySelectorAll('.gp-chart')].map((one) => one.querySelectorAll('.gp-mark').length)"
    )
    assert marks and set(marks) == {1}
    assert "August 2014" in moved.run("document.querySelector('.gp-marks').textContent")
    assert plain.run("document.querySelectorAll('.gp-mark').length") == 0


def test_looking_back_shows_the_earlier_network_and_going_on_the_latest(opened: Callable[..., Page]) -> None:
    page = opened(COLLABORATIVE)
    seen = {0: packed(page)}
    for month in (1, 2, 3):
        page.click("button", "One month")
        shown(page, month)
        seen[month] = packed(page)
    finish(page)
    seen[30] = packed(page)
    assert len(set(seen.values())) == len(seen)
    for month in (2, 0, 3, 30):
        page.choose("input[aria-label='Month shown']", month)
        shown(page, month)
        assert packed(page) == seen[month]


def test_a_click_on_a_practice_explains_it_with_its_weights(opened: Callable[..., Page]) -> None:
    page = opened(COLLABORATIVE + "&month=30")
    shown(page, 30)
    page.run("document.querySelector('canvas').scrollIntoView({block: 'center', behavior: 'instant'})")
    x, y, wide, high = page.run(
        "(() => { const box = document.querySelector('canvas').getBoundingClientRect(); "
        "return [box.x, box.y, box.width, box.height]; })()"
    )
    found = False
    for across in range(1, 24):
        for down in range(1, 16):
            px, py = x + wide * across / 24, y + high * down / 16
            page.call("Input.dispatchMouseEvent", type="mouseMoved", x=px, y=py)
            if page.run("!document.querySelector('.gp-tip').hidden"):
                told = page.run("document.querySelector('.gp-tip').textContent")
                page.click_at(px, py)
                found = True
                break
        if found:
            break
    assert found
    code = re.search(r"\((EN\d+)\)", told)
    assert code is not None
    page.until(f"document.querySelector('[data-who]').dataset.who === '{code[1]}'", "the reasons")
    assert code[1] in page.run("document.querySelector('.gp-story h3').textContent")
    page.until("document.querySelectorAll('.gp-bars li').length > 0", "the weights")
    assert page.run("document.querySelector('.gp-sentence').textContent").endswith(".")
    assert page.run("document.querySelectorAll('.gp-history li').length") > 0


def test_everybody_can_be_asked_about_by_name(opened: Callable[..., Page]) -> None:
    page = opened(COLLABORATIVE + "&month=30")
    shown(page, 30)
    page.click(".gp-orgs .gp-chip")
    page.until("document.querySelector('.gp-kind')?.textContent === 'organisation'", "an organisation")
    page.click(".gp-related .gp-chip")
    page.until("document.querySelector('.gp-kind')?.textContent === 'practice'", "a practice")
    gp = page.run(
        "[...document.querySelectorAll('.gp-related .gp-chip')].find((o) => o.textContent.includes('/')).textContent"
    )
    page.click(".gp-related .gp-chip", gp)
    page.until("document.querySelector('.gp-kind')?.textContent === 'GP'", "a GP")
    page.run("document.querySelector('.gp-ask input').value = ''; document.querySelector('.gp-ask input').focus()")
    commissioner = page.run(
        "[...document.querySelectorAll('#gp-names option')].find((o) => o.text === 'commissioner').value"
    )
    page.write(commissioner)
    page.key("Enter")
    page.until("document.querySelector('.gp-kind')?.textContent === 'commissioner'", "the commissioner")
    page.run("document.querySelector('.gp-ask input').value = 'nobody at all'")
    page.click("button", "Why?")
    page.until("document.querySelector('.gp-error').textContent.includes('knows nobody')", "a clear answer")


def test_a_link_restores_levers_changes_and_month(opened: Callable[..., Page]) -> None:
    first = opened()
    first.choose("#lever-leader_mode", 0.65)
    first.until("document.querySelector('[data-query]').dataset.query.includes('leader_mode')", "the lever")
    first.click("button", "One month")
    shown(first, 1)
    first.choose("#lever-backfill", 0.5)
    first.until("document.querySelector('[data-query]').dataset.query.includes('backfill')", "the change")
    finish(first)
    first.choose("input[aria-label='Month shown']", 9)
    shown(first, 9)
    first.until("location.search.includes('month=9')", "the link")
    link = urlsplit(first.run("location.href"))
    assert parse_qs(link.query)["change"] == ["2:backfill:0.5"]
    again = opened(link.query)
    shown(again, 9)
    assert packed(again) == packed(first)
    assert again.run("document.querySelector('#lever-leader_mode').value") == "0.65"
    finish(again)
    first.choose("input[aria-label='Month shown']", 14)
    shown(first, 14)
    assert packed(again) == packed(first)


def test_a_link_that_is_wrong_is_told_and_the_page_works(opened: Callable[..., Page]) -> None:
    page = opened("place=atlantis")
    page.until("document.querySelector('.gp-error').textContent.includes('atlantis')", "the sentence")
    page.click("button", "One month")
    page.until("document.querySelector('[data-month]').dataset.month === '1'", "month 1")


def test_what_is_taken_home_opens(opened: Callable[..., Page], browser: Browser, tmp_path: Path) -> None:
    page = opened(SMALL + "&month=13")
    shown(page, 13)
    browser.call(
        "Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path), browserContextId=page.context
    )

    def taken(button: str, ending: str) -> bytes:
        page.click("button", button)
        for _ in range(600):
            found = [one for one in tmp_path.iterdir() if one.name.endswith(ending)]
            if found:
                return found[0].read_bytes()
            time.sleep(0.1)
        raise AssertionError(f"{button} gave nothing")

    scenario = from_document(taken("Scenario (TOML)", ".toml")).scenario()
    assert (scenario.place, scenario.practices, scenario.horizon) == ("england", 12, 14)
    with zipfile.ZipFile(io.BytesIO(taken("Tables (CSV)", "-csv.zip"))) as archive:
        months = {line.split(",")[0] for line in archive.read("practices.csv").decode().splitlines()[1:]}
        assert months == {str(month) for month in range(14)}
    with zipfile.ZipFile(io.BytesIO(taken("Tables (Parquet)", "-parquet.zip"))) as archive:
        assert archive.read("decisions.parquet").startswith(b"PAR1")
    report = taken("Report (HTML)", ".html").decode()
    assert report.startswith("<!DOCTYPE html>") or report.lower().startswith("<!doctype html>")
    assert taken("PNG", ".png").startswith(b"\x89PNG")


def test_a_scenario_and_a_place_can_be_brought_and_bad_ones_are_refused(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    page = opened()

    def bring(name: str, content: str) -> None:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        root = page.call("DOM.getDocument")["root"]["nodeId"]
        node = page.call("DOM.querySelector", nodeId=root, selector="input[type=file]")["nodeId"]
        page.call("DOM.setFileInputFiles", files=[str(path)], nodeId=node)

    bring("evil.toml", 'place = "/etc"\n')
    page.until("document.querySelector('.gp-error').textContent.includes('names one of the places')", "the refusal")
    bring("large.toml", "# " + "x" * 300_000)
    page.until("document.querySelector('.gp-files').textContent.includes('too large')", "the refusal")
    bring("winter.toml", 'name = "cold winter"\nplace = "england"\npractices = 11\nhorizon = 3\n')
    page.until("document.querySelector('.gp-start').textContent.includes('cold winter')", "the scenario")
    page.until(
        "document.querySelector('canvas').ariaLabel.includes('11 practices')",
        "it",
    )
    rows = [f"P{k:03},C1,{430_000 + 900 * k},{421_000 + 700 * (k % 3)},{3000 + 500 * k}" for k in range(10)]
    bring("mine.csv", "\n".join(["practice_code,ccg_code,easting,northing,list_size", *rows]) + "\n")
    page.until("document.querySelector('canvas').ariaLabel.includes('10 practices')", "the own place")


def test_ten_private_runs_do_not_see_each_other(opened: Callable[..., Page]) -> None:
    pages = [opened(f"place=england&practices={10 + k}&horizon=6&seed={k}", ready=False) for k in range(10)]
    for page in pages:
        page.until("document.querySelector('[data-phase]').dataset.phase === 'ready'", "ready")
    for k, page in enumerate(pages[:5]):
        for month in range(1, k + 2):
            page.click("button", "One month")
            shown(page, month)
    for k, page in enumerate(pages):
        assert f"{10 + k} practices" in packed(page)
        assert int(page.data("month")) == (k + 1 if k < 5 else 0)
        assert f"seed={k}" in page.data("query", "[data-query]")


def test_the_keyboard_alone_is_enough(opened: Callable[..., Page]) -> None:
    page = opened(COLLABORATIVE + "&month=6")
    shown(page, 6)

    def tab_to(condition: str) -> None:
        for _ in range(120):
            page.key("Tab")
            if page.run(f"(() => {{ const one = document.activeElement; return {condition}; }})()"):
                return
        raise AssertionError(f"Tab does not reach {condition}")

    page.run("document.body.focus()")
    tab_to("one.textContent === 'One month'")
    page.key("Enter")
    shown(page, 7)
    tab_to("one.getAttribute('aria-label') === 'Month shown'")
    page.key("ArrowLeft", 2)
    shown(page, 5)
    tab_to("one.id === 'lever-leader_mode'")
    page.key("ArrowRight", 4)
    page.until("document.querySelector('[data-query]').dataset.query.includes('8:leader_mode:0.2')", "the lever")
    tab_to("one.tagName === 'CANVAS'")
    page.key("ArrowRight")
    page.key("ArrowDown")
    page.key("Enter")
    page.until("/^EN/.test(document.querySelector('[data-who]').dataset.who)", "the reasons")
    outline = page.run("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


@pytest.mark.parametrize("width", [375, 1280, 1920])
def test_nothing_runs_out_of_the_screen(opened: Callable[..., Page], width: int) -> None:
    page = opened(COLLABORATIVE + "&month=20")
    shown(page, 20)
    page.size(width, 900, phone=width < 500)
    page.until(f"document.documentElement.clientWidth <= {width}", "the width")
    page.click(".gp-orgs .gp-chip")
    page.until("document.querySelector('.gp-kind')?.textContent === 'organisation'", "an organisation")
    assert page.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
