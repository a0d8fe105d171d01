"""What the program in gcloud's place (fake_gcloud.py) and its tests both know."""

LOOKS = ("describe", "list", "get-iam-policy", "print-access-token")
TOKEN = "token-of-gcloud"
