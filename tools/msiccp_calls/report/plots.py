"""Plots of the page: matplotlib draws them as SVG, whose colours become the page's, so that they
follow its dark and light."""

import io
import re

from ..common.needs import need

markupsafe = need("markupsafe")

# Colours that matplotlib is given, and what the page has in their place.
INK, ACCENT, BAD = "#010203", "#040506", "#070809"
COLOURS = {INK: "var(--ink)", ACCENT: "var(--accent)", BAD: "var(--bad)"}
WIDTH_INCHES, HEIGHT_INCHES = 8, 2.6
MOST_TICKS = 12


def _figure(height=HEIGHT_INCHES):
    matplotlib = need("matplotlib")
    matplotlib.use("svg")
    # Text stays text; the same figures give the same page.
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "msiccp"})
    figure = need("matplotlib.figure").Figure(figsize=(WIDTH_INCHES, height),
                                              layout="constrained")
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
                  lambda match: f'<svg class="plot" viewBox="{match[1]}" role="img" '
                                f'aria-label="{markupsafe.escape(label)}">', text, count=1)
    # Names are the page's, of which it has one each.
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(url\(#|href="#)', rf"\1{name}-", text)
    text = re.sub(r"font: [^;\"]*", "font: 10px sans-serif", text)
    for drawn, shown in COLOURS.items():
        text = text.replace(drawn, shown)
    return markupsafe.Markup(text)


def series(spans, unit):
    """Calls by hour, day or month; the failing ones in another colour."""
    figure, axes = _figure()
    positions = range(len(spans))
    axes.bar(positions, [calls for _span, calls, _failing in spans], color=ACCENT, width=0.8)
    axes.bar(positions, [failing for _span, _calls, failing in spans], color=BAD, width=0.8)
    step = max(1, -(-len(spans) // MOST_TICKS))
    axes.set_xticks(list(positions)[::step],
                    [span if unit != "hour" else f"{span[5:]}h" for span, *_ in spans[::step]],
                    rotation=30, ha="right")
    axes.set_ylabel("calls")
    total = sum(calls for _span, calls, _failing in spans)
    return _svg(figure, "series", f"Bars: {total} calls by {unit}, failing ones in another colour. "
                                  "The table below has the numbers.")


def bars(rows, name, label):
    """A bar for each of ROWS, (text, calls, failing), the first on top."""
    figure, axes = _figure(0.6 + 0.32 * len(rows))
    positions = range(len(rows))
    axes.barh(positions, [calls for _text, calls, _failing in rows], color=ACCENT)
    axes.barh(positions, [failing for _text, _calls, failing in rows], color=BAD)
    axes.set_yticks(list(positions), [text for text, *_ in rows])
    axes.invert_yaxis()
    axes.set_xlabel("calls", color=INK)
    return _svg(figure, name, label)
