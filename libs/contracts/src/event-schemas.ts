import { z } from 'zod';
import { authEventSchemas } from './auth.events';
import { commandEventSchemas } from './command.events';
import { complaintsEventSchemas } from './complaints.events';
import { deliveryEventSchemas } from './delivery.events';
import { installationEventSchemas } from './installation.events';
import { intakeEventSchemas } from './intake.events';
import { moderationEventSchemas } from './moderation.events';

/** Every event type, with the shape of its data. A type that is missing here cannot be appended. */
export const eventSchemas: Readonly<Record<string, z.ZodType>> = {
  ...installationEventSchemas,
  ...commandEventSchemas,
  ...authEventSchemas,
  ...intakeEventSchemas,
  ...moderationEventSchemas,
  ...deliveryEventSchemas,
  ...complaintsEventSchemas,
};
