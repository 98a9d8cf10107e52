"""A language client for measurements: starts a server, speaks LSP over its pipes, and notes when each message came. Linux only."""
import json
import re
import subprocess
import threading
import time
from pathlib import Path

CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {"configuration": True, "workspaceFolders": True, "didChangeWatchedFiles": {"dynamicRegistration": True}},
    "textDocument": {
        "synchronization": {"didSave": True},
        "publishDiagnostics": {"versionSupport": True, "relatedInformation": True},
        "hover": {"contentFormat": ["markdown"]},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "completion": {"completionItem": {"snippetSupport": True}},
    },
}


class Dead(Exception):
    """The server ended or did not answer in time."""


class Client:
    def __init__(self, command, root):
        self.root = Path(root).resolve()
        self.started = time.perf_counter()
        self.process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.changed = threading.Condition()
        self.answers, self.published, self.last_id, self.ended = {}, [], 0, False
        threading.Thread(target=self._read, daemon=True).start()

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        try:
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            self.process.stdin.flush()
        except OSError as error:
            raise Dead("the server closed its input") from error

    def _read(self):
        stream = self.process.stdout
        while True:
            length = None
            while (line := stream.readline()) not in (b"", b"\r\n"):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if length is None:
                break
            message, now = json.loads(stream.read(length)), time.perf_counter()
            if "method" in message and "id" in message:
                items = message.get("params", {}).get("items", []) if message["method"] == "workspace/configuration" else None
                result = [None] * len(items) if items is not None else None
                try:
                    self._send({"id": message["id"], "result": result})
                except Dead:
                    break
                continue
            with self.changed:
                if "method" not in message:
                    self.answers[message["id"]] = (now, message)
                elif message["method"] == "textDocument/publishDiagnostics":
                    self.published.append((now, message["params"]))
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def notify(self, method, params):
        self._send({"method": method, "params": params})

    def request(self, method, params, limit=60):
        """The result, and when it came."""
        self.last_id += 1
        number = self.last_id
        self._send({"id": number, "method": method, "params": params})
        with self.changed:
            if not self.changed.wait_for(lambda: number in self.answers or self.ended, limit) or number not in self.answers:
                raise Dead(f"no answer to {method} within {limit} s")
            when, message = self.answers.pop(number)
        if "error" in message:
            raise Dead(f"{method}: {message['error'].get('message')}")
        return message.get("result"), when

    def diagnostics(self, uri, seen, fits, limit):
        """The first diagnostics of `uri` after the first `seen` messages that fit, and when they came; None if none did in time."""
        end = time.perf_counter() + limit
        with self.changed:
            while True:
                for when, params in self.published[seen:]:
                    seen += 1
                    if params["uri"] == uri and fits(params):
                        return params, when
                left = end - time.perf_counter()
                if left <= 0 or self.ended:
                    return None
                self.changed.wait(left)

    def initialize(self):
        uri = self.root.as_uri()
        params = {"processId": None, "rootUri": uri, "workspaceFolders": [{"uri": uri, "name": self.root.name}], "capabilities": CAPABILITIES}
        result, when = self.request("initialize", params, 120)
        self.notify("initialized", {})
        return result["capabilities"], when - self.started

    def memory(self):
        """Resident memory now and at its peak, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return tuple(round(int(re.search(name + r":\s+(\d+)", status)[1]) / 1024, 1) for name in ("VmRSS", "VmHWM"))

    def stop(self):
        try:
            self.request("shutdown", None, 10)
            self.notify("exit", None)
            self.process.wait(5)
        except (Dead, subprocess.TimeoutExpired):
            pass
        finally:
            self.process.kill()
            self.process.wait()
