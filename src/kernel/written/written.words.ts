/** What stands where a secret link was taken out of what somebody wrote. */
export const writtenWords = {
  'zh-CN': { 'written.link-taken-out': '［链接已略去］' },
  en: { 'written.link-taken-out': '[link taken out]' },
} as const
