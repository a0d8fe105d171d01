"""A plan that asks each question of a template once, in the author's order."""

from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.practice.question_bank import MAX_BANK_BYTES, MAX_BANK_QUESTIONS
from shared.domain.practice.source import MAX_SKILLS, PlannedBlock, Source
from shared.domain.templates.template import PublicTemplateData

# The questions of a block.
MAX_BLOCK = 5


def plan_whole_bank(source: Source, template_data: PublicTemplateData) -> Source:
    """The source with the plan.

    Raises InvalidArgument, for the field `template_id`, where the template has no question, or more
    than a session can carry.
    """
    exercises = question_ids_by_exercise(template_data)
    order = [question_id for ids in exercises for question_id in ids]
    asked = {entry.question.question_id: entry for entry in source.bank}
    if not order:
        raise _not_practicable("has no questions: choose another mode")
    if not asked.keys() >= set(order):
        raise _not_practicable(
            f"has more questions or skills than one assignment asks: at most {MAX_BANK_QUESTIONS} "
            f"questions of {MAX_BANK_BYTES // 1024} KB in all, with exercises that have none, and "
            f"{MAX_SKILLS} skills. Choose the mode infinite, or divide it"
        )
    plan = [
        PlannedBlock(question_ids=ids[start : start + MAX_BLOCK], is_new=False)
        for ids in exercises
        for start in range(0, len(ids), MAX_BLOCK)
    ]
    bank = [asked[question_id] for question_id in order]
    used = {entry.skill_id for entry in bank}
    skills = [skill for skill in source.skills if skill.skill_id in used]
    return source.model_copy(update={"plan": plan, "bank": bank, "skills": skills})


def question_ids_by_exercise(template_data: PublicTemplateData) -> list[list[str]]:
    """The ids of the questions of each exercise, in the author's order."""
    return [
        [question["question_id"] for question in exercise.get("questions") or []]
        for section in template_data["sections"]
        for exercise in section.get("exercises", [])
    ]


def _not_practicable(message: str) -> InvalidArgument:
    return InvalidArgument(errors=[FieldError("template_id", message)])
