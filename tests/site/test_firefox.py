"""Cells run in Debian's Firefox too, and what is typed into one is kept; driven by WebDriver BiDi, which it speaks itself."""
import asyncio
import json
import os
import re
import shutil
import subprocess
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from tornado.websocket import websocket_connect

pytestmark = pytest.mark.browser
LESSONS = ("lessons/03-feedforward/", "zh-TW/lessons/06-hidden-delta/")
CONTROL, ENTER = "\ue009", "\ue007"
STATUSES = """[...document.querySelectorAll('.bp-cell')].map(
    cell => cell.querySelector('.bp-bar [role=status]').textContent).join('\\n')"""
SHOWN = "document.querySelector('#cell-2 > .bp-output').textContent.trim()"
CODE = "document.querySelector('#cell-2 > .highlight code').textContent"


class Firefox:
    """One tab. Messages of the console that are errors are kept in `errors`."""

    def __init__(self, socket):
        self.socket, self.number, self.errors = socket, 0, []

    async def ask(self, method, **parameters):
        self.number += 1
        await self.socket.write_message(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(await self.socket.read_message())
            if answer.get("method") == "log.entryAdded" and answer["params"]["level"] == "error":
                self.errors.append(answer["params"]["text"])
            if answer.get("id") == self.number:
                assert answer["type"] == "success", answer
                return answer["result"]

    async def open(self):
        await self.ask("session.new", capabilities={})
        await self.ask("session.subscribe", events=["log.entryAdded"])
        self.tab = (await self.ask("browsingContext.getTree"))["contexts"][0]["context"]

    async def go(self, address):
        await self.ask("browsingContext.navigate", context=self.tab, url=address, wait="complete")
        await self.until("document.querySelector('[data-do=edit]')")

    async def evaluate(self, expression):
        result = await self.ask("script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=True)
        assert result["type"] == "success", result
        return result["result"].get("value")

    async def until(self, expression, seconds=60):
        for _ in range(seconds * 10):
            if await self.evaluate(f"Boolean({expression})"):
                return
            await asyncio.sleep(0.1)
        raise TimeoutError(expression)

    async def press(self, keys, held=None):
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        if held:
            strokes = [{"type": "keyDown", "value": held}, *strokes, {"type": "keyUp", "value": held}]
        await self.ask("input.performActions", context=self.tab, actions=[{"type": "key", "id": "keys", "actions": strokes}])


@asynccontextmanager
async def firefox(program, profile):
    process = subprocess.Popen([program, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
                               stderr=subprocess.PIPE, text=True, env={**os.environ, "HOME": profile})
    try:
        address = next(found[1] for line in process.stderr if (found := re.search(r"BiDi listening on (ws://\S+)", line)))
        browser = Firefox(await websocket_connect(f"{address}/session"))
        await browser.open()
        yield browser
        await browser.ask("browser.close")
    finally:
        process.terminate()
        process.communicate()


async def walk(program, profile, address):
    """Run every cell of the lessons; then type into a cell, run it and load the page anew. Return what was seen."""
    seen = SimpleNamespace(statuses={})
    async with firefox(program, profile) as browser:
        for lesson in LESSONS:
            await browser.go(address + lesson)
            await browser.evaluate("[...document.querySelectorAll('.bp-cell > .bp-bar [data-do=above]')].at(-1).click()")
            await browser.until("!document.querySelector('.bp-busy')")
            seen.statuses[lesson] = (await browser.evaluate(STATUSES)).split("\n")
        await browser.go(address + LESSONS[0])
        await browser.evaluate("document.querySelector('#cell-2 > .bp-bar [data-do=edit]').click()")
        await browser.until("document.activeElement.matches('#cell-2 .cm-content')")
        await browser.press("a", held=CONTROL)
        await browser.press("6 * 7")
        await browser.press(ENTER, held=CONTROL)
        await browser.until("!document.querySelector('.bp-busy')")
        seen.shown = await browser.evaluate(SHOWN)
        await browser.go(address + LESSONS[0])
        seen.kept, seen.errors = await browser.evaluate(CODE), browser.errors
    return seen


def test_cells_run_and_changes_are_kept_in_firefox(address, tmp_path):
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("no Firefox on this machine")
    seen = asyncio.run(walk(program, str(tmp_path), address))
    done = re.compile(r"Done in [\d.]+ s|完成，[\d.]+ 秒")
    assert {lesson: [status for status in statuses if not done.fullmatch(status)] for lesson, statuses in seen.statuses.items()} == {
        lesson: [] for lesson in LESSONS}
    assert (seen.shown, seen.kept, seen.errors) == ("42", "6 * 7", [])
