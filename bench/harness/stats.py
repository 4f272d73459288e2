"""Ratios that are computed within a round, and their medians with the spread."""
from statistics import median


def values(samples, metric):
    return [s[metric] for s in samples if s.get(metric) is not None]


def middle(samples, metric):
    found = values(samples, metric)
    return median(found) if found else None


def per_round(samples, metric, others, more_is_better=False):
    """
    Returns for each round the ratio of the sample to the best sample of the others in the same round, because a disturbance
    of a round affects both. others: lists of samples. A round without a sample of the others is left out.
    """
    best = max if more_is_better else min
    ratios = []
    for sample in samples:
        rivals = [other[metric] for theirs in others for other in theirs
                  if other["round"] == sample["round"] and other.get(metric)]
        if rivals and sample.get(metric) is not None:
            ratios.append(sample[metric] / best(rivals))
    return ratios


def spread(numbers, show):
    if not numbers:
        return "-"
    least, most = show(min(numbers)), show(max(numbers))
    text = show(median(numbers))
    return f"{text} ({least}..{most})" if len(numbers) > 1 else text


def reference(peer, peers):
    """Returns the first C reference of a peer that was measured in this workload, or None. peers: the document's, by key."""
    return next((peers[k] for k in peer["references"] if k in peers and peers[k]["samples"]), None)


def rivals(peers):
    """Returns the ordinary peers except Salvo and C."""
    return [p for p in peers.values() if p["family"] not in ("salvo", "c") and p["ordinary"]]


def ratios(peer, peers, ratio):
    """Returns the ratios of a peer for one column of the table, by round."""
    if ratio.to == "reference":
        against = reference(peer, peers)
        others = [against] if against else []
    else:
        others = [p for p in rivals(peers) if p["key"] != peer["key"]]
    return per_round(peer["samples"], ratio.metric, [p["samples"] for p in others], ratio.more_is_better)
