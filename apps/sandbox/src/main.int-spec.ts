import { start } from './main';

describe('starting', () => {
  it('takes the credentials from the environment', async () => {
    const env = { HARK_SANDBOX_PORT: '0', WECHAT_APP_ID: 'wxmine', WECHAT_APP_SECRET: 'mine' };
    const running = await start(env);
    const body = JSON.stringify({ grant_type: 'client_credential', appid: 'wxmine', secret: 'mine' });
    const response = await fetch(`${running.url}/wechat/cgi-bin/stable_token`, { method: 'POST', body });
    expect(await response.json()).toMatchObject({ expires_in: expect.any(Number) });
    await running.close();
    await running.close();
  });

  it('says which setting is wrong', async () => {
    await expect(start({ HARK_SANDBOX_PORT: 'many' })).rejects.toThrow('HARK_SANDBOX_PORT');
  });
});
