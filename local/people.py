"""The people of the local stack, and of a seeded project."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A person with an account. The e-mail address can't receive mail."""

    uid: str
    name: str
    teacher: bool = False

    @property
    def email(self) -> str:
        return f"{self.uid}@example.com"

    @property
    def password(self) -> str:
        """That of the local stack. In a seeded project the account has none."""
        return "practice"


TEACHER = Person("teacher-1", "Robin Lee", teacher=True)
SEED_STUDENTS = (Person("student-1", "Sam Park"), Person("student-2", "Alex Stone"))
PEOPLE = {person.uid: person for person in (TEACHER, *SEED_STUDENTS)}
