import { appendCredentials } from './append-credentials';

it.each([
  ['esdb://localhost:2113?tls=false', { username: 'insecure', password: 'insecure' }],
  ['esdb://a:2113,b:2113?keepAliveTimeout=1&tls=false', { username: 'insecure', password: 'insecure' }],
  ['esdb://hark:s%40crt@a:2113,b:2113?tls=true', { username: 'hark', password: 's@crt' }],
  ['esdb+discover://hark:secret@cluster', { username: 'hark', password: 'secret' }],
  ['esdb://cluster:2113', undefined],
  ['esdb://cluster:2113?tls=true', undefined],
])('appends to %s with %j', (url, credentials) => {
  expect(appendCredentials(url)).toEqual(credentials);
});
