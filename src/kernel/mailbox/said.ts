// What somebody says in answer to a mail of ours, without the mail that their program quoted. Pure, and careful: whatever might be theirs stays.
import { mailboxWords } from './mailbox.words.ts'

/** The line above which an answer is written, without its strokes, which some programs change. */
const replyLines: readonly string[] = Object.values(mailboxWords).map((words) =>
  words['mailbox.reply-above'].replace(/—/g, '').trim(),
)

/** Lines by which programs begin a quotation: "On … wrote:", "在 … 写道：", the head of Outlook's. */
const attributions = [
  /^(On|Am|Le|El)\b.{0,300}(wrote|schrieb|écrit|escribió)\s*:$/is,
  /^.{0,300}(写道|寫道|的邮件|来信)\s*[:：]$/s,
  /^-{2,}\s*(Original Message|Original|原始邮件|原邮件|回复的原邮件|Forwarded message|转发邮件信息)\s*-{2,}.*$/i,
  /^(From|发件人|寄件者)\s*[:：]\s*\S.*$/i,
  /^(Sent|Date|To|Cc|Subject|发送时间|发送日期|日期|收件人|抄送人?|主题)\s*[:：].*$/i,
  /^[-_—]{5,}$/,
]
const quoted = (line: string): boolean => /^\s*[>＞|]/.test(line)
const ours = (line: string): boolean => replyLines.some((mark) => line.includes(mark))

/**
 * The text above the quotation. Whole where it is in doubt: where our own line is not there and the end is not quoted throughout, where
 * something stands below or between what is quoted, or where nothing would be left.
 */
export function withoutQuoted(text: string): string {
  const lines = text.split('\n')
  const mark = lines.findIndex(ours)
  let end: number
  if (mark >= 0) {
    // Quoted by marks: whatever stands without one below was written there.
    if (quoted(lines[mark] ?? '') && lines.slice(mark + 1).some((line) => line.trim() !== '' && !quoted(line)))
      return text
    end = mark
  } else {
    end = lines.length
    while (end > 0 && (quoted(lines[end - 1] ?? '') || (lines[end - 1] ?? '').trim() === '')) end -= 1
    if (!lines.slice(end).some(quoted)) return text
  }
  // What introduces it: a few lines at most, and none of them the person's own.
  for (let most = 8; most > 0 && end > 0; most -= 1) {
    const last = (lines[end - 1] ?? '').trim()
    const two = `${(lines[end - 2] ?? '').trim()} ${last}`
    if (last === '' || quoted(lines[end - 1] ?? '') || attributions.some((one) => one.test(last))) end -= 1
    else if (end > 1 && /^(?:On |在|于)/.test(two) && attributions.slice(0, 2).some((one) => one.test(two))) end -= 2
    else break
  }
  const above = lines.slice(0, end)
  // Answers between quoted lines make no sense without them.
  if (above.some(quoted)) return text
  const said = above.join('\n').trim()
  return said === '' ? text : said
}
