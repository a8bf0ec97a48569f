import { ComplaintEvent } from '@hark/contracts';

type Complained = Extract<ComplaintEvent, { type: 'complaint.complained' }>['data'];

/**
 * Whether upholding the complaint takes points from the app's owner. A binding's key is handed to its person first, who
 * could send abuse to themselves with it and complain: a key that the app itself never used is no evidence against the app.
 */
export const costsPoints = ({ sentBy, appKnowsKey }: Pick<Complained, 'sentBy' | 'appKnowsKey'>): boolean =>
  sentBy !== 'key' || appKnowsKey !== false;
