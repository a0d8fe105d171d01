"""A student's skill: the way back to the questions it was practised with."""

from shared.domain.students.skills import (
    MAX_NODES,
    MAX_SOURCES,
    Skill,
    SkillSource,
    add_source,
)


def practised(*sources: tuple[str, list[str]]) -> list[tuple[str, list[str]]]:
    skill = Skill(skill_id="scales", name="Scales")
    for template_id, node_ids in sources:
        skill = add_source(skill, SkillSource(template_id=template_id, node_ids=node_ids))
    return [(source.template_id, source.node_ids) for source in skill.sources]


def test_the_latest_template_comes_first_and_each_once() -> None:
    assert practised(("t1", ["a"]), ("t2", ["b"]), ("t1", ["c", "a"]), ("t3", [])) == [
        ("t3", []),
        ("t1", ["c", "a"]),
        ("t2", ["b"]),
    ]


def test_earlier_nodes_of_a_template_follow_the_latest() -> None:
    assert practised(("t", ["a", "b"]), ("t", ["c", "b"])) == [("t", ["c", "b", "a"])]


def test_the_newest_templates_and_nodes_are_kept() -> None:
    kept = practised(*((f"t{n}", [f"n{i}" for i in range(100)]) for n in range(9)))

    assert [template_id for template_id, _ in kept] == ["t8", "t7", "t6", "t5", "t4"]
    assert len(kept) == MAX_SOURCES
    assert all(node_ids == [f"n{i}" for i in range(MAX_NODES)] for _, node_ids in kept)
