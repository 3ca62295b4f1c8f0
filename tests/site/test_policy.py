"""What a page's Content-Security-Policy keeps from running and from loading, when somebody got it into the page."""
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PAGE = "instructors/"
NOTE = """window.breaches = [];
    addEventListener("securitypolicyviolation", ({ effectiveDirective }) => breaches.push(effectiveDirective))"""
FORBIDDEN = {
    "<script>window.planted = true</script>": "script-src-elem",
    "<script>window.planted = true;</script><script src='https://elsewhere.example/x.js'></script>": "script-src-elem",
    "<script src='data:text/javascript,window.planted=true'></script>": "script-src-elem",
    "<img src='nowhere.png' onerror='window.planted = true'>": "script-src-attr",
    "<svg onload='window.planted = true'></svg>": "script-src-attr",
    "<iframe src='404.html'></iframe>": "frame-src",
    "<object data='404.html'></object>": "object-src",
    "<img src='https://elsewhere.example/x.png'>": "img-src",
    "<link rel='stylesheet' href='https://elsewhere.example/x.css'>": "style-src-elem",
    "<base href='https://elsewhere.example/'>": "base-uri",
}
FROM_A_SCRIPT = {
    "eval('window.planted = true')": "script-src",
    "fetch('https://elsewhere.example/', { method: 'POST', body: 'x' }).catch(() => {})": "connect-src",
    "new Worker('data:text/javascript,0')": "worker-src",
    "location.href = 'javascript:window.planted = true'": "script-src-elem",
    "document.body.appendChild(Object.assign(document.createElement('form'), { action: 'x' })).submit()": "form-action",
}


@pytest.fixture(scope="module")
def planted(browser, address):
    """planted(fragment, script="") opens a page with a fragment at its end, where a script of the site runs `script`, too.

    It gives back what the policy forbade, and whether what was planted ran.
    """
    with browser.new_context() as context:
        def opened(fragment, script=""):
            tab = context.new_page()
            tab.add_init_script(NOTE)
            tab.route(f"**/{PAGE}", lambda route: route.fulfill(
                body=route.fetch().text().replace("</body>", f"{fragment}</body>"), content_type="text/html; charset=utf-8"))
            tab.route("**/assets/site.js", lambda route: route.fulfill(
                body=f"addEventListener('load', () => setTimeout(() => {{ {script} }}))", content_type="text/javascript"))
            tab.goto(address + PAGE)
            tab.wait_for_timeout(100)
            seen = tab.evaluate("[breaches, 'planted' in window]")
            tab.close()
            return seen
        yield opened


def test_the_page_itself_breaks_no_rule_and_its_scripts_run(planted):
    assert planted("", "window.planted = true") == [[], True]


@pytest.mark.parametrize("fragment", FORBIDDEN)
def test_what_is_planted_in_a_page_neither_runs_nor_loads(planted, fragment):
    breaches, ran = planted(fragment)
    assert {*breaches} == {FORBIDDEN[fragment]} and not ran


@pytest.mark.parametrize("script", FROM_A_SCRIPT)
def test_what_a_script_of_the_site_might_be_talked_into_is_forbidden_too(planted, script):
    breaches, ran = planted("", script)
    assert {*breaches} == {FROM_A_SCRIPT[script]} and not ran


ASKING = """import js
for ask in (lambda: js.fetch("{0}fetch"), lambda: js.eval("import('{0}module.js')")):
    try:
        ask()
    except Exception as problem:
        print("EvalError" in str(problem))
request = js.XMLHttpRequest.new()
request.open("GET", "{0}request", False)
request.send()"""


def test_python_that_runs_in_the_page_reaches_no_other_host(browser, address):
    asked = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server, browser.new_context() as context:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tab = context.new_page()
        tab.goto(address + "lessons/03-feedforward/")
        cell = tab.locator("#cell-2")
        cell.locator("> .bp-bar [data-do=edit]").click()
        cell.locator("> .cm-editor .cm-content").click()
        tab.keyboard.press("Control+a")
        tab.keyboard.insert_text(ASKING.format(f"http://127.0.0.1:{server.server_address[1]}/"))
        tab.keyboard.press("Control+Enter")
        expect(cell.locator("> .bp-bar [role=status]")).to_have_text("Error: see below", timeout=60_000)
        shown = cell.locator("> .bp-output").inner_text()
        tab.wait_for_timeout(300)
        server.shutdown()
    assert "True" in shown and "NetworkError" in shown and asked == []
