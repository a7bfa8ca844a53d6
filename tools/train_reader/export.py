"""The trained network as files that the package runs: two graphs, the encoder's in eight bits."""

import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tools.train_reader.network import TOKEN, Network
from torch import Tensor, nn

from marchland.reading.learned.features import FLAGS, PAIRS

TOKEN_INPUTS = ("pieces", "mask", "firsts", "pos", "dep", "names", "found")
PAIR_INPUTS = (
    *("token", "predicate", "candidate"),
    *PAIRS,
    *("flags", "told"),
)


class _Tokens(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        x = self.network.tokens(dict(zip(TOKEN_INPUTS, inputs, strict=True)))
        return x, torch.sigmoid(self.network.triggers(x))


class _Heads(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor, *inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        roles, nobody, firm = self.network.heads(x, dict(zip(PAIR_INPUTS, inputs, strict=True)))
        return roles, nobody, torch.softmax(firm, -1)


def export(network: Network, folder: Path) -> None:
    """Write ``tokens.onnx`` and ``heads.onnx`` into a folder."""
    network = network.eval()
    one = torch.zeros(1, 9, dtype=torch.long)
    words = torch.zeros(1, 6, dtype=torch.long)
    inputs = (one, one + 1, words, words, words, words, torch.zeros(1, 6, 3, dtype=torch.long))
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "tokens.onnx"
        axes = {name: {0: "batch", 1: "words"} for name in TOKEN_INPUTS}
        axes["pieces"] = axes["mask"] = {0: "batch", 1: "length"}
        axes |= {"x": {0: "batch", 1: "words"}, "triggers": {0: "batch", 1: "words"}}
        torch.onnx.export(
            _Tokens(network),
            inputs,
            str(whole),
            input_names=list(TOKEN_INPUTS),
            output_names=["x", "triggers"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            whole, folder / "tokens.onnx", weight_type=QuantType.QInt8, per_channel=True
        )
    g, c = 2, 3
    pair = torch.zeros(g, c, dtype=torch.long)
    row = torch.zeros(g, dtype=torch.long)
    torch.onnx.export(
        _Heads(network),
        (
            torch.zeros(6, TOKEN),
            *(row, row, torch.zeros(c, dtype=torch.long), *[pair] * len(PAIRS)),
            *(torch.zeros(g, c, FLAGS), row),
        ),
        str(folder / "heads.onnx"),
        input_names=["x", *PAIR_INPUTS],
        output_names=["roles", "nobody", "firm"],
        dynamic_axes={
            "x": {0: "words"},
            **{name: {0: "triggers"} for name in ("token", "predicate", "told")},
            "candidate": {0: "candidates"},
            **{name: {0: "triggers", 1: "candidates"} for name in (*PAIRS, "flags")},
            "roles": {0: "triggers", 1: "candidates"},
            "nobody": {0: "triggers"},
            "firm": {0: "triggers"},
        },
        opset_version=17,
        dynamo=False,
    )
