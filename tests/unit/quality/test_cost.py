"""What a batch has cost: work that was measured, and people's minutes without their names."""

from quality.cost import Cost, Moment, PersonTime, StageCost, person_time, stage_costs

AT = "2026-11-20T{}+00:00"


def at(who: str, work: str, time: str) -> Moment:
    return Moment(who, work, AT.format(time))


def test_a_pause_is_not_work() -> None:
    """Steps count the time since the step before; a sitting's first counts one minute."""
    moments = [
        at("kim", "decide", "09:00:00"),
        at("kim", "decide", "09:03:00"),
        at("kim", "inspect", "09:04:30"),
        at("kim", "decide", "11:00:00"),
        at("lee", "decide", "09:01:00"),
    ]

    assert person_time(moments) == (
        PersonTime("decide", 2, 4, 1.0 + 3.0 + 1.0 + 1.0),
        PersonTime("inspect", 1, 1, 1.5),
    )


def test_pieces_of_a_stage_add_up() -> None:
    """Units and seconds of all chunks are one row, from the first beginning to the last end."""
    pieces = [
        StageCost("read", 16, 30.0, AT.format("09:00:00"), AT.format("09:20:00")),
        StageCost("read", 4, 10.0, AT.format("09:10:00"), AT.format("09:30:00")),
        StageCost("check", 5, 2.0, AT.format("10:00:00"), AT.format("10:00:09")),
    ]
    stages = stage_costs(pieces)

    assert [(s.stage, s.units, s.cpu_seconds) for s in stages] == [
        ("read", 20, 40.0),
        ("check", 5, 2.0),
    ]
    hours = (stages[0].begun_at, stages[0].ended_at)
    assert hours == (AT.format("09:00:00"), AT.format("09:30:00"))


def test_a_page_costs_what_a_measured_page_did() -> None:
    """Pages whose reading was not measured do not make the others look cheaper."""
    read = StageCost("read", 20, 40.0, AT.format("09:00:00"), AT.format("10:00:00"))
    check = StageCost("check", 5, 4.0, AT.format("10:00:00"), AT.format("10:30:00"))
    cost = Cost(40, (read, check), None)

    assert cost.cpu_seconds_a_page == 2.0 + 4.0 / 40
    assert (cost.hours, cost.minutes) == (1.5, None)
    assert Cost(40).cpu_seconds_a_page is None
