import pytest

from shared.domain.common.errors import RevisionMismatch
from shared.domain.common.revisions import require_same_revision


def test_another_revision_is_refused_and_none_is_any() -> None:
    require_same_revision(3, 3, found="The class is at version")
    require_same_revision(None, 3, found="The class is at version")
    with pytest.raises(RevisionMismatch, match=r"^The class is at version 3, not 2: "):
        require_same_revision(2, 3, found="The class is at version")
