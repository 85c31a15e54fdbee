"""Brings notebooks in line with their sources, several at once, or says how they differ."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import nbformat
from tqdm import tqdm

from mlacourse.notebook.sync.errors import SyncError
from mlacourse.notebook.sync.execute import Run, execute
from mlacourse.notebook.sync.limits import run_findings, size_findings
from mlacourse.notebook.sync.pair import Pair, load
from mlacourse.notebook.sync.repository import Repository
from mlacourse.notebook.sync.source import rewritten
from mlacourse.notebook.sync.stored import dumps, own_metadata, write_whole


def check(repository: Repository, paths: Iterable[Path] = ()) -> list[str]:
    """Return a line for each notebook that is not what the sync would write. Runs nothing, writes nothing."""
    paths = list(paths)
    findings = []
    for path in repository.sources(paths):
        try:
            if difference := load(path, repository).difference():
                findings.append(difference)
        except SyncError as error:
            findings.append(str(error))
    return findings + _without_source(repository, paths)


def _without_source(repository: Repository, paths: Iterable[Path]) -> list[str]:
    mend = "has no source beside it. Restore the .md file or delete the notebook."
    return [f"{repository.name(orphan)}: {mend}" for orphan in repository.orphans(paths)]


def take_over(repository: Repository, paths: Iterable[Path]) -> None:
    """Write what was edited in notebooks back into their sources; the derived cells stay out."""
    paths = list(paths)
    if not paths:
        raise SyncError("--from-notebook needs the notebooks to take over. Name them.")
    for path in repository.sources(paths):
        pair = load(path, repository)
        if not pair.edits():
            continue
        if pair.source_edited:
            raise SyncError(str(pair.edits()))
        cells = pair.stored_body()
        for cell in cells:
            cell.metadata = nbformat.from_dict(own_metadata(cell))
        write_whole(path, rewritten(path.read_text(encoding="utf-8"), cells).encode())
        print(f"{pair.source.name}: took over the edits of its notebook")


def synchronise(
    repository: Repository, paths: Iterable[Path] = (), *, force: bool = False, jobs: int = 2, timeout: int = 120
) -> list[str]:
    """Write every notebook that differs from its source, running those whose outputs no longer hold.

    Prints a line for each that it wrote. Returns a line for each fault; a chapter with one keeps its old notebook.
    """
    paths = list(paths)
    stale: list[Pair] = []
    findings = _without_source(repository, paths)
    for path in repository.sources(paths):
        try:
            pair = load(path, repository)
            if not force and (edits := pair.edits()):
                raise SyncError(edits)
            outputs = None if force else pair.kept_outputs()
            if outputs is None:
                stale.append(pair)
            elif (content := dumps(pair.built(outputs, pair.inputs))) != pair.notebook_path.read_bytes():
                write_whole(pair.notebook_path, content)
                print(f"{pair.name}: rewritten, nothing run")
        except SyncError as error:
            findings.append(str(error))
    return findings + _run_all(stale, jobs, timeout)


def _run_all(pairs: list[Pair], jobs: int, timeout: int) -> list[str]:
    """Run the pairs in an event loop of its own thread, so that Ctrl-C reaches this one and ends every kernel."""
    if not pairs:
        return []
    with closing(asyncio.new_event_loop()) as loop, ThreadPoolExecutor(1) as pool:
        work = loop.create_task(_run_in_parallel(pairs, jobs, timeout))
        done = pool.submit(loop.run_until_complete, work)
        try:
            return done.result()
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(work.cancel)
            raise


async def _run_in_parallel(pairs: list[Pair], jobs: int, timeout: int) -> list[str]:
    slots = asyncio.Semaphore(jobs)
    cells = sum(len(pair.source.code) for pair in pairs)
    with tqdm(total=cells, unit="cell", disable=not sys.stderr.isatty(), leave=False) as bar:

        async def one(pair: Pair) -> list[str]:
            async with slots:
                try:
                    run = await execute(pair.source, pair.repository, timeout, lambda: bar.update())
                    tqdm.write(await asyncio.to_thread(_finish, pair, run))
                except SyncError as error:
                    return [str(error)]
                return []

        return [finding for findings in await asyncio.gather(*map(one, pairs)) for finding in findings]


def _finish(pair: Pair, run: Run) -> str:
    """Write the notebook of a run that keeps its limits, and return the line that says what it took."""
    findings = run_findings(pair.source, run)
    notebook = pair.built(run.outputs, run.inputs)
    content = dumps(notebook)
    findings += size_findings(pair.source, notebook, len(content))
    if findings:
        raise SyncError("\n".join(findings))
    write_whole(pair.notebook_path, content)
    return (
        f"{pair.name}: ran {len(run.outputs)} cells in {sum(run.seconds):.1f} s "
        f"({run.processor_seconds:.1f} s of one processor), "
        f"peak {run.peak_memory / 1e6:.0f} MB, {len(content) / 1000:.0f} KB"
    )
