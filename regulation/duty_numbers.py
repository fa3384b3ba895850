"""Numbers of duties and rates as text, exactly (Art. 34): what is printed can be checked by hand."""

from __future__ import annotations

from fractions import Fraction


def number_text(number: Fraction) -> str:
    """Return a number of duties exactly: ``21``, ``21.5``, and ``20 1/3`` where decimals would round."""
    whole, rest = divmod(number, 1)
    if not rest:
        return str(whole)
    hundredths = rest * 100
    if hundredths.denominator == 1:
        return f"{whole}.{hundredths.numerator:02d}".rstrip("0")
    return f"{whole} {rest}" if whole else str(rest)


def percent_text(rate: Fraction) -> str:
    """Return a rate in per cent with two decimals, half up: ``97.83%``."""
    hundredths = (rate * 10_000 + Fraction(1, 2)) // 1
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
