"""Listings and tables as a reader finds them: scrolled by keyboard, with a button that copies.

Material's script would make all of it in the reader's browser, measuring as it
goes, and a long page would be drawn three times before it can be read. So that
the script leaves them alone, a listing's `code` is no child of its `pre`, and
each table has a class.
"""
import html
import re

LISTING = re.compile(r"<pre[^>]*>(?:<span></span>)?<code([^>]*)>(.*?)</code></pre>", re.S)
TABLE = re.compile(r"<table>.*?</table>", re.S)
OUTPUT_TABLE = re.compile(r"<table(?= style|>)")


def classed(output):
    """A lesson's output, whose tables scroll with it."""
    return OUTPUT_TABLE.sub('<table class="bp-table"', output)


def scrolling(body):
    """Prose, whose tables scroll by themselves."""
    return TABLE.sub(lambda table: f'<div class="bp-scroll" tabindex="0">{classed(table[0])}</div>', body)


def copied(output, label):
    button = f'<button class="bp-copy" type="button" title="{label}" aria-label="{label}"></button>'
    return LISTING.sub(rf'<pre>{button}<span class="bp-code"><code\1 tabindex="0">\2</code></span></pre>', output)


def on_post_page(output, page, config):
    return copied(scrolling(output), html.escape(config.extra["labels"]["copy"]))
