// What is written to whoever told a matter. A mail may be answered: what comes back is added to the matter, as by the link.
import { hashToken } from '#kernel/encryption/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { replyAddress, replyToken } from '#kernel/mailbox/index.ts'
import type { Message } from '#kernel/outbox/index.ts'
import { grantReplying } from './notices.store.ts'

/** So long may a mail be answered, from the last one that was sent. */
const answeredDays = 365

/** Queues a message to whoever told the matter that it names as its record. Returns its id, as `queueMessage` does. */
export async function writeToReporter(
  kernel: Pick<Kernel, 'outbox' | 'encryption' | 'config'>,
  on: Parameters<Kernel['outbox']['queueMessage']>[0],
  message: Message & { readonly record: string },
): Promise<string | null> {
  const [intake] = kernel.config.mailbox?.addresses ?? []
  if (message.channel !== 'mail' || !intake) return kernel.outbox.queueMessage(on, message)
  const token = replyToken(kernel.encryption, message.record, message.to)
  const written = await kernel.outbox.queueMessage(on, { ...message, replyTo: replyAddress(intake, token) })
  if (written)
    await grantReplying(
      on.sql,
      hashToken(token),
      message.record,
      new Date(on.now.getTime() + answeredDays * 86_400_000),
    )
  return written
}
