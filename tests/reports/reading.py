"""Reading a paper back: what stands on its pages, in the order it was set."""

from __future__ import annotations

import io
import re
import shutil
import subprocess

import pypdf


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, by pdftotext where it is installed."""
    if shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
        return done.stdout.decode().split("\f")[:-1]
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def bare(text: str) -> str:
    """Without spaces and line ends, which belong to the setting and not to the record."""
    return re.sub(r"[\s\u200b]+", "", text)


def size_of(pdf: bytes) -> tuple[int, int]:
    """Width and height of the first page in points."""
    width, height = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox[2:]
    return round(float(width)), round(float(height))
