"""What training lowers: passages of one question compete for its answer, beside a null."""

import torch
from torch import Tensor

from training.groups import Batch

NEVER = -1e4
SOFTENED = 2.0  # the temperature at which a teacher's scores are compared


def loss(start: Tensor, end: Tensor, batch: Batch) -> Tensor:
    """Mean over questions of the shared loss, plus the mean over pairs of the loss alone.

    Source: Clark and Gardner 2018, equation 3 (shared-norm; several spans may be right), with a
    null of score 0 beside the spans for questions that no passage answers.

    Args:
        start: Scores (n, length) that the answer starts at a piece; position 0 is the null's.
        end: Likewise for its end.
        batch: The pairs that were scored.
    """
    total = start.new_zeros(())
    for scores, gold in ((start, batch.start), (end, batch.end)):
        scored = scores.float() - scores[:, :1].float()
        every = _sums(scored, batch.passage)
        right = _sums(scored, gold)
        has_gold = gold.any(dim=1)
        total = total + _alone(every, right, has_gold) + _shared(every, right, has_gold, batch)
    return total / 2


def taught(scores: tuple[Tensor, Tensor], teacher: tuple[Tensor, Tensor], batch: Batch) -> Tensor:
    """Mean over pairs of how far the scores lie from a teacher's, the null's among them.

    Source: Hinton et al. 2015, Distilling the knowledge in a neural network, section 2.

    Args:
        scores: Of start and of end, both (n, length).
        teacher: The teacher's, likewise.
        batch: The pairs that were scored.
    """
    may = batch.passage.clone()
    may[:, 0] = True
    total = scores[0].new_zeros((), dtype=torch.float32)
    for ours, theirs in zip(scores, teacher, strict=True):
        soft, wanted = (
            torch.log_softmax(part.float().masked_fill(~may, NEVER) / SOFTENED, dim=1)
            for part in (ours, theirs)
        )
        total = total + torch.nn.functional.kl_div(
            soft, wanted, reduction="batchmean", log_target=True
        )
    return SOFTENED**2 * total / 2


def _sums(scored: Tensor, where: Tensor) -> Tensor:
    """Logarithm of the summed exponentials (n) over the marked pieces."""
    return scored.masked_fill(~where, NEVER).logsumexp(dim=1)


def _alone(every: Tensor, right: Tensor, has_gold: Tensor) -> Tensor:
    """Each pair by itself: its span, or the null."""
    with_null = torch.logaddexp(every, torch.zeros_like(every))
    return (with_null - torch.where(has_gold, right, torch.zeros_like(right))).mean()


def _shared(every: Tensor, right: Tensor, has_gold: Tensor, batch: Batch) -> Tensor:
    """All pairs of a question together: a span in any of them, or the one null."""
    n = int(batch.question[-1]) + 1
    null = every.new_zeros(n)
    with_null = _gather(torch.cat([every, null]), batch.question, n)
    answered = torch.zeros(n, dtype=torch.bool, device=every.device)
    answered[batch.question[has_gold]] = True
    lowest = torch.where(answered, torch.full_like(null, NEVER), null)
    gold = torch.where(has_gold, right, torch.full_like(right, NEVER))
    return (with_null - _gather(torch.cat([gold, lowest]), batch.question, n)).mean()


def _gather(values: Tensor, question: Tensor, n: int) -> Tensor:
    """Logarithm of the summed exponentials of each question's values, its null's last."""
    places = torch.cat([question, torch.arange(n, device=question.device)])
    top = torch.full((n,), NEVER, device=values.device)
    top = top.scatter_reduce(0, places, values.detach(), "amax")
    summed = torch.zeros(n, device=values.device)
    summed = summed.index_add(0, places, torch.exp(values - top[places]))
    return top + torch.log(summed)
