"""The `mcda` command and what all its subcommands share."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Callable
from typing import Any

import click

import mcda
from mcda.cli.completion import complete_criteria, complete_facts, complete_scenarios

__all__ = ["FAILED", "INTERNAL", "NOTHING_FOUND", "STOPPED", "cli", "main"]

#: Some scenario failed or an expectation was missed.
FAILED = 1
#: Wrong usage, or an error of the program.
INTERNAL = 2
#: There was no scenario at the paths given.
NOTHING_FOUND = 5
#: An interrupt.
STOPPED = 130

#: The numbers of standard input, output and error.
_STREAMS = (0, 1, 2)

#: What workers of bulk runs read beforehand, once for all.
_PRELOADED = ("mcda.cli.main", "mcda.bulk.preload")


class _Commands(click.Group):
    def invoke(self, context: click.Context) -> Any:
        """Call a command; an interrupt, be it while modules are read, is no scenario's failure."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            sys.exit(STOPPED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(mcda.__version__, prog_name="mcda")
def cli() -> None:
    """Decisions that can be defended: AHP weights, TOPSIS ranks, and the reasons.

    \b
    Examples:
      mcda list
      mcda init my.yaml
      mcda evaluate my.yaml
      mcda explain my.yaml
      mcda sensitivity my.yaml
      mcda diff my.yaml --against FACTS
      mcda report my.yaml -o my.html
      mcda validate my.yaml
      mcda schema scenario
    """


def _path_argument(function: Any) -> Any:
    return click.argument(
        "paths",
        nargs=-1,
        required=True,
        metavar="PATH...",
        type=click.Path(),
        shell_complete=complete_scenarios,
    )(function)


def _criteria_option(meaning: str) -> Callable[[Any], Any]:
    return click.option(
        "--criteria", metavar="NAME|PATH", shell_complete=complete_criteria, help=meaning
    )


def _facts_option(meaning: str) -> Callable[[Any], Any]:
    return click.option("--facts", metavar="NAME|PATH", shell_complete=complete_facts, help=meaning)


def _reference_options(function: Any) -> Any:
    options = (
        click.option(
            "--criteria",
            metavar="NAME|PATH",
            shell_complete=complete_criteria,
            help="Use this criteria model instead.",
        ),
        click.option(
            "--facts",
            metavar="NAME|PATH",
            shell_complete=complete_facts,
            help="Use this facts pack instead.",
        ),
        click.option("--root", metavar="FOLDER", help="Folder that references must stay inside."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def _table_options(function: Any) -> Any:
    options = (
        click.option("--sheet", help="Of a workbook with several."),
        click.option(
            "--weights",
            multiple=True,
            metavar="SPEC",
            help="For a table: price=3,battery=1, or 'price vs battery=3', or equal, entropy, ...",
        ),
        click.option(
            "--directions",
            multiple=True,
            metavar="SPEC",
            help="For a table: price=cost,battery=benefit.",
        ),
        click.option(
            "--domains", multiple=True, metavar="SPEC", help="For a table: price=500..2500, ..."
        ),
        click.option(
            "--rows",
            type=click.Choice(["options"]),
            help="For a table: every row is an option, even one named like a total.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


@cli.command()
@_path_argument
@_reference_options
@_table_options
@click.option(
    "--method",
    multiple=True,
    metavar="SPEC",
    help="For a table: normalization=minmax,weighting=classic.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "markdown"]),
    default="table",
    show_default=True,
    help="What to print.",
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language."
)
@click.option("--check", is_flag=True, help="Fail if a scenario's `expected` is not met.")
def evaluate(**arguments: Any) -> None:
    """Rank the options of scenarios.

    PATH is a scenario file (YAML, JSON or TOML), a folder of them, the name of a shipped scenario,
    or a decision matrix (CSV, Excel) whose first row names criteria and first column options. For
    a portfolio it says which option each of its scenarios gets, and which split follows.

    \b
    Exit status: 0 fine; 1 a scenario failed or an expectation was missed;
    2 wrong usage or an internal error; 5 no scenario found.

    \b
    Examples:
      mcda evaluate scenarios/articles
      mcda evaluate scenarios --check
      mcda evaluate my.yaml --facts facts-of-today --lang zh
      mcda evaluate laptops.csv --weights price=2,battery=1 \\
        --directions price=cost,battery=benefit
    """
    from mcda.cli.evaluate import run

    sys.exit(run(**arguments))


@cli.command()
@click.argument("path", metavar="SCENARIO", type=click.Path(), shell_complete=complete_scenarios)
@click.option(
    "--against",
    metavar="OPTION",
    help="Compare with this option, by default the runner-up; anti-ideal: with the worst ends.",
)
@_reference_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json", "mermaid", "dot", "graphml", "svg"]),
    default="text",
    show_default=True,
    help="What to print.",
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language."
)
def explain(**arguments: Any) -> None:
    """Say why the winner wins.

    SCENARIO is a scenario file, or PORTFOLIO#ID. Every number adds up to the winner's lead: over
    criteria, over the facts behind them, and along the influences between them.

    \b
    Examples:
      mcda explain my.yaml
      mcda explain my.yaml --against api --lang zh
      mcda explain my.yaml --format svg > why.svg
    """
    from mcda.cli.explain import run

    sys.exit(run(**arguments))


@cli.command()
@click.argument("path", metavar="SCENARIO", type=click.Path(), shell_complete=complete_scenarios)
@click.option("--samples", default=8192, show_default=True, help="Samples for rank acceptability.")
@click.option("--seed", default=0, show_default=True, help="Of the samples.")
@click.option(
    "--sampler",
    type=click.Choice(["judgements", "uniform", "ordinal"]),
    default="judgements",
    show_default=True,
    help="What is uncertain: the judgements, all weights, or all that keep the order.",
)
@click.option("--methods", is_flag=True, help="Also ask other methods, and test rank reversal.")
@click.option(
    "--break-even", metavar="MEASURE", help="Only where two options tie in this measure or fact."
)
@click.option(
    "--along", metavar="FIELD|OPTION:FACT", help="For --break-even: the input that is to vary."
)
@click.option("--between", metavar="A,B", help="For --break-even: two options; else all pairs.")
@click.option("--over", metavar="LOW..HIGH", help="For --break-even: where to look.")
@_reference_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json", "csv"]),
    default="text",
    show_default=True,
    help="What to print.",
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language."
)
def sensitivity(**arguments: Any) -> None:
    """Say what would change the answer.

    SCENARIO is a scenario file, or PORTFOLIO#ID. Thresholds are solved, not sampled: weights,
    shifts of weight, judgements, facts, the situation. How often each option gets each rank is
    sampled.

    \b
    Examples:
      mcda sensitivity my.yaml
      mcda sensitivity my.yaml --methods --lang zh
      mcda sensitivity my.yaml --format csv > flips.csv
      mcda sensitivity my.yaml --break-even cost --along pages --between a,b
    """
    from mcda.cli.sensitivity import run

    sys.exit(run(**arguments))


@cli.command()
@_path_argument
@click.option(
    "--against",
    required=True,
    metavar="NAME|PATH",
    shell_complete=complete_facts,
    help="The facts pack to compare with.",
)
@_reference_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="What to print.",
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language."
)
def diff(**arguments: Any) -> None:
    """Say what another facts pack changes, and by which facts.

    PATH is a scenario file or a folder. The scenario's own facts pack, or that of --facts, is the
    one before; --against names the one after. Which facts decide is found by switching them alone,
    the smallest sets first.

    \b
    Exit status: 0 fine, whatever changes; 1 scenarios failed; 2 wrong usage; 5 no scenario found.

    \b
    Examples:
      mcda diff my.yaml --against facts-2026-11
      mcda diff scenarios --facts old.yaml --against new.yaml --format json
    """
    from mcda.cli.diff import run

    sys.exit(run(**arguments))


@cli.command()
@_path_argument
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE|FOLDER/",
    help="A .html, .md or .json file; or a folder for a page of each scenario.",
)
@click.option("--samples", default=8192, show_default=True, help="Samples for rank acceptability.")
@click.option("--seed", default=0, show_default=True, help="Of the samples.")
@click.option("--methods", is_flag=True, help="Also ask other methods, and test rank reversal.")
@_reference_options
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language."
)
def report(**arguments: Any) -> None:
    """Write a report that a board can read.

    PATH is a scenario file, a folder of them, or the name of a shipped scenario. The page needs
    nothing else: it can be mailed, printed, and read without a network. Several scenarios are
    compared on one page; into a folder goes a page of each as well.

    \b
    Exit status: 0 fine; 1 a scenario failed; 2 the target cannot be written, wrong usage;
    5 no scenario found.

    \b
    Examples:
      mcda report my.yaml -o my.html
      mcda report my.yaml -o my.html --lang zh
      mcda report scenarios/ -o comparison.html
      mcda report scenarios/ -o reports/
    """
    from mcda.cli.report import run

    sys.exit(run(**arguments))


@cli.command()
@_path_argument
@_reference_options
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language."
)
def validate(**arguments: Any) -> None:
    """Check scenarios, criteria models, facts packs and portfolios without ranking.

    PATH is a file or a folder. Findings are printed with line and column, the first thirty of a
    document and how many more there are, and what the judgements of a valid document contradict or
    leave out.

    \b
    Examples:
      mcda validate my.yaml
      mcda validate criteria scenarios
    """
    from mcda.cli.validate import run

    sys.exit(run(**arguments))


@cli.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.option("--node", help="Compare the children of this criterion only.")
@click.option("--judge", help="Write the answers down as this judge's.")
@click.option("--again", is_flag=True, help="Ask for every pair, also for those that are there.")
@click.option("--root", metavar="FOLDER", help="Folder that references must stay inside.")
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language."
)
def compare(**arguments: Any) -> None:
    """Ask for pairwise judgements and write them into a scenario file.

    FILE is a scenario in YAML; its comments stay. The questions come in the order that settles
    the weights soonest, the consistency is shown as it goes, and every answer is saved at once.

    \b
    Examples:
      mcda compare my.yaml
      mcda compare my.yaml --node goal --judge cto
    """
    from mcda.cli.compare import run

    sys.exit(run(**arguments))


@cli.command()
@click.argument("file", metavar="[FILE]", default="scenario.yaml")
@click.option(
    "--criteria",
    metavar="NAME|PATH",
    shell_complete=complete_criteria,
    help="Begin from this criteria model.",
)
@_facts_option("Its facts pack.")
@click.option(
    "--set", "settings", multiple=True, metavar="FIELD=VALUE", help="The situation: profile fields."
)
@click.option(
    "--criterion", multiple=True, metavar="SPEC", help="A criterion: price:cost:500..2500."
)
@click.option("--option", multiple=True, metavar="SPEC", help="An option: 'a: price=900'.")
@click.option("--table", metavar="PATH", help="Begin from a CSV file or workbook.")
@_table_options
@click.option("--no-input", is_flag=True, help="Ask nothing.")
@click.option("--no-schema", is_flag=True, help="Write no schema for editors into .mcda/.")
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language."
)
def init(**arguments: Any) -> None:
    """Write a new scenario with comments that can be evaluated at once.

    Without options it asks; answers can come from a pipe, too, one a line. FILE is scenario.yaml
    if it is left out; what exists is never overwritten.

    \b
    Examples:
      mcda init
      mcda init my.yaml --criteria MODEL --set team=3,budget=1
      mcda init laptop.yaml --criterion price:cost:500..2500 \\
        --criterion battery:benefit:4..20 \\
        --option 'a: price=900, battery=9' --option 'b: price=1500, battery=16'
      mcda init laptop.yaml --table laptops.xlsx --weights equal --directions cost,benefit
    """
    from mcda.cli.init import run

    sys.exit(run(**arguments))


@cli.command("bulk")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path())
@click.option(
    "-o", "--output", required=True, metavar="OUT", help="A .parquet, .csv or .jsonl file."
)
@_criteria_option("Use this criteria model instead; needed for tables without a template.")
@_facts_option("Use this facts pack instead.")
@click.option("--root", metavar="FOLDER", help="Folder that references must stay inside.")
@click.option(
    "--template",
    metavar="SCENARIO",
    type=click.Path(),
    help="For tables: a scenario file with the options, weights and the rest that all share.",
)
@click.option("--scenario", default="scenario", show_default=True, help="Column of ids in tables.")
@click.option("--option", default="option", show_default=True, help="Column of options in tables.")
@click.option("--keep", multiple=True, metavar="COLUMN", help="A column of tables to pass through.")
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook that has several.")
@click.option(
    "--scenarios",
    metavar="TABLE",
    type=click.Path(),
    help="A table with a row for each scenario, beside tables of options.",
)
@click.option("--scenarios-sheet", metavar="NAME", help="Its sheet, if it has several.")
@click.option("--workers", type=click.IntRange(1, 512), help="Processes; by default one a core.")
@click.option(
    "--dask",
    is_flag=False,
    flag_value="local",
    metavar="[ADDRESS]",
    help="Let the workers of this Dask scheduler work, or without an address a local cluster's.",
)
@click.option("--resume", is_flag=True, help="Go on with what an interrupted run has done.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first job that cannot be done.")
@click.option("--check", is_flag=True, help="Fail if a scenario's `expected` is not met.")
@click.option(
    "--reasons/--no-reasons",
    default=True,
    show_default=True,
    help="Columns that say why the winner leads, and what would change it soonest.",
)
@click.option(
    "--input-hash/--no-input-hash",
    default=True,
    show_default=True,
    help="A column that tells whether a scenario's input is the same as in another run.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="A column with the sentences of `mcda explain`; much slower, one scenario at a time.",
)
@click.option(
    "--sensitivity",
    is_flag=True,
    help="Columns that say between which shares of each dimension the winner stays.",
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language."
)
def bulk_(**arguments: Any) -> None:
    """Evaluate many scenarios into one file with a row for each.

    SOURCE is a scenario file, a folder, a glob, a file of JSON lines (a scenario each), or a long
    table (CSV, Parquet, Excel): a row for each option of each scenario, or with a template one for
    each scenario. One scenario that fails does not stop the others.

    \b
    Exit status: 0 fine; 1 scenarios failed; 2 wrong usage; 5 no scenario found.

    \b
    Examples:
      mcda bulk scenarios -o results.csv
      mcda bulk situations.parquet --template my.yaml -o results.parquet
      mcda bulk 'runs/*.jsonl' -o results.jsonl --workers 4 --resume
    """
    # light modules alone: what workers need is read while this process reads the others
    from mcda.bulk.pool import prestart

    # its threads would only wait: no matrix here is larger than a criteria model
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if (arguments["workers"] or os.cpu_count() or 1) > 1 and arguments["dask"] is None:
        prestart(_PRELOADED)
    from mcda.cli.bulk import run

    status = run(**arguments)
    gc.freeze()  # Python would look through all that is left once more at its end
    sys.exit(status)


@cli.command("list")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="What to print.",
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language."
)
def list_(**arguments: Any) -> None:
    """Show the criteria models, facts packs and scenarios that are shipped.

    \b
    Examples:
      mcda list
      mcda list --format json
    """
    from mcda.cli.listing import run

    sys.exit(run(**arguments))


@cli.command()
@click.argument(
    "kind",
    metavar="KIND",
    type=click.Choice(
        [
            *("scenario", "criteria", "facts", "portfolio"),
            *("decisions", "explanation", "sensitivity", "report"),
        ]
    ),
)
@click.option(
    "--criteria",
    metavar="NAME|PATH",
    shell_complete=complete_criteria,
    help="Only what suits this criteria model.",
)
@click.option(
    "--facts",
    metavar="NAME|PATH",
    shell_complete=complete_facts,
    help="Only options of this facts pack.",
)
@click.option("--root", metavar="FOLDER", help="Folder that references must stay inside.")
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language."
)
@click.option("-o", "--output", metavar="FILE", help="Write it there instead of printing it.")
def schema(**arguments: Any) -> None:
    """Print the JSON Schema of documents, or of what other commands print.

    KIND is scenario, criteria, facts or portfolio (the documents), or decisions, explanation,
    sensitivity or report (the JSON that evaluate, explain, sensitivity and report print or write).
    An editor that knows the schema completes keys and underlines what is wrong. With a criteria
    model it also knows the model's fields, facts, criteria and gates; their descriptions come in
    the language.

    \b
    Examples:
      mcda schema scenario -o scenario.schema.json
      mcda schema scenario --criteria model.yaml --facts facts.yaml --lang zh
      mcda schema decisions
    """
    from mcda.cli.schema import run

    sys.exit(run(**arguments))


@cli.command()
@click.argument("models", nargs=-1, required=True, metavar="[OPTION=]MODEL...")
@click.option(
    "--criteria",
    required=True,
    metavar="NAME|PATH",
    shell_complete=complete_criteria,
    help="Its facts with published_as are filled in.",
)
@click.option("--as-of", required=True, metavar="DAY", help="When the prices hold: YYYY-MM-DD.")
@_facts_option("Take over this facts pack and replace its prices.")
@click.option("--id", "name", metavar="ID", help="Of the pack; by default the file's name.")
@click.option("-o", "--output", required=True, metavar="FILE", help="The facts pack to write.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--root", metavar="FOLDER", help="Folder that references must stay inside.")
def prices(**arguments: Any) -> None:
    """Write a facts pack with published prices.

    MODEL is a model in the list that the package genai-prices carries, however it is spelt: the
    maker's own entry. PROVIDER:MODEL is that of another seller; OPTION is what the pack calls it.
    Nothing is fetched. The list has no date of its own, so the day is yours to name: some of its
    prices begin on a day.

    \b
    Examples:
      mcda prices MODEL --criteria my-model --as-of 2026-11-22 -o prices.yaml
      mcda prices a=MODEL b=PROVIDER:MODEL --criteria my-model --facts pack.yaml \\
        --as-of 2026-11-22 -o priced.yaml
    """
    from mcda.cli.prices import run

    sys.exit(run(**arguments))


def _open_streams() -> None:
    """Let streams that the caller has closed lead nowhere; a file would get their numbers."""
    if None not in (sys.stdin, sys.stdout, sys.stderr):
        return
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _STREAMS[-1]:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdin, sys.stdout, sys.stderr = (
        stream or open(number, mode, encoding="utf-8")  # noqa: PTH123, SIM115
        for number, mode, stream in zip(
            _STREAMS, "rww", (sys.stdin, sys.stdout, sys.stderr), strict=True
        )
    )


def main() -> None:
    """Run the command; an error of the program ends with status 2, not with a scenario's 1."""
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a terminal that lacks a character shows its code instead of failing
            stream.reconfigure(errors="backslashreplace")
    try:
        cli()
    except BrokenPipeError:
        # the reader has gone; there is nobody left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("MCDA_DEBUG"):
            raise
        click.echo(
            f"internal error: {type(error).__name__}: {error}\n"
            "This is a fault of mcda. Run again with MCDA_DEBUG=1 for the full trace.",
            err=True,
        )
        sys.exit(INTERNAL)
