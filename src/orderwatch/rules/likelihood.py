"""How much more likely a count is under one rate than under another, when rates swing.

A count with mean m of a stream whose strength follows a Gamma distribution of shape k is negative binomial: variance
m + m² / k.
"""

from math import exp, lgamma, log, log1p


def log_ratio(count: float, *, expected: float, share: float, shape: float) -> float:
    """Return the logarithm, in nats, of P(count | share × expected) / P(count | expected), negative binomials both."""
    return count * log(share) - (count + shape) * (log(shape + share * expected) - log(shape + expected))


def log_pmf(count: int, *, expected: float, shape: float) -> float:
    """Return ln P(count) of the negative binomial."""
    odds = log1p(expected / shape)
    return (
        lgamma(count + shape)
        - lgamma(shape)
        - lgamma(count + 1)
        - shape * odds
        + (count * (log(expected / shape) - odds) if count else 0.0)
    )


def log_lower_tail(count: int, *, expected: float, shape: float) -> float:
    """Return ln P(at most `count`) of the negative binomial."""
    terms = [log_pmf(n, expected=expected, shape=shape) for n in range(count + 1)]
    most = max(terms)
    return min(0.0, most + log(sum(exp(term - most) for term in terms)))


def poisson_upper_tail(count: int, *, expected: float) -> float:
    """Return P(at least `count`) of the Poisson distribution."""
    below = sum(exp(n * log(expected) - expected - lgamma(n + 1)) for n in range(count)) if expected > 0 else 1.0
    return max(0.0, 1.0 - below) if count else 1.0
