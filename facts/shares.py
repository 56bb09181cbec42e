"""How sure a share is."""

import math


def wilson(hits: float, n: int) -> tuple[float, float]:
    """95 % interval of a share (E. B. Wilson, 1927): honest also for few and for none."""
    if not n:
        return (0.0, 1.0)
    share, z = hits / n, 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return (max(0.0, middle - reach), min(1.0, middle + reach))
