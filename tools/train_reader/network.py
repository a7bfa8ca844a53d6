"""The network: a small sentence encoder, the grammar's analysis beside it, and four questions.

Of each token, which predicates it says; of each trigger and candidate, which role it fills; and how
firmly. Inference in the package repeats `heads` in plain arrays.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from marchland.reading.learned.features import (
    FLAGS,
    MODALITIES,
    NAMES,
    PARTS_OF_SPEECH,
    ROLES,
    Codes,
)

TOKEN = 192
HIDDEN = 128


class Network(nn.Module):
    """See the module."""

    def __init__(self, encoder: Path, codes: Codes) -> None:
        super().__init__()
        self.codes = codes
        n = len(codes.predicates)
        self.encoder = AutoModel.from_pretrained(
            str(encoder), add_pooling_layer=False, attention_probs_dropout_prob=0.0
        )
        width = self.encoder.config.hidden_size
        self.pos = nn.Embedding(len(PARTS_OF_SPEECH) + 1, 24)
        self.dep = nn.Embedding(len(codes.relations) + 2, 24)
        self.names = nn.Embedding(NAMES, 16)
        self.found = nn.Embedding(2 * n + 1, 32, padding_idx=0)
        self.mix = nn.Linear(width + 24 + 24 + 16 + 32, TOKEN)
        self.norm = nn.LayerNorm(TOKEN)
        self.trigger1 = nn.Linear(TOKEN, TOKEN)
        self.trigger2 = nn.Linear(TOKEN, n)
        self.predicate = nn.Embedding(n, 32)
        self.asking = nn.Linear(TOKEN + 32, HIDDEN * len(ROLES))
        self.filling = nn.Linear(TOKEN, HIDDEN * len(ROLES))
        self.path = nn.Embedding(len(codes.paths) + 2, 48)
        self.steps = nn.Embedding(len(codes.steps) + 2, 16)
        self.distance = nn.Embedding(21, 16)
        self.sentences = nn.Embedding(7, 16)
        self.rank = nn.Embedding(11, 16)
        self.said = nn.Embedding(36, 12)
        self.held = nn.Embedding(27, 12)
        self.pair1 = nn.Linear(48 + 4 * 16 + 2 * 12 + FLAGS, HIDDEN)
        self.pair2 = nn.Linear(HIDDEN, HIDDEN * len(ROLES))
        self.role = nn.Parameter(torch.randn(len(ROLES), HIDDEN) * 0.1)
        self.role_bias = nn.Parameter(torch.full((len(ROLES),), -2.0))
        self.nobody = nn.Linear(TOKEN + 32, 2)
        self.told = nn.Embedding(len(MODALITIES) + 1, 8)
        self.modality1 = nn.Linear(TOKEN + 32 + 8, 64)
        self.modality2 = nn.Linear(64, len(MODALITIES))
        self.drop = nn.Dropout(0.2)
        nn.init.constant_(self.trigger2.bias, -4.0)

    def tokens(self, batch: dict[str, Tensor]) -> Tensor:
        """Batch x tokens x TOKEN."""
        hidden = self.encoder(
            input_ids=batch["pieces"], attention_mask=batch["mask"]
        ).last_hidden_state
        firsts = batch["firsts"].unsqueeze(-1).expand(-1, -1, hidden.shape[-1])
        x = torch.cat(
            [
                torch.gather(hidden, 1, firsts),
                self.pos(batch["pos"]),
                self.dep(batch["dep"]),
                self.names(batch["names"]),
                self.found(batch["found"]).sum(2),
            ],
            -1,
        )
        return self.drop(self.norm(functional.gelu(self.mix(x))))

    def triggers(self, x: Tensor) -> Tensor:
        """Logits, tokens x predicates."""
        return self.trigger2(self.drop(functional.gelu(self.trigger1(x))))

    def heads(self, x: Tensor, pairs: dict[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Of one window: logits of roles (triggers x candidates x roles), of nobody filling the
        subject or being the speaker (triggers x 2), and of modality (triggers x 5)."""
        asked = torch.cat([x[pairs["token"]], self.predicate(pairs["predicate"])], -1)
        pair = torch.cat(
            [
                self.path(pairs["path"]),
                self.steps(pairs["steps"]),
                self.distance(pairs["distance"]),
                self.sentences(pairs["sentences"]),
                self.rank(pairs["rank"]),
                self.said(pairs["said"]),
                self.held(pairs["held"]),
                pairs["flags"],
            ],
            -1,
        )
        pair = self.pair2(self.drop(functional.gelu(self.pair1(pair))))
        both = self.asking(asked)[:, None] + self.filling(x[pairs["candidate"]])[None] + pair
        hidden = self.drop(functional.gelu(both)).view(*both.shape[:2], len(ROLES), HIDDEN)
        roles = (hidden * self.role).sum(-1) + self.role_bias
        firm = torch.cat([asked, self.told(pairs["told"])], -1)
        return roles, self.nobody(asked), self.modality2(functional.gelu(self.modality1(firm)))
