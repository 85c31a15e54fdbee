"""What a chapter may cost: seconds, memory and bytes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from nbformat import NotebookNode

from mlacourse.notebook.sync.execute import Run
from mlacourse.notebook.sync.source import Source

MAX_BYTES = 400_000
# pandas gives a styled table five random hexadecimal digits.
_RANDOM_TABLE_ID = re.compile(r"<table id=\"T_[0-9a-f]{5}\"")


@dataclass(frozen=True)
class Budget:
    """Limits of one run: seconds of one processor, so that a busy machine refuses no chapter, and bytes."""

    seconds: float
    memory: int


def budget(name: str) -> Budget:
    """Return the budget of a chapter by its path.

    >>> budget("chapters/05_projects/01_churn.md").seconds
    120
    """
    return Budget(120, 1_200_000_000) if "/05_projects/" in name else Budget(30, 1_000_000_000)


def run_findings(source: Source, run: Run) -> list[str]:
    """Return what a run spent beyond its budget, and every cell that wrote to stderr."""
    allowed = budget(source.name)
    findings = []
    if run.processor_seconds > allowed.seconds:
        slowest = max(range(len(run.seconds)), key=lambda index: run.seconds[index])
        findings.append(
            f"{source.name}: took {run.processor_seconds:.0f} s of one processor, {allowed.seconds:.0f} s are allowed. "
            f"{_place(source, slowest)} takes most: {run.seconds[slowest]:.1f} s. Use fewer rows or fits."
        )
    if run.peak_memory > allowed.memory:
        findings.append(
            f"{source.name}: used {run.peak_memory / 1e6:.0f} MB at its peak, "
            f"{allowed.memory / 1e6:.0f} MB are allowed. Load fewer columns or rows, or delete what is no longer used."
        )
    for index, (cell, outputs) in enumerate(zip(source.code, run.outputs, strict=True)):
        if any(_RANDOM_TABLE_ID.search(output.get("data", {}).get("text/html", "")) for output in outputs):
            findings.append(
                f"{source.name}: {_place(source, index)} shows a styled table with a random id. "
                "Name it: .set_uuid('a-name')."
            )
        warned = "".join(output.text for output in outputs if output.get("name") == "stderr").strip()
        if warned and "allow-stderr" not in cell.tags:
            findings.append(
                f"{source.name}: {_place(source, index)} prints a warning: {_gist(warned)} "
                "Mend its cause, or tag the cell allow-stderr."
            )
    return findings


def size_findings(source: Source, notebook: NotebookNode, size: int) -> list[str]:
    """Return whether the stored notebook is too large, and which cell weighs most."""
    if size <= MAX_BYTES:
        return []
    weights = [len(json.dumps(cell)) for cell in notebook.cells if cell.get("execution_count")]
    if not weights:
        return [f"{source.name}: its notebook has {size / 1000:.0f} KB of text, {MAX_BYTES // 1000} KB are allowed."]
    heaviest = max(range(len(weights)), key=lambda index: weights[index])
    return [
        f"{source.name}: its notebook has {size / 1000:.0f} KB, {MAX_BYTES // 1000} KB are allowed. "
        f"{_place(source, heaviest)} weighs most: {weights[heaviest] / 1000:.0f} KB. "
        "Show fewer rows, marks or pixels, and round chart data to four digits."
    ]


def _place(source: Source, index: int) -> str:
    return f"cell {index + 1} (line {source.code[index].line})"


def _gist(warning: str) -> str:
    """Return the line that says what happened: the one that names the warning, else the last."""
    lines = warning.splitlines()
    return next((line.strip() for line in lines if "Warning: " in line), lines[-1].strip())
