"""The report as one page that needs nothing else: `msiccp-calls report --html FILE`."""

import pathlib

from ..common.errors import Failure
from ..common.needs import need
from ..common.text import count, path_to_text, printable
from . import figures, ladder, plots, words

WORST = 300     # with some 6 kB each, a page stays below 2 MB


def _verdict_rows(found):
    return [(f"{row['verdict'] or row['outcome'] or words.UNKNOWN}".replace("_", " ")
             + (f" ({row['outcome']})" if row["verdict"] and row["outcome"] else ""),
             row["calls"], int(row["failing"])) for row in found.verdicts]


def _environment():
    jinja2 = need("jinja2")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(pathlib.Path(__file__).parent), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    # Text of a capture has no control characters here either: some turn the line around.
    environment.finalize = lambda value: (
        "" if value is None else printable(value)
        if isinstance(value, str) and not hasattr(value, "__html__") else value)
    environment.filters.update(
        spaced=lambda text: (text or words.UNKNOWN).replace("_", " "),
        count=count, number=lambda value: f"{value:,}" if value is not None else "",
        tenths=lambda value: f"{float(value):.1f}" if value is not None else "",
        base=lambda path: path.rpartition("/")[2], moment=words.moment)
    return environment


def render(database):
    found = figures.gather(database, WORST)
    template = _environment().get_template("page.html")
    return template.render(
        found=found, name=path_to_text(database.target).rpartition("/")[2], words=words,
        ladder=ladder,
        series_plot=plots.series(found.series, found.series_unit) if found.series else None,
        verdict_plot=plots.bars(_verdict_rows(found), "verdicts",
                                "Bars: calls by verdict and outcome. The table has the numbers.")
        if found.verdicts else None)


def write(database, file):
    try:
        pathlib.Path(file).write_text(render(database), encoding="utf-8")
    except OSError as error:
        raise Failure(f"{file}: {error.strerror}") from None
