/** The line in our own mails above which an answer is written; cut by it when the answer comes. */
export const mailboxWords = {
  'zh-CN': { 'mailbox.reply-above': '——— 回信请写在这一行的上面，会记到这件事里 ———' },
  en: { 'mailbox.reply-above': '——— Write your answer above this line, and it is added to this matter ———' },
} as const
