"""The icons of the office pages: names of Tabler's outline set (MIT).

`tools/vendor_assets.py` makes one sprite of exactly these at set-up; `{% icon %}` refuses any other name, so a
misspelt one fails a test and not a screen.
"""

from pathlib import Path

ICONS = (
    "alert-triangle",
    "arrow-left",
    "arrow-right",
    "arrows-horizontal",
    "briefcase",
    "bulb",
    "calendar",
    "calendar-event",
    "camera",
    "check",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "circle-dashed",
    "clock",
    "cloud-off",
    "copy",
    "device-tablet",
    "device-tablet-off",
    "door-exit",
    "download",
    "equal",
    "eye",
    "file-text",
    "fingerprint",
    "help-circle",
    "history",
    "home",
    "hourglass",
    "info-circle",
    "key",
    "language",
    "link",
    "lock",
    "logout",
    "map-2",
    "map-pin",
    "medical-cross",
    "message-plus",
    "photo-up",
    "plus",
    "refresh",
    "search",
    "shield-check",
    "square-x",
    "trash",
    "user",
    "user-plus",
    "user-question",
    "user-scan",
    "users",
    "x",
)

SPRITE = Path(__file__).resolve().parent.parent / "static" / "vendor" / "icons.svg"
