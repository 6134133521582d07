/** Icons of Tabler's outline set (MIT), each beside a word; they come with the script, so none can be missing offline. */
import arrowDown from "@tabler/icons/outline/arrow-down.svg?raw";
import arrowRight from "@tabler/icons/outline/arrow-right.svg?raw";
import bulb from "@tabler/icons/outline/bulb.svg?raw";
import cameraOff from "@tabler/icons/outline/camera-off.svg?raw";
import check from "@tabler/icons/outline/check.svg?raw";
import checks from "@tabler/icons/outline/checks.svg?raw";
import cloudOff from "@tabler/icons/outline/cloud-off.svg?raw";
import cloudUpload from "@tabler/icons/outline/cloud-upload.svg?raw";
import faceId from "@tabler/icons/outline/face-id.svg?raw";
import handStop from "@tabler/icons/outline/hand-stop.svg?raw";
import hourglass from "@tabler/icons/outline/hourglass.svg?raw";
import language from "@tabler/icons/outline/language.svg?raw";
import link from "@tabler/icons/outline/link.svg?raw";
import photo from "@tabler/icons/outline/photo.svg?raw";
import refresh from "@tabler/icons/outline/refresh.svg?raw";
import tool from "@tabler/icons/outline/tool.svg?raw";
import userScan from "@tabler/icons/outline/user-scan.svg?raw";
import users from "@tabler/icons/outline/users.svg?raw";
import volume from "@tabler/icons/outline/volume.svg?raw";
import zoomIn from "@tabler/icons/outline/zoom-in.svg?raw";

const SOURCES = {
  "arrow-down": arrowDown,
  "arrow-right": arrowRight,
  bulb,
  "camera-off": cameraOff,
  check,
  checks,
  "cloud-off": cloudOff,
  "cloud-upload": cloudUpload,
  "face-id": faceId,
  "hand-stop": handStop,
  hourglass,
  language,
  link,
  photo,
  refresh,
  tool,
  "user-scan": userScan,
  users,
  volume,
  "zoom-in": zoomIn,
} as const;

export type IconName = keyof typeof SOURCES;

/** A fresh element; the word beside it speaks, the icon does not. */
export function icon(name: IconName): Element {
  const { documentElement } = new DOMParser().parseFromString(SOURCES[name], "image/svg+xml");
  documentElement.setAttribute("aria-hidden", "true");
  documentElement.setAttribute("class", "icon");
  return document.importNode(documentElement, true);
}
