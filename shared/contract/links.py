"""Links from replies that hold a session or a template to the operations that can follow."""

from shared.contract.operation import Link

SESSION_ID_EXPRESSION = "$response.body#/session/session_id"
TEMPLATE_ID_EXPRESSION = "$response.body#/template/template_id"

SESSION_LINKS = (
    Link("update_progress", {"session_id": SESSION_ID_EXPRESSION}),
    Link("complete_session", {"session_id": SESSION_ID_EXPRESSION}),
)
CLASS_LINKS = (
    Link(
        "update_class",
        {
            "class_id": "$response.body#/class/class_id",
            "version": "$response.body#/class/version",
        },
    ),
)
ASSIGNMENT_LINKS = (
    Link(
        "update_assignment",
        {
            "class_id": "$response.body#/assignment/class_id",
            "assignment_id": "$response.body#/assignment/assignment_id",
            "version": "$response.body#/assignment/version",
        },
    ),
)
TEMPLATE_LINKS = (
    Link(
        "update_template",
        {"template_id": TEMPLATE_ID_EXPRESSION, "version": "$response.body#/template/version"},
    ),
    Link("delete_template", {"template_id": TEMPLATE_ID_EXPRESSION}),
    Link("start_session", {"template_id": TEMPLATE_ID_EXPRESSION}),
)
