"""The tutor that asks a language model."""
