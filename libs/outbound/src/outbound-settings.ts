import { z } from 'zod';
import { HarkError } from '@hark/kernel';
import { parseProxyUrl } from './outbound-proxy';

/** The settings of the outbound, for every service that calls the outside. */
export const outboundSettings = {
  HARK_OUTBOUND_PROXY: z
    .string()
    .superRefine((text, context) => {
      try {
        parseProxyUrl(text);
      } catch (error) {
        if (!(error instanceof HarkError)) throw error;
        context.addIssue({ code: 'custom', message: error.message });
      }
    })
    .optional(),
};
