"""A hub of models on this machine: the peer of a download, with the ways in which it fails."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

REVISION = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class FakeHub:
    """What the hub has, how it fails, and what it was asked for."""

    files: dict[str, bytes]
    cut_after: int | None = None
    """Bytes of an answer after which the connection ends."""
    cuts: int = 0
    """How many answers more are cut."""
    ends_at: int | None = None
    """Byte of a file behind which nothing ever comes."""
    ranges: bool = True
    """Whether it goes on from the middle of a file."""
    damaged: bool = False
    """Whether it sends other bytes than it promised."""
    asked: list[str] = field(default_factory=list)
    """Path and range of each request for a file."""
    address: str = ""

    def listing(self) -> dict[str, Any]:
        """Describe the model as the hub's interface does."""
        files = []
        for name, content in self.files.items():
            row: dict[str, Any] = {"rfilename": name, "size": len(content)}
            if name.endswith(".bin"):
                digest = hashlib.sha256(content).hexdigest()
                row["lfs"] = {"sha256": digest, "size": len(content), "pointerSize": 1}
            head = b"blob %d\0" % len(content)
            git = hashlib.sha1(head + content, usedforsecurity=False)
            row["blobId"] = git.hexdigest()
            files.append(row)
        return {"id": "any/model", "sha": REVISION, "siblings": files, "tags": []}


@contextmanager
def running_hub(folder: Path, **ways: Any) -> Iterator[FakeHub]:
    """Serve the files of a folder until the block ends."""
    content = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    hub = FakeHub({**content, "README.md": b"not needed"}, **ways)

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/api/models/"):
                self._send(200, json.dumps(hub.listing()).encode(), "application/json")
                return
            name = self.path.rpartition("/")[2]
            wanted = self.headers.get("Range", "")
            hub.asked.append(f"{name} {wanted}".strip())
            if name not in hub.files or f"/resolve/{REVISION}/" not in self.path:
                self._send(404, b"")
                return
            start = int(wanted[6:-1]) if wanted and hub.ranges else 0
            body = hub.files[name][start:]
            if hub.damaged:
                body = bytes(len(body))
            self._send(206 if start else 200, body, start=start)

        def _send(
            self, code: int, body: bytes, kind: str = "text/plain", start: int = 0
        ) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if hub.cut_after is not None and hub.cuts and len(body) > hub.cut_after:
                hub.cuts -= 1
                body = body[: hub.cut_after]
                self.close_connection = True
            if hub.ends_at is not None and start + len(body) > hub.ends_at:
                body = body[: max(0, hub.ends_at - start)]
                self.close_connection = True
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        hub.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
