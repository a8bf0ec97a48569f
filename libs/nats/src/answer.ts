export type { Answer } from '@hark/contracts';
