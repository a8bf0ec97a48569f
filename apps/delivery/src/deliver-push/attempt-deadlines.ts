import { Injectable } from '@nestjs/common';

/** How long one run of a delivery may take for what. Milliseconds. All of it ends within the 28 s of a reaction. */
@Injectable()
export class AttemptDeadlines {
  /** A try without an answer after this is `unknown`; above the channels' own deadlines, which know more. */
  sendMs = 11_000;
  /** What has happened is written down again and again until so long after the run began: it cannot be undone. */
  writeMs = 26_000;
}
