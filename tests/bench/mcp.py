"""What a client of the MCP server waits for: the handshake, the list of resources, and the first tool. Linux only.

Usage: mcp.py PROGRAM FOLDER [--rounds 5] [--concurrent 500]"""
import argparse
import json
import statistics
import subprocess
import time
from pathlib import Path

HANDSHAKE = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}

# What the project holds itself to: milliseconds of the handshake, megabytes of a server that was asked nothing else.
MOST_INITIALIZE_MS, MOST_IDLE_MB = 10, 20


class Server:
    """A server over its pipes. Answers are given to who waits for their id; notifications are noted with their time."""

    def __init__(self, program, folder):
        command = [program, "mcp", "--root", folder]
        self.started = time.perf_counter()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.last_id, self.answers, self.notified = 0, {}, {}

    def send(self, message):
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self.process.stdin.flush()

    def ask(self, method, params):
        self.last_id += 1
        self.send({"id": self.last_id, "method": method, "params": params})
        return self.last_id

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the server ended")
        message = json.loads(line)
        if "method" in message:
            self.notified.setdefault(message["method"], time.perf_counter())
        else:
            self.answers[message["id"]] = message

    def wait(self, number):
        while number not in self.answers:
            self.read()
        return self.answers.pop(number)

    def request(self, method, params):
        """The answer, and how many milliseconds it took."""
        before = time.perf_counter()
        answer = self.wait(self.ask(method, params))
        return answer, (time.perf_counter() - before) * 1000

    def initialize(self):
        """Milliseconds from the start of the process to the answer of the handshake, and of the handshake alone."""
        _, alone = self.request("initialize", HANDSHAKE)
        whole = (time.perf_counter() - self.started) * 1000
        self.send({"method": "notifications/initialized"})
        return whole, alone

    def resources(self):
        """Milliseconds of the first page and of all pages, and how many resources they have."""
        started, cursor, count, first = time.perf_counter(), None, 0, None
        while True:
            answer, spent = self.request("resources/list", {"cursor": cursor} if cursor else {})
            first = spent if first is None else first
            count += len(answer["result"]["resources"])
            cursor = answer["result"].get("nextCursor")
            if not cursor:
                return first, (time.perf_counter() - started) * 1000, count

    def resident(self):
        """Resident memory in megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def one_round(program, folder):
    server = Server(program, folder)
    numbers = {}
    numbers["start to answer of initialize, ms"], numbers["initialize, ms"] = server.initialize()
    numbers["tools/list, ms"] = server.request("tools/list", {})[1]
    numbers["prompts/list, ms"] = server.request("prompts/list", {})[1]
    numbers["idle, MB"] = server.resident()
    asked = time.perf_counter()
    numbers["first page of resources, ms"], numbers["all pages, ms"], numbers["resources at first"] = server.resources()
    called = time.perf_counter()
    server.request("tools/call", {"name": "check", "arguments": {"limit": 1}})
    numbers["first check after it, ms"] = (time.perf_counter() - called) * 1000
    changed = server.notified.get("notifications/resources/list_changed")
    numbers["until list_changed, ms"] = (changed - asked) * 1000 if changed else 0.0
    _, numbers["all pages, then, ms"], numbers["resources then"] = server.resources()
    numbers["after a check, MB"] = server.resident()
    server.end()
    return numbers


def concurrent(program, folder, calls):
    """Milliseconds that so many reviews asked at once take, and how many of them failed."""
    server = Server(program, folder)
    server.initialize()
    started = time.perf_counter()
    ids = [server.ask("tools/call", {"name": "review", "arguments": {}}) for _ in range(calls)]
    answers = [server.wait(it) for it in ids]
    failed = sum("error" in it or it["result"].get("isError", False) for it in answers)
    spent = (time.perf_counter() - started) * 1000
    server.end()
    return spent, failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--concurrent", type=int, default=0, help="so many reviews at once; the folder is a git repository")
    options = parser.parse_args()
    rounds = [one_round(options.program, options.folder) for _ in range(options.rounds)]
    medians = {name: statistics.median(it[name] for it in rounds) for name in rounds[0]}
    print("| Number | Median |\n|---|---:|")
    for name, value in medians.items():
        print(f"| {name} | {value:.1f} |" if isinstance(value, float) else f"| {name} | {value} |")
    is_over = medians["initialize, ms"] > MOST_INITIALIZE_MS or medians["idle, MB"] > MOST_IDLE_MB
    if options.concurrent:
        spent, failed = concurrent(options.program, options.folder, options.concurrent)
        print(f"| {options.concurrent} reviews at once, ms | {spent:.1f} |\n| of these failed | {failed} |")
        is_over |= failed > 0
    raise SystemExit(1 if is_over else 0)


if __name__ == "__main__":
    main()
