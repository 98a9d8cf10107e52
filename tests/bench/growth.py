#!/usr/bin/env python3
"""Measures how the cost grows: one generator for each dimension that may be large, each at a quarter, half and all of its size.

Usage: tests/bench/growth.py ARCHWRIGHT [--only WORD ...] [--small] [--edits] [--text] [--slow TIMES]
Twice the size may cost 2.5 times the CPU time and memory, and all of it one second, or what the row says. Rows that exceed this are marked, and make
the exit code 1. `--edits` measures the language server too: an edit with hover, completion and outline in the first file.
Linux only. Times are CPU milliseconds of whole processes, memory is the peak in MB.
"""
import argparse
import contextlib
import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import dimensions
import lsp

# Below this many milliseconds and MB the start of the process is what is measured.
FLOOR_MS, FLOOR_MB = 40, 30
GROWTH = 2.5
# A process that takes so many times what it may is stopped, because the row has its answer.
PATIENCE = 5
# How many seconds an answer may take, which says more of the machine than of the program.
WAIT = 120


def apart(work, *arguments):
    """Calls a function in a process of its own. The memory of this one counts as that of the programs it starts."""
    receive, send = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=lambda: send.send(work(*arguments)))
    process.start()
    result = receive.recv()
    process.join()
    return result


def generate(dimension, parts, folder):
    files = dimension.files(parts)
    write(folder, files)
    return list(files)


def write(folder, files):
    for path, text in files.items():
        path = Path(folder, path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def run(command, out, patience):
    """CPU time in milliseconds and peak memory in MB of one process."""
    process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
    # The limit is of CPU time, so that a busy machine does not fail a row.
    with contextlib.suppress(ProcessLookupError):
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (patience, patience + 1))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode == -signal.SIGXCPU:
        return patience * 1000, usage.ru_maxrss / 1024, None
    return 1000 * (usage.ru_utime + usage.ru_stime), usage.ru_maxrss / 1024, process.returncode


def arguments_of(command, folder, files):
    """The command line, and what stands once in its output for each thing that is told."""
    paths = [str(Path(folder, it)) for it in files]
    return {
        "check": (["check", "--root", folder, "--severity", "hint", "--format", "json"], b'"rule":'),
        "text": (["check", "--root", folder, "--severity", "hint"], b" --> "),
        "fix": (["check", "--root", folder, "--fix", "--dry-run"], b"+"),
        "diff": (["diff", "--format", "json", *paths], b'"kind":'),
        "convert": (["convert", *paths], b"action:"),
    }[command]


def whole(program, command, folder, files, patience):
    arguments, mark = arguments_of(command, folder, files)
    with tempfile.TemporaryFile() as out:
        ms, mb, code = run([program, *arguments], out, patience)
        out.seek(0)
        told = sum(line.count(mark) for line in out)
    # A comparison that would be too large is refused with a word.
    is_told = code in (0, 1) or (command == "diff" and code == 2)
    return ms, mb, told if is_told else f"exit code {code}"


def cpu_of(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settled(pid):
    """The CPU time of a process once it has rested for a while."""
    last, still, end = -1.0, 0, time.monotonic() + WAIT
    while still < 8 and time.monotonic() < end:
        time.sleep(0.05)
        now = cpu_of(pid)
        last, still = now, still + 1 if now == last else 0
    return last


def edits(program, folder, path):
    """CPU milliseconds of the language server for one edit and the questions after it, and its memory at the end."""
    client = lsp.Client([program, "lsp"], folder)
    try:
        client.initialize()
        path = Path(folder, path).resolve()
        uri, text = path.as_uri(), path.read_text()
        language = {".md": "markdown", ".yaml": "yaml", ".json": "json"}.get(path.suffix, "plaintext")
        client.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": language, "version": 1, "text": text}})
        settled(client.process.pid)
        lines = text.split("\n")
        line = min(len(lines) - 1, len(lines) // 2)
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": len(lines[line])}}
        spent = []
        for at in range(4):
            before = cpu_of(client.process.pid)
            here = place["position"]
            end = here if at % 2 == 0 else {"line": line, "character": here["character"] + 1}
            change = {"range": {"start": here, "end": end}, "text": "x" if at % 2 == 0 else ""}
            client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": at + 2}, "contentChanges": [change]})
            for method in ("hover", "completion"):
                client.request(f"textDocument/{method}", place, WAIT)
            client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}}, WAIT)
            spent.append(settled(client.process.pid) - before)
        return sorted(spent)[len(spent) // 2], client.memory()[1], ""
    except lsp.Dead as error:
        return 1000 * PATIENCE, client.memory()[1] if client.process.poll() is None else 0, str(error)
    finally:
        client.stop()


def grows(values, floor):
    """The largest growth of a doubling, not counting what the start costs."""
    return max((after / max(before, floor) for before, after in zip(values, values[1:])), default=0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archwright")
    parser.add_argument("--only", nargs="*", default=[], help="rows with one of these words in their names")
    parser.add_argument("--skip", nargs="*", default=[], help="rows with none of these words in their names")
    parser.add_argument("--small", action="store_true", help="a tenth of the sizes")
    parser.add_argument("--edits", action="store_true", help="the language server too")
    parser.add_argument("--text", action="store_true", help="excerpts for people instead of JSON")
    parser.add_argument("--slow", type=float, default=1, help="how many times slower the program may be, as one for debugging is")
    parser.add_argument("--keep", help="a folder where the largest workspace of each row stays")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.archwright)
    failed = 0
    print(f"{'':34} {'size':>8} {'check':>7} {'growth':>6} {'MB':>6} {'growth':>6} {'found':>7}", end="")
    print(f" {'edit':>7} {'growth':>6} {'MB':>6}" if arguments.edits else "")
    for dimension in dimensions.ALL:
        if any(it in dimension.name for it in arguments.skip):
            continue
        if arguments.only and not any(it in dimension.name for it in arguments.only):
            continue
        size = dimension.size // 10 if arguments.small else dimension.size
        rows, edited = [], []
        patience = int(PATIENCE * dimension.seconds * arguments.slow)
        for parts in (size // 4, size // 2, size):
            folder = Path(tempfile.mkdtemp(prefix="growth-")).resolve()
            try:
                files = apart(generate, dimension, parts, folder)
                command = "text" if arguments.text and dimension.command == "check" else dimension.command
                rows.append(whole(program, command, str(folder), files, patience))
                if arguments.edits and dimension.command == "check":
                    edited.append(apart(edits, program, folder, next(it for it in files if it != "archwright.toml")))
                if arguments.keep and parts == size:
                    kept = Path(arguments.keep, dimension.name.replace(" ", "-"))
                    shutil.rmtree(kept, ignore_errors=True)
                    shutil.copytree(folder, kept)
            finally:
                shutil.rmtree(folder)
            if rows[-1][0] >= patience * 1000:
                break
        line, is_bad = f"{dimension.name:34} {parts:>8}", False
        for part in (rows, edited):
            if not part:
                continue
            times, memory = [it[0] for it in part], [it[1] for it in part]
            growth, more = grows(times, FLOOR_MS), grows(memory, FLOOR_MB)
            is_bad |= growth > GROWTH or more > GROWTH or times[-1] > 1000 * dimension.seconds * arguments.slow or isinstance(part[-1][2], str) and bool(part[-1][2])
            line += f" {times[-1]:>7.0f} {growth:>6.1f} {memory[-1]:>6.0f}"
            if part is rows:
                line += f" {more:>6.1f} {part[-1][2]:>7}"
            elif part[-1][2]:
                line += f" {part[-1][2]}"
        print(line + ("  <--" if is_bad else ""), flush=True)
        failed += is_bad
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
