"""The tables of leave."""

from hadir.leave.models_document import Document
from hadir.leave.models_incident import AffectedPerson, Incident
from hadir.leave.models_request import CarriedDays, Decision, LeaveRequest

__all__ = ["AffectedPerson", "CarriedDays", "Decision", "Document", "Incident", "LeaveRequest"]
