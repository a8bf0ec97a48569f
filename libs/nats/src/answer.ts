export type { Reply } from '@hark/contracts';
