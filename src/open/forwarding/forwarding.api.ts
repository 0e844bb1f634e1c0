/** What is done after an attempt whose answer was lost. The database checks the same words. */
export const agains = ['look', 'listed', 'same'] as const
export type Again = (typeof agains)[number]

export const formats = ['xml', 'json'] as const
export type Format = (typeof formats)[number]

/** How news are followed: by servicerequestupdates, or request by request where there is none. */
export const hearings = ['updates', 'requests'] as const

export const deliveryKinds = ['request', 'step'] as const
export type DeliveryKind = (typeof deliveryKinds)[number]

export const deliveryStates = ['waiting', 'delivered', 'dead'] as const
export type DeliveryState = (typeof deliveryStates)[number]
