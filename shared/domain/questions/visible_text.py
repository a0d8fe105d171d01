"""Texts that show something: more than white space and invisible characters."""

from pydantic import AfterValidator

from shared.domain.common.json_schema import Check
from shared.domain.common.text_normalisation import clean_text


def _require_visible(value: str) -> str:
    if not clean_text(value):
        raise ValueError("must not be blank")
    return value


# The characters that clean_text takes out, but for rare marks of single scripts.
INVISIBLE = r"\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
NOT_INVISIBLE_PATTERN = rf"(?=[\s\S]*[^\s{INVISIBLE}])"
NOT_INVISIBLE = Check(AfterValidator(_require_visible), pattern=NOT_INVISIBLE_PATTERN)
