"""Bytes to events, events to bytes: readers and strikes on serial ports. No database, no screen."""
