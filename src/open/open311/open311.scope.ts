import type { Scope } from '#kernel/keys/index.ts'

/** What a key of this room may do. */
export const open311Scope = {
  name: 'open311',
  means: {
    zh: '按 Open311 提交诉求、补充并查看自己提交的',
    en: 'files requests by Open311, adds to them and follows its own',
  },
} as const satisfies Scope
