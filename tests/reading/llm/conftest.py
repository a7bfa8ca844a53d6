"""A server on this machine that speaks the chat protocol and does as it is told, badly too."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from marchland.reading.llm.reader import LlmReader
from marchland.vocabulary import Vocabulary


class Service:
    """Plays turns, one a request, and then the last one for ever; remembers what it was asked."""

    def __init__(self) -> None:
        self.turns: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.lock = threading.Lock()
        self.url = ""

    def says(self, *claims: dict[str, Any] | str, **turn: Any) -> None:
        """Play an answer with these claims; a text is the answer itself."""
        text = claims[0] if claims and isinstance(claims[0], str) else None
        content = json.dumps({"claims": claims}) if text is None else text
        self.turns.append({"content": content, **turn})

    def does(self, **turn: Any) -> None:
        """Play something else: status, headers, body, sleep."""
        self.turns.append(turn)

    @property
    def texts(self) -> list[str]:
        """What was in the questions."""
        return [json.loads(a["messages"][1]["content"])["text"] for a in self.asked]


@pytest.fixture
def service() -> Iterator[Service]:
    played = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with played.lock:
                turn = played.turns[min(len(played.asked), len(played.turns) - 1)]
                body["authorization"] = self.headers.get("Authorization")
                played.asked.append(body)
            time.sleep(turn.get("sleep", 0))
            answer: Any = {
                "choices": [
                    {
                        "message": {"role": "assistant", "content": turn.get("content")},
                        "finish_reason": turn.get("finish", "stop"),
                    }
                ],
                "usage": turn.get("usage", {"prompt_tokens": 1000, "completion_tokens": 100}),
            }
            sent = turn["body"] if "body" in turn else json.dumps(answer)
            try:
                self.send_response(turn.get("status", 200))
                for name, value in turn.get("headers", {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(sent.encode())))
                self.end_headers()
                self.wfile.write(sent.encode())
            except OSError:
                pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    played.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield played
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def asking(service: Service, world: Vocabulary) -> Iterator[Callable[..., LlmReader]]:
    """Makes readers that ask the service; closed in the end."""
    made: list[LlmReader] = []

    def make(*, folder: Path | None = None, **settings: Any) -> LlmReader:
        given = {"endpoint": service.url, "model": "m", "backoff_s": 0.01, **settings}
        made.append(LlmReader(world, settings=given, folder=folder))
        return made[-1]

    yield make
    for reader in made:
        reader.close()
