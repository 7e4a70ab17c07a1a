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


class Reading(models.Model):
    """What the processes of a machine had counted at the end of an hour; of the hour that runs, until now.

    Totals that only grow (newsroom.lib.meters): what happened in between is their difference. Beside them stand the
    last minutes of the machine and its disks (newsroom.operating.machines).
    """

    machine = models.CharField(_("machine"), max_length=255)
    hour = models.DateTimeField(_("hour"))
    counted = models.JSONField(_("counted"))

    class Meta:
        verbose_name = _("reading of the meters")
        verbose_name_plural = _("readings of the meters")
        # Who may see the page of the operator.
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["hour", "machine"], name="reading_once_an_hour")]

    def __str__(self) -> str:
        return f"{self.machine} {self.hour:%Y-%m-%d %H}"


class Alert(models.Model):
    """Something that needs a person, from its beginning to its end; a mail says both, once."""

    name = models.CharField(_("name"), max_length=64)
    # What was measured when it was last looked at, as it is printed.
    value = models.CharField(_("measured"), max_length=100, blank=True)
    began_at = models.DateTimeField(_("began"))
    seen_at = models.DateTimeField(_("last seen"))
    # None until the mail about it was taken by a mail server; the same for the end.
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_told_at = models.DateTimeField(_("end told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-began_at"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["name"], name="alert_open_once", condition=models.Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.name
