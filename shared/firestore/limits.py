"""Firestore's own limits: https://cloud.google.com/firestore/quotas"""

MAX_DOCUMENT_BYTES = 1_048_576
MAX_DOCUMENT_ID_BYTES = 1_500
MAX_FIELD_PATH_BYTES = 1_500
MAX_NESTING = 20  # of maps and arrays in a document
MAX_REQUEST_BYTES = 10 * 1024 * 1024
# No longer a limit of Firestore. Commits stay below it except those of assignments, which only
# MAX_REQUEST_BYTES bounds (docs/adr/0009).
MAX_WRITES_PER_COMMIT = 500
