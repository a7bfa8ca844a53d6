"""What a run has used, and whether it may ask for more."""

from dataclasses import dataclass

from marchland.reading.llm.settings import LlmSettings


@dataclass(slots=True)
class Spending:
    """Tokens used and set aside.

    Before a request is sent, the most that it can use is set aside, so that a limit holds with
    many under way. A request that was never answered may have been charged for: what was set
    aside for it stays counted against the limit, and is not part of what is reported as used.
    """

    settings: LlmSettings
    requests: int = 0
    kept: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False
    unanswered: int = 0
    aside_in: int = 0
    aside_out: int = 0
    lost_in: int = 0
    lost_out: int = 0

    @property
    def nothing_aside(self) -> bool:
        return not (self.aside_in or self.aside_out)

    def fits(self, tokens_in: int, tokens_out: int) -> bool:
        """Whether a request that can use so many keeps within the limits."""
        into = self.tokens_in + self.aside_in + self.lost_in + tokens_in
        out = self.tokens_out + self.aside_out + self.lost_out + tokens_out
        limit, most = self.settings.token_limit, self.settings.spend_limit
        if limit is not None and into + out > limit:
            return False
        return most is None or self.settings.cost(into, out) <= most

    def set_aside(self, tokens_in: int, tokens_out: int) -> None:
        """A request goes out that can use so many."""
        self.aside_in += tokens_in
        self.aside_out += tokens_out

    def settle(
        self, aside: tuple[int, int], used: tuple[int, int] | None, *, estimated: bool = False
    ) -> None:
        """A request is over; `used` is None where it may have been charged for unanswered."""
        self.aside_in -= aside[0]
        self.aside_out -= aside[1]
        if used is None:
            self.unanswered += 1
            self.lost_in += aside[0]
            self.lost_out += aside[1]
        else:
            self.tokens_in += used[0]
            self.tokens_out += used[1]
            self.estimated |= estimated

    def __str__(self) -> str:
        about = "about " if self.estimated else ""
        told = (
            f"{self.settings.model} at {self.settings.host}: {self.requests} requests, "
            f"{self.kept} answers kept from before; {about}{self.tokens_in} tokens in, "
            f"{self.tokens_out} out"
        )
        if self.settings.priced:
            cost = self.settings.cost(self.tokens_in, self.tokens_out)
            told += f"; {about}{cost:.4f} {self.settings.currency}"
        else:
            told += "; cost unknown (set price_in and price_out)"
        if self.unanswered:
            told += f"; {self.unanswered} requests unanswered, which may have been charged"
        return told
