"""Is this Hadir well? For monitors and for the person who has just started it; no login, no secrets."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hadir import __version__
from hadir.enrolment.pack import current_manifest


@require_safe
@never_cache
def health(_request: HttpRequest) -> HttpResponse:
    """Answer 200 while the database answers, else 503; a missing model pack is told but stops nothing else."""
    database = _database_answers()
    manifest = current_manifest()
    body = {
        "status": "ok" if database and manifest is not None else "degraded" if database else "down",
        "version": __version__,
        "database": database,
        "pack": None if manifest is None else manifest["id"],
    }
    return JsonResponse(body, status=200 if database else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except DatabaseError:
        return False
    return True
