"""From where a pull may safely be resumed, although a shop changes while it is read.

Shops sort by the time of change but show the row as it is a moment later: a row changed in between shows a later time
than the place it stands at. To resume from that time would skip the rows sorted behind it.
"""

from collections.abc import Sequence
from datetime import datetime


def resume_points(stamps: Sequence[datetime | None], start: datetime | None) -> list[datetime | None]:
    """For each row of a page, sorted oldest first: the time from which to go on once this row is kept.

    Never later than any row that is still to come, nor than the oldest of the last tenth of the page, which stands for
    the pages behind; never earlier than `start`. Unreadable stamps (None) move nothing.
    """
    known = [stamp for stamp in stamps if stamp is not None]
    if not known:
        return [start] * len(stamps)
    lowest = min(known[-max(1, len(known) // 10) :])
    points: list[datetime | None] = []
    for stamp in reversed(stamps):
        lowest = min(lowest, stamp) if stamp is not None else lowest
        points.append(max(lowest, start) if start is not None else lowest)
    return points[::-1]
