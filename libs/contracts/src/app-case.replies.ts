import { z } from 'zod';
import { toldApp } from './auth.replies';
import { complaintReason, severity } from './complaints.events';
import { complaintView, standingView } from './complaints.replies';
import { appealStatus } from './complaints.requests';
import { isoTime, uuid } from './fields';
import { toldPushes } from './intake.replies';

const share = z.number().min(0).max(1);
/** An app as operators look at it: whose it is, how it stands, how it is complained about. Nobody's words are in it. */
export const appCase = z
  .strictObject({
    ...toldApp.shape,
    standing: standingView.describe("The owner's, with every event that changed it."),
    window: z
      .strictObject({
        since: isoTime,
        pushes: toldPushes.shape.pushes,
        recipients: toldPushes.shape.recipients,
        complaints: z.int().min(0).describe('Made in the window.'),
        complainants: z.int().min(0).describe('How many people made them.'),
        rate: z
          .strictObject({ share, low: share, high: share })
          .optional()
          .describe(
            'Complainants per recipient of the window, between the bounds of Wilson’s interval (95 %). Absent without recipients.',
          ),
      })
      .describe('The last 30 days.'),
    complaints: z
      .array(
        z.strictObject({
          id: uuid,
          pushId: uuid,
          reason: complaintReason,
          status: complaintView.shape.status,
          severity: severity.optional(),
          appeal: appealStatus.optional(),
          complainedAt: isoTime,
        }),
      )
      .max(20)
      .readonly()
      .describe('The latest, newest first, whenever they were; never says who complained.'),
    pushes: toldPushes.shape.latest,
  })
  .meta({ id: 'AppCase' });
export type AppCase = z.infer<typeof appCase>;
