"""The tables of leave."""

from hadir.leave.models_incident import AffectedPerson, Incident

__all__ = ["AffectedPerson", "Incident"]
