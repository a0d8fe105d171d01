"""Constants shared by the fake of gcloud (fake_gcloud.py) and its tests."""

READ_COMMANDS = ("describe", "list", "get-iam-policy", "print-access-token")
TOKEN = "token-of-gcloud"
