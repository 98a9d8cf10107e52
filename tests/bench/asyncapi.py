#!/usr/bin/env python3
"""Measures a large AsyncAPI document: the check as a whole process beside its peers, and the editor while somebody types in it.

Usage: tests/bench/asyncapi.py ARCHWRIGHT [--channels 1000] [--edits 200] [--peer 'NAME=COMMAND {file}' ...]
Linux only. Times are milliseconds; a peer's row gives its CPU time as a multiple of ours.
"""
import argparse
import gc
import os
import resource
import shlex
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import lsp


def document(channels):
    """A 3.0 document with so many channels, operations, messages and schemas; 1,000 make about 1 MB."""
    lines = ["asyncapi: 3.0.0", "info:", "  title: Parcels", "  version: 1.0.0", "defaultContentType: application/json"]
    lines += ["servers:", "  main:", "    host: events.parcels.example:9092", "    protocol: kafka", "channels:"]
    for at in range(channels):
        lines += [f"  parcels{at}:", f"    address: parcels.moved{at}.{{depot}}", "    parameters:", "      depot:"]
        lines += ["        description: The depot that reports.", "    servers:", "      - $ref: '#/servers/main'", "    messages:"]
        lines += [f"      parcelMoved{at}:", f"        $ref: '#/components/messages/parcelMoved{at}'"]
    lines += ["operations:"]
    for at in range(channels):
        lines += [f"  reportMove{at}:", "    action: send", f"    summary: Tell that a parcel of kind {at} moved.", "    channel:"]
        lines += [f"      $ref: '#/channels/parcels{at}'", "    messages:", f"      - $ref: '#/channels/parcels{at}/messages/parcelMoved{at}'"]
    lines += ["components:", "  messages:"]
    for at in range(channels):
        lines += [f"    parcelMoved{at}:", f"      name: parcelMoved{at}", "      contentType: application/json", "      payload:"]
        lines += [f"        $ref: '#/components/schemas/move{at}'"]
    lines += ["  schemas:"]
    for at in range(channels):
        lines += [f"    move{at}:", "      type: object", "      required:", "        - parcel", "        - grams", "      properties:"]
        lines += ["        parcel:", "          type: string", "          format: uuid", "        grams:", "          type: number"]
        lines += ["          minimum: 0", "        depot:", "          type: string", "          enum: [NORTH, SOUTH, HARBOR]"]
        lines += ["        note:", "          type: string", f"          description: What the driver of tour {at} wrote down."]
    return "\n".join(lines) + "\n"


def cpu_of(command, runs):
    """The median CPU time of a whole process, in milliseconds, after one run that is not counted."""
    times = []
    for _ in range(runs + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    return statistics.median(times[1:])


def spread(times):
    times = sorted(times)
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))]
    return f"median {at(0.5):6.1f}   p99 {at(0.99):6.1f}"


def type_in(program, folder, path, text, edits):
    """Types in the middle of the document and asks for completion and hover there."""
    # Collecting garbage in the client would count as time of the server.
    gc.disable()
    client = lsp.Client([program, "lsp"], folder)
    try:
        client.initialize()
        uri = path.as_uri()
        client.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}})
        if client.diagnostics(uri, 0, lambda _: True, 60) is None:
            raise lsp.Dead("no diagnostics of the opened document")
        lines = text.split("\n")
        places = [at for at, line in enumerate(lines) if line.startswith("      $ref: '#/channels/parcels")]
        line = places[len(places) // 2]
        end = len(lines[line]) - 1
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": end - 1}}
        published, completed, hovered = [], [], []
        for at in range(edits):
            # One character more makes the reference dangle, one less mends it.
            is_broken = at % 2 == 0
            span = {"start": {"line": line, "character": end}, "end": {"line": line, "character": end if is_broken else end + 1}}
            seen, began = len(client.published), time.perf_counter()
            change = {"range": span, "text": "x" if is_broken else ""}
            client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": at + 2}, "contentChanges": [change]})
            says = lambda it, wanted=is_broken: any("parcels" in found["message"] for found in it["diagnostics"]) == wanted
            found = client.diagnostics(uri, seen, says, 30)
            if found is None:
                raise lsp.Dead("no true diagnostics after an edit")
            published.append(1000 * (found[1] - began))
            for method, times in (("completion", completed), ("hover", hovered)):
                began = time.perf_counter()
                _, when = client.request(f"textDocument/{method}", place)
                times.append(1000 * (when - began))
            time.sleep(0.01)
        for name, times in (("edit to diagnostics", published), ("completion", completed), ("hover", hovered)):
            print(f"{name:22} {spread(times)}")
        print(f"{'memory':22} {client.memory()[0]} MB")
    finally:
        client.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archwright")
    parser.add_argument("--channels", type=int, default=1000)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.archwright)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder).resolve() / "asyncapi.yaml"
        text = document(arguments.channels)
        path.write_text(text)
        print(f"{len(text) / 1e6:.2f} MB, {arguments.channels} channels")
        ours = cpu_of([program, "check", str(path)], arguments.runs)
        print(f"{'check, CPU':22} {ours:6.1f}")
        for peer in arguments.peer:
            name, _, command = peer.partition("=")
            theirs = cpu_of([word.format(file=path) for word in shlex.split(command)], arguments.runs)
            print(f"{name + ', CPU':22} {theirs:6.0f}   {theirs / ours:.0f}x")
        type_in(program, folder, path, text, arguments.edits)


if __name__ == "__main__":
    main()
