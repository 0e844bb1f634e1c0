import { declareArchive, wholeOnly } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const forwardingArchive = declareArchive(
  'open/forwarding',
  Object.fromEntries(
    ['forwarding', 'forwarding_delivery', 'forwarding_heard'].map((table) => [
      table,
      wholeOnly(
        '转给别的城市的平台，由原来的系统接着转和听回音',
        'what is sent on to another city, which the installation that began it goes on with',
      ),
    ]),
  ),
  { sequences: { 'public.forwarding_delivery_position_seq': 'forwarding_delivery.position' } },
)
