/** Where a hub is until it has said where. */
export const hubUrlUsual = 'http://localhost:3000';
