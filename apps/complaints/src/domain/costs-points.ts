import { ComplaintEvent } from '@hark/contracts';

type Complained = Extract<ComplaintEvent, { type: 'complaint.complained' }>['data'];

/**
 * Whether upholding the complaint takes points from the app's owner. A binding's key is first given to its person, who
 * could send themselves abuse with it and complain. So a key that the app itself never used proves nothing against the
 * app.
 */
export const costsPoints = ({ sentBy, appKnowsKey }: Pick<Complained, 'sentBy' | 'appKnowsKey'>): boolean =>
  sentBy !== 'key' || appKnowsKey !== false;
