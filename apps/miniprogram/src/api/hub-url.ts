/** Where the hub is. The build puts it in: HARK_PUBLIC_URL, else the address of `./hark up` (tools/build/mini-program.mjs). */
export const hubUrl = '__HUB_URL__';

/** The template of WeChat reminders: WECHAT_TEMPLATE_ID of the build, else the sandbox's. */
export const templateId = '__TEMPLATE_ID__';
