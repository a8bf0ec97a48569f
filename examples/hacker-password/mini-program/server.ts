import { serverUrl } from './config';

/** What the example's own server answers. */
export interface Answer {
  readonly session: string;
  readonly openid: string;
  readonly isBound: boolean;
  readonly told?: string;
}

let session: string | undefined;

/** Logs in by `wx.login`, silently; once for as long as the program runs. */
export async function logIn(): Promise<Answer> {
  const { code } = await wx.login();
  const answer = await ask('/log-in', { code });
  session = answer.session;
  return answer;
}

export const keepKey = (key: string): Promise<Answer> => ask('/keys', { session, key });
export const tellOfView = (): Promise<Answer> => ask('/views', { session });

const ask = (path: string, data: object): Promise<Answer> =>
  new Promise((resolve, reject) => {
    wx.request<Answer & { error?: string }>({
      url: serverUrl + path,
      method: 'POST',
      data,
      success: ({ statusCode, data: answer }) =>
        statusCode === 200 ? resolve(answer) : reject(new Error(answer.error ?? `status ${statusCode}`)),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    });
  });
