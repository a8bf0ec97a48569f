import { Injectable } from '@nestjs/common';

/** The time limits of one run of a delivery, in milliseconds. All of them lie within the 28 s of a reaction. */
@Injectable()
export class AttemptDeadlines {
  /** How long a first try waits for the tables to say whether a newer push is shown; after this the push goes out. */
  lookMs = 500;
  /** A try without an answer after this is `unknown`. Above the channels' own deadlines, whose errors say more. */
  sendMs = 11_000;
  /** Recording what has happened is retried until this long after the run began, because it cannot be undone. */
  writeMs = 26_000;
}
