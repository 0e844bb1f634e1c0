import type { PersonalData } from '../privacy/index.ts'
import { devicesOfMine, forgetDevicesOf } from './push.store.ts'

/** What is kept of a person's devices: since when they are told. Where they are reached is known to nobody but the sender. */
export function pushData(): PersonalData {
  return {
    room: 'push',
    async collect(act) {
      const devices = await devicesOfMine(act.sql)
      return [
        {
          heading: 'push.data.devices',
          rows: devices.map(({ created_at }) => [{ label: 'push.data.since', value: created_at }]),
        },
      ]
    },
    erase: (on, person) => forgetDevicesOf(on, person),
  }
}
