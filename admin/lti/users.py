"""Who a student is in the LMS: a CSV file with the columns uid and lms_user_id.

The LMS's id of a person is the `sub` of its launches. Without one in the file, a student is on
purpose not in the LMS.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from admin.errors import CommandFailed

UID, LMS_USER_ID = "uid", "lms_user_id"


def read_users(file: Path) -> Mapping[str, str]:
    """The LMS's ids by uid. Raises CommandFailed."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, restval="")
            if not {UID, LMS_USER_ID} <= set(reader.fieldnames or ()):
                raise CommandFailed(f"{file} needs a first row with {UID} and {LMS_USER_ID}.")
            pairs = [(row[UID].strip(), row[LMS_USER_ID].strip()) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise CommandFailed(f"{file} is not a CSV file in UTF-8: {error}") from error
    for name, found in (
        (UID, [uid for uid, _ in pairs]),
        (LMS_USER_ID, [i for _, i in pairs if i]),
    ):
        if twice := sorted({each for each in found if found.count(each) > 1}):
            raise CommandFailed(f"{file} has a {name} twice: {', '.join(twice)}.")
    return dict(pairs)
