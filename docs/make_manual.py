"""Make the clerks' manual one page that needs nothing else: `make manual`. It is handed out with the wheel.

How to install it (README.zh-CN.md), then the pages of docs/clerks in the order of docs/README.md, pictures inside.
It prints on A4 and has no script.
"""

from __future__ import annotations

import base64
import re
import sys
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt

from trainingcli import __version__

HERE = Path(__file__).parent
CLERKS = HERE / "clerks"
INSTALL = "安装"
KINDS = {".png": "image/png", ".svg": "image/svg+xml"}
STYLE = """
body { font: 16px/1.7 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
body { max-width: 46em; margin: 2em auto; padding: 0 1em }
h1 { border-bottom: 2px solid #1f4e79; padding-top: 1.5em } table { border-collapse: collapse }
td, th { border: 1px solid #777; padding: .2em .6em; text-align: left; vertical-align: top } img { max-width: 100% }
pre { background: #f2f2f2; padding: .7em; overflow-x: auto } code { font-family: Consolas, monospace }
@page { size: A4; margin: 18mm } @media print { body { font-size: 11pt; margin: 0; max-width: none }
 h1 { break-before: page } pre { white-space: pre-wrap } table, pre, img { break-inside: avoid }
 nav + h1 { break-before: avoid }
 h2, h3 { break-after: avoid } }
"""


def main(target: str) -> None:
    """Write the manual."""
    path = Path(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(manual(), "utf-8")
    print(path)


def order() -> list[str]:
    """Return the pages' names, in the order of the index."""
    index = (HERE / "README.md").read_text("utf-8")
    return [INSTALL, *dict.fromkeys(re.findall(r"\(clerks/([^()]+)\.md\)", index))]


def text_of(name: str) -> str:
    """Return a page's Markdown."""
    if name != INSTALL:
        return (CLERKS / f"{name}.md").read_text("utf-8")
    section = (HERE.parent / "README.zh-CN.md").read_text("utf-8").split(f"\n## {INSTALL}\n", 1)[1]
    return f"# {INSTALL}\n" + section.split("\n## ", 1)[0]


def manual() -> str:
    """Return the whole page."""
    names = order()
    entries = "".join(f'<li><a href="#{name}">{name}</a></li>' for name in names)
    body = "\n".join(section(name) for name in names)
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>trainingcli 说明书</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>\n'
        f"<body><p>trainingcli {__version__} 说明书</p><nav><ol>{entries}</ol></nav>\n{body}\n</body></html>\n"
    )


def section(name: str) -> str:
    """Return a page as HTML: its heading is the anchor, links to other pages stay inside, pictures are in the text."""
    html = MarkdownIt("commonmark").enable("table").render(text_of(name))
    html = re.sub(r"<h1>", f'<h1 id="{name}">', html, count=1)
    html = re.sub(r'src="([^"]+)"', lambda found: f'src="{_picture(unquote(found[1]))}"', html)
    return re.sub(r'<a href="([^"]+)">(.*?)</a>', _link, html)


def _picture(source: str) -> str:
    file = CLERKS / source
    return f"data:{KINDS[file.suffix]};base64,{base64.b64encode(file.read_bytes()).decode()}"


def _link(found: re.Match[str]) -> str:
    """A link to a page of the manual leads there; one to another document is its words alone."""
    page = {"README.zh-CN": INSTALL}.get(stem := Path(unquote(found[1])).stem, stem)
    return f'<a href="#{page}">{found[2]}</a>' if page in order() else found[2]


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["build/说明书.html"]))
