"""The demo: a centre with weeks of history and a day played through a real kiosk process on virtual devices."""

from kiosk.demo.day import DEMO_FOLDER, SEED, DemoSummary, demo_day, demo_home, play_demo

__all__ = ["DEMO_FOLDER", "SEED", "DemoSummary", "demo_day", "demo_home", "play_demo"]
