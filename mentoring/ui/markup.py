"""Texts that coordinators write, as safe HTML: Markdown without images and without HTML.

Two libraries, one for each half of the job: markdown-it-py reads the marks, nh3 lets through what
is on the list below and nothing else, whatever the first one made of its input.
"""

from collections.abc import Sequence
from functools import cache
from html import unescape
from typing import Final

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token

LOWEST: Final = 6
TAGS: Final = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES: Final = {"*": set(), "a": {"href"}, "ol": {"start"}, "th": {"scope"}}
SCHEMES: Final = {"http", "https", "mailto", "tel"}


def render(text: str, *, top: int = 2) -> SafeString:
    """The text as HTML. Its highest heading becomes ``<h{top}>``, so that pages keep their order.

    Lines end where they were ended. A link leads to a page here, to the web, to a mail or to a
    telephone; anything else stays text. HTML is shown as it was typed.
    """
    parser = _parser()
    tokens = parser.parse(text)
    _shift(tokens, top)
    for token in tokens:
        if token.type == "th_open":
            token.attrs = {"scope": "col"}
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer"
    )
    return mark_safe(clean)  # noqa: S308 (nh3 let it through)


def plain(text: str, *, words: int | None = None) -> str:
    """The text without its marks, in one line; at most so many words of it."""
    bare = unescape(nh3.clean(str(render(text)).replace("<", " <"), tags=set()))
    line = " ".join(bare.split())
    return line if words is None else Truncator(line).words(words)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    parser.add_render_rule("image", _image_as_link)
    return parser


def _image_as_link(
    _renderer: RendererProtocol, tokens: Sequence[Token], at: int, _options: object, _env: object
) -> str:
    """A picture is fetched from elsewhere by whoever reads: a link leaves that to her."""
    token = tokens[at]
    source = str(token.attrs.get("src", ""))
    return f'<a href="{escape(source)}">{escape(token.content or source)}</a>'


def _shift(tokens: list[Token], top: int) -> None:
    """Headings keep their order among themselves, below what stands on the page already.

    None is more than one level below the one before it: who listens would look for the one between.
    """
    above: list[int] = []
    for token in tokens:
        if token.type not in {"heading_open", "heading_close"}:
            continue
        if token.type == "heading_open":
            level = int(token.tag[1])
            above = [one for one in above if one < level] + [level]
        token.tag = f"h{min(LOWEST, top + len(above) - 1)}"
