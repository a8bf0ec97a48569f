/** Who a provider says somebody is. */
export interface LogInSubject {
  readonly provider: 'wechat' | 'email';
  /** The openid, or the address as it is compared. */
  readonly subject: string;
  /** WeChat's name for them in all mini programs of one owner, where WeChat gives it. */
  readonly unionId?: string | undefined;
}
