"""Reads what a pack is made from: due skills first, then templates that may have something new."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from functions.daily_pack.contract import DailyPack
from shared.domain.common.errors import InvalidArgument, SessionContextTampered
from shared.domain.packs.contents import (
    PackContents,
    by_risk,
    choose_new,
    choose_reviews,
    in_order,
    new_candidates,
)
from shared.domain.packs.pack import PackBlocks
from shared.domain.practice.source import Source, source_from_template
from shared.domain.students.local_days import LocalDays
from shared.domain.students.skills import Skill
from shared.domain.templates.template import Template
from shared.ports.packs import PackReader
from shared.ports.sealing import TemplateSealer

MAX_DUE = 60
# Of each way to find templates for what is new, so many are looked at.
TEMPLATES_FOR_NEW = 5
SKILLS_FOR_NEW = 5


@dataclass
class Collected:
    """`sources` are those of the templates read that can be practised, `brought` the blocks that
    some of them have, and `read` the ids of all templates read.
    """

    contents: PackContents = field(default_factory=PackContents)
    sources: dict[str, Source] = field(default_factory=dict)
    brought: dict[str, PackBlocks] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)

    @property
    def blocks(self) -> PackBlocks:
        """Those of the first template in the pack that brings any."""
        templates = (entry.binding.template_id for entry in self.contents.entries)
        found = (self.brought[id_] for id_ in templates if id_ in self.brought)
        return next(found, PackBlocks())


def collect_contents(
    command: DailyPack,
    reader: PackReader,
    sealer: TemplateSealer,
    *,
    days: LocalDays,
    at: datetime,
) -> Collected:
    """The contents of a pack, within the documents that the reader may still read."""
    collected, limits = Collected(), command.limits
    today = days.date_of(at)
    seed = today.isoformat()

    def read(template_ids: Iterable[str]) -> bool:
        """Reads templates that were not read before; whether there were any."""
        new = [id_ for id_ in dict.fromkeys(template_ids) if id_ not in collected.read]
        if not new or reader.reads_left <= 0:
            return False
        collected.read.update(new)
        for template in reader.templates(new):
            source = _source(template, sealer)
            if source and command.subject in (None, source.subject):
                collected.sources[template.template_id] = source
                if blocks := template.template_data.get("blocks"):
                    brought = PackBlocks.model_validate(blocks)
                    collected.brought[template.template_id] = brought
        return True

    due = by_risk(reader.due_skills(days.beginning_of(today + timedelta(days=1)), MAX_DUE), at=at)
    reviews = choose_reviews(due, collected.sources, limits, at=at, seed=seed)
    while len(reviews) < limits.review and read(_next_templates(due, collected, limits.review)):
        reviews = choose_reviews(due, collected.sources, limits, at=at, seed=seed)

    skills: dict[str, Skill | None] = {}
    if limits.new and len(reviews) < max(limits.review, 1):
        for find in (_assigned, _recent, _own):
            if len(new_candidates(collected.sources, due, reviews)) < limits.new:
                read(find(reader))
        candidates = new_candidates(collected.sources, due, reviews)
        skills = reader.skills(candidates[: 2 * limits.new])
    new = choose_new(skills, collected.sources, reviews, limits, at=at)
    collected.contents = PackContents(
        entries=in_order(reviews, new),
        due_total=sum(_may_be_asked(skill, collected) for skill in due),
    )
    return collected


def _next_templates(due: Iterable[Skill], collected: Collected, most: int) -> list[str]:
    """For each skill without a source so far, the next template that it was practised in."""
    found = []
    for skill in due:
        ids = [source.template_id for source in skill.sources]
        if any(id_ in collected.sources for id_ in ids):
            continue
        found += [id_ for id_ in ids if id_ not in collected.read][:1]
    return list(dict.fromkeys(found))[:most]


def _assigned(reader: PackReader) -> list[str]:
    return reader.assigned_template_ids(TEMPLATES_FOR_NEW)


def _recent(reader: PackReader) -> list[str]:
    skills = reader.recent_skills(SKILLS_FOR_NEW)
    return [source.template_id for skill in skills for source in skill.sources[:1]]


def _own(reader: PackReader) -> list[str]:
    return reader.own_template_ids(TEMPLATES_FOR_NEW)


def _may_be_asked(skill: Skill, collected: Collected) -> bool:
    """Whether a template of the skill can be practised, or was not read."""
    ids = [source.template_id for source in skill.sources]
    return any(id_ in collected.sources or id_ not in collected.read for id_ in ids)


def _source(template: Template, sealer: TemplateSealer) -> Source | None:
    """None for a template that can't be practised: it must not keep others from the student."""
    if template.seal is None:
        return None
    try:
        return source_from_template(template.model_dump(), sealer.open(template.seal))
    except (InvalidArgument, SessionContextTampered):
        return None
