"""Every fenced block of the documents is claimed by a test: a new block needs its line here."""

import ast
from itertools import groupby

import pytest

from local.processes import ROOT
from tests.support.documents import DOCUMENTS, Example, examples

# Tests that take several blocks: modules of tests/ without `test_`, and the names of the tests.
CLIENT = (
    "e2e/clients/typescript_readme",
    "the_readmes_examples_compile_and_run_again_after_an_interruption",
)
COMMANDS = ("unit/docs/commands", "make_has_the_targets_and_variables")
DEPLOYMENT = ("integration/deploy/documents", "a_project_is_deployed_as_printed")
FILTERS = ("unit/deploy/monitoring", "a_filter_in_the_documents_matches_lines")
FIRST_APP = ("e2e/docs/first_app", "the_page_takes_a_student_through_a_checklist")
JSON = ("e2e/docs/docs", "the_json_of_the_api_document_is_that_of_the_functions")
PATHS = ("unit/docs/commands", "a_path_of_the_project_exists")
READING = ("e2e/docs/reading", "the_examples_in_javascript_run_as_printed")
REQUESTS = ("e2e/docs/docs", "the_requests_of_the_api_document_work_as_printed_and_again")
# By document: each heading with blocks, and the tests that take its blocks, in their order.
TESTED_BY = {
    "CONTRIBUTING.md": {"Set up": [COMMANDS], "The layers": [PATHS]},
    "README.md": {
        "Try it": [("e2e/local/make", "make_demo_completes_successfully")],
        "A walk through the API": [("e2e/docs/docs", "the_readmes_walk_through_works_as_printed")],
    },
    "clients/typescript/README.md": {
        "TypeScript client": [
            ("e2e/clients/typescript_readme", "the_package_is_installed_as_printed")
        ],
        "Set up": [CLIENT, CLIENT],
        "A checklist": [CLIENT],
        "Infinite practice": [CLIENT, CLIENT],
        "Templates and lists": [CLIENT],
        "Live lists": [CLIENT],
        "Forms": [CLIENT],
        "Problems": [CLIENT],
    },
    "docs/admin.md": {
        "Administration": [
            ("integration/admin/documents", "the_commands_work_as_printed_and_again")
        ],
        "send-scores": [
            ("integration/admin/send_scores", "the_printed_files_and_commands_work"),
        ]
        * 3,
    },
    "docs/api.md": {
        "Refusals": [JSON],
        "create_template": [JSON],
        "The loop in JavaScript": [("e2e/docs/javascript", "the_loop_works_as_printed")],
        "For clients of LangGraph": [
            REQUESTS,
            ("e2e/docs/assistant_ui", "a_hint_and_an_answer_and_each_request_has_a_fresh_token"),
        ],
        "For clients of AG-UI": [
            REQUESTS,
            ("e2e/docs/agui", "the_agent_stores_its_turns_and_asks_again_after_a_slip"),
            ("e2e/docs/agui", "the_page_compiles_and_shows_each_presentation"),
        ],
        "complete_session": [JSON],
        "Clients of LangGraph and AG-UI": [
            ("e2e/clients/assignment_clients", "the_agent_of_the_document_takes_graded_work")
        ],
        "Reading Firestore": [READING, REQUESTS, REQUESTS],
        "A page of a list": [READING, REQUESTS],
        "One document": [READING],
        "Templates": [READING, READING],
        "Sessions of a student": [READING],
        "Skills of a student": [READING],
        "Daily packs of a student": [READING],
        "Sessions of a teacher's students": [READING],
        "Classes": [READING],
        "Assignments and the gradebook": [READING],
        "Reports of wrong questions": [READING],
    },
    "docs/architecture.md": {
        "Architecture": [PATHS],
        "Seal keys": [("unit/docs/architecture", "the_command_makes_a_valid_key")],
    },
    "docs/content.md": {
        "Questions from other systems": [
            ("integration/admin/import_questions", "the_commands_work_as_printed")
        ],
    },
    "docs/deploy.md": {
        "Deployment": [DEPLOYMENT],
        "Verify the deployment": [
            ("integration/deploy/documents", "a_deployment_is_verified_as_printed")
        ],
        "Secrets": [("integration/deploy/documents", "the_seal_key_is_rotated_as_printed")],
        "Logs": [FILTERS],
    },
    "docs/faults.md": {"Histories": [("e2e/local/soak", "each_printed_command_is_accepted")]},
    "docs/first-app.md": {
        "1. The back end on your machine": [
            ("e2e/local/make", "make_run_serves_until_ctrl_c_and_leaves_nothing_behind")
        ],
        "2. The app's folder": [FIRST_APP],
        "3. Three files": [FIRST_APP, FIRST_APP, FIRST_APP],
        "4. Run it": [FIRST_APP],
        "5. In a Firebase project": [
            DEPLOYMENT,
            ("integration/admin/documents", "a_teacher_is_made_as_printed"),
            ("e2e/docs/first_app", "a_person_signs_in_to_a_firebase_project"),
        ],
    },
    "docs/limits.md": {
        "Turns": [("unit/docs/limits", "the_figures_are_those_of_the_code")],
        "Writes": [("unit/docs/limits", "the_figures_of_writes_are_those_of_the_code")],
        "Monitoring": [FILTERS],
        "App Check": [("e2e/docs/app_check", "the_sdks_token_is_admitted_as_printed")],
    },
    "docs/tutor.md": {
        "The graph": [("unit/docs/tutor", "the_graph_is_drawn_as_it_is_compiled")],
        "Model servers": [("unit/docs/tutor", "the_settings_for_each_server_are_a_turns")] * 4,
        "Mastery": [("unit/docs/tutor", "mastery_is_computed_by_the_formula")],
    },
}
TESTS = {test for headings in TESTED_BY.values() for tests in headings.values() for test in tests}


def heading(example: Example) -> str:
    return example.heading


def test_every_example_is_claimed_by_a_test() -> None:
    found = {
        document: {name: len(list(blocks)) for name, blocks in groupby(all_of_it, heading)}
        for document in DOCUMENTS
        if (all_of_it := examples(document))
    }
    assert found == {
        document: {name: len(tests) for name, tests in headings.items()}
        for document, headings in TESTED_BY.items()
    }


@pytest.mark.parametrize(("module", "name"), sorted(TESTS))
def test_a_claiming_test_exists(module: str, name: str) -> None:
    folder, _, stem = module.rpartition("/")
    body = ast.parse((ROOT / "tests" / folder / f"test_{stem}.py").read_text()).body
    assert f"test_{name}" in {node.name for node in body if isinstance(node, ast.FunctionDef)}
