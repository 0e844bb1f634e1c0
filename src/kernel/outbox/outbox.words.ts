export const outboxWords = {
  'zh-CN': { 'outbox.subject': '邻里通知' },
  en: { 'outbox.subject': 'A message from Linli' },
} as const
