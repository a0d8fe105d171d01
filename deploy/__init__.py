"""Deploys the back end to a Google Cloud project: `python -m deploy --project P --region R`."""
