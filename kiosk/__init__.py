"""The door: state machine, the kiosk's own journal and snapshot, the link to the centre, screen and headless."""
