import { allRoutes } from '../routes/all-routes';
import { NearRoutes } from './near-routes';

const near = new NearRoutes(allRoutes);

describe('an address that there is not', () => {
  it.each([
    ['POST', '/v1/push', ['POST /v1/pushes']],
    ['POST', '/v1/pushs', ['POST /v1/pushes']],
    ['POST', '/pushes', ['POST /v1/pushes']],
    ['POST', '/api/v1/pushes?title=x', ['POST /v1/pushes']],
    ['POST', '/v2/pushes', ['POST /v1/pushes']],
    ['POST', '/v1/messages', ['POST /v1/pushes']],
    ['GET', '/v1/messages', ['GET /v1/pushes', 'GET /v1/inbox']],
    ['POST', '/v1/send', ['POST /v1/pushes']],
    ['GET', '/v1/inbx', ['GET /v1/inbox']],
    ['POST', '/v1/pushes/123/cancel', ['POST /v1/pushes']],
    ['POST', '/v1/inbox/123/acknowlege', ['POST /v1/inbox/:inboxItemId/acknowledge']],
    ['GET', '/v1/binding', ['GET /v1/bindings']],
  ])('%s %s comes near to %j', (method, url, named) => expect(near.of(method, url)).toEqual(named));

  it.each([
    ['GET', '/'],
    ['GET', '/favicon.ico'],
    ['GET', '/wp-login.php'],
    ['GET', '/v1/none-7'],
    ['GET', `/v1/${'pushes'.repeat(1_000)}`],
    ['GET', '/v1'.repeat(1_000)],
  ])('%s %s comes near to none', (method, url) => expect(near.of(method, url)).toEqual([]));

  it('is answered with few of them', () => {
    expect(near.of('PATCH', '/v1/endpoint-kind').length).toBeLessThanOrEqual(3);
  });
});
