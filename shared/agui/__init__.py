"""The AG-UI protocol (https://docs.ag-ui.com): the input of a run, and the events of a run.

An operation that takes turns has this door with a request of its own, which adds its state and
forwarded properties to RunAgentInput, and with RunEvents, which tells a turn as it happens.
"""
