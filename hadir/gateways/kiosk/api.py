"""The kiosk's API, version 1: activate, hello, gallery, scans. Handlers are thin; what they do is in the services."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags, quote_etag
from ninja import Router, Status
from ninja.security import HttpBearer

from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.devices.models import KioskToken
from hadir.devices.queries import kiosk_token, schools_of
from hadir.devices.services import activate_kiosk, hear_device
from hadir.enrolment.pack import current_manifest
from hadir.enrolment.queries import gallery_for, gallery_version
from hadir.enrolment.samples import sample_files
from hadir.gateways.kiosk import schemas
from hadir.gateways.kiosk.attempts import check_attempts, count_attempt
from hadir.ledger.services import record_scans
from hadir.schools.models import School

router = Router(tags=["kiosk"])
ERRORS = frozenset({400, 401, 403, 409, 410, 413, 422, 429, 503})


class KioskAuth(HttpBearer):
    """`Authorization: Bearer <token>`. A revoked or replaced token still authenticates: its scans are taken."""

    def __call__(self, request: HttpRequest) -> KioskToken:
        """Return the token's row. Raises HadirError `token_missing`, `token_unknown`."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != self.openapi_scheme or not token.strip():
            raise HadirError("token_missing")
        return self.authenticate(request, token.strip())

    def authenticate(self, _request: HttpRequest, token: str) -> KioskToken:
        """Look the token up by its hash."""
        found = kiosk_token(token)
        if found is None:
            raise HadirError("token_unknown")
        return found


class KioskRequest(HttpRequest):
    """A request after `KioskAuth`."""

    auth: KioskToken


@router.post(
    "/activate", operation_id="activate_kiosk", response={200: schemas.Activated, ERRORS: schemas.Error}, auth=None
)
def activate(request: HttpRequest, body: schemas.Activation) -> Mapping[str, str]:
    """Turn this browser into the kiosk of a one-time code. Errors: `code_unknown`, `code_used`, `code_expired`,
    `handshake_unsupported`, `device_is_revoked`, `too_many_requests`.
    """
    address = request.META.get("REMOTE_ADDR", "")
    check_attempts(address)
    try:
        device, token = activate_kiosk(
            code=body.code,
            user_agent=body.user_agent,
            app_version=body.app_version,
            handshake=body.handshake,
            now=clock.now(),
        )
    except HadirError as error:
        if error.code == "code_unknown":
            count_attempt(address)
        raise
    return {"device_id": str(device.pk), "token": token}


@router.post("/hello", operation_id="hello", response={200: schemas.Hello, ERRORS: schemas.Error}, auth=KioskAuth())
def hello(request: KioskRequest, body: schemas.Heartbeat) -> Mapping[str, Any]:
    """Hear from a kiosk and tell it who it is, which models to run and whether its gallery is stale.

    Errors: `device_revoked`, `token_replaced`.
    """
    now = clock.now()
    device = request.auth.device
    if request.auth.replaced_at is None:
        # A browser that is no longer this kiosk must not make it look alive.
        hear_device(device=device, now=now, unsent=body.unsent, app_version=body.app_version)
    _refuse_former(request.auth)
    schools = schools_of(device)
    manifest = current_manifest()
    demo = _is_demo(schools)
    return {
        "device": {"id": str(device.pk), "name": device.name},
        "schools": [{"npsn": school.npsn, "name": school.name} for school in schools],
        "time_zone": schools[0].time_zone,
        "server_time": now,
        "demo": demo,
        "samples": [{"name": file.label, "url": f"/contoh/{file.name}"} for file in sample_files()] if demo else [],
        "pack": manifest,
        "gallery_version": "" if manifest is None else gallery_version(schools, manifest["id"], now),
    }


@router.get(
    "/gallery",
    operation_id="gallery",
    response={200: schemas.Gallery, 304: None, ERRORS: schemas.Error},
    auth=KioskAuth(),
)
def gallery(request: KioskRequest, response: HttpResponse) -> Any:
    """Send the people of the kiosk's schools that have a face on file; 304 when `If-None-Match` names this version.

    Errors: `device_revoked`, `token_replaced`, `pack_missing`.
    """
    _refuse_former(request.auth)
    now = clock.now()
    manifest = current_manifest()
    if manifest is None:
        raise HadirError("pack_missing")
    schools = schools_of(request.auth.device)
    response.headers["ETag"] = quote_etag(gallery_version(schools, manifest["id"], now))
    patch_cache_control(response, private=True, no_cache=True)
    if _matches(request.headers.get("If-None-Match", ""), response.headers["ETag"]):
        return Status(304, None)
    found = gallery_for(schools, manifest["id"], now)
    response.headers["ETag"] = quote_etag(found.version)
    return {
        "version": found.version,
        "pack": found.pack,
        "people": [
            {"id": str(person.id), "name": person.name, "salutation": person.salutation, "templates": person.templates}
            for person in found.people
        ],
    }


@router.post(
    "/scans",
    operation_id="hand_in_scans",
    response={200: schemas.ScanReceipts, ERRORS: schemas.Error},
    auth=KioskAuth(),
)
def scans(request: KioskRequest, body: schemas.ScanBatch) -> Mapping[str, Any]:
    """Keep records and give a receipt for each. One bad record is `held`; it never spoils the batch.

    Taken from revoked and replaced tokens too: what was recorded is a fact, whatever became of the device.
    """
    now = clock.now()
    manifest = current_manifest()
    receipts = record_scans(
        device=request.auth.device,
        claims=[schemas.claim_of(entry) for entry in body.scans],
        now=now,
        current_pack=None if manifest is None else manifest["id"],
        token_replaced=request.auth.replaced_at is not None,
    )
    return {"receipts": [dataclasses.asdict(receipt) for receipt in receipts], "server_time": now}


def _refuse_former(token: KioskToken) -> None:
    """Raise HadirError for a device that was ended or moved to another browser: it gets no faces any more."""
    if token.device.revoked_at is not None:
        raise HadirError("device_revoked")
    if token.replaced_at is not None:
        raise HadirError("token_replaced")


def _is_demo(schools: list[School]) -> bool:
    """Sample pictures are offered only where every school is a demo school."""
    return all(school.district.region.is_demo for school in schools)


def _matches(sent: str, etag: str) -> bool:
    """Compare as RFC 9110 section 13.1.2 says for GET: weakly, because compression weakens the tag."""
    return sent.strip() == "*" or etag in {tag.removeprefix("W/") for tag in parse_etags(sent)}
