"""Bodies as Hikvision terminals write them, made by hand. Numbers and addresses are invented."""

import json
from typing import Any

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\r\n--MIME\r\n\x00\xff\xd9"


def event(**inner: Any) -> dict[str, Any]:
    """Return Bu Siti's face at 06.58 as event 139, with changes in the inner part."""
    told = {
        "majorEventType": 5,
        "subEventType": 75,
        "employeeNoString": "0071",
        "serialNo": 139,
        "frontSerialNo": 138,
        "currentVerifyMode": "cardOrFaceOrFp",
        "attendanceStatus": "checkIn",
        "currentEvent": True,
    } | inner
    return {
        "ipAddress": "192.168.1.11",
        "macAddress": "a4:d5:c2:00:00:01",
        "dateTime": "2026-09-14T06:58:12+07:00",
        "eventType": "AccessControllerEvent",
        "AccessControllerEvent": told,
    }


def bare(told: dict[str, Any]) -> bytes:
    """Return the JSON with the tabs that the terminal writes."""
    return json.dumps(told, indent="\t", separators=(",", ":\t")).encode()


def multipart(told: dict[str, Any], *, boundary: str = "MIME_boundary", picture: bytes = b"") -> bytes:
    """Return a multipart body with the event and, where given, a picture."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="event_log"\r\n'
        f"Content-Type: application/json\r\n\r\n".encode()
        + bare(told)
        + b"\r\n"
    ]
    if picture:
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="Picture"; filename="Picture.jpg"\r\n'
            f"Content-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n".encode()
            + picture
            + b"\r\n"
        )
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
<ipAddress>192.168.1.11</ipAddress><dateTime>2026-09-14T06:58:12+07:00</dateTime>
<eventType>AccessControllerEvent</eventType>
<AccessControllerEvent><majorEventType>5</majorEventType><subEventType>75</subEventType>
<employeeNoString>0071</employeeNoString><serialNo>139</serialNo><frontSerialNo>138</frontSerialNo>
<attendanceStatus>checkIn</attendanceStatus></AccessControllerEvent>
</EventNotificationAlert>
"""

ANSWER = {
    "AcsEvent": {
        "searchID": "1",
        "totalMatches": 3,
        "responseStatusStrg": "MORE",
        "numOfMatches": 2,
        "InfoList": [
            {"major": 5, "minor": 75, "time": "2026-09-14T06:58:12+07:00", "employeeNoString": "0071", "serialNo": 139},
            {"major": 5, "minor": 21, "time": "2026-09-14T06:58:13+07:00", "serialNo": 140},
        ],
    }
}
