# SPDX-License-Identifier: GPL-2.0-or-later
"""Plots of the page: matplotlib draws them as SVG, whose colours become the page's, so that they
follow its dark and light. Each is drawn twice, for a desk and for a phone, where letters that shrink
could not be read."""

import io
import re

from ..common.needs import need
from . import figures

markupsafe = need("markupsafe")

# Colours that matplotlib is given, and what the page has in their place.
INK, ACCENT, BAD = "#010203", "#040506", "#070809"
COLOURS = {INK: "var(--ink)", ACCENT: "var(--accent)", BAD: "var(--bad)"}
# (name, inches, how many ticks) of each size.
SIZES = (("wide", (11, 3), 12), ("narrow", (4, 3.2), 5))


def _figure(inches):
    matplotlib = need("matplotlib")
    matplotlib.use("svg")
    # Text stays text; the same figures give the same page.
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "msiccp"})
    figure = need("matplotlib.figure").Figure(figsize=inches, layout="constrained")
    axes = figure.subplots()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("bottom", "left"):
        axes.spines[side].set_color(INK)
    axes.tick_params(colors=INK)
    axes.yaxis.label.set_color(INK)
    return figure, axes


def _svg(figure, name, label):
    file = io.StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text[text.index("<svg"):], flags=re.S)
    text = re.sub(r"<svg [^>]*viewBox=\"([^\"]*)\"[^>]*>",
                  lambda match: f'<svg class="plot {name}" viewBox="{match[1]}" role="img" '
                                f'aria-label="{markupsafe.escape(label)}">', text, count=1)
    # Names are the page's, of which it has one each.
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(url\(#|href="#)', rf"\1{name}-", text)
    text = re.sub(r"font: [^;\"]*", "font: 10px sans-serif", text)
    for drawn, shown in COLOURS.items():
        text = text.replace(drawn, shown)
    return markupsafe.Markup(text)


def _series(spans, name, inches, ticks, label):
    figure, axes = _figure(inches)
    positions = range(len(spans))
    axes.bar(positions, [calls for _span, calls, _failing in spans], color=ACCENT, width=0.8)
    axes.bar(positions, [failing for _span, _calls, failing in spans], color=BAD, width=0.8)
    step = max(1, -(-len(spans) // ticks))
    axes.set_xticks(list(positions)[::step],
                    [figures.span_in_words(span) for span, *_ in spans[::step]], rotation=30, ha="right")
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_ylabel("calls")
    return _svg(figure, name, label)


def series(spans, unit):
    """Calls by hour, day or month; the failing ones in another colour."""
    total = sum(calls for _span, calls, _failing in spans)
    label = (f"Bars: {total} calls by {unit}, failing ones in another colour. The table below has the "
             "numbers.")
    return markupsafe.Markup("").join(_series(spans, *size, label) for size in SIZES)
