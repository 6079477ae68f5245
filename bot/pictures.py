"""Draws the charts of posts as PNG pictures: bars, readable on a phone, dark on light or light on dark."""

import io
from functools import cache
from typing import Any

from backend.sheets import Chart

WIDTH, DPI = 5.8, 180
INK, FAINT, GROUND = ("#1c1f22", "#ebebe8"), ("#dedbd2", "#3a3f44"), ("#ffffff", "#1d2023")
COLOURS = ("#3b6ea5", "#e08e2b", "#4f9a6b", "#a05195", "#8a8d90", "#c8504b")
"""Told apart also by those who see few colours; the light and the dark ground take the same."""

LONGEST_NAME = 28


def size(chart: Chart) -> tuple[int, int]:
    """How wide and high the picture is, in pixels."""
    return round(WIDTH * DPI), round(_height(chart) * DPI)


def draw(chart: Chart, *, dark: bool = False) -> bytes:
    """The chart as a PNG picture; `dark` draws it light on dark."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    ink, faint, ground = INK[dark], FAINT[dark], GROUND[dark]
    figure: Any = Figure(figsize=(WIDTH, _height(chart)), dpi=DPI, facecolor=ground, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12)
    axes: Any = figure.add_subplot(facecolor=ground)
    places = list(range(len(chart.rows)))[::-1]
    ends = [0.0] * len(chart.rows)
    for nth, (name, values) in enumerate(chart.series):
        axes.barh(places, values, left=ends, height=0.62, color=COLOURS[nth % len(COLOURS)], label=_plain(name))
        ends = [end + value for end, value in zip(ends, values, strict=True)]
    for mark in chart.marks:
        axes.axvline(mark, color=ink, linewidth=1, linestyle=(0, (4, 3)))
    for place, end in zip(places, ends, strict=True):
        axes.annotate(
            f"{end:g}{chart.unit}", (end, place), xytext=(5, 0), textcoords="offset points", va="center", color=ink
        )
    axes.set_yticks(places, [_plain(_short(each)) for each in chart.rows], color=ink)
    axes.set_xlim(0, max([*ends, *chart.marks, 1]) * 1.12)
    axes.tick_params(axis="x", colors=ink, length=0, labelsize=8)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(axis="x", color=faint, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_title(_plain(chart.title), loc="left", color=ink, fontsize=11, fontweight="bold")
    for side in axes.spines.values():
        side.set_visible(False)
    if len(chart.series) > 1:
        figure.legend(
            loc="outside lower left", ncols=min(len(chart.series), 4), frameon=False, fontsize=8, labelcolor=ink
        )
    out = io.BytesIO()
    FigureCanvasAgg(figure).print_png(out)
    return out.getvalue()


def _height(chart: Chart) -> float:
    return 1.25 + 0.4 * max(len(chart.rows), 1)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def _plain(text: str) -> str:
    """The text as it stands: no formula between dollar signs, and a box for a letter that the font does not have."""
    font = _font()
    drawn = "".join(each if each == "\n" or font.get_char_index(ord(each)) else "\u25a1" for each in text)
    return drawn.replace("$", r"\$")


@cache
def _font() -> Any:
    from matplotlib import font_manager

    fonts: Any = font_manager
    return fonts.get_font(fonts.findfont(fonts.FontProperties(family=["sans-serif"])))
