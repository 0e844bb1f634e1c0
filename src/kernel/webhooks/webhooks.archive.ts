import { declareArchive, wholeOnly } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const webhooksArchive = declareArchive(
  'kernel/webhooks',
  {
    webhook: wholeOnly('别的系统向这一套订的推送', 'what other software asked this installation to be told of'),
    webhook_delivery: wholeOnly('推送的记录', 'what it was told'),
  },
  { sequences: { 'public.webhook_delivery_position_seq': 'webhook_delivery.position' } },
)
