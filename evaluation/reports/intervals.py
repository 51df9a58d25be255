"""Intervals of proportions. Pure."""

from math import sqrt

# The two-sided 95 % point of the standard normal distribution.
Z95 = 1.959963984540054


def wilson(part: int, whole: int, z: float = Z95) -> tuple[float, float]:
    """The score interval of ``part`` of ``whole`` (Wilson, JASA 1927, 22:209-212).

    It stays within 0 and 1 and is sound for small numbers, unlike the normal approximation.
    """
    if not 0 <= part <= whole or whole == 0:
        raise ValueError(f"{part} of {whole} is no proportion")
    share, square = part / whole, z * z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    reach = z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    reach /= 1 + square / whole
    low = 0.0 if part == 0 else max(0.0, middle - reach)
    return low, 1.0 if part == whole else min(1.0, middle + reach)
