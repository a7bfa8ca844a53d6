"""Asking an OpenAI-compatible service: many requests at once, patiently, within limits.

Requests run on an event loop in a thread of their own. A time-out, a broken line, 408, 429 and 5xx
are tried again after a pause that doubles, or the one the service asks for (``Retry-After``). A
refusal that would meet every report alike (a bad key, an unknown model, a long pause asked for)
stops the run.
"""

import asyncio
import json
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any

from marchland.errors import BadInput, MissingExtra, ReadingStopped
from marchland.reading.llm.answers import Answer, Answers, key_of, records_of
from marchland.reading.llm.prompt import SYSTEM, VERSION, response_format
from marchland.reading.llm.settings import LlmSettings, is_loopback
from marchland.reading.llm.spending import Spending

try:
    import httpx
except ImportError:
    raise MissingExtra("llm", "The llm reader") from None

_IN_A_ROW = 5
"""Reports given up one after the other before the run stops."""
_LONGEST_PAUSE_S = 60.0
_STOPS = {
    401: "the key is not accepted",
    402: "the account has no credit",
    403: "access is refused",
    404: "there is no such endpoint or model",
    405: "that is no chat endpoint",
}
_SHOWN = 200


class _Failed(Exception):
    """A try that came to nothing and may be repeated.

    Parameters
    ----------
    wait_s
        How long the service asks to be left alone.
    charged
        Whether the service may have done the work all the same.
    """

    def __init__(self, why: str, *, wait_s: float | None = None, charged: bool = False) -> None:
        super().__init__(why)
        self.why, self.wait_s, self.charged = why, wait_s, charged


class Asker:
    """Puts questions to a model and keeps the answers.

    Parameters
    ----------
    settings
        Where, how and how much to ask.
    answers
        Where answers are kept; closed with this.
    """

    def __init__(self, settings: LlmSettings, answers: Answers) -> None:
        self.settings, self.spending = settings, Spending(settings)
        self._answers = answers
        key = os.environ.get(settings.key_env, "").strip()
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._under_way: dict[str, asyncio.Task[Answer]] = {}
        self._stopped: ReadingStopped | None = None
        self._closing = False
        self._failures = 0
        self._next_start = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="llm")
        self._thread.start()
        self._run(self._open()).result()

    async def _open(self) -> None:
        self._client = httpx.AsyncClient(
            timeout=self.settings.timeout_s,
            headers=self._headers,
            trust_env=not is_loopback(self.settings.host),
        )
        self._slots = asyncio.Semaphore(self.settings.at_once)
        self._purse = asyncio.Lock()

    def ask(self, content: str) -> Future[Answer]:
        """Put a question; its answer comes in time, from the file where it was asked before.

        The future raises `BadInput` where this question can't be answered, and `ReadingStopped`
        where none will be.
        """
        return self._run(self._shared(content))

    def close(self) -> None:
        """Wait for the answers under way, which are paid for, ask nothing more, and close."""
        if self._loop.is_closed():
            return
        self._run(self._drain()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._answers.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _drain(self) -> None:
        self._closing = True
        for task in list(self._under_way.values()):
            with suppress(Exception, asyncio.CancelledError):
                await task
        await self._client.aclose()

    async def _shared(self, content: str) -> Answer:
        """The answer to a question, which is asked once however often it is put."""
        key = key_of(VERSION, self.settings.model, str(self.settings.max_tokens), SYSTEM, content)
        task = self._under_way.get(key)
        if task is None:
            found = self._answers.find(key)
            if found is not None:
                self.spending.kept += 1
                return found
            task = asyncio.create_task(self._asked(key, content))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        return await asyncio.shield(task)

    async def _asked(self, key: str, content: str) -> Answer:
        async with self._slots:
            why = ""
            for turn in range(self.settings.tries):
                self._require_open()
                try:
                    answer = await self._once(content)
                except _Failed as failed:
                    why = failed.why
                    if turn + 1 < self.settings.tries:
                        await self._pause(turn, failed)
                    continue
                self._failures = 0
                self._answers.keep(key, answer)
                return answer
            self._failures += 1
            if self._failures >= _IN_A_ROW:
                self._stop(
                    f"{self._failures} questions in a row came to nothing, the last because {why}. "
                    "Check the endpoint and the network, and run again: what was read is kept"
                )
            raise BadInput(
                f"the model gave no answer in {self.settings.tries} tries: {why}. Run again later"
            )

    async def _once(self, content: str) -> Answer:
        await self._turn()
        aside = (_tokens(SYSTEM) + _tokens(content), self.settings.max_tokens)
        async with self._purse:  # one after the other, so that none is overtaken for ever
            while not self.spending.fits(*aside):
                if self.spending.nothing_aside:
                    self._stop(
                        "the next request could pass the limit set (spend_limit or token_limit); "
                        f"so far {self.spending}. To go on, run again with a higher limit: what "
                        "was read and answered is kept"
                    )
                await asyncio.sleep(0.05)
                self._require_open()
            self.spending.set_aside(*aside)
        self.spending.requests += 1
        used: tuple[int, int] | None = (0, 0)
        estimated = False
        try:
            answer = await self._request(content)
            used, estimated = (answer.tokens_in, answer.tokens_out), answer.estimated
            if not answer.cut:
                records_of(answer.text)
            return answer
        except ValueError as error:
            raise _Failed(str(error)) from None
        except _Failed as failed:
            if failed.charged:
                used = None
            raise
        finally:
            self.spending.settle(aside, used, estimated=estimated)

    async def _request(self, content: str) -> Answer:
        settings = self.settings
        body: dict[str, Any] = {
            "model": settings.model,
            "messages": [
                {"role": "system", "content": SYSTEM},
                {"role": "user", "content": content},
            ],
            "max_tokens": settings.max_tokens,
        }
        if settings.temperature is not None:
            body["temperature"] = settings.temperature
        shape = response_format(settings.format)
        if shape is not None:
            body["response_format"] = shape
        url = settings.endpoint.rstrip("/") + "/chat/completions"
        try:
            async with asyncio.timeout(settings.timeout_s):
                response = await self._client.post(url, json=body)
        except (TimeoutError, httpx.TimeoutException):
            why = f"no answer came within {settings.timeout_s:g} s"
            raise _Failed(why, charged=True) from None
        except httpx.ConnectError as error:
            raise _Failed(f"{settings.host} can't be reached: {error}") from None
        except httpx.TransportError as error:
            raise _Failed(f"the line broke: {error!r}", charged=True) from None
        self._require_ok(response)
        return _answer(response, content)

    def _require_ok(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == 200:
            return
        said = " ".join(response.text[:_SHOWN].split())
        if status in (408, 409, 425, 429) or status >= 500:
            wait_s = _retry_after(response)
            if wait_s is not None and wait_s > self.settings.longest_wait_s:
                self._stop(
                    f"{self.settings.host} asks to be left alone for {wait_s:.0f} s, longer than "
                    f"longest_wait_s ({self.settings.longest_wait_s:g}). Run again then"
                )
            raise _Failed(f"{self.settings.host} answered {status}: {said}", wait_s=wait_s)
        if status in _STOPS:
            self._stop(
                f"{self.settings.host} answered {status}, {_STOPS[status]}: {said}. Check "
                f"endpoint, model and the key in {self.settings.key_env}"
            )
        if 300 <= status < 400:
            self._stop(f"{self.settings.host} points elsewhere; name the right endpoint")
        raise BadInput(f"{self.settings.host} refused the question ({status}): {said}")

    async def _turn(self) -> None:
        """Wait for this request's turn under the limit of requests a minute."""
        if self.settings.requests_per_minute is None:
            return
        start = max(self._loop.time(), self._next_start)
        self._next_start = start + 60 / self.settings.requests_per_minute
        await asyncio.sleep(start - self._loop.time())
        self._require_open()

    async def _pause(self, turn: int, failed: _Failed) -> None:
        wait_s = min(self.settings.backoff_s * 2**turn, _LONGEST_PAUSE_S)
        if failed.wait_s is not None:
            wait_s = max(failed.wait_s, 0)
            self._next_start = max(self._next_start, self._loop.time() + wait_s)
        end = self._loop.time() + wait_s
        while (left := end - self._loop.time()) > 0:
            await asyncio.sleep(min(left, 0.1))
            self._require_open()

    def _require_open(self) -> None:
        if self._stopped is not None:
            raise self._stopped
        if self._closing:
            raise ReadingStopped("the reader was closed")

    def _stop(self, why: str) -> None:
        self._stopped = self._stopped or ReadingStopped(why)
        raise self._stopped


def _tokens(text: str) -> int:
    """The most tokens that a text is likely to have."""
    return len(text.encode("utf-8", "surrogatepass")) // 3 + 16


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that the service asks to be left alone; a day of its own clock is told by it."""
    value = response.headers.get("Retry-After", "").strip()
    if not value:
        return None
    try:
        return max(float(value), 0.0)
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(value)
        said = parsedate_to_datetime(response.headers.get("Date", ""))
        return max((until - said).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _answer(response: httpx.Response, content: str) -> Answer:
    """The first choice of a response.

    Raises
    ------
    _Failed
        If the response is none of a chat service.
    """
    try:
        found = json.loads(response.content)
        choice = found["choices"][0]
        text = choice["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        said = " ".join(response.text[:_SHOWN].split())
        raise _Failed(f"the service sent no chat answer: {said}", charged=True) from None
    text = text if isinstance(text, str) else ""
    usage = found.get("usage")
    counts = [usage.get(k) if isinstance(usage, dict) else None for k in _USAGE]
    known = [n for n in counts if isinstance(n, int) and not isinstance(n, bool) and n >= 0]
    estimated = len(known) < 2
    if estimated:
        known = [_tokens(SYSTEM) + _tokens(content), _tokens(text)]
    return Answer(
        text=text,
        cut=choice.get("finish_reason") == "length",
        tokens_in=known[0],
        tokens_out=known[1],
        estimated=estimated,
    )


_USAGE = ("prompt_tokens", "completion_tokens")
