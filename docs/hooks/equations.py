"""Equations on pages: quoted from the spec, linked to the one place where each is explained.

In prose, `{eq:hidden-delta}` becomes the statement, as a link to its card, and
`{card:hidden-delta}` on a line of its own shows the card. Statements are thus
never typed, and an id that the spec does not know stops the build.

A card may be shown on several pages, but its anchor `#eq-<id>` stands on one:
`spec[id].page`. Elsewhere the anchor is taken out, and links to it lead home.
"""
import posixpath
import re
from xml.etree import ElementTree

import bp
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.utils import get_relative_url

ANCHOR = re.compile(r'\sid="(eq-[a-z0-9-]+)"')
ANY_ID = re.compile(r'\sid="([^"]+)"')
QUOTE = re.compile(r"\{eq:([a-z0-9-]+)\}")
LINK = re.compile(r'href="#eq-([a-z0-9-]+)"')
STYLE = re.compile(r"<style>.*?</style>\s*(?=<section class=\"bp-card\")", re.S)


def find(identifier, where):
    """The equation with that id, or an end to the build that says which page asked for it."""
    if identifier not in bp.spec:
        raise PluginError(f"{where}: the spec has no equation {identifier!r}")
    return bp.spec[identifier]


class Equations:
    """The spec, asked on behalf of the page that is being written."""

    page = files = None

    def find(self, identifier):
        return find(identifier, self.page.file.src_uri)

    def home(self, identifier):
        """The source file that holds the equation's anchor."""
        source = self.find(identifier).page + ".ipynb"
        file = self.files.get_file_from_path(source)
        if file is None:
            raise PluginError(f"{self.page.file.src_uri}: the home of {identifier!r}, {source}, is no page")
        return file


equations = Equations()


def quote_statements(text, folder, where):
    """Put for each `{eq:id}` of a text in `folder` its statement, as a link to the equation's card.

    Rows of tables have room for fractions of full size.
    """
    def quote(match):
        equation = find(match[1], where)
        home = posixpath.relpath(f"{equation.page}.ipynb", folder or ".")
        row = match.string.rfind("\n|", 0, match.start()) >= match.string.rfind("\n", 0, match.start()) > -1
        latex = equation.latex.replace(r"\frac", r"\dfrac") if row else equation.latex
        return f'[${latex}$]({home}#{equation.anchor} "{equation.title()}")'
    return QUOTE.sub(quote, text)


class Card(BlockProcessor):
    """`{card:id}` alone in a paragraph: the card."""

    CARD = re.compile(r"\{card:([a-z0-9-]+)\}")

    def test(self, parent, block):
        return self.CARD.fullmatch(block.strip())

    def run(self, parent, blocks):
        identifier = self.CARD.fullmatch(blocks.pop(0).strip())[1]
        card = equations.find(identifier)._repr_html_()
        ElementTree.SubElement(parent, "p").text = self.parser.md.htmlStash.store(card)


class EquationMarkdown(Extension):
    def extendMarkdown(self, md):
        md.parser.blockprocessors.register(Card(md.parser), "bp-card", 95)


def on_config(config):
    config.markdown_extensions.append(EquationMarkdown())


def on_page_markdown(markdown, page, config, files):
    equations.page, equations.files = page, files
    return quote_statements(markdown, posixpath.dirname(page.file.src_uri), page.file.src_uri)


@event_priority(-20)
def on_page_content(body, page, config, files):
    """Settle where each anchor stands, once the outputs of the lesson are in their places."""
    equations.page, equations.files = page, files
    settled = set()

    def anchor(match):
        identifier = match[1].removeprefix("eq-")
        if identifier not in bp.spec:
            return match[0]
        if identifier in settled or equations.home(identifier).src_uri != page.file.src_uri:
            return ""
        settled.add(identifier)
        return match[0]

    def link(match):
        if match[1] in settled or match[1] not in bp.spec:
            return match[0]
        return f'href="{get_relative_url(equations.home(match[1]).url, page.url)}#eq-{match[1]}"'

    body = LINK.sub(link, ANCHOR.sub(anchor, STYLE.sub("", body)))
    page.present_anchor_ids = set(page.present_anchor_ids or ()) | set(ANY_ID.findall(body))
    return body
