"""Texts that are code where somebody forgets that they are texts, and the judge of a page on which they stand."""

from __future__ import annotations

import re

from lxml import html

PAYLOADS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>", "</td></tr></table><h1>X1</h1>", "</title><script>alert(1)</script>", "</textarea><svg/onload=a>",
    "\" onfocus=alert(1) autofocus x=\"", "' onmouseover=alert(1) x='", "javascript:alert(1)", "<a href=javascript:alert(1)>x</a>",
    "<iframe src=//evil.example>", "<base href=//evil.example>", "<form action=//evil.example>", "<meta http-equiv=refresh>",
    "<style>*{display:none}</style>", "<link rel=stylesheet href=//e.ex>", "<object data=//evil.example>", "<math><mtext></p><style>",
    "<!--<img src=\"--><img src=x>", "<details open ontoggle=alert(1)>", "{{7*7}}${7*7}#{7*7}<%=7*7%>", "{% include 'base.html' %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;", "<scr<script>ipt>alert(1)", "<input autofocus onfocus=a(1)>",
    "=HYPERLINK(\"//evil.example\")", "<x onclick=alert(1)>\u2028</x>", "`-alert(1)-`", "];alert(1);//",
)  # fmt: skip
"""Each shorter than a line of an address, so that every text of a package can hold it."""

OURS = {
    "html", "head", "meta", "title", "link", "script", "body", "a", "header", "div", "span", "i", "nav", "main", "h1", "h2", "h3", "h4",
    "p", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "form", "input", "button",
    "label", "select", "option", "optgroup", "textarea", "fieldset", "legend", "section", "article", "aside", "footer", "details",
    "summary", "time", "strong", "em", "b", "small", "code", "pre", "abbr", "br", "hr", "svg", "path", "rect", "circle", "g", "line",
    "polyline", "use", "figure", "figcaption", "img", "mark", "del", "ins", "bdi", "kbd", "samp", "output", "progress", "meter", "search",
    "datalist", "colgroup", "col", "template", "sup", "sub", "s", "address", "blockquote", "defs", "dialog", "menu", "noscript", "text", "wbr",
}  # fmt: skip
"""Elements of our pages. What is none of these was a text before."""
_ELSEWHERE = re.compile(r"(?i)[\s\0-\x1f]*(javascript:|vbscript:|data:text|//|https?://evil)")


def broken(page: str) -> list[str]:
    """What in a page was a text and has become code, or looks so: elements, handlers, addresses, scripts with words."""
    found = []
    for one in html.fromstring(page).iter():
        if not isinstance(one.tag, str):
            found += ["a comment with code"] if "<img" in str(one.text) else []
            continue
        if one.tag not in OURS or (one.tag == "script" and (one.text or not str(one.get("src")).startswith("/"))):
            found.append(f"<{one.tag}> {one.attrib}")
        for name, value in one.attrib.items():
            led = name in ("href", "src", "action", "formaction", "data", "xlink:href") and _ELSEWHERE.match(value)
            if name.startswith("on") or name in ("style", "srcdoc", "autofocus") or led:
                found.append(f"<{one.tag} {name}={value}>")
    return found + [
        what
        for what in ("alert(1)</script>", "onerror=alert(1)>")
        if f"<script>{what}" in page or f"<img src=x {what}" in page
    ]
