"""Prints a new seal key, for a pipe: `python -m deploy.seal_key | gcloud secrets create ...`."""

import sys

from cryptography.fernet import Fernet

if __name__ == "__main__":
    if sys.stdout.isatty():
        sys.exit("A key must not be shown on a screen: pipe it to gcloud.")
    sys.stdout.write(Fernet.generate_key().decode())
