"""Constants shared by the fake of gcloud (fake_gcloud.py) and its tests."""

LOOKS = ("describe", "list", "get-iam-policy", "print-access-token")
TOKEN = "token-of-gcloud"
