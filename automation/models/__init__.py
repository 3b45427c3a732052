"""What triggers keep: themselves, their versions, and what became of each occasion."""

from automation.models.runs import Run
from automation.models.triggers import Trigger, TriggerVersion

__all__ = ["Run", "Trigger", "TriggerVersion"]
