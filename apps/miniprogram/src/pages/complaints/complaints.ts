import { hub } from '../../api/hub';
import { attempt, touched } from '../../shared/attempt';
import type { Failure } from '../../shared/failure';
import { whenText } from '../../shared/when-text';
import { texts } from '../../texts/texts';

const complaintsMax = 100;

/** 我的投诉: what one complained about, and what came of it. */
Page({
  data: { words: {}, complaints: [] as object[], isRead: false, busy: false, failure: null as Failure | null },

  async onShow() {
    const { t } = texts();
    wx.setNavigationBarTitle({ title: t.places['/complaints'] });
    this.setData({ words: { loading: t.loading, none: t.complaints.none, message: t.complaints.message } });
    await this.again();
  },

  async again() {
    await attempt(this, async () => {
      const { complaints, complain } = texts().t;
      const { items } = await hub('get', '/v1/complaints', { query: { limit: complaintsMax } });
      this.setData({
        isRead: true,
        complaints: items.map(({ id, inboxItemId, reason, note = '', status, complainedAt, decidedAt, appeal }) => ({
          id,
          inboxItemId,
          reason: complain.reasons[reason],
          note,
          status: complaints.statuses[status],
          when: whenText(complainedAt),
          decided: decidedAt === undefined ? '' : `${complaints.decided} ${whenText(decidedAt)}`,
          appeal: appeal
            ? `${complaints.appeals[appeal.status]} ${whenText(appeal.decidedAt ?? appeal.appealedAt)}`
            : '',
        })),
      });
    });
  },

  open(event: WechatMiniprogram.BaseEvent) {
    wx.navigateTo({ url: `/pages/item/item?id=${touched<{ id: string }>(event).id}` });
  },
});
