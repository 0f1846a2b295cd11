from pathlib import Path

from tests.reliability.kills import Trial


def test_writers_that_are_killed_leave_a_whole_commit(tmp_path: Path) -> None:
    trial = Trial(tmp_path, seed=2)
    for number in range(6):
        trial.run(fresh=number % 3 == 0)
    assert trial.report.faults == []
    assert trial.report.outcomes.total() == 6
