"""What the two languages' sites share: addresses, style sheets and fonts, small repairs of the theme's markup."""
import html
import logging
import re
from functools import partial
from importlib.resources import files as package_files
from pathlib import Path

import bp
import jieba
from bp.citation import cite_book, cite_page, public_address
from mkdocs.structure.files import File

PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.S)
MARKUP = re.compile(r"<[^>]+>|\\[()]")
SHORT_CODE = re.compile(r"<code>(?=[^<\n]{1,24}</code>)")
WEB_FONT = re.compile(r'src:url\((fonts/[^)]+\.woff2)\) format\("woff2"\)[^;}]*')

jieba.setLogLevel(logging.WARNING)


def on_startup(command, dirty):
    """Build in silence but for warnings; MkDocs' own --quiet would hide those from --strict too."""
    logging.getLogger("mkdocs").setLevel(logging.WARNING)


def on_config(config):
    """Where the book has a public address (bp/citation.py), search engines are led to the newest version there."""
    address = public_address()
    config.site_url = f"{address}/latest/{config.extra['folder']}" if address else ""


def counterpart(language, page, base_url, here):
    """Where this page stands in another language, from here: it holds under any address and any folder."""
    to_root = base_url.rstrip("/") + ("/.." if here else "")
    return f"{to_root}/{language['folder']}{page.url if page else ''}"


def newest(language, page):
    """Where this page stands in another language in the newest version, if the book has a public address."""
    address = public_address()
    return f"{address}/latest/{language['folder']}{page.url if page else ''}" if address else ""


def on_env(env, config, files):
    env.globals["counterpart"] = partial(counterpart, here=config.extra["folder"])
    env.globals["newest"] = newest
    env.globals["bp_version"] = bp.__version__
    env.globals["book_address"] = public_address()


def on_page_context(context, page, config, nav):
    """What the foot of each page says about citing it."""
    language = config.theme["language"]
    context["citation"] = cite_book(language) if page.is_homepage else cite_page(page.title, page.url, language)
    return context


def on_files(files, config):
    """Serve the cards' style sheet and KaTeX's, with the fonts, from where they are kept."""
    katex = Path(config.config_file_path).parent / "node_modules" / "katex" / "dist"
    style = WEB_FONT.sub(r'src:url(\1) format("woff2")', (katex / "katex.min.css").read_text(encoding="utf-8"))
    files.append(File.generated(config, "assets/katex/katex.css", content=style))
    for font in sorted((katex / "fonts").glob("*.woff2")):
        files.append(File.generated(config, f"assets/katex/fonts/{font.name}", abs_src_path=str(font)))
    card = package_files("bp").joinpath("card.css").read_text(encoding="utf-8")
    files.append(File.generated(config, "assets/card.css", content=card))


def on_page_content(body, page, config, files):
    """Describe each page to search engines by its first paragraph, unless it says something else.

    No line ends within a short piece of code.
    """
    first = PARAGRAPH.search(body)
    if first and "description" not in page.meta:
        words = html.unescape(MARKUP.sub("", first[1])).split()
        page.meta["description"] = html.escape(" ".join(words))
    return SHORT_CODE.sub('<code class="bp-joined">', body)


def on_post_page(output, page, config):
    """Name the search dialog, which Material leaves without a name, and keep the prime off the f, which would hide it."""
    label = html.escape(config.extra["labels"]["search"])
    return output.replace("f′", "f\u200a′").replace('data-md-component="search" role="dialog"',
                          f'data-md-component="search" role="dialog" aria-label="{label}"')
