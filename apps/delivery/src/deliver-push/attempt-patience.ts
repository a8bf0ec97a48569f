import { Injectable } from '@nestjs/common';

/**
 * How often and how long a delivery is tried. Milliseconds. All of it ends within the 28 s that a reaction may take, also
 * when the last try begins as late as it may and hangs.
 */
@Injectable()
export class AttemptPatience {
  /** Tries at one endpoint. */
  attemptsMax = 3;
  /** Waits before the second and the third try. */
  waitsMs: readonly number[] = [500, 2_000];
  /** A try without an answer after this is `unknown`; above the channels' own deadlines, which know more. */
  sendMs = 11_000;
  /** No try begins later than this after the reaction began. */
  lastTryMs = 13_000;
  /** What has happened is written down again and again until so long after the reaction began: it cannot be undone. */
  writeMs = 26_000;
}
