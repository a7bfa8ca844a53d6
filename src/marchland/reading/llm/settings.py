"""What the language model reader is told: where to ask, how much, how fast, at what price."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import NoneType
from typing import Any, Self, get_args, get_type_hints
from urllib.parse import urlsplit

from marchland.errors import BadInput

FORMATS = ("json_schema", "json_object", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmSettings:
    """How a language model is asked; ``[reader.llm]`` of theatre.toml, or ``--set NAME=VALUE``.

    Parameters
    ----------
    endpoint
        Base URL of an OpenAI-compatible service, up to and with ``/v1``. There is no default: no
        report leaves the machine unless one is named.
    model
        Name of the model, as the service calls it.
    key_env
        Name of the environment variable that holds the key; without it none is sent.
    insecure
        Allow plain http to another machine.
    format
        How the shape of the answer is asked for: ``json_schema``, ``json_object`` or ``text``.
    temperature
        As the service takes it; None leaves it out.
    at_once
        Most requests under way at a time.
    requests_per_minute
        Most requests started in a minute; None for no limit.
    timeout_s
        Longest wait for one answer, in seconds.
    tries
        How often one question is asked before its report is given up.
    backoff_s
        Pause before the second try, in seconds; doubled before each further one.
    longest_wait_s
        Longest time the service may ask to be left alone, in seconds, before the run stops.
    max_tokens
        Most tokens of one answer.
    chunk_chars
        Most characters of a report asked about at once; longer reports are split by paragraphs.
    price_in, price_out
        Price of a million tokens in and out; None where it is not known.
    currency
        Of the prices and the limit.
    spend_limit
        The run stops before it can cost more than this; needs both prices.
    token_limit
        The run stops before it can use more tokens than this, in and out together.
    p_read_at_most
        `p_read` of a claim of which the model is sure; less sure ones get less.
    """

    endpoint: str
    model: str
    key_env: str = "MARCHLAND_LLM_KEY"
    insecure: bool = False
    format: str = "json_schema"
    temperature: float | None = 0.0
    at_once: int = 4
    requests_per_minute: float | None = None
    timeout_s: float = 120.0
    tries: int = 4
    backoff_s: float = 1.0
    longest_wait_s: float = 120.0
    max_tokens: int = 4096
    chunk_chars: int = 6000
    price_in: float | None = None
    price_out: float | None = None
    currency: str = "USD"
    spend_limit: float | None = None
    token_limit: int | None = None
    p_read_at_most: float = 0.8

    def __post_init__(self) -> None:
        _require_endpoint(self.endpoint, insecure=self.insecure)
        if not self.model:
            raise BadInput('the llm reader needs the name of a model: model = "NAME"')
        if self.format not in FORMATS:
            raise BadInput(f"format of the llm reader is one of {', '.join(FORMATS)}")
        for name in (
            "at_once",
            "timeout_s",
            "tries",
            "max_tokens",
            "chunk_chars",
            "longest_wait_s",
        ):
            if getattr(self, name) <= 0:
                raise BadInput(f"{name} of the llm reader must be more than 0")
        for name in ("price_in", "price_out", "spend_limit", "token_limit"):
            if (getattr(self, name) or 0) < 0:
                raise BadInput(f"{name} of the llm reader must not be less than 0")
        if self.requests_per_minute is not None and self.requests_per_minute <= 0:
            raise BadInput("requests_per_minute of the llm reader must be more than 0")
        if not 0 < self.p_read_at_most <= 1:
            raise BadInput("p_read_at_most of the llm reader must lie in 0..1 and be more than 0")
        if self.spend_limit is not None and not self.priced:
            raise BadInput(
                "spend_limit of the llm reader needs price_in and price_out; where they are not "
                "known set token_limit"
            )

    @property
    def priced(self) -> bool:
        """Whether tokens can be told in money."""
        return self.price_in is not None and self.price_out is not None

    @property
    def host(self) -> str:
        """The machine that reports are sent to."""
        return urlsplit(self.endpoint).hostname or ""

    def cost(self, tokens_in: float, tokens_out: float) -> float:
        """What tokens cost; 0 where prices are not known."""
        return (tokens_in * (self.price_in or 0) + tokens_out * (self.price_out or 0)) / 1e6

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any]) -> Self:
        """Settings from a table; words from the command line are read as what is asked for.

        Raises
        ------
        BadInput
            If a setting is unknown, missing or of the wrong kind.
        """
        known = {f.name for f in fields(cls)}
        unknown = sorted(set(given) - known)
        if unknown:
            raise BadInput(
                f"the llm reader has no setting {', '.join(unknown)}; it has: "
                f"{', '.join(sorted(known))}"
            )
        missing = [name for name in ("endpoint", "model") if not given.get(name)]
        if missing:
            raise BadInput(
                f"the llm reader needs {' and '.join(missing)}: reports are sent nowhere unless "
                "you say where. Put it in [reader.llm] of theatre.toml, or add --set "
                f"{missing[0]}=..."
            )
        kinds = get_type_hints(cls)
        return cls(**{name: _as_kind(name, value, kinds[name]) for name, value in given.items()})


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _require_endpoint(endpoint: str, *, insecure: bool) -> None:
    try:
        parts = urlsplit(endpoint)
        host = parts.hostname
    except ValueError:
        raise BadInput(f"{endpoint!r} is no URL of an endpoint") from None
    if parts.scheme not in ("http", "https") or not host:
        raise BadInput(
            f"{endpoint!r} is no URL of an endpoint; write it as https://HOST/v1 or, for a model "
            "on this machine, http://localhost:PORT/v1"
        )
    if parts.username or parts.password:
        raise BadInput("keep keys out of the endpoint's URL; put the key in the environment")
    if parts.scheme == "http" and not is_loopback(host) and not insecure:
        raise BadInput(
            f"http to {host} can be read by anyone on the way; use https, or add --set "
            "insecure=true if that network is yours"
        )


def _as_kind(name: str, value: Any, kind: Any) -> Any:
    kinds = [k for k in get_args(kind) if k is not NoneType] or [kind]
    wanted = kinds[0]
    if isinstance(value, str) and wanted is not str:
        text = value.strip().lower()
        if NoneType in get_args(kind) and text in ("", "none"):
            return None
        if wanted is bool and text in ("true", "false"):
            return text == "true"
        try:
            if wanted is not bool:
                return wanted(text)
        except ValueError:
            pass
    elif wanted is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    elif type(value) is wanted:
        return value
    raise BadInput(f"{name} of the llm reader must be {_WORDS[wanted]}, not {value!r}")


_WORDS = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}
