"""Every minute: runs that nobody works on any more are taken up again, and late runs that came to nothing dropped."""

from datetime import datetime

from prefect import flow

from tasks.backlog import drop_overtaken_runs
from tasks.clock import moment, run_name
from tasks.recovery import find_silent_runs, recover_run


@flow(name="recover-runs", flow_run_name=run_name)
def recover_runs(silent_s: int = 100, as_of: datetime | None = None) -> int:
    """Mark runs crashed whose heartbeat stopped and start their work again; drop late runs that later ones overtook.

    Args:
        silent_s: a run that has given no sign for so many seconds, at two looks in a row, is dead
        as_of: the moment this run stands for; empty for now
    """
    now = moment(as_of)
    dead = find_silent_runs(now, silent_s)
    for run_id in dead:
        recover_run(run_id, now)
    drop_overtaken_runs()
    return len(dead)
