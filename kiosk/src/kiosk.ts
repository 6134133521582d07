/** The kiosk page. */
import { askToPersist, becomeOnlyTab, isSupported } from "./app/device";
import { identify, Kiosk } from "./app/kiosk";
import { Presenter } from "./app/presenter";
import { openDatabase } from "./store/database";
import { takeCode } from "./sync/identity";
import type { NotReadyReason } from "./ui/view";
import "./ui/kiosk.css";

declare const VERSION: string;

/** Everything before the kiosk proper: what is missing is said in words, and nothing else is started then. */
async function start(presenter: Presenter): Promise<void> {
  const notReady = (reason: NotReadyReason) => presenter.show({ kind: "not-ready", reason }, null);
  if (!isSupported()) {
    notReady("browser");
    return;
  }
  const code = takeCode(location, history);
  await becomeOnlyTab(() => notReady("otherTab"));
  const database = await openDatabase().catch(() => null);
  if (database === null) {
    notReady("storage");
    return;
  }
  await askToPersist();
  const identity = await identify(database, code, VERSION);
  if (typeof identity === "string") presenter.show({ kind: "inactive", reason: identity }, null);
  else await new Kiosk(database, identity, presenter, VERSION).start();
}

const root = document.getElementById("kiosk");
if (root !== null) void start(new Presenter(root));
