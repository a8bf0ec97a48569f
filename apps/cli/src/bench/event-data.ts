/** An event's data of the size that Hark's own have: about 500 bytes of JSON. */
export const eventData = (number: number): { number: number; text: string } => ({ number, text: 'x'.repeat(460) });
