"""The pictures of the paper: the window of the agencies, the QR code, and the mark behind a paper of test mode."""

from __future__ import annotations

from typing import Any

import segno

from app.clearance.facts import ClearanceFacts

INK = "#1b2a31"
MASK = 0
"""Which of the eight masks the QR code takes. Each of them is read alike; to weigh them against each other, as the norm
advises for texts that repeat themselves, takes four times as long as the code, and signed claims are noise already."""
_LIGHTS = {"lit": "#ffd166", "refused": "#e76f51", "dark": "#d9d5ca"}


def window(facts: ClearanceFacts) -> bytes:
    """Draw the window: one pane for each agency asked, two columns, three when more than four signed; SVG.

    A refused pane carries a stroke, one that is not decided yet a dot, so that they read in black and white.
    """
    lights = [sign_off.light for sign_off in facts.sign_offs]
    columns = 3 if len(lights) > 4 else min(2, len(lights) or 1)
    rows = -(-len(lights) // columns) or 1
    panes = []
    for place, light in enumerate(lights):
        row, column = divmod(place, columns)
        last = place == len(lights) - 1
        wide = columns - column if last else 1
        panes.append(_pane(column, row, wide, columns, rows, light))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="104" height="104" viewBox="0 0 104 104">'
        f'<rect width="104" height="104" rx="6" fill="{INK}"/>{"".join(panes)}</svg>'
    ).encode()


def _pane(column: int, row: int, wide: int, columns: int, rows: int, light: str) -> str:
    width, height = (92 - 5 * (columns - 1)) / columns, (92 - 5 * (rows - 1)) / rows
    x, y = 6 + column * (width + 5), 6 + row * (height + 5)
    across = width * wide + 5 * (wide - 1)
    pane = f'<rect x="{x:.2f}" y="{y:.2f}" width="{across:.2f}" height="{height:.2f}" fill="{_LIGHTS[light]}"/>'
    if light == "refused":
        pane += (
            f'<line x1="{x:.2f}" y1="{y + height:.2f}" x2="{x + across:.2f}" y2="{y:.2f}" '
            f'stroke="{INK}" stroke-width="5"/>'
        )
    if light == "dark":
        pane += f'<circle cx="{x + across / 2:.2f}" cy="{y + height / 2:.2f}" r="4" fill="{INK}"/>'
    return pane


# The letters of "test" in three languages as strokes in a box of 10 by 14: no text, so that nothing of it mixes with what is
# read from the paper by machines and aloud.
_STROKES = {
    "T": "M0 0H10M5 0V14", "E": "M9 0H1V14H9M1 7H8", "S": "M9 2A4 3.5 0 1 0 5 7A4 3.5 0 1 1 1 12",
    "C": "M9.5 2.5A5.5 7 0 1 0 9.5 11.5", "Э": "M.5 2.5A5.5 7 0 1 1 .5 11.5M4 7H10",
}  # fmt: skip


def across() -> bytes:
    """Draw what stands behind the text of a test paper: the word in three languages, rising across the page; SVG."""
    rows = []
    for place, word in enumerate(("TЭCT", "TECT", "TEST")):
        letters = "".join(
            f'<path transform="translate({14 * n} 0)" d="{_STROKES[letter]}"/>' for n, letter in enumerate(word)
        )
        rows.append(f'<g transform="translate(36 {72 + 80 * place}) rotate(-32) scale(1.9)">{letters}</g>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="178" height="252" viewBox="0 0 178 252">'
        f'<g fill="none" stroke="#f6e2dc" stroke-width="2.2">{"".join(rows)}</g></svg>'
    ).encode()


class Code:
    """The QR code of the address at which a clearance is verified, with the signed claims behind it.

    WeasyPrint takes it in place of an image that it has loaded. As SVG its twelve hundred strokes cost an eighth of the whole
    paper to be read and written again; here they are one path of rectangles, which is sharper as well.
    """

    def __init__(self, facts: ClearanceFacts) -> None:
        address = f"{facts.verify_url}#c={facts.claims}" if facts.claims else facts.verify_url
        self.rows = [bytes(row) for row in segno.make(address, error="m", micro=False, mask=MASK).matrix]

    def get_intrinsic_size(self, _resolution: float, _font_size: float) -> tuple[float, float, float]:
        """Return width and height in modules, and their ratio."""
        return len(self.rows), len(self.rows), 1

    def draw(self, stream: Any, width: float, height: float, _style: Any) -> None:
        """Write the dark modules into a stream of WeasyPrint, as wide and high as its style says (CSS pixels)."""
        stream.transform(a=width / len(self.rows), d=height / len(self.rows))
        stream.set_color_rgb(*(int(INK[place : place + 2], 16) / 255 for place in (1, 3, 5)))
        stream.stream.append(b"\n".join(self._bars()))
        stream.fill()

    def _bars(self) -> list[bytes]:
        """One rectangle for each run of dark modules in a row."""
        bars = []
        for y, row in enumerate(self.rows):
            end = 0
            while (start := row.find(1, end)) >= 0:
                end = row.find(0, start)
                end = len(row) if end < 0 else end
                bars.append(b"%d %d %d 1 re" % (start, y, end - start))
        return bars
