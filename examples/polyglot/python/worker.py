"""Counts words. Run as: python worker.py ADDRESS IDENTITY."""

import asyncio
import platform
import re
import sys
from collections import Counter
from statistics import fmean

from pawl import TaskContext, Worker

address, identity = sys.argv[1:]
worker = Worker(address, identity=identity)


@worker.task("polyglot:words")
def words(quotation: dict[str, str], ctx: TaskContext) -> dict[str, object]:
    found = re.findall("[a-z]+", quotation["text"].lower())
    return {
        "words": len(found),
        "distinct": len(set(found)),
        "longest": max(found, key=len),
        "meanLength": round(fmean(map(len, found)), 2),
        "mostCommon": Counter(found).most_common(3),
        "by": f"Python {platform.python_version()}",
    }


asyncio.run(worker.run())  # until SIGINT or SIGTERM, which drain it
