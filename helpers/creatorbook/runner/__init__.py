"""Running notebooks: one notebook, one edition, a batch of them."""

from creatorbook.runner.batch import run_batch
from creatorbook.runner.editions import Edition, Job, make_edition

__all__ = ["Edition", "Job", "make_edition", "run_batch"]
