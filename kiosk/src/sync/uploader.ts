import { countFailure, forgetSent, nextBatch } from "../outbox/outbox";
import type { Database } from "../store/database";
import { ApiError, type Receipt } from "./client";

const LARGEST_BATCH = 50;
/** Statuses that mean: the server has these bytes for good. */
const SAFE = new Set(["stored", "known", "held"]);

export interface Sender {
  send(scans: readonly { id: string; record: string }[]): Promise<readonly Receipt[]>;
}

/** Sends the outbox. Keeps the size of the next batch: smaller after a refusal, to find the record that is to blame. */
export class Uploader {
  private size = LARGEST_BATCH;

  constructor(
    private readonly database: Database,
    private readonly sender: Sender,
  ) {}

  /** Send one batch. False when there was nothing to send. Throws what the API throws; every record is then still here. */
  async sendBatch(): Promise<boolean> {
    const batch = await nextBatch(this.database, this.size);
    if (batch.length === 0) return false;
    const ids = batch.map((row) => row.id);
    const receipts = await this.sender.send(batch).catch((error: unknown) => this.blame(error, ids));
    const safe = new Set(receipts.filter((receipt) => SAFE.has(receipt.status)).map((receipt) => receipt.id));
    await forgetSent(this.database, ids.filter((id) => safe.has(id)));
    const left = ids.filter((id) => !safe.has(id));
    if (left.length > 0) {
      await countFailure(this.database, left);
      throw new ApiError("no_receipt", 200);
    }
    this.size = Math.min(LARGEST_BATCH, this.size * 2);
    return true;
  }

  /** A refused batch is halved; a single record that is refused waits behind the others. Nothing is ever dropped. */
  private async blame(error: unknown, ids: readonly string[]): Promise<never> {
    if (error instanceof ApiError && error.isRefusal) {
      if (ids.length === 1) {
        await countFailure(this.database, ids);
        this.size = LARGEST_BATCH;
      } else {
        this.size = Math.max(1, Math.floor(ids.length / 2));
      }
    }
    throw error;
  }
}
