"""The roster frame → findings, by the pandera schema that is published in `schemas/roster.yaml`."""
