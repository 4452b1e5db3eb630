"""Laws over the shipped seeds: nobody speaks for two sides, every thing can be told apart, facts have sources."""

from __future__ import annotations

from claims_house import KNOWN, QUESTIONS, SEED_PROBLEMS, SEEDS


def test_the_seeds_have_neither_errors_nor_warnings() -> None:
    assert [str(problem) for problem in SEED_PROBLEMS] == []


def test_nobody_speaks_for_two_sides() -> None:
    for seed in SEEDS:
        assert len({role.speaks_for for role in seed.roles}) <= 1, seed.id


def test_whom_somebody_speaks_for_acts_itself() -> None:
    for seed in SEEDS:
        for role in seed.roles:
            assert SEEDS[role.speaks_for].kind in {"country", "state", "body", "alliance"}, seed.id


def test_everything_of_one_kind_in_one_war_has_at_most_one_default() -> None:
    defaults = [(seed.kind, war) for seed in SEEDS if seed.default for war in seed.part_of]
    assert len(defaults) == len(set(defaults))


def test_a_thing_between_parties_names_people_that_are_known() -> None:
    for seed in SEEDS:
        assert all(SEEDS[party].kind == "person" for party in seed.parties), seed.id


def test_everything_a_rule_follows_has_a_name_the_reader_can_find() -> None:
    marks = " ".join(KNOWN.table.values())
    for question in QUESTIONS:
        for answer in question.answers:
            for claim in answer.claims:
                assert all(f"t:{thing}" in marks for thing in claim.objects), (question.id, claim.objects)
