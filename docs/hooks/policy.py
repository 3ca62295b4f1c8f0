"""A strict Content-Security-Policy in the head of every page, so that it holds on any host.

A page loads nothing but the site's own files, and runs no script that stands in
it but those that it was built with, known by their hashes. WebAssembly is there
for Python in the page, whose worker starts from a blob to be bound by the same
policy. Styles within elements are KaTeX's.
"""
import base64
import hashlib
import re

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority

POLICY = {
    "default-src": "'self'",  # what is left for it is the next page, which Firefox fetches in advance
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "'self' blob:",
    "connect-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "font-src": "'self'",
    "img-src": "'self' data:",
    "frame-src": "'none'",
    "manifest-src": "'none'",
    "media-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
INLINE_SCRIPT = re.compile(r'<script(?![^>]*\s(?:src=|type="application/json"))[^>]*>(.*?)</script>', re.S)
HEAD = "<head>"


def source(script):
    """A script as a policy names it.

    >>> source("alert(1)")
    "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def protected(page, name):
    """The page with its policy, before anything that the policy speaks of."""
    if HEAD not in page:
        raise PluginError(f"{name}: there is no {HEAD} for the Content-Security-Policy")
    scripts = dict.fromkeys(map(source, INLINE_SCRIPT.findall(page)))
    policy = {**POLICY, "script-src": " ".join([POLICY["script-src"], *scripts])}
    content = "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
    return page.replace(HEAD, f'{HEAD}<meta http-equiv="Content-Security-Policy" content="{content}">', 1)


@event_priority(-100)
def on_post_page(output, page, config):
    """Comes last, when the page is finished."""
    return protected(output, page.file.src_uri)


@event_priority(-100)
def on_post_template(output_content, template_name, config):
    """The page for wrong addresses is made of a template alone."""
    return protected(output_content, template_name) if template_name.endswith(".html") else None
