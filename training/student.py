"""What the encoder is made to be: the published body, cheaper to compute in 8 bits on a CPU."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.body import N_HEADS, WIDTH, Body
from training.body import Layer as BodyLayer

MAX_PIECES = 256
# x · sigmoid(1.702 x) is nearest to GELU: Hendrycks and Gimpel 2016, section 2.
SLOPE = 1.702
_SMALL = 1e-12


class Student(nn.Module):
    """The body with what costs time on a CPU exchanged, and the mean of its vectors.

    Normalisation divides by the root of the mean square only, its constant goes into the biases
    that follow, and what is added to a text's vectors adds nothing to their mean over channels;
    GELU is a swish whose slope stands in the weights; keys and values have no bias, since a key's
    changes no attention and a value's goes with the product that follows. What this changes
    `training.fitted` makes good.

    Source: Zhang and Sennrich 2019, Root mean square layer normalization; Ramachandran et al.
        2017, Searching for activation functions.
    """

    def __init__(self, body: Body) -> None:
        super().__init__()
        table = body.embeddings
        positions = table.position_embeddings.weight + table.token_type_embeddings.weight[0]
        self.pieces = nn.Parameter(centred(table.word_embeddings.weight.detach()))
        self.positions = nn.Parameter(centred(positions.detach())[:MAX_PIECES].clone())
        self.gain = nn.Parameter(table.LayerNorm.weight.detach().clone())
        self.layers = nn.ModuleList()
        constant = table.LayerNorm.bias.detach()
        for layer in body.layers:
            self.layers.append(Layer(layer, constant))
            constant = layer.norm.bias.detach()
        self.constant = nn.Parameter(constant.clone())

    def forward(self, input_ids: Tensor) -> Tensor:
        """Vector (1, width) of length 1 of a text's pieces (1, length)."""
        x = self.begin(input_ids[0])
        for layer in self.layers:
            x = layer(x)
        return functional.normalize(x.mean(0, keepdim=True) + self.constant, dim=-1)

    def begin(self, ids: Tensor) -> Tensor:
        """What the first layer reads of pieces (..., length): vectors (..., length, width).

        Like what each layer gives they lack the constant of the normalisation before.
        """
        return _normed(self.pieces[ids] + self.positions[: ids.shape[-1]], self.gain)


class Layer(nn.Module):
    """One layer; what it reads lacks the constant of the normalisation before.

    Attributes:
        share: What a channel is multiplied by before query, key and value read it, (width); None
            where that is 1.
    """

    def __init__(self, layer: BodyLayer, constant: Tensor) -> None:
        super().__init__()
        after = layer.attention_norm.bias.detach()
        self.query = _product(layer.query, seen=constant)
        self.key = _product(layer.key)
        self.key.bias = None
        self.value = _product(layer.value)
        self.value.bias = None
        of_values = layer.value.bias.detach() + layer.value.weight.detach() @ constant
        self.mix = _product(layer.mix, seen=of_values, added=constant)
        self.inner = _product(layer.inner, seen=after)
        self.outer = _product(layer.outer, added=after)
        for part in (self.mix, self.outer):
            part.weight.data = centred(part.weight.data.T).T.contiguous()
            part.bias.data = centred(part.bias.data)
        self.inner.weight.data *= SLOPE
        self.inner.bias.data *= SLOPE
        self.outer.weight.data /= SLOPE
        self.share: nn.Parameter | None = None
        self.gain_between = nn.Parameter(layer.attention_norm.weight.detach().clone())
        self.gain = nn.Parameter(layer.norm.weight.detach().clone())

    def forward(self, x: Tensor) -> Tensor:
        """Vectors (..., length, width) of as many."""
        x = self.between(self.gathered(x), x)
        return self.after(self.spread(x), x)

    def gathered(self, x: Tensor) -> Tensor:
        """What attention gathers, vectors (..., length, width)."""
        seen = x if self.share is None else x * self.share
        return attended(self.query(seen), self.key(seen), self.value(seen))

    def between(self, gathered: Tensor, x: Tensor) -> Tensor:
        """What the second half reads, of the same shape."""
        return _normed(self.mix(gathered) + x, self.gain_between)

    def spread(self, x: Tensor) -> Tensor:
        """The neurons' values (..., length, inner width)."""
        inner = self.inner(x)
        return inner * torch.sigmoid(inner)

    def after(self, spread: Tensor, x: Tensor) -> Tensor:
        """What the layer gives, vectors (..., length, width)."""
        return _normed(self.outer(spread) + x, self.gain)


def attended(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Values by how well their keys fit a query, for each head; all (..., length, width).

    Source: Vaswani et al. 2017, section 3.2. Spelled out: onnxruntime's optimizer looks for these
        steps.
    """
    texts = query.shape[:-2]  # none in the graph, whose shapes are then constant
    q, k, v = (
        each.view(*texts, -1, N_HEADS, WIDTH // N_HEADS).transpose(-3, -2)
        for each in (query, key, value)
    )
    scores = torch.matmul(q, k.transpose(-1, -2)) / (WIDTH // N_HEADS) ** 0.5
    seen = torch.matmul(torch.softmax(scores, dim=-1), v).transpose(-3, -2)
    return seen.reshape(*texts, -1, WIDTH)


def centred(rows: Tensor) -> Tensor:
    """The rows without their means."""
    return rows - rows.mean(-1, keepdim=True)


def _normed(x: Tensor, gain: Tensor) -> Tensor:
    # Spelled out: onnxruntime's optimizer looks for these steps.
    return x / torch.sqrt(x.pow(2).mean(-1, keepdim=True) + _SMALL) * gain


def _product(
    linear: nn.Linear, seen: Tensor | None = None, added: Tensor | None = None
) -> nn.Linear:
    """The same, of what lacks the constant `seen`, and with another added."""
    product = nn.Linear(linear.in_features, linear.out_features)
    product.load_state_dict(linear.state_dict())
    if seen is not None:
        product.bias.data += product.weight.data @ seen
    if added is not None:
        product.bias.data += added
    return product
