"""Who works and what was done for which day. What waits is in the tables of the engine."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Schedule(models.Model):
    """A step of the clock and the period that it was last done for, so that of several clocks one does it."""

    name = models.CharField(_("name"), max_length=64, unique=True)
    done_for = models.CharField(_("done for"), max_length=32, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    # Somebody is at it until then; a step that failed rests until then.
    busy_until = models.DateTimeField(_("busy until"), null=True, blank=True)

    class Meta:
        verbose_name = _("scheduled step")
        verbose_name_plural = _("scheduled steps")

    def __str__(self) -> str:
        return self.name


class Worker(models.Model):
    """A process that runs tasks; it says now and then that it is alive."""

    name = models.CharField(_("name"), max_length=64, unique=True)
    machine = models.CharField(_("machine"), max_length=255)
    process_id = models.PositiveIntegerField(_("process id"))
    started_at = models.DateTimeField(_("started at"))
    seen_at = models.DateTimeField(_("seen at"))
    # The path of the task that it runs; empty while it waits for one.
    busy_with = models.CharField(_("busy with"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.name
