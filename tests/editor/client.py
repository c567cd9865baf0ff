"""Talks to a yaml-language-server over its standard streams, as an editor does."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import threading
from pathlib import Path
from typing import Any

SETTINGS = {
    "yaml": {
        "schemaStore": {"enable": False},
        "validate": True,
        "completion": True,
        "hover": True,
        "kubernetesCRDStore": {"enable": False},
    },
    "http": {"proxy": "http://127.0.0.1:9", "proxyStrictSSL": True},
}


class Editor:
    """A running server: open texts, ask what to complete, read what is underlined."""

    def __init__(self, command: list[str], root: Path) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._asked = self._opened = 0
        self._answers: dict[int, Any] = {}
        self._arrived: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.info = self._request(
            "initialize",
            {
                "processId": None,
                "rootUri": root.as_uri(),
                "workspaceFolders": [{"uri": root.as_uri(), "name": "root"}],
                "capabilities": {
                    "workspace": {"configuration": True},
                    "textDocument": {"publishDiagnostics": {}, "completion": {}, "hover": {}},
                },
            },
        )
        self._notify("initialized", {})
        self._notify("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(Exception):
            self._request("shutdown", None)
            self._notify("exit", None)
            self._process.wait(5)
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def diagnostics(self, path: Path, text: str) -> list[dict[str, Any]]:
        """What is underlined in a text that is opened as the file at `path`."""
        return self.all_diagnostics([(path, text)])[0]

    def all_diagnostics(self, texts: list[tuple[Path, str]]) -> list[list[dict[str, Any]]]:
        """What is underlined in texts that are open at the same time."""
        while not self._arrived.empty():
            self._arrived.get()
        uris = [self._open(path, text) for path, text in texts]
        found: dict[str, list[dict[str, Any]]] = {}
        while not found.keys() >= set(uris):
            message = self._arrived.get(timeout=60)
            if message.get("method") == "textDocument/publishDiagnostics":
                found[message["params"]["uri"]] = message["params"]["diagnostics"]
        for uri in uris:
            self._notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        return [found[uri] for uri in uris]

    def completions(self, path: Path, text: str) -> list[str]:
        """What is offered at the bar ``|`` in a text."""
        return [each["label"] for each in self._at("completion", path, text)["items"]]

    def hover(self, path: Path, text: str) -> str:
        """What is shown at the bar ``|`` in a text."""
        found = self._at("hover", path, text)
        return str(found["contents"]["value"]) if found else ""

    def _at(self, what: str, path: Path, text: str) -> Any:
        before, after = text.split("|")
        uri = self._open(path, before + after)
        at = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        try:
            return self._request(
                f"textDocument/{what}", {"textDocument": {"uri": uri}, "position": at}
            )
        finally:
            self._notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def _open(self, path: Path, text: str) -> str:
        # a name of its own each time: nothing is left over from the text before
        self._opened += 1
        uri = path.with_name(f"{self._opened}-{path.name}").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def _request(self, method: str, parameters: Any) -> Any:
        self._asked += 1
        number = self._asked
        self._send({"id": number, "method": method, "params": parameters})
        kept: list[dict[str, Any]] = []
        while True:
            message = self._arrived.get(timeout=60)
            if message.get("id") == number and "method" not in message:
                for each in kept:
                    self._arrived.put(each)
                if "error" in message:
                    raise RuntimeError(message["error"])
                return message["result"]
            kept.append(message)

    def _notify(self, method: str, parameters: Any) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._process.stdin.flush()

    def _read(self) -> None:
        """Collect what the server says; answer what it asks at once."""
        stream = self._process.stdout
        assert stream is not None
        while True:
            length = 0
            while (line := stream.readline().strip()) != b"":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            message = json.loads(stream.read(length))
            if "method" in message and "id" in message:
                self._answer(message)
            else:
                self._arrived.put(message)

    def _answer(self, message: dict[str, Any]) -> None:
        result: Any = None
        if message["method"] == "workspace/configuration":
            sections = [item.get("section") for item in message["params"]["items"]]
            result = [SETTINGS.get(section, {}) for section in sections]
        with contextlib.suppress(OSError):
            self._send({"id": message["id"], "result": result})
