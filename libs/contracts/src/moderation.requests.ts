import { z } from 'zod';
import { line, uuid } from './fields';
import { page } from './auth.requests';

export const moderationSubjects = {
  listHeld: 'moderation.list-held',
  approve: 'moderation.approve',
  reject: 'moderation.reject',
} as const;

export const listHeldRequest = z.strictObject(page);
export const reviewRequest = z.strictObject({ pushId: uuid, note: line(500).optional() });
export interface HeldView {
  readonly pushId: string;
  readonly appId: string;
  readonly label: string;
  readonly title?: string;
  readonly body?: string;
  readonly heldAt: string;
}
