"""Puts the back end into a Google Cloud project: `python -m deploy --project P --region R`."""
