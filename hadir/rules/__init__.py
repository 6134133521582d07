"""What facts mean for a person-day and a period, by dated rule packs.

Pure: the standard library only; `now` and all facts are arguments.

`pack.load_pack` -> `day.judge_day`, `period.judge_period`; `check` runs case tables. The meaning is in docs/rules.md.
"""
