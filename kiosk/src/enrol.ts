/** Makes the enrolment page live: docs/enrol-page.md. Without this script the page is a form that uploads photos. */
import { Enrolment } from "./enrol/enrolment";
import type { Basis } from "./enrol/office";
import { Page } from "./enrol/page";
import "./ui/mirror.css";

function start(root: HTMLElement): void {
  const page = new Page(root);
  const enrolment = new Enrolment(page);
  const guarded = (work: () => Promise<void>) => void work().catch((error: unknown) => enrolment.explain(error));
  const draft = page.setting("draft");
  if (draft === "") page.showStep("notice");
  else guarded(() => enrolment.resume(draft, Number(page.setting("templates"))));
  page.find("start")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const basis = new FormData(event.target as HTMLFormElement).get("basis") as Basis;
    guarded(() => enrolment.begin(basis));
  });
  page.find("capture")?.addEventListener("click", () => guarded(() => enrolment.take()));
  page.find("other")?.addEventListener("click", () => page.showUpload(page.find("upload")?.hidden ?? true));
  page.find("files")?.addEventListener("change", (event) => {
    const files = [...((event.target as HTMLInputElement).files ?? [])];
    guarded(() => enrolment.upload(files));
  });
  page.find("finish")?.addEventListener("click", (event) => {
    event.preventDefault();
    guarded(() => enrolment.finish());
  });
}

const root = document.querySelector<HTMLElement>("[data-enrol]");
// A held enrolment has no steps: there is nothing to make live.
if (root?.querySelector("[data-enrol-section]")) start(root);
