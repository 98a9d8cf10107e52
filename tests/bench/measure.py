#!/usr/bin/env python3
"""Measures Archwright and its peers on generated workspaces, with the standard library only. Linux. See README.md for what each number means.

Usage: measure.py --programs DIR [--tools DIR] [--out DIR] [--sizes 1000,10000] [--runs 10] [--edits 200]
                  [--beside PROGRAM] [--rounds 5] [--only WORD ...]

With --beside, another build of Archwright takes turns with this one, run by run, and a table tells the ratios.
"""
import argparse
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from lsp import Client, Dead

# How long one program may take for one run, in seconds.
PATIENCE = 300
# How the builds of Archwright are called in the tables: the one of --programs, and the one of --beside.
THIS, OTHER = "archwright", "archwright, other build"
# How long diagnostics may take after an edit before the server counts as having none.
DIAGNOSTICS_PATIENCE = 5


def percentile(values, share):
    """The nearest-rank percentile."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def spread(values):
    """Median, 99th percentile and maximum in milliseconds of times in seconds."""
    if not values:
        return None
    ms = [it * 1000 for it in values]
    return {"n": len(ms), "p50": round(percentile(ms, 0.5), 2), "p99": round(percentile(ms, 0.99), 2), "max": round(max(ms), 2)}


# ---- The programs.


class Peer:
    """A program to measure: how it is started, or how a reader gets it."""

    def __init__(self, name, program, get, check=None, serve=None, prepare=None, build=False):
        self.name, self.program, self.get, self.build = name, program, get, build
        self.check, self.serve, self.prepare = check, serve, prepare
        self.installed = program is not None


def find(name, *folders):
    for folder in folders:
        candidate = Path(folder) / name
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return str(candidate.resolve())
    return shutil.which(name)


def build_of_archwright(name, program):
    """A build of Archwright: those of one run take turns."""
    return Peer(name, program, "", check=[program, "check", "--quiet", "--format", "json"], serve=[program, "lsp"], build=True)


def peers(programs, tools, beside):
    places = [Path(tools) / "peers" / "bin", Path(tools) / "peers"]
    generator = find("generate-workspace", programs)
    archwright = find("archwright", programs)
    given = os.environ.get("MARKDOWN_OXIDE")
    oxide = str(Path(given).resolve()) if given and os.access(given, os.X_OK) and Path(given).is_file() else find("markdown-oxide", *places)
    iwe, iwes = find("iwe", *places), find("iwes", *places)
    if not generator or not archwright:
        sys.exit(f"archwright and generate-workspace are not in {programs}; run tests/bench/run.sh, which builds them")
    install = "tests/bench/install-peers.sh"
    return generator, [
        Peer("read the files", generator, "", check=[generator, "--read", "."]),
        build_of_archwright(THIS, archwright),
        *([build_of_archwright(OTHER, beside)] if beside else []),
        Peer("iwe", iwe, f"{install} (cargo install iwe)", check=[iwe, "stats", "--format", "json"], prepare=[iwe, "init"]),
        Peer("iwes", iwes, f"{install} (cargo install iwes)", serve=[iwes], prepare=[iwe or "iwe", "init"]),
        Peer("markdown-oxide", oxide, f"{install} CHECKOUT, or MARKDOWN_OXIDE=PROGRAM", serve=[oxide]),
    ]


# ---- Whole processes.


def run_once(command, root):
    """Wall time in seconds, peak memory in MB, exit code and output of one fresh process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return wall, usage.ru_maxrss / 1024, process.returncode, output, usage.ru_utime + usage.ru_stime


def measure_checks(builds, root, runs):
    """Runs the checks of all `builds` in turns, so that a busy moment of the machine meets each of them."""
    done = {it.name: [] for it in builds}
    for number in range(runs + 1):
        # Who begins changes every time.
        for peer in builds if number % 2 == 0 else reversed(builds):
            done[peer.name].append(run_once(peer.check, root))
    # The first run warms the page cache.
    return {it.name: summed_up(it, done[it.name][1:]) for it in builds}


def summed_up(peer, runs_done):
    walls, cpus = [it[0] for it in runs_done], [it[4] for it in runs_done]
    result = {
        "wall_ms": {"median": round(statistics.median(walls) * 1000, 1), "min": round(min(walls) * 1000, 1), "max": round(max(walls) * 1000, 1)},
        "cpu_ms": round(statistics.median(cpus) * 1000, 1),
        "cpu_min_ms": round(min(cpus) * 1000, 1),
        "peak_mb": round(max(it[1] for it in runs_done), 1),
        "exit": runs_done[-1][2],
    }
    if peer.build:
        try:
            result["summary"] = json.loads(runs_done[-1][3])["summary"]
        except (ValueError, KeyError):
            result["error"] = "the report could not be read"
    return result


# ---- Keystrokes.


def place_in_link(text):
    """Line and column (0-based) just before the extension of the first link to another feature."""
    for number, line in enumerate(text.split("\n")):
        start = line.find("- [Design of ")
        if start >= 0:
            return number, line.rindex("/design.md)") + len("/design")
    raise ValueError("the opened document has no link to another feature")


def dead_links(file):
    """How many links of a document lead to no file."""
    targets = re.findall(r"\]\(([^)#]+)\)", file.read_text())
    return sum(not (file.parent / it).exists() for it in targets)


def measure_server(peer, root, truth, edits):
    file = root / truth["open"]
    uri, text = file.resolve().as_uri(), file.read_text()
    line, column = place_in_link(text)
    client = Client(peer.serve, root)
    result = {}
    try:
        capabilities, seconds = client.initialize()
        result["initialize_ms"] = round(seconds * 1000, 1)
        client.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "markdown", "version": 1, "text": text}})
        # Ready is when the document's diagnostics have come and stayed the same for two seconds.
        ready = client.diagnostics(uri, 0, lambda _: True, 30)
        while ready:
            seen, before = len(client.published), ready
            later = client.diagnostics(uri, seen, lambda _: True, 2)
            if not later:
                break
            ready = later if later[0]["diagnostics"] != before[0]["diagnostics"] else (later[0], before[1])
        base = len(ready[0]["diagnostics"]) if ready else None
        result["diagnostics_ready_ms"] = round((ready[1] - client.started) * 1000, 1) if ready else None
        result["diagnostics_before"] = base
        result["dead_links_before"] = dead_links(file)
        version = 1

        def edit(broken):
            """Types one character into the link's target, or removes it again."""
            nonlocal version
            version += 1
            start, end = {"line": line, "character": column}, {"line": line, "character": column + (0 if broken else 1)}
            change = {"range": {"start": start, "end": end}, "text": "x" if broken else ""}
            if not wants_ranges(capabilities):
                lines = text.split("\n")
                lines[line] = lines[line][:column] + ("x" if broken else "") + lines[line][column:]
                change = {"text": "\n".join(lines)}
            sent = time.perf_counter()
            client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]})
            return sent

        # Edit to the next diagnostics, and to those that tell the truth: one finding more while the link is broken.
        following, true, wrong = [], [], 0
        begin = time.perf_counter()
        for number in range(edits if base is not None else 0):
            seen, broken = len(client.published), number % 2 == 0
            expected, wanted = base + broken, version + 1
            sent = edit(broken)
            current = lambda it: it.get("version") in (None, wanted)
            answer = client.diagnostics(uri, seen, current, DIAGNOSTICS_PATIENCE)
            if answer:
                following.append(answer[1] - sent)
            # A server that never tells the truth is not waited for any longer.
            answer = client.diagnostics(uri, seen, lambda it: current(it) and len(it["diagnostics"]) == expected, 0 if wrong > 3 else 1)
            if answer:
                true.append(answer[1] - sent)
            else:
                wrong += 1
            if (wrong > 3 and not following) or time.perf_counter() - begin > PATIENCE:
                break
        result["edit_to_next_diagnostics_ms"] = spread(following)
        result["edit_to_true_diagnostics_ms"] = spread(true)
        result["edits_without_true_diagnostics"] = wrong
        if version % 2 == 0:
            edit(False)

        # Edit to the answer of a request that needs the new text.
        times = []
        begin = time.perf_counter()
        method = next((it for it in ("documentSymbol", "hover", "completion") if capabilities.get(it + "Provider")), None)
        for number in range(edits if method else 0):
            sent = edit(number % 2 == 0)
            params = {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}
            _, when = client.request(f"textDocument/{method}", params)
            times.append(when - sent)
            if time.perf_counter() - begin > PATIENCE:
                break
        result["request"] = method
        result["edit_to_answer_ms"] = spread(times)
        result["rss_mb"], result["peak_mb"] = client.memory()
    except Dead as error:
        result["error"] = str(error)
    finally:
        client.stop()
    return result


def measure_servers(builds, root, truth, edits, rounds):
    """One session for each of `builds` in turns, `rounds` times when there are several; the round in the middle speaks for each."""
    done = {it.name: [] for it in builds}
    for _ in range(rounds if len(builds) > 1 else 1):
        for peer in builds:
            done[peer.name].append(measure_server(peer, root, truth, edits))

    def keystroke(it):
        return (it.get("edit_to_true_diagnostics_ms") or {}).get("p50", math.inf)

    return {name: sorted(sessions, key=keystroke)[len(sessions) // 2] for name, sessions in done.items()}


def wants_ranges(capabilities):
    sync = capabilities.get("textDocumentSync")
    return (sync if isinstance(sync, int) else (sync or {}).get("change")) == 2


# ---- All of it.


def workspace(generator, out, size, suffix=""):
    """A fresh workspace of `size` files, and the truth about it."""
    root = out / f"workspace-{size}{suffix}"
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run([generator, str(root), "--files", str(size)], check=True, stdout=subprocess.DEVNULL)
    return root, json.loads(Path(f"{root}.expected.json").read_text())


def show(value, unit=""):
    return "-" if value is None else f"{value:,}{unit}"


def tables(results):
    for size, result in results["sizes"].items():
        truth = result["workspace"]
        print(f"\n## {int(size):,} files ({truth['markdown']:,} Markdown, {truth['bytes'] / 1e6:.1f} MB, {truth['broken_links']} broken links)\n")
        print("| whole process | wall, ms (median) | min | CPU, ms | peak MB | says |\n|---|---|---|---|---|---|")
        for name, it in result["check"].items():
            summary = it.get("summary")
            says = it.get("error") or (f"{summary['errors']} errors, {summary['warnings']} warnings" if summary else "")
            if summary and (summary["errors"], summary["warnings"]) != (truth["broken_links"], 0):
                says += f" where {truth['broken_links']} links are broken and nothing else is wrong"
            print(f"| {name} | {it['wall_ms']['median']:,} | {it['wall_ms']['min']:,} | {it['cpu_ms']:,} | {it['peak_mb']} | {says} |")
        print("\n| language server | ready, ms | edit to true diagnostics, ms p50 / p99 | edit to next diagnostics | edit to answer | RSS MB | remarks |\n|---|---|---|---|---|---|---|")
        for name, it in result["server"].items():
            pair = lambda key: f"{it[key]['p50']} / {it[key]['p99']}" if it.get(key) else "-"
            before, wrong = it.get("diagnostics_before"), it.get("edits_without_true_diagnostics")
            remarks = it.get("error") or ("no diagnostics" if before is None else f"{before} findings before the first edit, where {it['dead_links_before']} links are dead")
            remarks += f"; {wrong} edits without true diagnostics" if wrong else ""
            times = f"{pair('edit_to_true_diagnostics_ms')} | {pair('edit_to_next_diagnostics_ms')} | {pair('edit_to_answer_ms')} ({it.get('request')})"
            print(f"| {name} | {show(it.get('diagnostics_ready_ms'))} | {times} | {show(it.get('rss_mb'))} | {remarks} |")
        if OTHER in result["check"]:
            ratios(result)
    for name, get in results["not_installed"].items():
        print(f"\n{name} is not installed: {get}")


def ratios(result):
    """What this build costs as a multiple of the other one."""
    checks = [result["check"][name] for name in (THIS, OTHER)]
    servers = [result["server"][name] for name in (THIS, OTHER)]
    rows = [
        ("check, CPU (median)", checks, lambda it: it["cpu_ms"]),
        ("check, CPU (fastest)", checks, lambda it: it["cpu_min_ms"]),
        ("check, wall (median)", checks, lambda it: it["wall_ms"]["median"]),
        ("check, peak memory", checks, lambda it: it["peak_mb"]),
        ("edit to true diagnostics, p50", servers, lambda it: it["edit_to_true_diagnostics_ms"]["p50"]),
        ("edit to true diagnostics, p99", servers, lambda it: it["edit_to_true_diagnostics_ms"]["p99"]),
        ("edit to answer, p50", servers, lambda it: it["edit_to_answer_ms"]["p50"]),
        ("server, RSS", servers, lambda it: it["rss_mb"]),
    ]
    print("\n| this build beside the other | this | other | ratio |\n|---|---|---|---|")
    for name, pair, value in rows:
        try:
            this, other = map(value, pair)
            print(f"| {name} | {this:,} | {other:,} | {this / other:.2f} |")
        except (KeyError, TypeError, ZeroDivisionError):
            print(f"| {name} | - | - | not measured |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True, help="folder with archwright and generate-workspace")
    parser.add_argument("--tools", default=os.environ.get("ARCHWRIGHT_TOOLS", ".tools"), help="folder with the peers")
    parser.add_argument("--out", default="target/bench", help="folder for workspaces and results")
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--beside", help="another build of archwright, which takes turns with this one")
    parser.add_argument("--rounds", type=int, default=5, help="sessions of each server with --beside")
    parser.add_argument("--only", nargs="*", help="words of the names of the programs to measure")
    arguments = parser.parse_args()
    out = Path(arguments.out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    generator, all_peers = peers(arguments.programs, arguments.tools, arguments.beside)
    results = {"cores": os.cpu_count(), "load_before": os.getloadavg()[0], "sizes": {}, "not_installed": {it.name: it.get for it in all_peers if not it.installed}}
    for size in map(int, arguments.sizes.split(",")):
        root, truth = workspace(generator, out, size)
        result = {"workspace": truth, "check": {}, "server": {}}
        installed = [it for it in all_peers if it.installed and (not arguments.only or any(word in it.name for word in arguments.only))]
        builds = [it for it in installed if it.build]
        for group in [builds, *([it] for it in installed if not it.build)]:
            place = root
            if group[0].prepare:
                # The peer's set-up writes into the workspace, so it gets its own copy.
                place, _ = workspace(generator, out, size, f"-{group[0].name}")
                subprocess.run(group[0].prepare, cwd=place, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PATIENCE, check=False)
            names = " and ".join(it.name for it in group)
            if group[0].check:
                print(f"{size} files: {names}, whole process", file=sys.stderr)
                result["check"].update(measure_checks(group, place, arguments.runs))
            if group[0].serve:
                print(f"{size} files: {names}, server", file=sys.stderr)
                result["server"].update(measure_servers(group, place, truth, arguments.edits, arguments.rounds))
        results["sizes"][str(size)] = result
    (out / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    tables(results)


if __name__ == "__main__":
    main()
