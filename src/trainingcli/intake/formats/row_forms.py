"""The plain form of a row in a worksheet part: what passes to calamine as it is."""

from __future__ import annotations

import re

ROW_ATTRIBUTES = (
    rb"spans|s|customFormat|ht|customHeight|hidden|outlineLevel|collapsed|thickTop|thickBot|ph|x14ac:dyDescent"
)


def usual_row(prefix: bytes) -> re.Pattern[bytes]:
    """Return the pattern of a plain row: its number, and cells that lie in it, each of a form that no reader doubts."""
    start, end = b"<" + prefix, b"</" + prefix
    style, value_end = rb'(?: (?:s|cm|vm)="[0-9]++")*+', end + b"v>" + end + b"c>"
    formula = start + rb'f(?: [a-zA-Z0-9]++="[^"<>&]*+")*+(?:/>|>[^<]*+' + end + b"f>)"
    value = b">(?:" + formula + b")?+" + start + b"v>"
    text = rb"[^<&\s][^<&]*+(?:&(?:amp|lt|gt|quot|apos|#10);[^<&]*+)*+"
    forms = (
        rb' t="s"' + style + b">" + start + rb"v>[0-9]++" + value_end,
        rb'(?: t="n")?+' + style + value + rb"-?+[0-9]++(?:\.[0-9]++)?+(?:[eE][-+]?+[0-9]{1,3}+)?+" + value_end,
        style + b"/>",
        style + b">" + end + b"c>",
        rb' t="str"' + style + value + text + value_end,
        rb' t="inlineStr"'
        + style
        + b">"
        + start
        + b"is>"
        + start
        + rb't(?: xml:space="preserve")?+>'
        + text
        + end
        + b"t>"
        + end
        + b"is>"
        + end
        + b"c>",
        rb' t="b"' + style + value + b"[01]" + value_end,
    )
    cell = start + rb'c r="[A-Z]{1,3}+\1"' + style + b"(?:" + b"|".join(forms) + rb")\s*+"
    return re.compile(
        start
        + rb'row r="([1-9][0-9]{0,6}+)"(?: (?:'
        + ROW_ATTRIBUTES
        + rb')="[^"<>&]*+")*+(?:/>|>\s*+(?:'
        + cell
        + b")*+"
        + end
        + rb"row>)\s*+"
    )
