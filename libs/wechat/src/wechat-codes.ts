import type { FailureClass } from '@hark/outbound';

/**
 * WeChat docs: 全局返回码 (global return codes) and the error table of each call's page. 40163 and 41008 (code2Session) are
 * known from practice only; 41030 (subscribeMessage.send) stands in older editions.
 */
const classes: Readonly<Record<number, FailureClass>> = {
  [-1]: 'TRANSIENT', // system busy
  40001: 'AUTH_REFRESH', // invalid credential, or the token is not the newest
  40002: 'CONFIG', // invalid grant_type
  40003: 'RECIPIENT_GONE', // invalid openid
  40013: 'CONFIG', // invalid appid
  40014: 'AUTH_REFRESH', // invalid access_token
  40029: 'BAD_REQUEST', // invalid or expired js_code
  40037: 'CONFIG', // invalid template_id
  40097: 'BAD_REQUEST', // invalid arguments
  40125: 'CONFIG', // invalid appsecret
  40129: 'BAD_REQUEST', // invalid scene (msgSecCheck)
  40163: 'BAD_REQUEST', // js_code already used
  40164: 'CONFIG', // IP not in the allow list
  40226: 'RECIPIENT_REFUSED', // login blocked: high-risk user
  40243: 'CONFIG', // appsecret frozen
  41001: 'CONFIG', // access_token missing
  41002: 'CONFIG', // appid missing
  41004: 'CONFIG', // appsecret missing
  41008: 'BAD_REQUEST', // js_code missing
  41030: 'BAD_REQUEST', // invalid page
  42001: 'AUTH_REFRESH', // access_token expired
  43002: 'BAD_REQUEST', // POST required
  43101: 'RECIPIENT_REFUSED', // not subscribed, used up, or switched off
  43104: 'RECIPIENT_GONE', // openid of another mini program
  43107: 'CONFIG', // template banned
  43108: 'THROTTLED', // two sends to one user at once
  44002: 'BAD_REQUEST', // empty body
  44991: 'THROTTLED', // minute's quota (content checks)
  45009: 'QUOTA_DAY', // day's quota
  45011: 'THROTTLED', // minute's quota
  45168: 'BAD_REQUEST', // sensitive words
  47001: 'BAD_REQUEST', // body is no valid JSON
  47003: 'BAD_REQUEST', // invalid template value
  48001: 'CONFIG', // API not authorised
  48006: 'CONFIG', // month's clear_quota calls used up
  50004: 'CONFIG', // token API forbidden
  50007: 'CONFIG', // account frozen
  61010: 'RECIPIENT_REFUSED', // user not active within two hours (msgSecCheck)
  87009: 'BAD_REQUEST', // invalid session signature
  89503: 'CONFIG', // an admin must confirm this IP
  89506: 'CONFIG', // IP refused for 24 hours
  89507: 'CONFIG', // IP refused for an hour
};

/** Every `errcode` that the table knows. */
export const errcodes: readonly number[] = Object.keys(classes).map(Number);

/** The class of a non-zero `errcode`. An unknown code is not retried. */
export const classOfErrcode = (errcode: number): FailureClass => classes[errcode] ?? 'BAD_REQUEST';
